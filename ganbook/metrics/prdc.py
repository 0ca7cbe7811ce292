"""Whether samples lie among the real images, and whether they lie everywhere among them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganbook.metrics.nearest import radii, squared_distances

K = 5


@dataclass(frozen=True)
class PRDC:
    """Precision, recall, density and coverage; see :func:`prdc`."""

    precision: float
    recall: float
    density: float
    coverage: float


def prdc(real: np.ndarray, fake: np.ndarray, k: int = K, reach: np.ndarray | None = None) -> PRDC:
    """Compare two sets of features by balls that reach from each point to its ``k``-th neighbour of the same set.

    ``precision``
        Fraction of fakes inside some real ball.
    ``recall``
        Fraction of reals inside some fake ball (Kynkäänniemi et al. 2019, arXiv 1904.06991).
    ``density``
        Real balls around a fake, over k: 1 is expected for equal distributions, more is possible.
    ``coverage``
        Fraction of real balls with a fake inside (Naeem et al. 2020, arXiv 2002.09797): for equal distributions
        1 − Π (N − i) / (N + M − i), i from 1 to k, is expected, which is 0.969 for equal counts and k = 5.

    Parameters
    ----------
    real, fake
        Features, float (N, F) and (M, F), N and M above ``k``.
    reach
        ``radii(real, k)``, if it is known already.

    Raises
    ------
    ValueError
        The two have different numbers of features, or too few rows.
    """
    if real.ndim != 2 or fake.ndim != 2 or real.shape[1] != fake.shape[1]:
        raise ValueError(f"features have shapes {real.shape} and {fake.shape}: give (N, F) and (M, F)")
    real_reach = np.square(radii(real, k) if reach is None else reach)
    fake_reach = np.square(radii(fake, k))
    balls, nearest_fake = np.zeros(len(fake), np.int64), np.empty(len(real), np.float32)
    recalled = np.empty(len(real), bool)
    for rows, gaps in squared_distances(real, fake):
        balls += (gaps < real_reach[rows, None]).sum(0)
        recalled[rows] = (gaps < fake_reach).any(1)
        nearest_fake[rows] = gaps.min(1)
    return PRDC(
        precision=float((balls > 0).mean()),
        recall=float(recalled.mean()),
        density=float(balls.mean() / k),
        coverage=float((nearest_fake < real_reach).mean()),
    )
