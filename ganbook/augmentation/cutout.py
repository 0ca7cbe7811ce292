"""Cutout: a box of mid-grey (DeVries & Taylor 2017, arXiv 1708.04552). ``xp`` is NumPy or TensorFlow."""

from __future__ import annotations

from typing import Any

Column = Any  # one number for each picture, (B,)


def draw_cutout(xp: Any, u: list[Column], strength: float, shape: tuple[int, ...]) -> dict[str, Column]:
    """Draw a box of ``strength`` of each side, whose centre may lie anywhere."""
    (top, bottom), (left, right) = (_range(xp, each, strength, side) for each, side in zip(u, shape, strict=False))
    return {"top": top, "bottom": bottom, "left": left, "right": right}


def _range(xp: Any, u: Column, strength: float, side: int) -> tuple[Column, Column]:
    size = int(strength * side + 0.5)
    first = xp.floor(u * (side + 1 - size % 2)) - size // 2
    return first, first + size
