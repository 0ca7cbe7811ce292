"""A policy as code of other libraries: Keras' runs here, with the policy's ranges and probabilities."""

import ast

import keras
import numpy as np
import pytest

import ganbook as gb
from ganbook.augmentation import OPERATIONS, PRESETS, Policy
from ganbook.augmentation.code.libraries import LIBRARIES


@pytest.fixture(scope="module")
def emoji():
    """Images from 0 to 1, without black and white."""
    return gb.data.load("emoji", image_size=32).images[:24].astype(np.float32) / 512 + 0.25


def _done(policy, images):
    """Return what the Keras code of a policy makes of images."""
    keras.utils.set_random_seed(1)
    names = {"images": images}
    exec(Policy.parse(policy).code("keras", images.shape[1:3]), names)
    assert np.array_equal(names["policy"](images, training=False), images)
    return np.asarray(names["augmented"])


@pytest.mark.parametrize("policy", [*OPERATIONS, *PRESETS])
def test_the_keras_code_runs(policy, emoji):
    program = Policy.parse(policy).code("keras", (32, 32))
    done = _done(policy, emoji)
    assert done.shape == emoji.shape
    assert -1e-4 < done.min() <= done.max() < 1 + 1e-4
    left_out = "left out" in program and "layers.Identity" in program
    assert np.array_equal(done, emoji) == left_out


def test_ranges_and_probabilities_are_those_of_the_policy():
    grey = np.full((400, 16, 16, 3), 0.5, np.float32)
    lighter = _done("brightness:0.4", grey).mean((1, 2, 3)) - 0.5
    assert [lighter.min(), lighter.max()] == pytest.approx([-0.2, 0.2], abs=0.01)
    deviations = _done("noise:0.2", grey).std((1, 2, 3))
    assert [deviations.min(), deviations.max()] == pytest.approx([0, 0.1], abs=0.01)
    lost = (_done("cutout:0.5", np.zeros_like(grey)) == 0.5).mean((1, 2, 3))
    assert lost == pytest.approx(np.full(400, 0.25), abs=1e-6)
    white = np.zeros((400, 64, 64, 1), np.float32)
    white[:, 24:40, 24:40] = 1
    sides = np.sqrt(_done("zoom:0.5", white).sum((1, 2, 3))) / 16
    assert [sides.min(), sides.max()] == pytest.approx([1 / 1.5, 1.5], abs=0.04)
    sides = np.sqrt(_done("crop:0.5", white).sum((1, 2, 3))) / 16
    assert [sides.min(), sides.max()] == pytest.approx([1, 2], abs=0.04)
    columns = np.arange(64) * _done("translation:0.25", white).sum(1)[..., 0]
    right = columns.sum(1) / (16 * 16) - 31.5
    assert [right.min(), right.max()] == pytest.approx([-16, 16], abs=0.5)
    left = np.zeros((400, 8, 8, 1), np.float32)
    left[:, :, 0] = 1
    for probability in (0.5, 0.8):
        assert _done(f"flip@{probability}", left)[:, 0, -1].mean() == pytest.approx(probability, abs=0.08)
    assert (_done("inversion@0.2", left)[:, 0, 0] == 0).mean() == pytest.approx(0.2, abs=0.08)
    colour = np.tile(np.float32([0.4, 0.6, 0.4]), (400, 8, 8, 1))
    spread = np.ptp(_done("saturation:0.5", colour), axis=-1).mean((1, 2)) / 0.2
    assert [spread.min(), spread.max()] == pytest.approx([0.5, 1.5], abs=0.05)


@pytest.mark.parametrize("library", LIBRARIES)
def test_every_operation_has_a_counterpart_or_a_comment_that_says_why_not(library):
    for name in [*OPERATIONS, *PRESETS]:
        for policy in (Policy.parse(name), Policy.parse(f"{name}@0.3") if name in OPERATIONS else Policy.parse(name)):
            program = policy.code(library)
            assert "{p}" not in program
            ast.parse(program)
            for part in policy.operations:
                assert f"# {str(part).split(':')[0].split('@')[0]}" in program
    assert "AugMix has no counterpart; left out" in Policy.named("AugMix").code(library)
    program = Policy.parse("blur").code(library)
    assert "HEIGHT, WIDTH = 64, 64  # set these" in program
    assert "HEIGHT, WIDTH = 20, 30  # of" in Policy.parse("blur").code(library, (20, 30))


def test_a_library_that_is_not_known_is_refused():
    with pytest.raises(ValueError, match="no code for 'kera'.*keras"):
        Policy.named("light").code("kera")
