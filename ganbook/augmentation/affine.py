"""Flips, shifts, zooms, turns and shears: each a matrix, so that any number of them is sampled as one.

A matrix (B, 3, 3) takes a place in the result to the place in the picture that is shown there, in pixels from the
centre, (x, y, 1). Beyond its edges a picture is mirrored. ``xp`` is NumPy or TensorFlow.
"""

from __future__ import annotations

import math
from typing import Any

Column = Any  # one number for each picture, (B,)


def flip(xp: Any, zero: Column) -> Any:
    """Left becomes right."""
    return _matrix(xp, zero, xx=-1.0)


def flip_vertical(xp: Any, zero: Column) -> Any:
    """Top becomes bottom."""
    return _matrix(xp, zero, yy=-1.0)


def draw_translation(xp: Any, u: list[Column], strength: float, shape: tuple[int, ...]) -> dict[str, Column]:
    """Whole pixels, up to ``strength`` of each side."""
    return {"right": _whole(xp, u[0], strength * shape[1]), "down": _whole(xp, u[1], strength * shape[0])}


def _whole(xp: Any, u: Column, reach: float) -> Column:
    reach = max(1, int(reach + 0.5)) if reach else 0
    return xp.floor(u * (2 * reach + 1)) - reach


def translation(xp: Any, zero: Column, right: Column, down: Column) -> Any:
    """Move by so many pixels."""
    return _matrix(xp, zero, x=-right, y=-down)


def draw_zoom(xp: Any, u: list[Column], strength: float, shape: tuple[int, ...]) -> dict[str, Column]:
    """Between 1/(1 + strength) and 1 + strength times as large."""
    return {"times": _power(xp, u[0], strength)}


def zoom(xp: Any, zero: Column, times: Column) -> Any:
    """Enlarge about the centre."""
    return _matrix(xp, zero, xx=1 / times, yy=1 / times)


def draw_stretch(xp: Any, u: list[Column], strength: float, shape: tuple[int, ...]) -> dict[str, Column]:
    """Between 1/(1 + strength) and 1 + strength times as wide."""
    return {"wider": _power(xp, u[0], strength)}


def stretch(xp: Any, zero: Column, wider: Column) -> Any:
    """Make wider and, by the same factor, less high."""
    return _matrix(xp, zero, xx=1 / wider, yy=wider)


def _power(xp: Any, u: Column, strength: float) -> Column:
    return xp.exp((2 * u - 1) * math.log1p(strength))


def draw_rotation(xp: Any, u: list[Column], strength: float, shape: tuple[int, ...]) -> dict[str, Column]:
    """Up to ``strength`` half turns either way."""
    return {"degrees": (2 * u[0] - 1) * (180 * strength)}


def rotation(xp: Any, zero: Column, degrees: Column) -> Any:
    """Turn anticlockwise about the centre."""
    angle = degrees * (math.pi / 180)
    cos, sin = xp.cos(angle), xp.sin(angle)
    return _matrix(xp, zero, xx=cos, xy=-sin, yx=sin, yy=cos)


def draw_shear(xp: Any, u: list[Column], strength: float, shape: tuple[int, ...]) -> dict[str, Column]:
    """Slant by up to ``strength`` pixels a pixel, along each side."""
    return {"along_x": (2 * u[0] - 1) * strength, "along_y": (2 * u[1] - 1) * strength}


def shear(xp: Any, zero: Column, along_x: Column, along_y: Column) -> Any:
    """Slant about the centre."""
    return _matrix(xp, zero, xy=along_x, yx=along_y)


def _matrix(
    xp: Any, zero: Column, *, xx: Any = 1.0, xy: Any = 0.0, x: Any = 0.0, yx: Any = 0.0, yy: Any = 1.0, y: Any = 0.0
) -> Any:
    """The matrix that takes (x, y) to (xx·x + xy·y + x, yx·x + yy·y + y)."""
    numbers = [zero + number for number in (xx, xy, x, yx, yy, y, 0.0, 0.0, 1.0)]
    return xp.reshape(xp.stack(numbers, axis=-1), (-1, 3, 3))
