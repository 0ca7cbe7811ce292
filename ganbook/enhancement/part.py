"""A part of an image as it will be in the whole, at once: for looking before one waits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ganbook.enhancement.enhance import checked_plan, enhanced, reach_of, steps_of
from ganbook.enhancement.noise_level import noise_level
from ganbook.utils.progress import Watch

if TYPE_CHECKING:
    from ganbook.training.run import Run

GRID = 4  # parts are cut at multiples of it, as the blocks that networks work on are


def enhance_part(
    image: np.ndarray,
    box: tuple[int, int, int, int],
    run: Run | str | Path | None = None,
    mask: np.ndarray | None = None,
    **options: Any,
) -> np.ndarray:
    """Enhance a part of an image; the result is that part of the whole, pixel for pixel.

    Parameters
    ----------
    image
        uint8 or uint16 (H, W, C), C 1, 3 or 4.
    box
        Top, left, height and width of the part, in pixels of the image.
    run, **options
        As for :func:`~ganbook.enhancement.enhance.enhance`.
    mask
        bool (H, W), True in what is protected.

    Returns
    -------
    ndarray
        (scale height, scale width, C).
    """
    plan = checked_plan(run, **options)
    if plan.denoise == "auto":
        plan = replace(plan, denoise=noise_level(image) or None)
    steps = steps_of(plan, image)
    around, (top, left, height, width) = reach_of(steps, image.shape[2]), box
    first = [max(0, start - around) // GRID * GRID for start in (top, left)]
    cut = np.s_[first[0] : top + height + around, first[1] : left + width + around]
    result = enhanced(image[cut], steps, plan, None if mask is None else mask[cut], Watch())
    rows, columns = (
        slice((start - begin) * plan.scale, (start - begin + length) * plan.scale)
        for start, begin, length in ((top, first[0], height), (left, first[1], width))
    )
    return result[rows, columns]
