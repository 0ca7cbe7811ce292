"""Distances between sets of pictures, against closed forms and against what the eye sees."""

import numpy as np
import pytest

from ganbook.data import load
from ganbook.metrics.frechet import frechet_distance
from ganbook.metrics.patches import patch_distance, sharpness


def test_frechet_distance_of_gaussians_is_the_closed_form():
    rng = np.random.default_rng(0)
    mix = rng.standard_normal((6, 6))
    a = rng.standard_normal((200_000, 6)) @ mix
    b = 2.0 * (rng.standard_normal((200_000, 6)) @ mix) + np.arange(6)
    # Σ_b = 4Σ_a, so tr(Σ_a + Σ_b − 2(Σ_a Σ_b)^½) = tr(Σ_a)
    expected = np.square(np.arange(6)).sum() + np.trace(mix.T @ mix)
    assert frechet_distance(a, b) == pytest.approx(expected, rel=0.02)
    assert frechet_distance(a, a) == pytest.approx(0, abs=1e-6)


def test_frechet_distance_works_where_the_covariance_is_singular():
    a = np.random.default_rng(0).standard_normal((50, 80))
    a[:, 3] = 0
    assert frechet_distance(a, a + 1) == pytest.approx(80, rel=1e-6)


@pytest.mark.parametrize(("a", "b"), [((5, 3), (5, 4)), ((1, 3), (5, 3)), ((5,), (5,))])
def test_features_that_cannot_be_compared_are_refused(a, b):
    with pytest.raises(ValueError, match="features have shapes"):
        frechet_distance(np.zeros(a), np.zeros(b))


def test_patch_distance_sees_speckle_at_the_fine_level_and_blur_at_it_too(some_digits):
    images, _ = some_digits
    half, other = images[:160], images[160:]
    rng = np.random.default_rng(0)
    noisy = np.clip(half + rng.normal(0, 40, half.shape), 0, 255).astype(np.uint8)
    shifted = [np.roll(half.astype(int), shift, (1, 2)) for shift in ((0, 0), (0, 1), (1, 0), (1, 1))]
    blurred = (sum(shifted) // 4).astype(np.uint8)
    floor, speckled, soft = (patch_distance(each, other) for each in (half, noisy, blurred))
    assert list(floor) == [28, 14]
    assert speckled[28] > 3 * floor[28]
    assert soft[28] > 1.3 * floor[28]
    assert patch_distance(half, half) == {28: 0, 14: 0}


def test_sharpness_falls_with_blur_and_rises_with_speckle(some_digits):
    images, _ = some_digits
    blurred = ((images.astype(int) + np.roll(images, 1, 1) + np.roll(images, 1, 2)) // 3).astype(np.uint8)
    speckled = np.clip(images + np.random.default_rng(0).normal(0, 60, images.shape), 0, 255).astype(np.uint8)
    assert sharpness(images, images) == 1
    assert sharpness(images[:160], images[160:]) == pytest.approx(1, abs=0.05)
    assert sharpness(blurred, images) < 0.75
    assert sharpness(speckled, images) > 1.1


def test_patch_distance_of_one_level_of_known_patches():
    # Images without structure: both levels are white noise, which is near its own kind.
    rng = np.random.default_rng(1)
    a, b = (rng.integers(0, 256, (200, 16, 16, 3), np.uint8) for _ in range(2))
    assert patch_distance(a, b)[16] < 30


def test_images_that_cannot_be_compared_are_refused():
    with pytest.raises(ValueError, match="give equal"):
        patch_distance(np.zeros((2, 28, 28, 1), np.uint8), np.zeros((3, 28, 28, 1), np.uint8))


def test_the_classifier_is_trained_once_and_knows_its_data(digits, empty_cache):
    from ganbook.metrics.features import classifier_space

    space = classifier_space(digits)
    assert space.accuracy > 0.93
    assert space.features(digits.images[:3]).shape == (3, 128)
    shares = space.class_fractions(digits.test_images)
    assert shares.sum() == pytest.approx(1)
    assert np.abs(shares - 0.1).max() < 0.03
    again = classifier_space(digits)
    np.testing.assert_array_equal(again.features(digits.images[:3]), space.features(digits.images[:3]))
    with pytest.raises(ValueError, match="no labels"):
        classifier_space(load(digits.images[:20]))
