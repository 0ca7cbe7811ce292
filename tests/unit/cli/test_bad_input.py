"""Every mistake is one clear line, exit code 2, and loses nothing."""

import json
import shutil
import struct
import zlib

import keras
import numpy as np
import pytest
from PIL import Image

import ganbook as gb
from ganbook.cli import main
from ganbook.training.run_folder import RunFolder


def refuse(capsys, *words):
    """Run a command that must be refused; return its one line."""
    code = main([str(word) for word in words])
    said = capsys.readouterr()
    assert code == 2, said
    assert said.out == ""
    assert said.err.count("\n") == 1, said.err
    line = said.err.rsplit("\r", 1)[-1].lstrip()  # behind what is left of a progress bar
    assert line.startswith("ganbook: ")
    return line


@pytest.fixture(scope="module")
def one_step(tmp_path_factory):
    place = tmp_path_factory.mktemp("one-step")
    options = {"network": "mlp", "hidden": "16", "jit": "off", "image_size": 12, "steps": 1, "batch_size": 8}
    return gb.train(data="digits", name="a", runs_dir=place, wait=True, **options).folder.path


@pytest.fixture
def trained(tmp_path, one_step):
    """A run of one step, this test's own."""
    return shutil.copytree(one_step, tmp_path / "a")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            "trian",
            "unknown command trian; did you mean train?; commands are train, sample, augment, evaluate, compare,",
        ),
        ("train --data fashin", "unknown data 'fashin': did you mean 'fashion'?"),
        (
            "train --network dcgann",
            "mlp, context, restorer, text; did you mean dcgan?",
        ),
        ("train --loss hindge", "--loss hindge: allowed are non-saturating, minimax,"),
        ("train --loss hindge", "did you mean hinge?"),
        ("train --batchsize 3", "unknown option --batchsize; did you mean --batch-size?"),
        ("train --lr 3", "unknown option --lr; did you mean --learning-rate?"),
        ("train --epochs 3", "unknown option --epochs; did you mean --steps?"),
        ("train --batch 3", "unknown option --batch; did you mean --batch-size?"),
        ("train --gpu 0", "unknown option --gpu: TensorFlow chooses the device by itself"),
        ("train extra", "unexpected 'extra': options start with -- (did you mean --data extra?)"),
        ("train --steps 0", "--steps 0: should be greater than or equal to 1"),
        ("train --steps many", "--steps many: should be a valid integer"),
        ("train --steps " + "9" * 9999, "…"),
        ("train --steps 1.5", "--steps 1.5: should be a valid integer"),
        ("train --seconds 0", "--seconds 0: should be greater than 0"),
        ("train --batch-size 0", "--batch-size 0: should be greater than or equal to 1"),
        ("train --learning-rate -1", "--learning-rate -1: should be greater than 0"),
        ("train --learning-rate nan", "--learning-rate nan: should be a finite number"),
        ("train --beta-1 1", "--beta-1 1: should be less than 1"),
        ("train --r1 -3", "--r1 -3: should be greater than or equal to 0"),
        ("train --critic-steps 0", "--critic-steps 0: should be greater than or equal to 1"),
        ("train --seed -1", "--seed -1: should be greater than or equal to 0"),
        ("train --image-size 2", "--image-size 2: should be greater than or equal to 4"),
        ("train --channels 2", "--channels 2: allowed are 1, 3"),
        ("train --name ../../etc", "--name ../../etc: allowed are letters (A to Z, a to z), digits"),
        ("train --network custom", "--network custom means your own Keras models"),
        ("train --data digits --batch-size 20000", "digits holds 10000 images, fewer than a batch of 20000"),
        ("train --loss hinge --augment-weight 1", "--augment-weight extends --loss minimax"),
        ("train --loss hinge --one-backward", "--one-backward is not exact with --loss hinge: leave it off"),
        ("train --loss wasserstein --one-backward", "--one-backward is not exact with --critic-steps 5"),
        ("train --data nowhere/at/all", "no file or folder 'nowhere/at/all'"),
        ("train --resume b", "no run 'b' in"),
        ("train --resume b --overwrite", "give one of them"),
        ("sample b --out x.npz", "no run 'b' in"),
    ],
)
def test_options(capsys, words, said):
    assert said in refuse(capsys, *words.split())


def test_bad_folders(capsys, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "empty" in refuse(capsys, "train", "--data", empty)
    (empty / "notes.txt").write_text("no picture")
    assert "no image" in refuse(capsys, "train", "--data", empty)
    (empty / "a.png").write_bytes(b"not a picture")
    line = refuse(capsys, "train", "--data", empty)
    assert "a.png" in line
    Image.new("L", (28, 28)).save(empty / "b.png")
    assert main(["train", "--data", str(empty)]) == 2
    warned, line = capsys.readouterr().err.splitlines()
    assert "1 " in warned
    assert "a.png" in warned
    assert "holds one image" in line


def test_a_picture_that_would_unpack_to_gigabytes(capsys, tmp_path):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    folder = tmp_path / "huge"
    folder.mkdir()
    png = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )
    (folder / "bomb.png").write_bytes(png)
    line = refuse(capsys, "train", "--data", folder)
    assert "bomb.png" in line
    assert "claims more than 178 megapixels" in line


