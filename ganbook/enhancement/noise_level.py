"""How noisy an image is, from the image alone; the numbers were chosen by ``benchmarks.enhancement noise-level``."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

BLOCK = 16  # side of the parts of which the smoothest count, in pairs of pixels
SMOOTHEST = 20  # per cent of the parts; below it lies the estimate
NORMAL = NormalDist()
MEDIAN = NORMAL.inv_cdf(0.75)  # of the absolute value of a standard normal variable
LEAST = 10  # parts
CLIPPED = 0.25  # of a part's values may be black or white


def noise_level(image: np.ndarray) -> float:
    """Estimate the standard deviation of noise, in grey levels of 255.

    The median of the diagonal details of the Haar wavelet, over that of a normal distribution (Donoho and Johnstone
    1994), where the image is smoothest, so that texture counts little; parts that are black, white or exactly flat are
    left out, if others are left.

    Parameters
    ----------
    image
        uint8 or uint16 (H, W, C), or grey levels of 255 that were never rounded, of any float type.
    """
    if min(image.shape[:2]) < 2:
        return 0.0
    height, width = (length // 2 * 2 for length in image.shape[:2])
    most = np.iinfo(image.dtype).max if image.dtype.kind == "u" else 255
    pixels = image[:height, :width, :3].astype(np.float32) * np.float32(255 / most)
    diagonal = np.abs(pixels[::2, ::2] - pixels[1::2, ::2] - pixels[::2, 1::2] + pixels[1::2, 1::2]) / 2
    clipped = (pixels[::2, ::2] <= 0) | (pixels[::2, ::2] >= 255)
    return float(np.mean([_level(diagonal[..., c], clipped[..., c]) for c in range(pixels.shape[2])]))


def _level(details: np.ndarray, clipped: np.ndarray) -> float:
    """Estimate the noise of one channel from absolute details and from what is black or white, both (h, w)."""
    parts = _parts(details)
    medians = np.median(parts[np.mean(_parts(clipped), 1) <= CLIPPED], axis=1)
    if 2 * np.count_nonzero(medians) >= len(medians):
        medians = medians[medians > 0]
    if len(medians) < LEAST:
        return float(np.median(details)) / MEDIAN
    return float(np.percentile(medians, SMOOTHEST)) / _low_median()


def _low_median() -> float:
    """Return what SMOOTHEST per cent of the medians of BLOCK² absolute values of a standard normal variable are below.

    Medians of n values of density f are normal, of standard deviation 1/(2 f(median) √n), where n is large.
    """
    return MEDIAN + NORMAL.inv_cdf(SMOOTHEST / 100) / (2 * 2 * NORMAL.pdf(MEDIAN) * BLOCK)


def _parts(values: np.ndarray) -> np.ndarray:
    """Cut (h, w) into squares: (count, BLOCK²)."""
    rows, columns = (length // BLOCK for length in values.shape)
    whole = values[: rows * BLOCK, : columns * BLOCK].reshape(rows, BLOCK, columns, BLOCK)
    return whole.transpose(0, 2, 1, 3).reshape(rows * columns, BLOCK**2)
