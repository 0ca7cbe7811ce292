"""Distances between many points, in chunks that fit in the cache of a processor."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

ROWS, COLUMNS = 1000, 5000


def squared_distances(points: np.ndarray, others: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    """Give ‖p − o‖² a thousand points at a time: which ones, and float32 (≤ 1000, M), never below 0.

    Float32 cancels when points lie far from the origin, so both are moved there first; what is left of a distance of 0
    is about a thousandth of a typical one.
    """
    centre = others.mean(0, dtype=np.float64).astype(np.float32)
    points, others = points.astype(np.float32) - centre, others.astype(np.float32) - centre
    # ‖p‖² + ‖o‖² − 2 p·o as one product of matrices.
    left = np.column_stack([-2 * points, np.square(points).sum(1), np.ones(len(points), np.float32)])
    right = np.column_stack([others, np.ones(len(others), np.float32), np.square(others).sum(1)]).T
    for start in range(0, len(points), ROWS):
        rows = slice(start, min(start + ROWS, len(points)))
        gaps = left[rows] @ right
        yield rows, np.maximum(gaps, 0, out=gaps)


def radii(points: np.ndarray, k: int) -> np.ndarray:
    """Return the distance of each point to its ``k``-th nearest other one, float32 (N,)."""
    if len(points) <= k:
        raise ValueError(f"{len(points)} points have no {k}-th neighbour: give more than {k}")
    found = np.empty(len(points), np.float32)
    for rows, gaps in squared_distances(points, points):
        gaps[np.arange(len(gaps)), np.arange(rows.start, rows.stop)] = np.inf
        found[rows] = np.partition(gaps, k - 1, axis=1)[:, k - 1]
    return np.sqrt(found)


def nearest(points: np.ndarray, others: np.ndarray, count: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return the distances of each point to the ``count`` nearest others, and which they are.

    Parameters
    ----------
    points, others
        Float or uint8 (N, F) and (M, F), M at least ``count``; ``others`` may be a memory map.

    Returns
    -------
    distances, indices
        float32 and int64 (N, count), nearest first.
    """
    if len(others) < count:
        raise ValueError(f"{count} nearest of {len(others)} points: give at least {count}")
    distances = np.full((len(points), count), np.inf, np.float32)
    indices = np.zeros((len(points), count), np.int64)
    for start in range(0, len(others), COLUMNS):
        for rows, gaps in squared_distances(points, others[start : start + COLUMNS]):
            lines = np.arange(len(gaps))
            for _ in range(min(count, gaps.shape[1])):
                at = gaps.argmin(1)
                candidates = np.column_stack([distances[rows], gaps[lines, at]])
                places = np.column_stack([indices[rows], at + start])
                order = candidates.argsort(1, kind="stable")[:, :count]
                distances[rows] = np.take_along_axis(candidates, order, 1)
                indices[rows] = np.take_along_axis(places, order, 1)
                gaps[lines, at] = np.inf
    return np.sqrt(distances), indices
