"""Large images are worked on in crops around their holes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from ganbook.inpainting import blending
from ganbook.inpainting.mean_colour import without_hole
from ganbook.utils.progress import Watch

LARGE = 128  # images with a longer side are cropped
# Surroundings that a crop holds: many times what the local methods look at, and enough to copy from.
MARGIN = 32

Filled = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Crop:
    """A part of an image, and those of its pixels that are filled there."""

    rows: slice
    columns: slice
    own: np.ndarray

    @property
    def part(self) -> tuple[slice, slice]:
        """Index of the part."""
        return self.rows, self.columns


def check(shape: tuple[int, int, int], learnt: tuple[int, int, int], name: str) -> None:
    """Raise ``ValueError`` unless a run trained on images of one shape can fill those of another."""
    colour = {1: "grey", 3: "colour"}
    if shape[2] != learnt[2]:
        raise ValueError(
            f"{name} was trained on {colour[learnt[2]]} images and this one is {colour[shape[2]]}: convert it"
        )
    if shape[0] < learnt[0] or shape[1] < learnt[1]:
        raise ValueError(
            f"{name} was trained on images of {learnt[1]}×{learnt[0]}, and this one is {shape[1]}×{shape[0]}: "
            "enlarge it, or train with a smaller --image-size"
        )


def fill(
    paint: Callable[[np.ndarray, np.ndarray], Filled],
    image: np.ndarray,
    hole: np.ndarray,
    watch: Watch,
    size: tuple[int, int] | None = None,
) -> Filled:
    """Fill an image uint8 (H, W, C) crop by crop.

    Parameters
    ----------
    paint
        Fills a crop: (h, w, C) and its hole bool (h, w) → candidates uint8 (K, h, w, C) and scores (K,).
    image, hole
        uint8 (H, W, C) and bool (H, W).
    watch
        Follows the crops; where it stops them, the rest of the hole has the mean colour of the known pixels.
    size
        Height and width that ``paint`` works at, if it knows one only.

    Returns
    -------
    tuple
        Candidates uint8 (K, H, W, C) and scores float32 (K,), the sums of the crops'.
    """
    crops = list(around(hole, MARGIN) if size is None else scaled(hole, size))
    flat = without_hole(image, hole)
    filled, scores, gap = None, np.zeros(0, np.float32), hole.copy()
    for index, crop in enumerate(crops):
        # What crops before this one filled is known to it, as the best candidate has it.
        known = (flat if filled is None else filled[0])[crop.part]
        with watch.part(index / len(crops), (index + 1) / len(crops)):
            drawn, here = paint(known, gap[crop.part]) if size is None else _resized(paint, known, gap[crop.part], size)
        if filled is None:
            filled, scores = np.stack([flat] * len(drawn)), np.zeros(len(drawn), np.float32)
        best = np.minimum(np.arange(len(filled)), len(drawn) - 1)
        filled[:, *crop.part] = np.where(crop.own[:, :, None], drawn[best], filled[:, *crop.part])
        scores, gap[crop.part] = scores + here[best], gap[crop.part] & ~crop.own
        if watch.stopped:
            break
    if filled is None:  # there is no hole
        return flat[None], np.zeros(1, np.float32)
    return filled, scores


def _resized(
    paint: Callable[[np.ndarray, np.ndarray], Filled], image: np.ndarray, hole: np.ndarray, size: tuple[int, int]
) -> Filled:
    """Let ``paint`` work at its own size; what it draws is enlarged and blended in."""
    import cv2

    if hole.shape == size:
        return paint(image, hole)
    small = cv2.resize(image, size[::-1], interpolation=cv2.INTER_AREA).reshape(*size, -1)
    gap = cv2.resize(hole.astype(np.float32), size[::-1], interpolation=cv2.INTER_AREA) > 0
    drawn, scores = paint(small, gap)
    large = np.stack([
        cv2.resize(candidate.astype(np.float32), hole.shape[::-1], interpolation=cv2.INTER_CUBIC).reshape(image.shape)
        for candidate in drawn
    ])  # fmt: skip
    count = len(large)
    blended = blending.poisson(np.stack([image.astype(np.float32)] * count), large, np.stack([hole] * count))
    return np.rint(np.clip(blended, 0, 255)).astype(np.uint8), scores


def around(hole: np.ndarray, margin: int) -> Iterator[Crop]:
    """Cut crops around the holes in a mask, bool (H, W), with a margin of surroundings.

    Holes nearer to each other than twice the margin share a crop. Every pixel of a hole is filled in one crop.
    """
    for top, left, height, width, own in _groups(hole, margin):
        rows, columns = slice(top, top + height), slice(left, left + width)
        yield Crop(rows, columns, own[rows, columns])


def scaled(hole: np.ndarray, size: tuple[int, int]) -> Iterator[Crop]:
    """Cut crops of one aspect, at least of ``size``, around the holes in a mask, bool (H, W).

    A crop is twice as long as its hole, if the image has room; else the hole is cut into tiles, filled one by one.
    """
    room = min(have / want for have, want in zip(hole.shape, size, strict=True))
    for top, left, height, width, own in _groups(hole, 1):
        times = min(max(1.0, 2 * height / size[0], 2 * width / size[1]), room)
        sides = [int(times * side) for side in size]
        core = [max(1, side // 2) for side in sides]
        for row in range(top, top + height, core[0]):
            for column in range(left, left + width, core[1]):
                tile = np.zeros_like(own)
                tile[row : row + core[0], column : column + core[1]] = True
                tile &= own
                if not tile.any():
                    continue
                starts = [
                    min(max(0, at + middle // 2 - side // 2), have - side)
                    for at, middle, side, have in zip((row, column), core, sides, hole.shape, strict=True)
                ]
                rows, columns = (slice(start, start + side) for start, side in zip(starts, sides, strict=True))
                yield Crop(rows, columns, tile[rows, columns])


def _groups(hole: np.ndarray, margin: int) -> Iterator[tuple[int, int, int, int, np.ndarray]]:
    """Holes that are near each other: their box grown by ``margin``, and their pixels bool (H, W)."""
    import cv2

    reach = np.ones((2 * margin + 1, 2 * margin + 1), np.uint8)
    count, parts, boxes, _ = cv2.connectedComponentsWithStats(cv2.dilate(hole.astype(np.uint8), reach))
    areas = boxes[1:, cv2.CC_STAT_WIDTH].astype(float) * boxes[1:, cv2.CC_STAT_HEIGHT]
    if areas.sum() > hole.size:
        yield 0, 0, *hole.shape, hole
        return
    for part in range(1, count):
        left, top, width, height = (int(value) for value in boxes[part][:4])
        yield top, left, height, width, hole & (parts == part)
