"""Edges are carried into the hole as a fluid would carry them. Bertalmío et al. 2001, doi 10.1109/CVPR.2001.990497."""

from __future__ import annotations

from typing import Any

import numpy as np

from ganbook.inpainting.methods import Filled, one_by_one
from ganbook.utils.progress import Watch

RADIUS = 3  # pixels around one that it is filled from


def fill(images: np.ndarray, holes: np.ndarray, config: Any, watch: Watch, run: Any) -> Filled:
    """Fill with OpenCV; see :mod:`ganbook.inpainting.methods`."""
    import cv2

    def paint(image: np.ndarray, hole: np.ndarray) -> np.ndarray:
        return cv2.inpaint(image, hole.astype(np.uint8), RADIUS, cv2.INPAINT_NS).reshape(image.shape)

    return one_by_one(paint, images, holes, watch)
