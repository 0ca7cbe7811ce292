"""Points of latent space: between two of them, and arithmetic with three."""

from __future__ import annotations

import numpy as np


def slerp(a: np.ndarray, b: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Walk from one vector to another along the sphere, as Gaussian z wants (White 2016, arXiv 1609.04468).

    The direction turns evenly (Shoemake 1985); the length goes evenly from one to the other. Where the two point the
    same or the opposite way there is no one arc, and the walk is straight.

    Parameters
    ----------
    a, b
        float (L,).
    share
        How far to go, float (N,): 0 is ``a``, 1 is ``b``.

    Returns
    -------
    ndarray
        float32 (N, L).
    """
    share = np.asarray(share, np.float64)[:, None]
    lengths = np.linalg.norm(a), np.linalg.norm(b)
    straight = (1 - share) * a + share * b
    if not all(lengths):
        return straight.astype(np.float32)
    from_, to = a / lengths[0], b / lengths[1]
    angle = np.arccos(np.clip(from_ @ to, -1, 1))
    if np.sin(angle) < 1e-6:
        return straight.astype(np.float32)
    turned = (np.sin((1 - share) * angle) * from_ + np.sin(share * angle) * to) / np.sin(angle)
    return (turned * ((1 - share) * lengths[0] + share * lengths[1])).astype(np.float32)


def mixed(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    """Return a − b + c, float32 (L,), at the mean length of the three (Radford et al. 2016, arXiv 1511.06434, §6.3.2).

    The sum of three Gaussian vectors is longer than any the generator has seen, hence the length.
    """
    total = np.asarray(a, np.float64) - b + c
    length = np.linalg.norm(total)
    wanted = np.mean([np.linalg.norm(z) for z in (a, b, c)])
    return (total * (wanted / length if length > 1e-6 else 1.0)).astype(np.float32)
