"""One colour: the mean of the known pixels. What every other method should beat."""

from __future__ import annotations

from typing import Any

import numpy as np

from ganbook.inpainting.methods import Filled, one_by_one
from ganbook.utils.progress import Watch


def fill(images: np.ndarray, holes: np.ndarray, config: Any, watch: Watch, run: Any) -> Filled:
    """Fill with one colour; see :mod:`ganbook.inpainting.methods`."""

    def paint(image: np.ndarray, hole: np.ndarray) -> np.ndarray:
        return np.where(hole[:, :, None], np.rint(image[~hole].mean(0)), image).astype(np.uint8)

    return one_by_one(paint, images, holes, watch)
