"""Posterise, solarise, equalise and autocontrast: each level of a channel, 0 to 255, becomes another.

An operation gives curves, (256,) or (256, C), for an image uint8 (H, W) or (H, W, C); :func:`lookup` follows them.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

LEVELS = np.arange(256, dtype=np.float32)
Column = np.ndarray  # one number for each image, (B,)


def draw_posterise(xp: Any, u: list[Column], strength: float, shape: tuple[int, ...]) -> dict[str, Column]:
    """Keep 8 bits at strength 0 and 1 at strength 1; at least half of that loss."""
    return {"bits": 8 - xp.floor(7 * strength * (1 + u[0]) / 2 + 0.5)}


def posterise(image: np.ndarray, bits: float) -> np.ndarray:
    """So many bits a channel."""
    step = 2.0 ** (8 - bits)
    return np.floor(LEVELS / step) * step


def draw_solarise(xp: Any, u: list[Column], strength: float, shape: tuple[int, ...]) -> dict[str, Column]:
    """From white at strength 0 down to a threshold of up to ``strength`` of the range."""
    return {"above": 256 - 256 * strength * u[0]}


def solarise(image: np.ndarray, above: float) -> np.ndarray:
    """Levels from ``above`` on are inverted."""
    return np.where(above <= LEVELS, 255 - LEVELS, LEVELS)


def equalise(image: np.ndarray) -> np.ndarray:
    """Every level equally common, as Pillow's ``ImageOps.equalize`` does."""
    return np.stack([_equal(channel) for channel in _channels(image)], -1)


def _equal(channel: np.ndarray) -> np.ndarray:
    counts = cv2.calcHist([channel], [0], None, [256], [0, 256]).ravel().astype(np.int64)
    used = np.flatnonzero(counts)
    step = (channel.size - counts[used[-1]]) // 255
    if step == 0:
        return LEVELS
    below = np.cumsum(counts) - counts
    return np.minimum((below + step // 2) // step, 255).astype(np.float32)


def autocontrast(image: np.ndarray) -> np.ndarray:
    """The darkest level becomes black and the lightest white, in each channel."""
    return np.stack([_spread(channel) for channel in _channels(image)], -1)


def _spread(channel: np.ndarray) -> np.ndarray:
    low, high = cv2.minMaxLoc(channel)[:2]
    return LEVELS if low == high else np.clip((LEVELS - low) * np.float32(255 / (high - low)), 0, 255)


def lookup(image: np.ndarray, curve: np.ndarray) -> np.ndarray:
    """Send uint8 or float32 levels (H, W) or (H, W, C) through curves (256,) or (256, C)."""
    if image.dtype == np.uint8:
        return cv2.LUT(image, np.rint(curve).astype(np.uint8).reshape(1, 256, -1))
    curves = np.broadcast_to(curve.reshape(256, -1), (256, image.ndim * 2 - 3)).T
    sent = [np.interp(channel, LEVELS, each) for channel, each in zip(_channels(image), curves, strict=True)]
    return np.stack(sent, -1).reshape(image.shape).astype(np.float32)


def _channels(image: np.ndarray) -> tuple[np.ndarray, ...]:
    return cv2.split(image)
