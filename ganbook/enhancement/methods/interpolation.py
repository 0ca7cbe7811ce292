"""Nearest neighbour, bicubic and Lanczos interpolation: the honest baselines."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ganbook.data import resampling


def enlarger(scale: int, method: str) -> Callable[[np.ndarray], np.ndarray]:
    """Return work that enlarges uint8 or uint16 (h, w, C) by interpolation."""

    def work(image: np.ndarray) -> np.ndarray:
        return to_type(resampling.enlarge(image, scale, method), image.dtype)

    return work


def to_type(image: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Round to a type of whole numbers and cut off what overshoots it."""
    return np.clip(np.rint(image), 0, np.iinfo(dtype).max).astype(dtype)
