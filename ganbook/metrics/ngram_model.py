"""A language model of character n-grams: what likelihoods are measured with, and what a text GAN has to beat."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from ganbook.data.ngrams import END, START

ADD = 0.01  # to the count of each character, known or not, at the lowest order
MOST = 5


class NgramModel:
    """A language model of characters: n-grams of all orders up to n, interpolated.

    P(c | context) = (count(context, c) + λ P(c | shorter context)) / (count(context) + λ), λ the number of different
    characters seen after the context (Witten & Bell 1991, as in Chen & Goodman 1999, doi 10.1006/csla.1999.0128).
    At the lowest order every character of ``vocabulary``, and the end of a line, is counted :data:`ADD` times more.

    Parameters
    ----------
    lines
        Lines to learn, each a sequence of characters.
    n
        Order, 2 … 5: how many characters an n-gram has.
    vocabulary
        Characters that it can draw.
    """

    def __init__(self, lines: Sequence[Sequence[str]], n: int, vocabulary: Sequence[str]):
        if not 1 <= n <= MOST:
            raise ValueError(f"n, how many characters an n-gram has, is 1 to {MOST}, not {n}")
        self.n = n
        self._index = {character: i for i, character in enumerate([*vocabulary, END])}
        self._characters = [*vocabulary, END]
        self._counts: dict[tuple[str, ...], Counter] = defaultdict(Counter)
        for line in lines:
            marked = (*[START] * (n - 1), *line, END)
            for i in range(n - 1, len(marked)):
                for order in range(n):
                    self._counts[marked[i - order : i]][marked[i]] += 1
        self._known: dict[tuple[str, ...], np.ndarray] = {}

    def probabilities(self, context: tuple[str, ...]) -> np.ndarray:
        """P of each character of the vocabulary, and at last of the end, float64 (V + 1,), after a context."""
        context = context[len(context) - min(len(context), self.n - 1) :]
        if (known := self._known.get(context)) is not None:
            return known
        seen = self._counts.get(context)
        if not context:
            p = np.full(len(self._characters), ADD)
            for character, count in (seen or {}).items():
                if character in self._index:
                    p[self._index[character]] += count
            p /= p.sum()
        else:
            p = self.probabilities(context[1:])
            if seen:
                weight = len(seen)
                p = p * weight
                for character, count in seen.items():
                    if character in self._index:
                        p[self._index[character]] += count
                p /= p.sum()
        self._known[context] = p
        return p

    def log_likelihood(self, lines: Sequence[Sequence[str]]) -> float:
        """Mean log P of a character, ends included, in nats; characters outside of the vocabulary count as rare."""
        total, length = 0.0, 0
        for line in lines:
            marked = (*[START] * (self.n - 1), *line, END)
            for i in range(self.n - 1, len(marked)):
                p = self.probabilities(marked[i - self.n + 1 : i])
                place = self._index.get(marked[i])
                total += float(np.log(p.min() if place is None else p[place]))
                length += 1
        return total / max(length, 1)

    def sample(self, count: int, *, temperature: float = 1.0, longest: int, seed: int = 0) -> list[list[str]]:
        """Draw lines of at most ``longest`` characters; P is raised to 1 / temperature."""
        rng = np.random.default_rng(seed)
        cumulative: dict[tuple[str, ...], np.ndarray] = {}
        lines = []
        for _ in range(count):
            line: list[str] = []
            while len(line) < longest:
                context = (*[START] * (self.n - 1), *line)[len(line) :] if self.n > 1 else ()
                if context not in cumulative:
                    p = self.probabilities(context) ** (1 / temperature)
                    cumulative[context] = np.cumsum(p / p.sum())
                place = int(np.searchsorted(cumulative[context], rng.random()))
                if place >= len(self._characters) - 1:
                    break
                line.append(self._characters[place])
            lines.append(line)
        return lines
