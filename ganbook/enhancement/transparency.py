"""Colour and opacity are worked on apart: what is hidden under transparent pixels never shows at their edges."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ganbook.data import resampling


def apart(
    colour: Callable[[np.ndarray], np.ndarray], opacity: Callable[[np.ndarray], np.ndarray], reach: int
) -> Callable[[np.ndarray], np.ndarray]:
    """Return work on RGBA from work on RGB and on opacity.

    Parameters
    ----------
    colour
        Works on (h, w, 3).
    opacity
        Works on (h, w, 1).
    reach
        Pixels away from which the result of ``colour`` still depends on a pixel; that of the whole, see
        :func:`reach_apart`.
    """

    def work(image: np.ndarray) -> np.ndarray:
        alpha = image[..., 3:]
        return np.concatenate([colour(spread(image[..., :3], alpha, _radius(reach))), opacity(alpha)], 2)

    return work


def reach_apart(reach: int) -> int:
    """Return how far away what :func:`apart` returns still depends on a pixel."""
    return reach + _radius(reach)


def _radius(reach: int) -> int:
    # Opacity grows by interpolation, and what has become visible looks as far around as all else.
    return reach + resampling.reach("lanczos")


def spread(colours: np.ndarray, alpha: np.ndarray, radius: int) -> np.ndarray:
    """Give pixels without opacity the colour of what is visible around them.

    Parameters
    ----------
    colours
        uint8 or uint16 (H, W, 3).
    alpha
        (H, W, 1) of the same type.
    radius
        Pixels around, in a square, whose mean is taken, weighted by opacity; beyond it the colour stays.

    Returns
    -------
    ndarray
        As ``colours``. Whole numbers all the way: a part of an image gives exactly that part of the result.
    """
    hidden = alpha[..., 0] == 0
    if not hidden.any() or hidden.all():
        return colours
    weights = alpha.astype(np.int64)
    total = _boxes(np.concatenate([colours * weights, weights], 2), radius)
    weight = total[..., 3:]
    fillable = hidden & (weight[..., 0] > 0)
    mean = (total[..., :3] + weight // 2) // np.maximum(weight, 1)
    return np.where(fillable[..., None], mean, colours).astype(colours.dtype)


def _boxes(values: np.ndarray, radius: int) -> np.ndarray:
    """Sum int64 (H, W, C) over squares of 2 radius + 1, cut at the borders."""
    for axis in (0, 1):
        sums = np.concatenate([np.zeros_like(values.take([0], axis)), values.cumsum(axis)], axis)
        index = np.arange(values.shape[axis])
        after = np.minimum(index + radius + 1, values.shape[axis])
        values = sums.take(after, axis) - sums.take(np.maximum(index - radius, 0), axis)
    return values
