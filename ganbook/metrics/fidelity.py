"""How near a restored image comes to the truth, as papers on super-resolution and denoising measure it."""

from __future__ import annotations

import numpy as np

PERFECT = 100.0  # dB that an image without any error counts as


def luma(image: np.ndarray) -> np.ndarray:
    """Return Y of ITU-R BT.601 as MATLAB's ``rgb2ycbcr`` gives it.

    Parameters
    ----------
    image
        (H, W, C) in 0…255, C 1 (grey, returned as it is) or 3 (RGB).

    Returns
    -------
    ndarray
        float64 (H, W, 1), of colours in 16…235.
    """
    image = image.astype(np.float64)
    return image if image.shape[2] == 1 else 16 + (image @ np.array([[65.481], [128.553], [24.966]])) / 255


def psnr(image: np.ndarray, truth: np.ndarray, border: int = 0) -> float:
    """Return 10 log₁₀ (255² / mean squared error), dB, at most :data:`PERFECT`.

    Parameters
    ----------
    image, truth
        (H, W, C) in 0…255.
    border
        Pixels at each side that do not count.
    """
    error = _inner(image.astype(np.float64) - truth, border)
    return float(min(10 * np.log10(255**2 / max(np.mean(error**2), 1e-12)), PERFECT))


def ssim(image: np.ndarray, truth: np.ndarray, border: int = 0) -> float:
    """Return the structural similarity, at most 1 (Wang et al. 2004, doi 10.1109/TIP.2003.819861).

    Windows are Gaussian, σ 1.5, as there; those of images smaller than 11 pixels are as large as the image.

    Parameters
    ----------
    image, truth
        (H, W, 1) in 0…255.
    border
        Pixels at each side that do not count.
    """
    from skimage.metrics import structural_similarity

    a, b = (_inner(one.astype(np.float64), border)[..., 0] for one in (image, truth))
    side = min(a.shape)
    if side < 11:
        return float(structural_similarity(a, b, data_range=255, win_size=(side - 1) // 2 * 2 + 1)) if side > 2 else 1.0
    options = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
    return float(structural_similarity(a, b, data_range=255, **options))


def _inner(image: np.ndarray, border: int) -> np.ndarray:
    height, width = image.shape[:2]
    return image[border : height - border, border : width - border]
