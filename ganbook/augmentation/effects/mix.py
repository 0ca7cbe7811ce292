"""MixUp and CutMix: two pictures become one, and so do their labels (arXiv 1710.09412, 1905.04899).

The partner is another picture of the same data set as it was before the policy.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from ganbook.augmentation.effects.erase import inside

Column = np.ndarray  # one number for each picture, (B,)


def draw_mixup(xp: Any, u: list[Column], strength: float, shape: tuple[int, ...]) -> dict[str, Column]:
    """A partner among the ``shape[3]`` pictures, whose share is up to ``strength``."""
    return {"partner": xp.floor(u[0] * shape[3]), "share": u[1] * strength}


def mixup(picture: np.ndarray, partner: np.ndarray, share: float) -> tuple[np.ndarray, float]:
    """Mix every pixel; return the partner's share of the label."""
    return cv2.addWeighted(picture, 1 - share, partner, share, 0), share


def draw_cutmix(xp: Any, u: list[Column], strength: float, shape: tuple[int, ...]) -> dict[str, Column]:
    """A partner among the ``shape[3]`` pictures, and a box of up to ``strength`` of the area, centred anywhere."""
    length = np.sqrt(u[1] * strength)
    box = {}
    for (first, last), at, side in zip((("top", "bottom"), ("left", "right")), u[2:], shape, strict=False):
        size = np.floor(length * side + 0.5)
        box[first] = np.floor(at * side) - np.floor(size / 2)
        box[last] = box[first] + size
    return {"partner": xp.floor(u[0] * shape[3])} | box


def cutmix(picture: np.ndarray, partner: np.ndarray, **box: float) -> tuple[np.ndarray, float]:
    """Put a box of the partner into the picture; return its share of the area."""
    part = inside(picture, **box)
    picture[part] = partner[part]
    area = picture[part].shape[0] * picture[part].shape[1]
    return picture, area / (picture.shape[0] * picture.shape[1])
