"""Cutout and erasing: a box is lost (DeVries & Taylor 2017, arXiv 1708.04552; Zhong et al. 2020, arXiv 1708.04896)."""

from __future__ import annotations

from typing import Any

import numpy as np

Column = Any  # one number for each image, (B,)


def draw_cutout(xp: Any, u: list[Column], strength: float, shape: tuple[int, ...]) -> dict[str, Column]:
    """Draw a box of ``strength`` of each side, whose centre may lie anywhere."""
    (top, bottom), (left, right) = (
        _range(xp, each, strength * side, side) for each, side in zip(u, shape, strict=False)
    )
    return {"top": top, "bottom": bottom, "left": left, "right": right}


def draw_erasing(xp: Any, u: list[Column], strength: float, shape: tuple[int, ...]) -> dict[str, Column]:
    """Draw a box of up to ``strength`` of each side, whose centre may lie anywhere; a key for what fills it."""
    top, bottom = _range(xp, u[0], strength * u[2] * shape[0], shape[0])
    left, right = _range(xp, u[1], strength * u[3] * shape[1], shape[1])
    return {"top": top, "bottom": bottom, "left": left, "right": right, "key": xp.floor(u[4] * 2.0**53)}


def _range(xp: Any, u: Column, size: Any, side: int) -> tuple[Column, Column]:
    size = xp.floor(size + 0.5)
    first = xp.floor(u * (side + 1 - size % 2)) - xp.floor(size / 2)
    return first, first + size


def inside(image: np.ndarray, top: float, bottom: float, left: float, right: float) -> tuple[slice, slice]:
    """What of the box lies in the image."""
    return slice(max(0, int(top)), max(0, int(bottom))), slice(max(0, int(left)), max(0, int(right)))


def cutout(image: np.ndarray, **box: float) -> np.ndarray:
    """Mid-grey, as 0 is in [−1, 1]."""
    image[inside(image, **box)] = 127.5 if image.dtype == np.float32 else 128
    return image


def erasing(image: np.ndarray, key: float, **box: float) -> np.ndarray:
    """Uniform noise."""
    part = image[inside(image, **box)]
    noise = np.random.Generator(np.random.SFC64(int(key))).bytes(part.size)
    part[...] = np.frombuffer(noise, np.uint8).reshape(part.shape)
    return image
