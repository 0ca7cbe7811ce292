"""The two scales of a pixel: uint8 0..255 outside, float -1..1 inside a GAN."""

import numpy as np


def to_float(images: np.ndarray) -> np.ndarray:
    """Scale pixels for a network.

    Parameters
    ----------
    images : array, uint8, any shape

    Returns
    -------
    array, float32, same shape, values in [-1, 1]
    """
    scaled = np.asarray(images).astype(np.float32)
    scaled /= 127.5
    scaled -= 1.0
    return scaled


def to_uint8(images: np.ndarray) -> np.ndarray:
    """Round a network's output to pixels.

    Parameters
    ----------
    images : array, float, any shape, values in [-1, 1]
        What lies outside is clipped. NaN becomes mid-grey (128), so that a diverged run can still be shown.

    Returns
    -------
    array, uint8, same shape; ``to_uint8(to_float(x))`` is ``x``
    """
    levels = np.asarray(images, dtype=np.float32) * 127.5
    levels += 127.5
    np.rint(levels, out=levels)
    np.nan_to_num(levels, copy=False, nan=128.0, posinf=255.0, neginf=0.0)
    np.clip(levels, 0.0, 255.0, out=levels)
    return levels.astype(np.uint8)
