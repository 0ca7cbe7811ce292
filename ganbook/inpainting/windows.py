"""Large pictures are worked on in crops around their holes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Window:
    """A part of a picture, and those of its pixels that are to be filled there."""

    rows: slice
    columns: slice
    own: np.ndarray

    @property
    def part(self) -> tuple[slice, slice]:
        """Index of the part."""
        return self.rows, self.columns


def around(hole: np.ndarray, margin: int) -> Iterator[Window]:
    """Cut windows around the holes in a mask, bool (H, W), with so many pixels of surroundings.

    Holes nearer to each other than twice the margin share a window. Every hole pixel is in one window's ``own``.
    """
    import cv2

    reach = np.ones((2 * margin + 1, 2 * margin + 1), np.uint8)
    count, parts, boxes, _ = cv2.connectedComponentsWithStats(cv2.dilate(hole.astype(np.uint8), reach))
    if boxes[1:, cv2.CC_STAT_WIDTH].astype(float) @ boxes[1:, cv2.CC_STAT_HEIGHT] > hole.size:
        yield Window(slice(0, hole.shape[0]), slice(0, hole.shape[1]), hole)
        return
    for part in range(1, count):
        left, top, width, height = boxes[part][:4]
        rows, columns = slice(top, top + height), slice(left, left + width)
        yield Window(rows, columns, hole[rows, columns] & (parts[rows, columns] == part))
