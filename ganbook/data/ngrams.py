"""Character n-grams: how often they are, and how far two sets of lines are apart in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

import numpy as np

# Before and after each line, so that beginnings and ends are n-grams, too. Private characters, which no text holds.
START, END = "\ue000", "\ue001"


def counts(lines: Sequence[Sequence[Hashable]], n: int) -> Counter:
    """Count the n-grams of lines, each a sequence of characters, with their beginnings and ends."""
    found: Counter = Counter()
    for line in lines:
        marked = (*[START] * min(1, n - 1), *line, END)
        found.update(marked[i : i + n] for i in range(len(marked) - n + 1))
    return found


def jensen_shannon(a: Counter, b: Counter) -> float:
    """Jensen–Shannon distance of two distributions given by counts: √ of the divergence in bits, 0 … 1.

    Endres & Schindelin 2003 (doi 10.1109/TIT.2003.813506). With nothing in one of them it is 1.
    """
    all_a, all_b = sum(a.values()), sum(b.values())
    if not all_a or not all_b:
        return 1.0
    keys = list(a.keys() | b.keys())
    p = np.array([a[key] for key in keys]) / all_a
    q = np.array([b[key] for key in keys]) / all_b
    middle = (p + q) / 2
    divergence = 0.0
    for each in (p, q):
        held = each > 0
        divergence += 0.5 * float(np.sum(each[held] * np.log2(each[held] / middle[held])))
    return float(np.sqrt(max(divergence, 0.0)))
