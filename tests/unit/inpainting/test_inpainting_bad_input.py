"""Every mistake with pictures, masks and runs to fill with is one clear line."""

import shutil

import numpy as np
import pytest
from PIL import Image

import ganbook as gb
from ganbook.cli import main
from ganbook.inpainting import inputs

GREY = np.arange(28 * 28, dtype=np.uint32).reshape(28, 28).astype(np.uint8)
HOLE = np.zeros((28, 28), bool)
HOLE[8:20, 8:20] = True


CASES = {
    "mask of another size": ((GREY, HOLE[:20, :24]), {}, "mask is 24×20 and the image 28×28.*resize_mask=True"),
    "empty mask": ((GREY, HOLE & False), {}, "the mask is empty: mark the hole"),
    "full mask": ((GREY, HOLE | True), {}, "the mask covers all: leave something"),
    "one empty mask": ((np.stack([GREY] * 2)[..., None], np.stack([HOLE, HOLE & False])), {}, "mask 1 is empty"),
    "too few masks": ((np.stack([GREY] * 3)[..., None], np.stack([HOLE] * 2)), {}, "2 masks for 3 images"),
    "mask with NaN": ((GREY, np.where(HOLE, np.nan, 0)), {}, "mask holds values that are not finite"),
    "mask out of range": ((GREY, HOLE * 300 - np.eye(28, dtype=int)), {}, "mask goes from -1 to 300"),
    "no mask": ((GREY,), {}, "no mask, and the image has no alpha channel"),
    "unknown kind": ((GREY, "centre"), {}, "mask 'centre' is neither a file nor a kind"),
    "bad value": ((GREY, "random:2"), {}, r"mask random:2: the value is a number from 0.01 to 0.99"),
    "bad side": ((GREY, "half:up"), {}, "mask half:up: the value is left, right, top, bottom"),
    "bad ratio": ((GREY, "irregular:0.5"), {}, "mask irregular:0.5: the value is a range"),
    "floats": ((GREY / 255, HOLE), {}, "the image is float64; give uint8 or uint16"),
    "two channels": ((np.stack([GREY] * 2, 2), HOLE), {}, r"the image has shape \(28, 28, 2\)"),
    "tiny": ((GREY[:3, :3], HOLE[:3, :3]), {}, "it must be at least 4×4"),
    "no file": (("nowhere.png", HOLE), {}, "there is no image 'nowhere.png'"),
    "unknown method": ((GREY, HOLE), {"method": "lama"}, "--method lama: allowed are flat, telea"),
    "unknown option": ((GREY, HOLE), {"startz": 3}, "unknown option --startz; did you mean starts?"),
    "no candidates": ((GREY, HOLE), {"candidates": 0}, "--candidates 0: should be greater than or equal to 1"),
    "no run": ((GREY, HOLE), {"method": "latent"}, "--method latent fills with a GAN: give --run"),
    "unknown run": ((GREY, HOLE), {"run": "nobody"}, "no run 'nobody' in"),
}


@pytest.mark.parametrize("name", CASES)
def test_what_cannot_be_filled_is_refused(name):
    arguments, options, said = CASES[name]
    with pytest.raises((ValueError, FileNotFoundError), match=said) as caught:
        gb.inpaint(*arguments, **options)
    assert "\n" not in str(caught.value)


