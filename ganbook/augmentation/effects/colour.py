"""Brightness, contrast, saturation, hue and their like: linear in a pixel's channels, so that many are one product.

An operation is (linear, shift), (C, C) or (B, C, C) and (B, C, 1): channels in [−1, 1] become linear·channels + shift.
``mean`` (B, C, 1) is what each channel of an image is on average before it. ``xp`` is NumPy or TensorFlow.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

Column = Any  # one number for each image, (B,)
LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # Rec. 601
# v × … for the grey axis, v = (1, 1, 1)/√3.
_AROUND_GREY = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]], np.float32) / np.float32(math.sqrt(3))


def draw_brightness(xp: Any, u: list[Column], strength: float, shape: tuple[int, ...]) -> dict[str, Column]:
    """Between −strength and +strength, where black and white are 2 apart."""
    return {"lighter": (2 * u[0] - 1) * strength}


def brightness(xp: Any, mean: Any, lighter: Column) -> tuple[Any, Any]:
    """Add to every channel."""
    return _identity(mean), _each(lighter) + 0 * mean


def draw_factor(xp: Any, u: list[Column], strength: float, shape: tuple[int, ...]) -> dict[str, Column]:
    """Between 1 − strength and 1 + strength."""
    return {"times": 1 + (2 * u[0] - 1) * strength}


def contrast(xp: Any, mean: Any, times: Column) -> tuple[Any, Any]:
    """Scale about the mean of all channels."""
    channels = mean.shape[1]
    overall = sum(mean[:, i : i + 1] for i in range(channels)) / channels
    return _each(times) * _identity(mean), (1 - _each(times)) * overall + 0 * mean


USES_MEAN = (contrast,)  # for the others the mean need not be known


def saturation(xp: Any, mean: Any, times: Column) -> tuple[Any, Any]:
    """Scale about the mean of each pixel's channels."""
    grey = np.full_like(_identity(mean), 1 / mean.shape[1])
    return grey + _each(times) * (_identity(mean) - grey), 0 * mean


def draw_hue(xp: Any, u: list[Column], strength: float, shape: tuple[int, ...]) -> dict[str, Column]:
    """Up to ``strength`` half turns of the circle of colours, either way."""
    return {"degrees": (2 * u[0] - 1) * (180 * strength)}


def hue(xp: Any, mean: Any, degrees: Column) -> tuple[Any, Any]:
    """Turn colours about the grey axis, by Rodrigues' formula."""
    angle, grey = _each(degrees) * (math.pi / 180), np.full((3, 3), 1 / 3, np.float32)
    return grey + xp.cos(angle) * (_identity(mean) - grey) + xp.sin(angle) * _AROUND_GREY, 0 * mean


def greyscale(xp: Any, mean: Any) -> tuple[Any, Any]:
    """Every channel becomes the luma."""
    return np.tile(LUMA, (3, 1)), 0 * mean


def inversion(xp: Any, mean: Any) -> tuple[Any, Any]:
    """White becomes black."""
    return -_identity(mean), 0 * mean


def composed(xp: Any, mean: Any, drawn: list[tuple[Any, dict[str, Column], Column | None]]) -> tuple[Any, Any]:
    """One (linear, shift) for several operations in order: (kind, parameters, whether done or None for always)."""
    linear, shift = _identity(mean) + 0 * mean, 0 * mean
    for kind, parameters, done in drawn:
        turn, add = kind.effect(xp, mean, **parameters)
        if done is not None:
            turn = _identity(mean) + done[:, None, None] * (turn - _identity(mean))
            add = add * done[:, None, None]
        linear, shift, mean = turn @ linear, turn @ shift + add, turn @ mean + add
    return linear, shift


def _identity(mean: Any) -> np.ndarray:
    return np.eye(mean.shape[1], dtype=np.float32)


def _each(column: Column) -> Any:
    return column[:, None, None]