def good(count=64):
    return np.zeros((count, 8, 8, 1), "float32")


BAD_ARRAYS = {
    "NaN": (lambda: np.where(np.arange(64)[:, None, None, None] == 3, np.nan, good()), "NaN"),
    "rank": (lambda: good()[0, :, 0], "shape"),
    "channels": (lambda: np.zeros((64, 8, 8, 2), "uint8"), "channel"),
    "range": (lambda: good() + 1000.0, r"\[0, 255\]"),
    "empty": (lambda: good(0), "none at all"),
    "labels": (lambda: (good(), np.arange(63)), "63"),
    "one image": (lambda: good(1), "one image"),
    "too few": (lambda: good(5), "fewer than a batch of 32"),
}


@pytest.mark.parametrize("name", BAD_ARRAYS)
def test_bad_arrays(name, tmp_path):
    make, said = BAD_ARRAYS[name]
    with pytest.raises(ValueError, match=said) as caught:
        gb.train(data=make(), name="x", runs_dir=tmp_path)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "x").exists()


def test_conditional_without_labels(tmp_path):
    with pytest.raises(ValueError, match="--conditional needs labels and array has none"):
        gb.train(data=good(200), conditional=True, runs_dir=tmp_path)


def test_a_pickled_npz(capsys, tmp_path):
    np.savez(tmp_path / "evil.npz", x_train=np.array([{"a": 1}], dtype=object))
    line = refuse(capsys, "train", "--data", tmp_path / "evil.npz")
    assert "pickle" in line or "objects" in line


def test_taken_names_and_places(capsys, tmp_path, trained):
    line = refuse(capsys, "train", "--data", "digits", "--name", "a", "--runs-dir", tmp_path)
    assert "there is a run named 'a'" in line
    assert "--resume a" in line
    assert "--overwrite" in line
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_bytes(b"cat")
    assert "no run of ganbook" in refuse(
        capsys, "train", "--data", "digits", "--name", "photos", "--overwrite", "--runs-dir", tmp_path
    )
    (tmp_path / "file").write_text("")
    assert "cannot be written" in refuse(capsys, "train", "--data", "digits", "--runs-dir", tmp_path / "file")


def test_bad_resumes(capsys, tmp_path, trained):
    before = {file: file.read_bytes() for file in trained.rglob("*") if file.is_file()}
    assert "is no run (it has no config.json)" in refuse(capsys, "train", "--resume", tmp_path / "nothing")
    line = refuse(capsys, "train", "--resume", trained, "--steps", 5, "--loss", "hinge", "--seed", 3)
    assert "--loss hinge (was non-saturating), --seed 3 (was 0)" in line
    assert "is not the data that this run was trained on" in refuse(
        capsys, "train", "--resume", trained, "--steps", 5, "--data", "fashion"
    )
    assert "a, which keeps its name: leave out --name" in refuse(capsys, "train", "--resume", trained, "--name", "c")
    assert "already has its 1 steps" in refuse(capsys, "train", "--resume", trained)
    assert "did you mean a?" in refuse(capsys, "train", "--resume", "aa", "--runs-dir", tmp_path)
    assert {file: file.read_bytes() for file in trained.rglob("*") if file.is_file()} == before

    config = json.loads((trained / "config.json").read_text())
    (trained / "config.json").write_text(json.dumps(config | {"format": 99}))
    assert "has format 99" in refuse(capsys, "train", "--resume", trained, "--steps", 5)


def test_a_file_that_carries_code_is_not_run(capsys, trained, tmp_path):
    inputs = keras.Input((100,))
    images = keras.layers.Lambda(lambda x: x * 0)(keras.layers.Dense(144)(inputs))
    evil = keras.Model(inputs, keras.layers.Reshape((12, 12, 1))(images))
    folder = RunFolder(trained)
    with folder.checkpoints.new(2, {"seconds": 1.0}, 3) as path:
        (path / "gan.json").write_text(json.dumps(keras.saving.serialize_keras_object(evil)))
    with pytest.warns(UserWarning, match=r"carries code.*which ganbook does not run"):
        assert len(gb.load_run(trained).sample(2)) == 2  # from the checkpoint before


def test_bad_samples(capsys, trained, tmp_path):
    assert "neither .npz (arrays) nor .png (a grid)" in refuse(capsys, "sample", trained, "--out", tmp_path / "x.jpg")
    assert "no folder" in refuse(capsys, "sample", trained, "--out", tmp_path / "no" / "x.npz")
    assert "--count 0: should be" in refuse(capsys, "sample", trained, "--out", tmp_path / "x.npz", "--count", "0")
    assert "--truncation 9: should be" in refuse(
        capsys, "sample", trained, "--out", tmp_path / "x.npz", "--truncation", "9"
    )
    assert "not conditional" in refuse(capsys, "sample", trained, "--out", tmp_path / "x.npz", "--label", "1")
    assert "the following arguments are required: --out" in refuse(capsys, "sample", trained)
