"""Objects that are an array to NumPy, Pillow and plotting functions, and sizes of images in words."""

from __future__ import annotations

from typing import Any

import numpy as np


def size_in_words(shape: tuple[int, ...]) -> str:
    """Return the size of an image (H, W, …) as people say it, the width first: ``800×600``, ``800×600×3``."""
    height, width, *channels = shape
    return "×".join(map(str, (width, height, *channels)))


def as_array(values: np.ndarray, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
    """Answer NumPy's ``__array__`` protocol for an object whose content is ``values``.

    Raises
    ------
    ValueError
        A conversion is asked for, and a copy forbidden.
    """
    if dtype is None or np.dtype(dtype) == values.dtype:
        return values.copy() if copy else values
    if copy is False:
        raise ValueError(f"a conversion from {values.dtype} to {np.dtype(dtype)} needs a copy: leave out copy=False")
    return values.astype(dtype)
