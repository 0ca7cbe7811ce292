"""Scores of restored images against other implementations of the same formulas."""

import numpy as np
import pytest
from skimage import color, data, metrics

from ganbook.metrics import fidelity, perceptual

RNG = np.random.default_rng(0)
TRUTH = data.chelsea()[40:140, 100:220]
NOISY = np.clip(TRUTH + RNG.normal(0, 12, TRUTH.shape), 0, 255).astype(np.uint8)


def test_luma_psnr_and_ssim_are_those_of_scikit_image():
    a, b = (fidelity.luma(image) for image in (NOISY, TRUTH))
    assert np.abs(a[..., 0] - color.rgb2ycbcr(NOISY)[..., 0]).max() < 1e-3
    inner = np.s_[3:-3, 3:-3, 0]
    assert fidelity.psnr(a, b, 3) == pytest.approx(
        metrics.peak_signal_noise_ratio(b[inner], a[inner], data_range=255), abs=1e-9
    )
    assert fidelity.ssim(a, b) == pytest.approx(
        metrics.structural_similarity(
            a[..., 0], b[..., 0], data_range=255, gaussian_weights=True, use_sample_covariance=False
        )
    )
    assert fidelity.psnr(b, b) == fidelity.PERFECT
    assert fidelity.ssim(b, b) == pytest.approx(1)
    assert fidelity.ssim(b[:5, :5], b[:5, :5]) == pytest.approx(1)


def test_what_looks_alike_is_near():
    blurred = color.rgb2gray(TRUTH)[..., None].repeat(3, 2) * 255
    values = [perceptual.distance(image.astype(np.uint8), TRUTH) for image in (TRUTH, NOISY, blurred)]
    assert values[0] == pytest.approx(0, abs=1e-6)
    assert 0 < values[1] < 4
    stronger = np.clip(TRUTH + RNG.normal(0, 50, TRUTH.shape), 0, 255).astype(np.uint8)
    assert perceptual.distance(stronger, TRUTH) > values[1]
    assert perceptual.distance(TRUTH[..., :1], TRUTH[..., :1]) == pytest.approx(0, abs=1e-6)
