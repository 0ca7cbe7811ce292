"""A number with its confidence interval, from the jackknife over groups of images."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

GROUPS = 20
T95 = 2.093  # Student's t of 19 degrees of freedom, two-sided 95 %


@dataclass(frozen=True)
class Estimate:
    """A number and its 95 % interval, which tells how much other images of the same two kinds would change it."""

    value: float
    low: float
    high: float


def jackknife(value: float, *left_out: np.ndarray) -> Estimate:
    """Return ``value`` with an interval from what it is when one group of images is left out.

    The variance of a number of several independent sets is the sum of those that each set gives (Efron & Tibshirani
    1993, chapter 11). It tells nothing of a bias, such as that of the Fréchet distance for few images.

    Parameters
    ----------
    value
        The number from all images.
    left_out
        For each set of images the number without one group of that set, float (GROUPS,).
    """
    variance = sum((len(values) - 1) * np.var(values) for values in left_out)
    reach = T95 * float(np.sqrt(variance))
    return Estimate(float(value), float(value) - reach, float(value) + reach)


def groups(features: np.ndarray) -> list[np.ndarray]:
    """Cut rows, which must be in random order, into :data:`GROUPS` groups, float64 (≈ N / GROUPS, F)."""
    return np.array_split(np.asarray(features, np.float64), GROUPS)


def check(a: np.ndarray, b: np.ndarray, least: int) -> None:
    """Raise ``ValueError`` unless these are features (N, F) and (M, F), N and M at least ``least``."""
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[1] or min(len(a), len(b)) < least:
        raise ValueError(
            f"features have shapes {a.shape} and {b.shape}: give (N, F) and (M, F), N and M at least {least}"
        )
