"""The smoothest surface through the known pixels, Δ²u = 0. Damelin & Hoang 2018, doi 10.1155/2018/3950312."""

from __future__ import annotations

from typing import Any

import numpy as np

from ganbook.inpainting.methods import Filled, one_by_one
from ganbook.utils.progress import Watch


def fill(images: np.ndarray, holes: np.ndarray, config: Any, watch: Watch, run: Any) -> Filled:
    """Fill with scikit-image; see :mod:`ganbook.inpainting.methods`."""
    from skimage.restoration import inpaint_biharmonic

    def paint(image: np.ndarray, hole: np.ndarray) -> np.ndarray:
        smooth = inpaint_biharmonic(image.astype(np.float64), hole, channel_axis=-1)
        return np.rint(np.clip(smooth, 0, 255)).astype(np.uint8)

    return one_by_one(paint, images, holes, watch)
