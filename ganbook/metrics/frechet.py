"""The Fréchet distance between two sets of features."""

from __future__ import annotations

import numpy as np


def frechet_distance(a: np.ndarray, b: np.ndarray) -> float:
    """Return the squared Fréchet distance of the Gaussians fitted to two sets of features.

    ‖μₐ − μ_b‖² + tr(Σₐ + Σ_b − 2(Σₐ Σ_b)^½). Heusel et al. 2017, equation 6 (arXiv 1706.08500). Biased upwards for few
    samples (Bińkowski et al. 2018, arXiv 1801.01401): compare equal counts only.

    Parameters
    ----------
    a, b
        Features, float (N, F) and (M, F), N and M at least 2.

    Raises
    ------
    ValueError
        The two have different numbers of features, or fewer than two rows.
    """
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[1] or min(len(a), len(b)) < 2:
        raise ValueError(f"features have shapes {a.shape} and {b.shape}: give (N, F) and (M, F), N and M at least 2")
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    offset = np.square(a.mean(0) - b.mean(0)).sum()
    spread_a, spread_b = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    # (Σₐ Σ_b)^½ has the trace of (Σₐ^½ Σ_b Σₐ^½)^½, which is symmetric.
    values, vectors = np.linalg.eigh(np.atleast_2d(spread_a))
    root = (vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T
    shared = np.linalg.eigvalsh(root @ np.atleast_2d(spread_b) @ root)
    overlap = np.sqrt(np.clip(shared, 0, None)).sum()
    return float(offset + np.trace(np.atleast_2d(spread_a)) + np.trace(np.atleast_2d(spread_b)) - 2 * overlap)
