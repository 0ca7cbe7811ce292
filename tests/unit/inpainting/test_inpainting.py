"""Holes are filled, nothing else is touched, and every way of filling keeps its promises."""

import threading
import warnings

import keras
import numpy as np
import pytest
from PIL import Image

import ganbook as gb
from ganbook.cli import main
from ganbook.config.train import TrainConfig
from ganbook.data import masks
from ganbook.inpainting import blending, tiles
from ganbook.studies.inpainting_study import inpainting
from ganbook.training.build import new_gan
from ganbook.training.checkpoint import read_gan, write_gan

WITHOUT_RUN = ("flat", "telea", "navier-stokes", "biharmonic", "patch", "pyramid")


@pytest.fixture(scope="module")
def held_out(drawing):
    """Digits of 12×12 that no run has seen."""
    return np.asarray(drawing.data.test_images[:24])


@pytest.fixture(scope="module")
def photo():
    """A colour picture with edges and gradients, 150×200."""
    y, x = np.mgrid[:150, :200]
    waves = [np.sin(x / 9) + np.cos(y / 7), (x > 90) * 1.0, y / 75 - 1]
    return np.stack([(127 + 100 * np.clip(wave, -1, 1)).astype(np.uint8) for wave in waves], -1)


def error(result, truth, holes):
    return np.square(result.image.astype(float) - truth)[holes].mean()


# Masks


@pytest.mark.parametrize("kind", masks.KINDS)
def test_masks_are_seeded_have_a_hole_and_leave_something(kind):
    drawn = masks.draw(kind, (28, 20), 12, seed=3)
    assert drawn.dtype == bool
    assert drawn.shape == (12, 28, 20)
    assert drawn.any((1, 2)).all()
    assert not drawn.all((1, 2)).any()
    assert np.array_equal(drawn[:5], masks.draw(kind, (28, 20), 5, seed=3))


def test_masks_are_what_their_kind_and_value_say():
    assert masks.draw("center", (28, 28))[0, 7:21, 7:21].all()
    assert masks.draw("center", (28, 28)).sum() == 14 * 14
    assert masks.draw("half:left", (10, 10))[0, :, :5].all()
    assert masks.draw("half:left", (10, 10)).sum() == 50
    assert masks.draw("random:0.3", (20, 20)).sum() == 120
    for low, high in masks.BUCKETS:
        ratio = masks.draw(f"irregular:{low}-{high}", (40, 40), 20).mean((1, 2))
        assert ((ratio > low) & (ratio <= high)).all()
    thin, medium, thick = (masks.draw(kind, (64, 64), 60).mean() for kind in masks.STROKES)
    assert thin < medium < thick


def test_masks_grow_feather_invert_and_come_from_pictures():
    square = masks.draw("center:0.2", (20, 20))
    assert masks.grow(square, 2)[0, 6:14, 8:12].all()
    assert np.array_equal(masks.grow(masks.grow(square, 2), -2), square)
    soft = masks.feather(masks.draw("center", (28, 28)), 3)[0]
    assert soft[14, 14] == 1
    assert 0 < soft[14, 7] < 1
    assert soft[14, 6] == 0
    assert np.array_equal(masks.invert(square), ~square)
    rgba = np.zeros((6, 6, 4), np.uint8)
    rgba[2:, :, 3] = 255
    assert np.array_equal(masks.from_alpha(rgba), np.arange(6)[:, None].repeat(6, 1) < 2)
    assert np.array_equal(masks.from_image(rgba[:, :, 3]), np.arange(6)[:, None].repeat(6, 1) >= 2)


# Every method


