"""Degradations, and the GAN that learns to undo them."""

import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image
from skimage import data as photographs

import ganbook as gb
from ganbook import networks
from ganbook.data import degradations
from ganbook.data.arrays import assemble
from ganbook.data.resampling import enlarge, shrink
from ganbook.enhancement.methods import network
from ganbook.gan.degrade import degrade

KEY = tf.constant([3, 5])


def crops(count=96, side=32, seed=0):
    photograph, rng = photographs.coffee(), np.random.default_rng(seed)
    corners = rng.integers(0, 400 - side, (count, 2))
    return np.stack([photograph[y : y + side, x : x + side] for y, x in corners])


def degraded(images, policy, key=KEY):
    signed = tf.constant(images.astype(np.float32) / 127.5 - 1)
    return (degrade(signed, degradations.parse(policy), key).numpy() + 1) * 127.5


def test_shrinking_in_the_step_is_that_of_the_library():
    images = crops(4)
    for scale in (2, 4):
        expected = np.clip(np.rint([shrink(image, scale) for image in images]), 0, 255)
        assert np.abs(degraded(images, f"downscale:{scale}") - expected).max() <= 1.001
        assert np.abs(degraded(images, f"downscale:{scale}") - expected).mean() < 0.01


def test_each_degradation_does_what_it_says():
    images = crops(24, 48)
    noise = degraded(np.full((24, 48, 48, 3), 128, np.uint8), "noise:5-20")
    levels = noise.reshape(24, -1).std(1)
    assert levels.min() > 4.5
    assert levels.max() < 21
    assert np.ptp(levels) > 5
    blurred = degraded(images, "blur:2")
    detail = [np.abs(np.diff(x.astype(float), axis=2)).mean() for x in (images, blurred)]
    assert detail[1] < 0.6 * detail[0]
    assert blurred.mean() == pytest.approx(images.mean(), abs=0.2)
    best, worst = (np.abs(degraded(images, f"jpeg:{quality}") - images).mean() for quality in (95, 10))
    assert best < worst / 2
    grey = degraded(images[..., :1], "blur:0-1,downscale:2,noise:0-10,jpeg:30-95")
    assert grey.shape == (24, 24, 24, 1)
    assert np.abs(grey - np.rint(grey)).max() < 1e-3


def test_a_degradation_is_a_function_of_its_key():
    images, policy = crops(8), "blur:0-1.5,downscale:2,noise:0-10,jpeg:30-95"
    first = degraded(images, policy)
    assert np.array_equal(first, degraded(images, policy))
    assert not np.array_equal(first, degraded(images, policy, tf.constant([3, 6])))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no degradation"),
        ("fog:3", "'fog' is unknown"),
        ("noise", "is no degradation"),
        ("noise:a-b", "is no degradation"),
        ("noise:30-10", "the smaller one first"),
        ("noise:500", "from 0 to 100"),
        ("downscale:1.5", "a whole number"),
        ("downscale:2-3", "one number alone"),
        ("downscale:2,downscale:2", "twice"),
        ("jpeg:0", "from 1 to 100"),
    ],
)
def test_what_is_no_degradation_is_one_line(text, said):
    with pytest.raises(ValueError, match=said) as error:
        degradations.parse(text)
    assert "\n" not in str(error.value)


@pytest.mark.slow  # a training, twice
def test_a_run_learns_to_enlarge_resumes_exactly_and_serves_enhance(tmp_path, weights_of):
    images = assemble(crops(64), test_images=crops(8, seed=9), name="coffee")
    options = {"task": "enhance", "runs_dir": tmp_path, "wait": True, "warm_up": 15, "batch_size": 4}
    options["degrade"] = "downscale:2,noise:0-5"
    whole = gb.train(images, name="whole", steps=24, **options)
    gb.train(images, name="half", steps=13, **options)
    half = gb.train(images, resume="half", steps=24, runs_dir=tmp_path, wait=True)
    assert all(np.array_equal(a, b) for a, b in zip(weights_of(whole.gan), weights_of(half.gan), strict=True))
    assert whole.folder.previews()
    scores = whole.history[["psnr", "psnr_bicubic"]].dropna()
    assert scores["psnr"].iloc[-1] > 15
    assert scores["psnr_bicubic"].nunique() == 1
    last = whole.history.dropna(subset=["ssim"]).iloc[-1]
    assert all(0 < last[name] < 1 for name in ("ssim", "ssim_bicubic", "ssim_lanczos"))
    assert last["psnr_lanczos"] == pytest.approx(last["psnr_bicubic"], abs=1)

    small = crops(1, 40)[0]
    result = gb.enhance(small, run=whole)
    assert result.image.shape == (80, 80, 3)
    cut = gb.enhance(small, run="whole", runs_dir=tmp_path, tile=16)
    assert np.array_equal(result, cut)
    net = network.of_generator(whole.gan.ema_generator)
    signed = crops(1)[0][:16, :16].astype(np.float32) / 127.5 - 1
    by_keras = whole.gan.sample(signed[None])[0]
    ours = enlarge(signed, 2) + net.residual(signed)
    assert np.abs(by_keras - ours)[4:-4, 4:-4].max() < 0.02
    with pytest.raises(ValueError, match="generates none from noise"):
        whole.sample(2)

    # In a process that has trained nothing.
    Image.fromarray(small).save(tmp_path / "small.png")
    words = ["small.png", "--run", "whole", "--runs-dir", ".", "--out", "large.png"]
    subprocess.run([sys.executable, "-m", "ganbook.cli", "enhance", *words], check=True, cwd=tmp_path)
    assert np.array_equal(np.asarray(Image.open(tmp_path / "large.png")), result)


def test_without_an_adversarial_loss_the_generator_alone_learns(tmp_path):
    options = {"task": "enhance", "runs_dir": tmp_path, "wait": True, "width": 8, "depth": 2}
    run = gb.train(crops(32), adversarial=0, steps=3, batch_size=4, **options)
    untouched = networks.build("restorer", (32, 32, 3), seed=0, scale=2, width=8, depth=2)
    pairs = [(run.gan.discriminator, untouched[1], True), (run.gan.generator, untouched[0], False)]
    for network_, before, same in pairs:
        equal = [np.array_equal(a, b) for a, b in zip(network_.get_weights(), before.get_weights(), strict=True)]
        assert all(equal) == same
    assert run.history["step"].iloc[-1] == 3
    net = network.of_generator(run.gan.ema_generator)
    assert [kernel.shape[2:] for kernel in net.kernels] == [(3, 8), (8, 8), (8, 8), (8, 12)]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"degrade": "fog:3"}, "unknown"),
        ({"degrade": "downscale:3"}, "multiple of 3"),
        ({"degrade": "downscale:4", "image_size": 16}, "give a --crop or --image-size of 32"),
        ({"network": "compact"}, "takes restorer"),
        ({"augment": "flip"}, "--augment does not go with"),
        ({"masks": "half"}, "goes with --task inpaint"),
    ],
)
def test_options_that_do_not_fit_the_task_are_refused(options, said, tmp_path):
    with pytest.raises(ValueError, match=said):
        gb.train(crops(), task="enhance", runs_dir=tmp_path, **options)
    with pytest.raises(ValueError, match="goes with --task enhance"):
        gb.train(crops(), degrade="noise:5", runs_dir=tmp_path)
