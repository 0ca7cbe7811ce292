"""Principal components, by way of the smaller of the two matrices of products."""

from __future__ import annotations

import numpy as np

ROWS, LONG_ROWS, LONG = 4000, 800, 1024  # how many rows are worth the time, by their length
VALUES = 2**25


def rows_for(length: int) -> int:
    """How many rows of so many values to take components of: enough, in about a second and 128 MB."""
    return max(64, min(ROWS if length <= LONG else LONG_ROWS, VALUES // length))


def principal(centred: np.ndarray, count: int) -> np.ndarray:
    """Directions along which centred rows (N, D) vary most, the first first: float32 (D, at most ``count``)."""
    rows, length = centred.shape
    count = min(count, rows, length)
    if rows >= length:
        _, vectors = np.linalg.eigh((centred.T @ centred).astype(np.float64))
        return vectors[:, ::-1][:, :count].astype(np.float32)
    _, vectors = np.linalg.eigh((centred @ centred.T).astype(np.float64))
    spanned = centred.T @ vectors[:, ::-1][:, :count]
    return (spanned / np.maximum(np.linalg.norm(spanned, axis=0), 1e-12)).astype(np.float32)
