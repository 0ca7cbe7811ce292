"""The mean colour of what is known of an image, where nothing else is."""

from __future__ import annotations

import numpy as np


def without_hole(image: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """Return an image uint8 (H, W, C) with the mean colour of its known pixels under ``hole``, bool (H, W)."""
    import cv2

    channels = image.shape[2]
    # Sums of whole numbers are exact: they do not depend on how they are computed.
    whole = np.asarray(cv2.sumElems(np.ascontiguousarray(image))[:channels])
    hidden = image[hole].sum(0, dtype=np.float64)
    plain = image.copy()
    plain[hole] = np.rint((whole - hidden) / (hole.size - np.count_nonzero(hole))).astype(np.uint8)
    return plain
