"""From the rim inwards, each pixel a weighted mean of its known neighbours.

Telea 2004, doi 10.1080/10867651.2004.10487596.
"""

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
        return cv2.inpaint(image, hole.astype(np.uint8), RADIUS, cv2.INPAINT_TELEA).reshape(image.shape)

    return one_by_one(paint, images, holes, watch)
