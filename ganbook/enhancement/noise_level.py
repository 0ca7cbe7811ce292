"""How noisy an image is, from the image alone."""

from __future__ import annotations

import numpy as np


def noise_level(image: np.ndarray) -> float:
    """Estimate the standard deviation of noise, in grey levels of 255.

    The median of the diagonal details of the Haar wavelet, over that of a normal distribution (Donoho and Johnstone
    1994); texture counts as noise.

    Parameters
    ----------
    image
        uint8 or uint16 (H, W, C), or grey levels of 255 that were never rounded, of any float type.
    """
    if min(image.shape[:2]) < 2:
        return 0.0
    height, width = (length // 2 * 2 for length in image.shape[:2])
    most = np.iinfo(image.dtype).max if image.dtype.kind == "u" else 255
    pixels = image[:height, :width, :3].astype(np.float32) * (255 / most)
    diagonal = (pixels[::2, ::2] - pixels[1::2, ::2] - pixels[::2, 1::2] + pixels[1::2, 1::2]) / 2
    return float(np.mean(np.median(np.abs(diagonal), axis=(0, 1))) / 0.6745)
