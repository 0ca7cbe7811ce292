"""How close points in the plane are to others: modes captured, sliced Wasserstein distance, JS divergence on a grid.

None of these numbers means anything without that of other real points, its floor: :func:`score` gives both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ganbook.metrics.nearest import nearest

if TYPE_CHECKING:
    from ganbook.data.points import PointData

COUNT = 2500  # samples, as VEEGAN and PacGAN take them
WITHIN = 3.0
DIRECTIONS, CELLS = 64, 24
FLOOR_DRAWS = 8


@dataclass(frozen=True)
class Captured:
    """Modes that have at least one good point, and the fraction of points that are good."""

    modes: int
    high_quality: float


def captured(points: np.ndarray, modes: np.ndarray, sigma: float) -> Captured:
    """Count modes as VEEGAN and PacGAN do (Srivastava et al. 2017, arXiv 1705.07761; Lin et al. 2018, 1712.04086).

    A point is good if it lies within 3 σ of its nearest mode. Of the true mixture 1 − e^(−4.5) = 98.9 % are. Published
    figures are those of 2,500 points.

    Parameters
    ----------
    points, modes
        Float (N, 2) and (K, 2). Points that are not finite are not good.
    sigma
        Deviation of each mode in each direction.
    """
    finite = points[np.isfinite(points).all(1)]
    if not len(finite):
        return Captured(0, 0.0)
    distances, indices = (column[:, 0] for column in nearest(finite, modes))
    good = distances <= WITHIN * sigma
    return Captured(len(np.unique(indices[good])), float(good.sum() / len(points)))


def sliced_wasserstein(points: np.ndarray, others: np.ndarray, directions: int = DIRECTIONS) -> float:
    """Return the mean Wasserstein-1 distance of two sets of points along directions, in the units of the plane.

    Directions are evenly spaced over half a circle. In one dimension the distance is ∫ |F⁻¹ − G⁻¹|, the mean gap of
    sorted points (Bonneel et al. 2015, doi 10.1007/s10851-014-0506-3).

    Parameters
    ----------
    points, others
        Float (N, 2) and (M, 2), finite; where N and M differ, both are compared at the quantiles of the larger set.
    directions
        Number of directions, 1 or more.
    """
    angles = np.pi * np.arange(directions) / directions
    axes = np.stack([np.cos(angles), np.sin(angles)])
    one, other = (np.sort(np.asarray(plane, np.float64) @ axes, axis=0) for plane in (points, others))
    if len(one) != len(other):
        # Quantile functions are steps: both are constant between any two of all their steps.
        ends = np.union1d(np.arange(1, len(one) + 1) / len(one), np.arange(1, len(other) + 1) / len(other))
        weights = np.diff(ends, prepend=0.0)
        middles = ends - weights / 2
        one, other = (
            values[np.minimum((middles * len(values)).astype(int), len(values) - 1)] for values in (one, other)
        )
        return float((np.abs(one - other) * weights[:, None]).sum(0).mean())
    return float(np.abs(one - other).mean())


def js_divergence(points: np.ndarray, others: np.ndarray, real: np.ndarray, cells: int = CELLS) -> float:
    """Return the Jensen–Shannon divergence of two histograms, in bits, 0 to 1.

    The grid has ``cells`` × ``cells`` cells over the extent of ``real`` (R, 2), widened by a tenth on each side; what
    lies outside, or is not finite, falls into one more cell.
    """
    low, high = real.min(0), real.max(0)
    margin = 0.1 * np.maximum(high - low, 1e-12)
    low, high = low - margin, high + margin

    def histogram(plane: np.ndarray) -> np.ndarray:
        with np.errstate(invalid="ignore"):
            at = np.floor((plane - low) / (high - low) * cells)
            inside = ((at >= 0) & (at < cells)).all(1)
        index = (at[inside] @ [cells, 1]).astype(int)
        counts = np.bincount(index, minlength=cells * cells + 1).astype(float)
        counts[-1] += len(plane) - inside.sum()
        return counts / len(plane)

    p, q = histogram(points), histogram(others)
    middle = (p + q) / 2

    def divergence(fractions: np.ndarray) -> float:
        filled = fractions > 0
        return float((fractions[filled] * np.log2(fractions[filled] / middle[filled])).sum())

    return (divergence(p) + divergence(q)) / 2


@dataclass(frozen=True)
class Scores:
    """The numbers of one set of points; without known modes the first two are None."""

    modes: float | None
    high_quality: float | None
    sliced_wasserstein: float
    js_divergence: float


class Judge:
    """Measures samples against held-out points of their data, and knows what real points score.

    Parameters
    ----------
    data
        Its held-out points are the reference; where there are fewer than 100, its training points.
    count
        The most samples that are taken, and compared with as many real points.

    Attributes
    ----------
    floor : Scores
        Mean of what several draws of training points score, as many as there are samples.
    spread : Scores
        Standard deviation of these.
    """

    def __init__(self, data: PointData, count: int = COUNT):
        self._data = data
        reference = data.test_points if len(data.test_points) >= 100 else data.points
        rng = np.random.default_rng(0)
        self._reference = reference[rng.permutation(len(reference))[:count]]
        self.count = len(self._reference)
        draws = [
            self(data.points[rng.choice(len(data.points), self.count, replace=len(data.points) < self.count)])
            for _ in range(FLOOR_DRAWS)
        ]
        columns = {name: [asdict(draw)[name] for draw in draws] for name in Scores.__dataclass_fields__}
        self.floor, self.spread = (_summary(columns, of) for of in (np.mean, np.std))

    def __call__(self, points: np.ndarray) -> Scores:
        """Score points (N, 2); where some are not finite, distances are infinite."""
        modes = quality = None
        if self._data.modes is not None and self._data.sigma is not None:
            capture = captured(points, self._data.modes, self._data.sigma)
            modes, quality = float(capture.modes), capture.high_quality
        sound = bool(np.isfinite(points).all())
        distance = sliced_wasserstein(points, self._reference) if sound else float("inf")
        return Scores(modes, quality, distance, js_divergence(points, self._reference, self._data.points))


def _summary(columns: dict[str, list[Any]], of: Callable[[list[Any]], Any]) -> Scores:
    summary: dict[str, Any] = {name: None if None in values else float(of(values)) for name, values in columns.items()}
    return Scores(**summary)


def score(points: np.ndarray, data: PointData) -> Mapping[str, tuple[float, float]]:
    """Measure points against data.

    Parameters
    ----------
    points
        Float (N, 2), samples; 2,500 for figures that can be compared with published ones.
    data
        The points that were learned.

    Returns
    -------
    mapping
        For ``sliced_wasserstein`` (units of the plane), ``js_divergence`` (bits) and, where the data are a mixture of
        known modes, ``modes`` and ``high_quality`` (a fraction): the number of the points, and its floor, that of as
        many real ones.

    Raises
    ------
    ValueError
        Not (N, 2), or no points.
    """
    points = np.asarray(points)
    if points.ndim != 2 or points.shape[1] != 2 or not len(points):
        raise ValueError(f"points have shape {points.shape}; give (N, 2), N at least 1")
    judge = Judge(data, len(points))
    values, floors = asdict(judge(points)), asdict(judge.floor)
    return {name: (value, floors[name]) for name, value in values.items() if value is not None}
