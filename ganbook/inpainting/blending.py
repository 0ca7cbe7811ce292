"""Seamless blending: what is drawn in a hole is shifted smoothly so that it meets what is known."""

from __future__ import annotations

import numpy as np

# The rest that is left when the solver ends, over the right-hand side; far below a grey level.
TOLERANCE = 1e-4


def poisson(known: np.ndarray, drawn: np.ndarray, holes: np.ndarray) -> np.ndarray:
    """Keep the gradients of ``drawn`` in the holes and the values of ``known`` around them.

    Pérez et al. 2003, equation 7 (doi 10.1145/882262.882269): the correction that is added is harmonic, and equals
    known − drawn along the rim. Where a hole reaches the image's border, that side is free.

    Parameters
    ----------
    known, drawn
        float32 (N, H, W, C), any scale.
    holes
        bool (N, H, W).

    Returns
    -------
    ndarray
        float32 (N, H, W, C): ``known`` outside the holes.
    """
    hole = holes[..., None].astype(np.float32)
    neighbours = _neighbours(np.ones_like(hole))
    error = np.where(hole == 0, known - drawn, 0).astype(np.float32)
    wanted = hole * _neighbours(error)

    def laplacian(x: np.ndarray) -> np.ndarray:
        return hole * (neighbours * x - _neighbours(x))

    # Conjugate gradients, one system for each image and channel, all at once.
    correction = np.zeros_like(error)
    rest = wanted.copy()
    direction = rest.copy()
    length = _dot(rest, rest)
    enough = TOLERANCE**2 * length + 1e-12
    for _ in range(4 * (holes.shape[1] + holes.shape[2])):
        if (length <= enough).all():
            break
        changed = laplacian(direction)
        step = length / np.maximum(_dot(direction, changed), 1e-20)
        correction += step * direction
        rest -= step * changed
        before, length = length, _dot(rest, rest)
        direction = rest + length / np.maximum(before, 1e-20) * direction
    return np.where(hole == 0, known, drawn + correction)


def _dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.asarray(np.sum(a * b, axis=(1, 2), keepdims=True, dtype=np.float32))


def _neighbours(x: np.ndarray) -> np.ndarray:
    """Sum of the four neighbours; nothing lies beyond the border."""
    total = np.zeros_like(x)
    total[:, 1:] += x[:, :-1]
    total[:, :-1] += x[:, 1:]
    total[:, :, 1:] += x[:, :, :-1]
    total[:, :, :-1] += x[:, :, 1:]
    return total
