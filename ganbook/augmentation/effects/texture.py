"""Blur, sharpness, noise, JPEG and elastic deformation: what looks at more than a pixel, or draws one for each."""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import cv2
import numpy as np

Column = np.ndarray  # one number for each image, (B,)
GRID = 4  # an elastic deformation bends a net of so many meshes a side
_SMOOTH = np.array([[1, 1, 1], [1, 5, 1], [1, 1, 1]], np.float32) / 13  # Pillow's ImageFilter.SMOOTH
_SAME = np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]], np.float32)
# A byte of noise becomes one of 256 equally likely parts of the normal distribution.
_NORMAL = np.array([NormalDist().inv_cdf((i + 0.5) / 256) for i in range(256)], np.float32)


def draw_blur(xp: Any, u: list[Column], strength: float, shape: tuple[int, ...]) -> dict[str, Column]:
    """A standard deviation of up to ``strength`` eighths of the shorter side."""
    return {"deviation": u[0] * strength * min(shape[:2]) / 8}


def blur(image: np.ndarray, deviation: float) -> np.ndarray:
    """Gaussian blur; a deviation in pixels."""
    return cv2.GaussianBlur(image, (0, 0), max(deviation, 0.05), borderType=cv2.BORDER_REFLECT_101)


def draw_sharpness(xp: Any, u: list[Column], strength: float, shape: tuple[int, ...]) -> dict[str, Column]:
    """Between 1 − strength (smoother) and 1 + strength."""
    return {"times": 1 + (2 * u[0] - 1) * strength}


def sharpness(image: np.ndarray, times: float) -> np.ndarray:
    """Scale the difference to the smoothed image, as Pillow's ``ImageEnhance.Sharpness`` does."""
    kernel = (_SMOOTH + times * (_SAME - _SMOOTH)).astype(np.float32)
    return cv2.filter2D(image, -1, kernel, borderType=cv2.BORDER_REFLECT_101)


def draw_noise(xp: Any, u: list[Column], strength: float, shape: tuple[int, ...]) -> dict[str, Column]:
    """A standard deviation of up to ``strength`` of half the range; a key for the noise itself."""
    return {"deviation": u[0] * strength * 127.5, "key": _key(u[1])}


def noise(image: np.ndarray, deviation: float, key: float) -> np.ndarray:
    """Add normal noise; a deviation in levels."""
    drawn = np.frombuffer(_generator(key).bytes(image.size), np.uint8).reshape(image.shape)
    added = cv2.LUT(drawn, _NORMAL * np.float32(deviation)).reshape(image.shape)
    return cv2.add(image, added, dtype=cv2.CV_8U if image.dtype == np.uint8 else cv2.CV_32F)


def draw_jpeg(xp: Any, u: list[Column], strength: float, shape: tuple[int, ...]) -> dict[str, Column]:
    """A quality between 100 and 100 − 95 · strength."""
    return {"quality": xp.floor(100.5 - 95 * strength * u[0])}


def jpeg(image: np.ndarray, quality: float) -> np.ndarray:
    """Save as JPEG and load again."""
    levels = image if image.dtype == np.uint8 else np.rint(image.clip(0, 255)).astype(np.uint8)
    file = cv2.imencode(
        ".jpg", levels[..., ::-1] if levels.ndim == 3 else levels, [cv2.IMWRITE_JPEG_QUALITY, int(quality)]
    )[1]
    decoded = cv2.imdecode(file, cv2.IMREAD_COLOR if levels.ndim == 3 else cv2.IMREAD_GRAYSCALE)
    return (decoded[..., ::-1] if levels.ndim == 3 else decoded).astype(image.dtype)


def draw_elastic(xp: Any, u: list[Column], strength: float, shape: tuple[int, ...]) -> dict[str, Column]:
    """Each knot of a net moves by up to ``strength`` meshes; a key for where to."""
    return {"reach": u[0] * 0 + strength * min(shape[:2]) / GRID, "key": _key(u[0])}


def elastic(image: np.ndarray, reach: float, key: float, nearest: bool = False) -> np.ndarray:
    """Bend a net of knots laid over the image (after Simard et al. 2003); ``reach`` in pixels."""
    height, width = image.shape[:2]
    knots = _generator(key).random((GRID + 1, GRID + 1, 2), np.float32) * np.float32(2 * reach) - np.float32(reach)
    moved = cv2.resize(knots, (width, height), interpolation=cv2.INTER_CUBIC)
    moved[..., 0] += np.arange(width, dtype=np.float32)
    moved[..., 1] += np.arange(height, dtype=np.float32)[:, None]
    how = cv2.INTER_NEAREST if nearest else cv2.INTER_LINEAR
    return cv2.remap(image, moved, None, how, borderMode=cv2.BORDER_REFLECT_101)


def _key(u: Column) -> Column:
    return np.floor(u * 2.0**53)


def _generator(key: float) -> np.random.Generator:
    return np.random.Generator(np.random.SFC64(int(key)))
