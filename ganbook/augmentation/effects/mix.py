"""MixUp and CutMix: two images become one, and so do their labels (arXiv 1710.09412, 1905.04899).

The partner is another image of the same data set as it was before the policy.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from ganbook.augmentation.effects.erase import inside

Column = np.ndarray  # one number for each image, (B,)


def draw_mixup(xp: Any, u: list[Column], strength: float, shape: tuple[int, ...]) -> dict[str, Column]:
    """A partner among the ``shape[3]`` images, whose fraction is up to ``strength``."""
    return {"partner": xp.floor(u[0] * shape[3]), "fraction": u[1] * strength}


def mixup(image: np.ndarray, partner: np.ndarray, fraction: float) -> tuple[np.ndarray, float]:
    """Mix every pixel; return the partner's fraction of the label."""
    return cv2.addWeighted(image, 1 - fraction, partner, fraction, 0), fraction


def draw_cutmix(xp: Any, u: list[Column], strength: float, shape: tuple[int, ...]) -> dict[str, Column]:
    """A partner among the ``shape[3]`` images, and a box of up to ``strength`` of the area, centred anywhere."""
    length = np.sqrt(u[1] * strength)
    box = {}
    for (first, last), at, side in zip((("top", "bottom"), ("left", "right")), u[2:], shape, strict=False):
        size = np.floor(length * side + 0.5)
        box[first] = np.floor(at * side) - np.floor(size / 2)
        box[last] = box[first] + size
    return {"partner": xp.floor(u[0] * shape[3])} | box


def cutmix(image: np.ndarray, partner: np.ndarray, **box: float) -> tuple[np.ndarray, float]:
    """Put a box of the partner into the image; return its fraction of the area."""
    part = inside(image, **box)
    image[part] = partner[part]
    area = image[part].shape[0] * image[part].shape[1]
    return image, area / (image.shape[0] * image.shape[1])
