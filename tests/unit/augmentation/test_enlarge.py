"""A larger data set on disk: whole, exact, and able to go on."""

import json

import numpy as np
import pytest
from PIL import Image

import ganbook as gb
from ganbook.augmentation import Policy
from ganbook.augmentation import enlarge as enlarge_module
from ganbook.cli import main


@pytest.fixture
def small(tmp_path, digits):
    np.savez(
        tmp_path / "small.npz", x_train=digits.images[:30], y_train=digits.labels[:30], x_test=digits.test_images[:4],
        y_test=digits.test_labels[:4],
    )  # fmt: skip
    return tmp_path / "small.npz"


def test_the_terminal_writes_originals_and_copies_with_their_labels(tmp_path, small, digits, capsys):
    out = tmp_path / "more.npz"
    assert main(f"augment {small} --policy light --copies 2 --seed 3 --out {out}".split()) == 0
    assert capsys.readouterr().out.strip() == str(out)
    data = gb.data.load(out)
    assert len(data) == 90
    assert np.array_equal(data.labels, np.tile(digits.labels[:30], 3))
    assert np.array_equal(data.images[:30], digits.images[:30])
    assert np.array_equal(data.images[30:60], Policy.named("light", 3)(digits.images[:30], first=30))
    assert np.array_equal(data.test_images, digits.test_images[:4])
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".")] == []


@pytest.mark.parametrize("kind", ["npz", "folder"])
def test_interrupted_anywhere_it_goes_on_and_ends_as_if_it_had_not_been(kind, tmp_path, small, monkeypatch):
    whole, part = (tmp_path / (f"{name}.npz" if kind == "npz" else name) for name in ("whole", "part"))
    monkeypatch.setattr(enlarge_module, "PIECE", 10 * 28 * 28)
    enlarge_module.augment_dataset(small, whole, "rotation", copies=2)
    pieces, calls = enlarge_module.augment, []

    def broken(*args, **options):
        calls.append(1)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return pieces(*args, **options)

    monkeypatch.setattr(enlarge_module, "augment", broken)
    with pytest.raises(KeyboardInterrupt):
        enlarge_module.augment_dataset(small, part, "rotation", copies=2)
    with pytest.raises(FileExistsError, match="is another data set"):
        enlarge_module.augment_dataset(small, part, "rotation", copies=3)
    enlarge_module.augment_dataset(small, part, "rotation", copies=2)
    assert len(calls) == 4 + 3  # six pieces are augmented, the fourth was tried twice
    one, other = (gb.data.load(place) for place in (whole, part))
    assert len(one) == 90
    assert one.fingerprint == other.fingerprint


def test_colour_pictures_in_a_folder_keep_their_classes(tmp_path, monkeypatch, capsys):
    for name, level in (("dark", 20), ("light", 220)):
        (tmp_path / "src" / name).mkdir(parents=True)
        for i in range(3):
            Image.new("RGB", (16, 12), (level + i, level, level)).save(tmp_path / "src" / name / f"{i}.png")
    out = tmp_path / "out"
    assert (
        main(f"augment {tmp_path / 'src'} --policy flip@0.5,zoom --copies 1 --out {out} --without-originals".split())
        == 0
    )
    data = gb.data.load(out)
    assert (len(data), data.class_names) == (6, ("dark", "light"))
    assert all(data.images[data.labels == 0].max((1, 2, 3)) < 100)
    assert json.loads((out / "augmentation.json").read_text())["done"] == 6


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--policy rotatoin --out x.npz", "unknown policy or operation 'rotatoin'; did you mean rotation?"),
        ("--policy mixup --out x.npz", "fractions of classes"),
        ("--policy none.json --out x.npz", "there is no policy none.json"),
        ("--copies 0 --out x.npz", "--copies 0: should be"),
        ("--out x.jpg", "neither a .npz file nor a folder"),
        ("--out no/such/x.npz", "there is no folder"),
        ("--policy flip", "required: --out"),
    ],
)
def test_mistakes_are_one_clear_line(words, said, small, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["augment", str(small), *words.split()]) == 2
    line = capsys.readouterr().err
    assert said in line
    assert line.count("\n") == 1
