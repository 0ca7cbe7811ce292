"""The Fréchet distance between two sets of features."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganbook.metrics.jackknife import Estimate, check, groups, jackknife


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
    check(a, b, 2)
    moments_a, moments_b = _Moments.of(np.asarray(a, np.float64)), _Moments.of(np.asarray(b, np.float64))
    return _distance(moments_a, moments_b, _root(moments_a.covariance))


def frechet(a: np.ndarray, b: np.ndarray) -> Estimate:
    """Return :func:`frechet_distance` with its 95 % interval; rows in random order, at least 40 of each."""
    check(a, b, 40)
    centre = np.asarray(b, np.float64).mean(0)  # large means would cancel in the second moments
    parts_a, parts_b = ([_Moments.of(part - centre) for part in groups(features)] for features in (a, b))
    whole_a, whole_b = sum(parts_a[1:], parts_a[0]), sum(parts_b[1:], parts_b[0])
    root_a, root_b = _root(whole_a.covariance), _root(whole_b.covariance)
    return jackknife(
        _distance(whole_a, whole_b, root_a),
        np.array([_distance(whole_b, whole_a - part, root_b) for part in parts_a]),
        np.array([_distance(whole_a, whole_b - part, root_a) for part in parts_b]),
    )


@dataclass(frozen=True)
class _Moments:
    """Count, sum and sum of outer products of rows: those of two sets add."""

    count: int
    first: np.ndarray
    second: np.ndarray

    @classmethod
    def of(cls, rows: np.ndarray) -> _Moments:
        return cls(len(rows), rows.sum(0), rows.T @ rows)

    def __add__(self, other: _Moments) -> _Moments:
        return _Moments(self.count + other.count, self.first + other.first, self.second + other.second)

    def __sub__(self, other: _Moments) -> _Moments:
        return _Moments(self.count - other.count, self.first - other.first, self.second - other.second)

    @property
    def mean(self) -> np.ndarray:
        return self.first / self.count

    @property
    def covariance(self) -> np.ndarray:
        return (self.second - self.count * np.outer(self.mean, self.mean)) / (self.count - 1)


def _root(covariance: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh(covariance)
    return (vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T


def _distance(a: _Moments, b: _Moments, root_a: np.ndarray) -> float:
    # (Σₐ Σ_b)^½ has the trace of (Σₐ^½ Σ_b Σₐ^½)^½, which is symmetric.
    shared = np.linalg.eigvalsh(root_a @ b.covariance @ root_a)
    overlap = np.sqrt(np.clip(shared, 0, None)).sum()
    offset = np.square(a.mean - b.mean).sum()
    return float(offset + np.trace(a.covariance) + np.trace(b.covariance) - 2 * overlap)