@pytest.mark.parametrize("method", [*WITHOUT_RUN, "latent", "context", "deep-prior"])
def test_pixels_outside_the_mask_are_the_ones_given(method, held_out, drawing, completing):
    run = {"latent": drawing, "context": completing}.get(method)
    iterations = {"iterations": 3} if method in ("latent", "deep-prior") else {}
    count = 1 if method == "deep-prior" else 12
    kinds = ["center", "half", "random", "grid", "thick", "irregular"]
    holes = np.concatenate([masks.draw(kind, (12, 12), count // len(kinds) or 1, 5) for kind in kinds])[:count]
    result = gb.inpaint(held_out[:count], holes, method=method, run=run, **iterations)
    assert result.image.dtype == np.uint8
    assert np.array_equal(result.image[~holes], held_out[:count][~holes])
    again = gb.inpaint(held_out[:count], holes, method=method, run=run, **iterations)
    assert np.array_equal(result.image, again.image)
    if run is not None:
        redrawn = gb.inpaint(held_out[:count], holes, method=method, run=run, redraw=True, blend="none", **iterations)
        assert (redrawn.image[~holes] != held_out[:count][~holes]).any() == (method != "context")


def test_edges_go_on_into_the_hole(photo):
    hole = np.zeros(photo.shape[:2], bool)
    hole[60:80, 80:100] = True
    flat = error(gb.inpaint(photo, hole, method="flat"), photo, hole)
    for method in WITHOUT_RUN[1:]:
        assert error(gb.inpaint(photo, hole, method=method), photo, hole) < flat / 4, method


def test_depth_channels_and_batch_are_those_given(photo):
    hole = masks.draw("center:0.2", (40, 50))[0]
    small = photo[:40, :50]
    assert gb.inpaint(small[:, :, 0], hole).image.shape == (40, 50, 1)
    assert gb.inpaint(small[None], hole).image.shape == (1, 40, 50, 3)
    deep = small.astype(np.uint16) * 200 + 77
    filled = gb.inpaint(deep, hole).image
    assert filled.dtype == np.uint16
    assert np.array_equal(filled[~hole], deep[~hole])
    clear = np.concatenate([small, np.where(hole, 0, 200)[..., None].astype(np.uint8)], 2)
    filled = gb.inpaint(clear).image  # the hole is where the picture is transparent
    assert np.array_equal(filled[~hole], clear[~hole])
    assert (filled[hole][:, 3] == 255).all()
    assert np.array_equal(filled[:, :, :3], gb.inpaint(small, hole).image)


@pytest.mark.parametrize("method", ["navier-stokes", "biharmonic"])
def test_a_large_picture_filled_in_crops_is_as_if_filled_in_one(method, photo, monkeypatch):
    hole = np.zeros(photo.shape[:2], bool)
    hole[10:20, 10:30] = hole[100:120, 150:160] = True
    assert len(list(tiles.around(hole, tiles.MARGIN))) == 2
    in_crops = gb.inpaint(photo, hole, method=method).image
    monkeypatch.setattr(tiles, "LARGE", 1000)
    assert np.abs(in_crops.astype(int) - gb.inpaint(photo, hole, method=method).image).max() <= 1


def test_stop_keeps_the_best_so_far_and_progress_reaches_the_end(held_out, drawing):
    shares, enough = [], threading.Event()

    def progress(share):
        shares.append(share)
        if share > 0.3:
            enough.set()

    run_options = {"run": drawing, "iterations": 100, "candidates": 2}
    result = gb.inpaint(held_out[:4], "center", progress=progress, stop=enough.is_set, **run_options)
    assert result.stopped
    assert shares[-1] < 0.5
    assert result.candidates.shape == (4, 2, 12, 12, 1)
    assert np.isfinite(result.scores).all()
    shares.clear()
    assert not gb.inpaint(held_out, "center", method="telea", progress=shares.append).stopped
    assert shares == sorted(shares)
    assert shares[-1] == 1


# Methods with a run


def test_latent_searches_in_runs_that_learned_class_by_class(some_digits, tmp_path):
    images, labels = some_digits
    run = gb.train(
        (images[:200], labels[:200]), network="dcgan", conditional=True, image_size=12, batch_size=16, steps=20,
        runs_dir=tmp_path, wait=True,
    )  # fmt: skip
    hole = np.zeros((12, 12), bool)
    hole[4:8, 4:8] = True
    result = gb.inpaint(run.data.images[0], hole, run=run, method="latent", iterations=20, fine_tune=2, candidates=2)
    for candidate in result.candidates:
        assert np.array_equal(candidate[~hole], run.data.images[0][~hole])


def test_latent_comes_near_what_is_known_and_ranks_what_it_found(drawing, held_out):
    holes = masks.draw("center", (12, 12), 6)
    as_drawn = {"run": drawing, "redraw": True, "blend": "none"}

    def off(**options):
        return error(gb.inpaint(held_out[:6], holes, **as_drawn | options), held_out[:6], ~holes)

    assert off(iterations=200) < off(iterations=1) / 4
    assert off(iterations=20, fine_tune=20) < off(iterations=20)
    result = gb.inpaint(held_out[:6], holes, run=drawing, candidates=3, iterations=20)
    assert result.method == "latent"
    assert (np.diff(result.scores) >= 0).all()
    assert (result.candidates[:, 0] != result.candidates[:, 1]).any((1, 2, 3)).all()


def test_context_learns_to_complete(completing, held_out):
    for kind in ("center", "half"):
        holes = masks.draw(kind, (12, 12), len(held_out), 1)
        learnt = error(gb.inpaint(held_out, holes, run=completing), held_out, holes)
        assert learnt < 0.7 * min(error(gb.inpaint(held_out, holes, method=m), held_out, holes) for m in WITHOUT_RUN)


def test_completing_goes_on_bit_for_bit_from_what_was_saved(tmp_path, some_digits, weights_of):
    images = some_digits[0][:96, 8:20, 8:20].reshape(2, 3, 16, 12, 12, 1)
    config = TrainConfig(task="inpaint", masks="center,random:0.5", batch_size=16).resolved()
    gan = new_gan(config, gb.data.load(images[0, 0]))
    gan.train_steps(images[0])
    write_gan(gan, tmp_path)
    for each in (gan, again := read_gan(tmp_path)):
        each.train_steps(images[1])
    assert all(np.array_equal(a, b) for a, b in zip(weights_of(gan), weights_of(again), strict=True))


def test_a_completing_run_keeps_a_plain_keras_generator_and_draws_nothing_from_noise(completing):
    plain = keras.models.load_model(completing.folder.path / "generator.keras")
    assert plain(np.zeros((1, 12, 12, 2), np.float32)).shape == (1, 12, 12, 1)
    with pytest.raises(ValueError, match="completes images and generates none from noise"):
        completing.sample(3)


def test_a_picture_larger_than_the_run_is_filled_in_tiles(completing):
    truth = np.kron(np.asarray(completing.data.test_images[0]), np.ones((4, 5, 1), np.uint8))
    hole = np.zeros(truth.shape[:2], bool)
    hole[5:25, 10:20] = hole[40:44, 30:58] = True
    result = gb.inpaint(truth, hole, run=completing)
    assert np.array_equal(result.image[~hole], truth[~hole])
    covered = sum(crop.own.sum() for crop in tiles.scaled(hole, (12, 12)))
    assert covered == hole.sum()


# Blending, scores, study


def test_poisson_blending_takes_away_an_offset():
    ramp = np.add.outer(np.arange(30), np.arange(40)).astype(np.float32)[None, :, :, None]
    holes = masks.draw("thick", (30, 40), 1, seed=2)
    assert np.abs(blending.poisson(ramp, ramp + 25, holes) - ramp).max() < 0.05


@pytest.mark.slow
def test_study_compares_on_the_hole_and_on_the_whole(some_digits, tmp_path):
    images, labels = some_digits
    shares = []
    found = inpainting((images, labels), ["flat", "telea"], ["center", "irregular"], count=40, progress=shares.append)
    assert list(found.table["mask"]) == ["center", "center", "irregular", "irregular"]
    assert found.space == "array classifier"
    assert shares[-1] == 1
    row = found.table.iloc[0]
    holes = masks.draw("center", (28, 28), 40)
    result = gb.inpaint(images[:40], "center", method="flat")
    squared = np.square((result.image.astype(float) - images[:40]) / 255)[..., 0]
    assert row["psnr_hole"] == pytest.approx(
        np.mean([-10 * np.log10(s[h].mean()) for s, h in zip(squared, holes, strict=True)])
    )
    assert row["psnr_whole"] == pytest.approx(np.mean(-10 * np.log10(squared.mean((1, 2)))))
    assert (found.table["ssim_hole"] < found.table["ssim_whole"]).all()
    assert set(found.by_ratio().columns) == {"flat", "telea"}
    assert found.worst("flat", "center", 3).shape == (3, 3, 28, 28, 1)
    found.plot().savefig(tmp_path / "study.png")
    perfect = gb.inpainting.scores.compare(images[:2], images[:2], holes[:2])
    assert (perfect["psnr_hole"] == 60).all()
    assert (perfect["ssim_whole"] == 1).all()


# The terminal


def test_the_terminal_fills_a_folder_and_goes_on_where_it_was(tmp_path, photo, capsys):
    pictures, out = tmp_path / "pictures", tmp_path / "out"
    pictures.mkdir()
    for i in range(3):
        Image.fromarray(photo[20 * i :, :, :]).save(pictures / f"{i}.png")
    words = ["inpaint", str(pictures), "--mask", "center:0.2", "--method", "telea", "--out", str(out)]
    assert main(words) == 0
    assert capsys.readouterr().out == f"{out}\n"
    first = {path: path.read_bytes() for path in out.glob("*.png")}
    assert sorted(path.name for path in first) == ["0.png", "1.png", "2.png"]
    (out / "1.png").unlink()
    (out / "2.png").write_bytes(b"kept")
    assert main(words) == 0
    assert (out / "1.png").read_bytes() == first[out / "1.png"]
    assert (out / "2.png").read_bytes() == b"kept"
    assert main([*words, "--seed", "1"]) == 2
    assert "holds results of other options" in capsys.readouterr().err
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        (pictures / "3.png").write_bytes(b"no picture")
        assert main([*words, "--overwrite"]) == 0
    assert (out / "2.png").read_bytes() == first[out / "2.png"]


def test_the_terminal_takes_masks_by_name_a_run_and_writes_candidates(tmp_path, held_out, drawing, place):
    for folder in ("pictures", "masks"):
        (tmp_path / folder).mkdir()
    hole = masks.draw("center", (12, 12))[0]
    Image.fromarray(held_out[0, :, :, 0]).save(tmp_path / "pictures" / "a.png")
    Image.fromarray(hole).save(tmp_path / "masks" / "a.png")
    words = ["inpaint", tmp_path / "pictures", "--mask", tmp_path / "masks", "--out", tmp_path / "out"]
    words += ["--run", "drawing", "--runs-dir", place, "--candidates", 2, "--iterations", 10]
    assert main([str(word) for word in words]) == 0
    for name in ("a-1.png", "a-2.png"):
        filled = np.asarray(Image.open(tmp_path / "out" / name))
        assert np.array_equal(filled[~hole], held_out[0, :, :, 0][~hole])


def test_sixteen_bits_survive_from_file_to_file(tmp_path):
    import cv2

    rng = np.random.default_rng(0)
    deep = rng.integers(0, 65536, (16, 16, 3), dtype=np.uint16)
    cv2.imwrite(str(tmp_path / "deep.png"), deep)
    words = ["inpaint", tmp_path / "deep.png", "--mask", "center", "--out", tmp_path / "out"]
    assert main([str(word) for word in words]) == 0
    filled = cv2.imread(str(tmp_path / "out" / "deep.png"), cv2.IMREAD_UNCHANGED)
    hole = masks.draw("center", (16, 16))[0]
    assert filled.dtype == np.uint16
    assert np.array_equal(filled[~hole], deep[~hole])


THIN = {
    "a scratch": np.arange(48) == 20,
    "a frame": np.pad(np.zeros((42, 42), bool), 3, constant_values=True),
    "a grid": (np.arange(48)[:, None] % 6 == 0) | (np.arange(48) % 6 == 0),
    "a pixel": (np.arange(48)[:, None] == 0) & (np.arange(48) == 47),
    "all but a pixel": ~((np.arange(48)[:, None] == 9) & (np.arange(48) == 9)),
}


@pytest.mark.parametrize("method", WITHOUT_RUN)
@pytest.mark.parametrize("name", THIN)
def test_a_hole_of_any_shape_is_filled(method, name):
    hole = np.broadcast_to(THIN[name], (48, 48))
    image = np.random.default_rng(0).integers(60, 200, (48, 48, 3), np.uint8)
    image[hole] = 255
    filled = gb.inpaint(np.stack([image, image]), hole, method=method).image
    assert np.array_equal(filled[:, ~hole], np.stack([image, image])[:, ~hole])
    assert filled[:, hole].max() < 255
