"""Measures of lines of text: how near samples are to real lines, how varied, and whether they are copies.

Every measure is made for samples and, as its floor, for as many real lines in their place; see :func:`measure`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from ganbook.data.characters import characters_of
from ganbook.data.ngrams import counts, jensen_shannon
from ganbook.data.text_rules import RULES
from ganbook.metrics.ngram_model import NgramModel

ORDERS = (1, 2, 3, 4)
LIKELIHOOD_ORDER = 4  # of the model that gives likelihoods
NEAREST_OF = 1000  # samples whose nearest training line is searched
CHUNK = 200


def measure(lines: Sequence[str], held_out: Sequence[str], train: Sequence[str], *, rule: str = "") -> dict[str, Any]:
    """Measure lines against lines held out, and against the training lines that they may copy.

    Parameters
    ----------
    lines
        Samples, or real lines in their place.
    held_out
        About as many real lines that the generator has not seen.
    train
        The training lines.
    rule
        An entry of :data:`ganbook.data.text_rules.RULES`, or nothing.

    Returns
    -------
    dict
        ``js_1`` … ``js_4``: Jensen–Shannon distance of character n-grams, 0 … 1. ``length``: the same of lengths.
        ``quality``: mean log-likelihood of a character of ``lines`` under a model of ``train``, nats; ``diversity``: of
        ``held_out`` under one of ``lines`` (each a :class:`~ganbook.metrics.ngram_model.NgramModel`).
        ``unique``: fraction of different lines; ``novel``: fraction that are not in ``train``. ``edits``: mean edit
        distance (Levenshtein) to the nearest training line, in characters. ``right``: fraction that obeys ``rule``.
    """
    ours, theirs = [characters_of(line) for line in lines], [characters_of(line) for line in held_out]
    known = set(train)
    vocabulary = sorted({character for line in (*ours, *theirs) for character in line})
    row: dict[str, Any] = {f"js_{n}": jensen_shannon(counts(ours, n), counts(theirs, n)) for n in ORDERS}
    row["length"] = jensen_shannon(Counter(map(len, ours)), Counter(map(len, theirs)))
    model = NgramModel([characters_of(line) for line in train], LIKELIHOOD_ORDER, vocabulary)
    row["quality"] = model.log_likelihood(ours)
    row["diversity"] = NgramModel(ours, LIKELIHOOD_ORDER, vocabulary).log_likelihood(theirs)
    row["unique"] = len(set(lines)) / max(len(lines), 1)
    row["novel"] = sum(line not in known for line in lines) / max(len(lines), 1)
    row["edits"] = float(np.mean([distance for _, distance in nearest(lines[:NEAREST_OF], train)]))
    if rule:
        row["right"] = sum(map(RULES[rule], lines)) / max(len(lines), 1)
    return row


def nearest(lines: Sequence[str], train: Sequence[str]) -> list[tuple[str, int]]:
    """Return for each line the training line with the least edit distance (Levenshtein 1966), and that distance."""
    found = []
    for start in range(0, len(lines), CHUNK):
        distances = cdist(lines[start : start + CHUNK], train, scorer=Levenshtein.distance, dtype=np.uint8)
        best = distances.argmin(1)
        found += [(train[i], int(distances[row, i])) for row, i in enumerate(best)]
    return found
