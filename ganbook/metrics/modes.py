"""Which classes samples fall into, how evenly, and how much they vary within each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Modes:
    """How samples are spread over the modes of the data; see :func:`modes`.

    Attributes
    ----------
    fractions, expected
        Fraction of each mode among the samples and among the data, float (K,).
    """

    fractions: np.ndarray
    expected: np.ndarray

    @property
    def captured(self) -> int:
        """Modes with at least one sample."""
        return int((self.fractions > 0).sum())

    @property
    def entropy(self) -> float:
        """Entropy of the samples' fractions in nats: ln K if even, 0 for one mode."""
        return _entropy(self.fractions)

    @property
    def expected_entropy(self) -> float:
        """Entropy of the data's fractions in nats."""
        return _entropy(self.expected)

    @property
    def kl(self) -> float:
        """Kullback–Leibler divergence from the samples' fractions to the data's, in nats; infinite outside the data."""
        there = self.fractions > 0
        with np.errstate(divide="ignore"):
            return float(np.sum(self.fractions[there] * np.log(self.fractions[there] / self.expected[there])))

    @property
    def least(self) -> float:
        """Fraction of the mode that falls shortest of its fraction in the data, over that one."""
        there = self.expected > 0
        return float((self.fractions[there] / self.expected[there]).min())


def modes(samples: np.ndarray, data: np.ndarray, count: int) -> Modes:
    """Count modes as StackedMNIST does (Srivastava et al. 2017, arXiv 1705.07761).

    Parameters
    ----------
    samples, data
        The mode of each sample and of each image, int (N,) and (M,), from 0 to ``count`` − 1.
    """
    fractions, expected = (np.bincount(classes, minlength=count) / len(classes) for classes in (samples, data))
    return Modes(fractions, expected)


def stacked(classes: np.ndarray, count: int) -> np.ndarray:
    """Number the modes of images made of several: classes int (N, C), one for each channel → int (N,).

    Three digits make 1,000 modes.
    """
    return np.ravel_multi_index(np.asarray(classes).T, (count,) * np.shape(classes)[1])


def diversity(
    samples: np.ndarray, classes: np.ndarray, data: np.ndarray, data_classes: np.ndarray, count: int
) -> np.ndarray:
    """Return how far apart two samples of a class lie over how far apart two images of it do, float (count,).

    The distance is the root of its mean square: √(2 tr Σ). nan where there are fewer than two samples or images.

    Parameters
    ----------
    samples, data
        Features, float (N, F) and (M, F).
    classes, data_classes
        Their classes, int (N,) and (M,).
    """
    spreads = (
        [_spread(features[seen == label]) for label in range(count)]
        for features, seen in ((samples, classes), (data, data_classes))
    )
    mine, real = map(np.array, spreads)
    return np.divide(mine, real, out=np.full(count, np.nan), where=real > 0)


def _spread(features: np.ndarray) -> float:
    """Root mean square of the distance between two rows; nan for fewer than two."""
    if len(features) < 2:
        return float("nan")
    return float(np.sqrt(2 * features.var(0, ddof=1, dtype=np.float64).sum()))


def _entropy(fractions: np.ndarray) -> float:
    there = fractions[fractions > 0]
    return float(-np.sum(there * np.log(there))) + 0.0
