"""Mirrored images in a run: asked for or decided from the data, kept, and the same after an interruption."""

import json
import warnings

import numpy as np
import pytest

import ganbook as gb

SMALL = {"network": "mlp", "hidden": "16", "jit": "off", "image_size": 12, "batch_size": 16}


def test_auto_is_decided_from_the_images_and_said_in_one_line(tmp_path, some_digits):
    digits = gb.data.load("digits").images[:600]
    half = np.concatenate([digits[:300], digits[300:, :, ::-1]])
    for images, flip, words in (
        (digits, "off", "from their mirror images in 9"),
        (half, "on", "chance is 50 %, the limit 58 %"),
        (some_digits[0][:100], "off", "from fewer than 500 it cannot be told"),
    ):
        with pytest.warns(UserWarning, match="--flip auto is") as said:
            run = gb.train(images, **SMALL, steps=1, flip="auto", runs_dir=tmp_path, wait=True)
        assert run.config.flip == run.folder.config()["options"]["flip"] == flip
        (line,) = (text for each in said if "--flip" in (text := str(each.message)))
        assert line.startswith(f"--flip auto is {flip}: ")
        assert words in line
    again = gb.again(run, steps=2, wait=True)
    assert again.config.flip == "off"


def test_an_interrupted_run_goes_on_to_the_same_weights(tmp_path, some_digits, weights_of):
    options = SMALL | {"runs_dir": tmp_path, "flip": "on", "conditional": True, "wait": True}
    whole = gb.train(some_digits, steps=20, **options)
    half = gb.train(some_digits, steps=9, **options)
    resumed = gb.train(some_digits, resume=half.folder.path, steps=20, wait=True)
    plain = gb.train(some_digits, steps=20, **options | {"flip": "off"})
    for one, other in zip(weights_of(whole.gan), weights_of(resumed.gan), strict=True):
        assert np.array_equal(one, other)
    assert any(
        not np.array_equal(one, other) for one, other in zip(weights_of(whole.gan), weights_of(plain.gan), strict=True)
    )


def test_a_run_from_before_there_was_the_option_goes_on_without_flips(tmp_path, some_digits):
    run = gb.train(some_digits[0], steps=3, runs_dir=tmp_path, wait=True, **SMALL)
    assert run.config.flip is None
    file = run.folder.path / "config.json"
    saved = json.loads(file.read_text())
    del saved["options"]["flip"]
    file.write_text(json.dumps(saved))
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        assert gb.train(some_digits[0], resume=run.folder.path, steps=5, wait=True).config.flip is None
    with pytest.raises(ValueError, match="--flip on \\(was None\\)"):
        gb.train(some_digits[0], resume=run.folder.path, steps=7, flip="on")


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        ("digits", {"task": "inpaint"}, "--flip does not go with --task inpaint: leave it out"),
        ("ring", {}, "--flip goes with images, not with points in the plane: leave it out"),
        ("names", {}, "--flip goes with images"),
    ],
)
def test_tasks_and_data_that_are_not_mirrored(tmp_path, data, options, message):
    with pytest.raises(ValueError, match=message):
        gb.train(data, flip="auto", runs_dir=tmp_path, **options)