def test_a_soft_mask_is_cut_and_the_threshold_said():
    soft = np.where(HOLE, 200, GREY // 2).astype(np.uint8)
    soft[HOLE] += GREY[HOLE] // 8
    with pytest.warns(UserWarning, match="the mask has soft values; the hole is where it is 128 or more"):
        assert np.array_equal(gb.inpaint(GREY, soft).mask, HOLE)


def test_a_mask_is_resized_only_when_asked():
    assert gb.inpaint(GREY, np.eye(14, dtype=bool), resize_mask=True).mask.sum() == 14 * 4


def test_a_picture_too_large_or_corrupt_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(inputs, "MAX_PIXELS", 700)
    with pytest.raises(ValueError, match=r"the image is 28×28, more than \d+ megapixels: crop it"):
        gb.inpaint(GREY, HOLE)
    Image.fromarray(GREY).save(tmp_path / "whole.png")
    (tmp_path / "cut.png").write_bytes((tmp_path / "whole.png").read_bytes()[:-200])
    with pytest.raises(ValueError, match=r"cut.png' cannot be read"):
        gb.inpaint(tmp_path / "cut.png", HOLE)


def test_runs_that_do_not_fit_are_refused(drawing, tmp_path):
    with pytest.raises(ValueError, match="--method context cannot use .* trained to generate: give latent"):
        gb.inpaint(GREY, HOLE, method="context", run=drawing)
    with pytest.raises(ValueError, match="--method telea uses no run"):
        gb.inpaint(GREY, HOLE, method="telea", run=drawing)
    with pytest.raises(ValueError, match="was trained on grey images and this one is colour: convert it"):
        gb.inpaint(np.stack([GREY] * 3, 2), HOLE, run=drawing)
    with pytest.raises(ValueError, match=r"was trained on images of 12×12, and this one is 28×8: enlarge it"):
        gb.inpaint(GREY[:8], HOLE[4:12], run=drawing)


def test_a_run_without_a_discriminator_or_sound_weights_is_refused(drawing, tmp_path):
    picture, hole = drawing.sample(1)[0], np.eye(12, dtype=bool)
    run = gb.load_run(shutil.copytree(drawing.folder.path, tmp_path / "a"))
    for weight in run.gan.ema_generator.weights:
        weight.assign(weight + np.nan)
    with pytest.raises(ValueError, match="the search found nothing finite"):
        gb.inpaint(picture, hole, run=run)
    for checkpoint in run.folder.checkpoints.newest_first():
        shutil.rmtree(checkpoint.path)
    assert (tmp_path / "a" / "generator.keras").exists()
    with pytest.raises(ValueError, match="holds no sound checkpoint: train it first"):
        gb.inpaint(picture, hole, run=tmp_path / "a")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("train --network context", "--network context goes with --task inpaint"),
        ("train --masks center", "--masks goes with --task inpaint: leave it out"),
        ("train --task inpaint --network dcgan", "--network dcgan goes with --task generate"),
        ("train --task inpaint --network dcgan", "--task inpaint takes context"),
        ("train --task inpaint --masks centre", "mask 'centre' is unknown; did you mean center?"),
        ("train --task inpaint --data digits --conditional", "--conditional does not go with --task inpaint"),
        ("train --task inpaint --augment DiffAugment", "--augment does not go with --task inpaint"),
        ("train --task inpaint --one-backward", "--one-backward does not go with --task inpaint"),
        ("inpaint nothing.png --mask center --out o", "there is no image or folder 'nothing.png'"),
        ("inpaint nothing.png --mask center", "the following arguments are required: --out"),
        ("inpaint nothing.png --method lama --out o", "--method lama: allowed are"),
    ],
)
def test_the_terminal_refuses_in_one_line(words, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(words.split()) == 2
    line = capsys.readouterr().err.rsplit("\r", 1)[-1]
    assert line.count("\n") == 1
    assert said in line


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr"])
def test_a_pillow_image_of_any_mode_is_read_as_it_looks(mode):
    mask = Image.fromarray(HOLE.astype(np.uint8) * 255).convert(mode)
    assert np.array_equal(inputs.holes(mask, inputs.images(GREY))[0], HOLE)
    photo = Image.fromarray(np.dstack([GREY // 2 + 60] * 3)).convert(mode)
    seen = inputs.images(photo).seen[0]
    assert seen.shape[:2] == (28, 28)
    if mode != "1":
        shown = np.asarray(photo.convert("RGB"), int)
        assert np.abs(seen - shown).max() <= 1
