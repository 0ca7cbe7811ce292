"""Flips, shifts, zooms, crops, turns, slants and tilts: each a matrix, so that any number of them is sampled as one.

A matrix (B, 3, 3) takes a place in the result to the place in the image that is shown there, both homogeneous and in
pixels from the centre. Beyond its edges an image is mirrored. ``xp`` is NumPy or TensorFlow.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

Column = Any  # one number for each image, (B,)
Shape = tuple[int, ...]


def flip(xp: Any, zero: Column) -> Any:
    """Left becomes right."""
    return _matrix(xp, zero, xx=-1.0)


def flip_vertical(xp: Any, zero: Column) -> Any:
    """Top becomes bottom."""
    return _matrix(xp, zero, yy=-1.0)


def draw_translation(xp: Any, u: list[Column], strength: float, shape: Shape) -> dict[str, Column]:
    """Whole pixels, up to ``strength`` of each side."""
    return {"right": _whole(xp, u[0], strength * shape[1]), "down": _whole(xp, u[1], strength * shape[0])}


def _whole(xp: Any, u: Column, reach: float) -> Column:
    reach = xp.floor(reach + 0.5)
    return xp.floor(u * (2 * reach + 1)) - reach


def translation(xp: Any, zero: Column, right: Column, down: Column) -> Any:
    """Move by a number of pixels."""
    return _matrix(xp, zero, x=-right, y=-down)


def draw_zoom(xp: Any, u: list[Column], strength: float, shape: Shape) -> dict[str, Column]:
    """Between 1/(1 + strength) and 1 + strength times as large."""
    return {"times": (1 + strength) ** (2 * u[0] - 1)}


def zoom(xp: Any, zero: Column, times: Column) -> Any:
    """Enlarge about the centre."""
    return _matrix(xp, zero, xx=1 / times, yy=1 / times)


def stretch(xp: Any, zero: Column, times: Column) -> Any:
    """Make wider and, by the same factor, less high."""
    return _matrix(xp, zero, xx=1 / times, yy=times)


def draw_crop(xp: Any, u: list[Column], strength: float, shape: Shape) -> dict[str, Column]:
    """Cut off up to ``strength`` of the height and of the width, anywhere."""
    scale = 1 - strength * u[0]
    return {
        "scale": scale,
        "right": (1 - scale) * shape[1] * (u[1] - 0.5),
        "down": (1 - scale) * shape[0] * (u[2] - 0.5),
    }


def crop(xp: Any, zero: Column, scale: Column, right: Column, down: Column) -> Any:
    """Enlarge a part to the size of the whole."""
    return _matrix(xp, zero, xx=scale, x=right, yy=scale, y=down)


def draw_rotation(xp: Any, u: list[Column], strength: float, shape: Shape) -> dict[str, Column]:
    """Up to ``strength`` half turns either way."""
    return {"degrees": (2 * u[0] - 1) * (180 * strength)}


def rotation(xp: Any, zero: Column, degrees: Column) -> Any:
    """Turn anticlockwise about the centre."""
    angle = degrees * (math.pi / 180)
    cos, sin = xp.cos(angle), xp.sin(angle)
    return _matrix(xp, zero, xx=cos, xy=-sin, yx=sin, yy=cos)


def draw_shear(xp: Any, u: list[Column], strength: float, shape: Shape) -> dict[str, Column]:
    """Slant by up to ``strength`` pixels a pixel, along each side."""
    return {"along_x": (2 * u[0] - 1) * strength, "along_y": (2 * u[1] - 1) * strength}


def shear(xp: Any, zero: Column, along_x: Column, along_y: Column) -> Any:
    """Slant about the centre."""
    return _matrix(xp, zero, xy=along_x, yx=along_y)


def draw_perspective(xp: Any, u: list[Column], strength: float, shape: Shape) -> dict[str, Column]:
    """Tilt about both axes, so that an edge comes up to 1/(1 − strength/2) times nearer."""
    return {
        "about_x": (2 * u[0] - 1) * (strength / (2 * shape[0])),
        "about_y": (2 * u[1] - 1) * (strength / (2 * shape[1])),
    }


def perspective(xp: Any, zero: Column, about_x: Column, about_y: Column) -> Any:
    """Tilt about the centre."""
    return _matrix(xp, zero, zx=about_y, zy=about_x)


def _matrix(
    xp: Any, zero: Column, *, xx: Any = 1.0, xy: Any = 0.0, x: Any = 0.0, yx: Any = 0.0, yy: Any = 1.0, y: Any = 0.0,
    zx: Any = 0.0, zy: Any = 0.0,
) -> Any:  # fmt: skip
    numbers = [zero + number for number in (xx, xy, x, yx, yy, y, zx, zy, 1.0)]
    return xp.reshape(xp.stack(numbers, axis=-1), (-1, 3, 3))


def composed(xp: Any, zero: Column, drawn: list[tuple[Any, dict[str, Column], Column | None]]) -> Any:
    """One matrix for several operations in order: (kind, parameters, whether done or None for always)."""
    identity, whole = np.eye(3, dtype=np.float32), None
    for kind, parameters, done in drawn:
        matrix = kind.effect(xp, zero, **parameters)
        if done is not None:
            matrix = identity + done[:, None, None] * (matrix - identity)
        whole = matrix if whole is None else whole @ matrix
    return whole
