"""The kernel distance between two sets of features (KID in the space of Inception, MMD² in any other)."""

from __future__ import annotations

import numpy as np

from ganbook.metrics.jackknife import Estimate, check, groups, jackknife


def kid(a: np.ndarray, b: np.ndarray) -> Estimate:
    """Return the unbiased squared maximum mean discrepancy with the kernel (x·y / F + 1)³, and its 95 % interval.

    Bińkowski et al. 2018, section 4 (arXiv 1801.01401), over all pairs instead of random subsets. Its expectation does
    not depend on how many images there are, and is 0 for equal distributions: it may come out a little below.

    Parameters
    ----------
    a, b
        Features, float (N, F) and (M, F), rows in random order, N and M at least 40.

    Raises
    ------
    ValueError
        The two have different numbers of features, or fewer rows.
    """
    check(a, b, 40)
    parts_a, parts_b = groups(a), groups(b)
    within_a, within_b = _Within(parts_a), _Within(parts_b)
    across = _sums(parts_a, parts_b)
    sizes_a, sizes_b = _sizes(parts_a), _sizes(parts_b)
    n, m, total = sizes_a.sum(), sizes_b.sum(), across.sum()
    return jackknife(
        within_a.mean + within_b.mean - 2 * total / (n * m),
        within_a.left_out + within_b.mean - 2 * (total - across.sum(1)) / ((n - sizes_a) * m),
        within_a.mean + within_b.left_out - 2 * (total - across.sum(0)) / (n * (m - sizes_b)),
    )


class _Within:
    """Mean of the kernel over pairs of different rows of one set: of all, and without each group."""

    def __init__(self, parts: list[np.ndarray]):
        half, sizes = _sums(parts, parts, half=True), _sizes(parts)
        sums = half + np.triu(half, 1).T
        own = np.array([_kernel(np.square(part).sum(1) / part.shape[1]).sum() for part in parts])
        count, pairs = sizes.sum(), sums.sum() - own.sum()
        self.mean = pairs / (count * (count - 1))
        rest = count - sizes
        self.left_out = (pairs - 2 * sums.sum(1) + np.diag(sums) + own) / (rest * (rest - 1))


def _sums(parts_a: list[np.ndarray], parts_b: list[np.ndarray], *, half: bool = False) -> np.ndarray:
    """Sum of the kernel between each group of one set and each of the other, float64 (GROUPS, GROUPS).

    ``half`` leaves 0 below the diagonal.
    """
    sums = np.zeros((len(parts_a), len(parts_b)))
    for i, x in enumerate(parts_a):
        for j, y in enumerate(parts_b):
            if not half or i <= j:
                sums[i, j] = _kernel(x @ y.T / x.shape[1]).sum()
    return sums


def _kernel(products: np.ndarray) -> np.ndarray:
    base = products + 1
    return base * base * base


def _sizes(parts: list[np.ndarray]) -> np.ndarray:
    return np.array([len(part) for part in parts], np.float64)
