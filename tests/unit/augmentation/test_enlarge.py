"""A larger data set on disk: whole, exact, and able to go on."""

import errno
import json
import os
import warnings

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
    assert {file.name for file in (out / "dark").iterdir()} == {"0-0.png", "1-0.png", "2-0.png"}
    assert json.loads((out / "augmentation.json").read_text())["done"] == 6


@pytest.mark.parametrize(
    "names",
    [
        ("..", "fine"), (".", "fine"), ("a/b", "a-b"), ("a\\b", "fine"), (".hidden", "fine"), ("train", "test"),
        ("train", "fine"), ("Test", "Valid"), ("x" * 300, "fine"), ("__MACOSX", "fine"), ("#recycle", "@eaDir"),
        ("", "fine"), ("  ", "fine"), ("line\nbreak", "fine"), ("/etc", "fine"), ("é", "e\u0301"), ("10", "9"),
        ("Cat", "cat"), ("thumbs", "Thumbs.db"), ("CON", "a:b?"), ("images", "data"), ("é" * 127, "é" * 128),
    ],
)  # fmt: skip
@pytest.mark.parametrize("test", [0, 4])
def test_class_names_come_back_from_folders_or_are_refused(names, test, tmp_path, digits):
    labels = np.arange(6) % 2
    arrays = {"x_train": digits.images[:6], "y_train": labels, "class_names": np.array(names)}
    if test:
        arrays |= {"x_test": digits.test_images[:test], "y_test": labels[:test]}
    np.savez(tmp_path / "set.npz", **arrays)
    (tmp_path / "in").mkdir()
    problem, data = "", None
    try:
        data = gb.data.load(tmp_path / "set.npz")
        enlarge_module.augment_dataset(tmp_path / "set.npz", tmp_path / "in" / "out", "flip")
    except ValueError as error:
        problem = str(error)
    assert "\n" not in problem
    if problem:
        assert not any((tmp_path / "in").iterdir())
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            again = gb.data.load(tmp_path / "in" / "out")
        assert sorted(again.class_names) == sorted(data.class_names)
        counts = {name: int((again.labels == k).sum()) for k, name in enumerate(again.class_names)}
        assert counts == dict.fromkeys(data.class_names, 6)
        assert len(again.test_images) == test
    assert {file.name for file in tmp_path.iterdir()} == {"set.npz", "in"}


@pytest.mark.parametrize(
    ("names", "written"),
    [
        (("IMG_1.jpg", "ü x.bmp"), ["IMG_1-0.png", "IMG_1-1.png", "ü x-0.png", "ü x-1.png"]),
        (("a.jpg", "A.png"), ["0000000-0.png", "0000000-1.png", "0000001-0.png", "0000001-1.png"]),
        (("x" * 240 + ".png", "b.png"), ["0000000-0.png", "0000000-1.png", "0000001-0.png", "0000001-1.png"]),
    ],
)  # fmt: skip
def test_pictures_keep_the_names_of_their_files_where_those_differ(names, written, tmp_path):
    (tmp_path / "photos").mkdir()
    for level, name in enumerate(names):
        Image.new("RGB", (16, 16), (level * 90, 0, 0)).save(tmp_path / "photos" / name)
    out = enlarge_module.augment_dataset(tmp_path / "photos", tmp_path / "more", "rotation")
    assert sorted(file.name for file in out.glob("*.png")) == written
    for file in out.glob("*-0.png"):
        if not file.name.startswith("0"):
            (source,) = (tmp_path / "photos").glob(f"{file.name.removesuffix('-0.png')}.*")
            level = names.index(source.name) * 90
            assert abs(int(np.asarray(Image.open(file))[8, 8, 0]) - level) < 4


def test_images_of_different_sizes_are_said_to_become_one(tmp_path, recwarn):
    (tmp_path / "photos").mkdir()
    for width in (40, 50):
        Image.new("RGB", (width, 40)).save(tmp_path / "photos" / f"{width}.png")
    for name, options, said in (("a", {}, True), ("b", {"image_size": 16}, False)):
        recwarn.clear()
        enlarge_module.augment_dataset(tmp_path / "photos", tmp_path / name, "flip", **options)
        side = 64 if said else 16
        assert {Image.open(file).size for file in (tmp_path / name).glob("*.png")} == {(side, side)}
        warned = [str(each.message) for each in recwarn if "different sizes" in str(each.message)]
        become = "become 64×64: --image-size N chooses another size"
        assert warned == ([f"the images of photos are of different sizes, and {become}"] if said else [])


def test_the_output_is_apart_from_its_source_and_never_replaces_anything(tmp_path, capsys):
    source = tmp_path / "photos"
    source.mkdir()
    for i in range(3):
        Image.new("RGB", (8, 8), (i, i, i)).save(source / f"{i}.png")
    (tmp_path / "link").symlink_to(source)
    (tmp_path / "file.npz").write_bytes(b"mine")
    for out in (
        source,
        source / "more",
        source / "more.npz",
        tmp_path / "link" / "more",
        tmp_path,
        tmp_path / "file.npz",
    ):
        assert main(["augment", str(source), "--out", str(out)]) == 2
        assert "choose another place" in capsys.readouterr().err
    assert (tmp_path / "file.npz").read_bytes() == b"mine"
    assert {file.name for file in source.iterdir()} == {"0.png", "1.png", "2.png"}
    (tmp_path / "empty").mkdir()
    for _ in range(2):  # the second finds that it is done
        assert main(["augment", str(source), "--policy", "flip", "--out", str(tmp_path / "empty")]) == 0
        assert main(["augment", str(source), "--policy", "flip", "--out", str(tmp_path / "new.npz")]) == 0
    assert len(gb.data.load(tmp_path / "empty")) == len(gb.data.load(tmp_path / "new.npz")) == 6
    names = {"photos", "link", "file.npz", "empty", "new.npz"}
    assert {file.name for file in tmp_path.iterdir()} == names


@pytest.mark.parametrize("name", ["out", "out.npz"])
def test_a_full_disk_is_one_line_and_with_room_it_continues(name, tmp_path, small, monkeypatch):
    write, room = enlarge_module.UnfinishedOutput.note, [3]

    def note(self, done):
        room[0] -= 1
        if room[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(self, done)

    monkeypatch.setattr(enlarge_module, "PIECE", 10 * 28 * 28)
    monkeypatch.setattr(enlarge_module.UnfinishedOutput, "note", note)
    with pytest.raises(OSError, match="No space left"):
        enlarge_module.augment_dataset(small, tmp_path / name, "rotation")
    assert not (tmp_path / name).exists()
    room[0] = 10**6
    enlarge_module.augment_dataset(small, tmp_path / name, "rotation")
    enlarge_module.augment_dataset(small, tmp_path / f"whole-{name}", "rotation")
    parts = [gb.data.load(tmp_path / place).fingerprint for place in (name, f"whole-{name}")]
    assert parts[0] == parts[1]
    assert {file.name for file in tmp_path.iterdir()} == {"small.npz", name, f"whole-{name}"}


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
