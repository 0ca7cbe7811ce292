"""Look around among the lines that a text run writes."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import extract

from ganbook.browsing.interpolation import slerp
from ganbook.config.browse import BrowseConfig
from ganbook.config.parser import make
from ganbook.utils.bounds import whole_number
from ganbook.utils.files import atomic, checked_out, write_text
from ganbook.utils.observers import Observer, Observers

if TYPE_CHECKING:
    from ganbook.data import TextData
    from ganbook.training.run import Run

MOST_LINES, MOST_AT_ONCE, MOST_STEPS = 100_000, 10_000, 200
FORMATS = {".txt": "one a line", ".csv": "a table", ".json": "with the z of each"}


class LineBrowser:
    """Endless lines of a run, walks between two of them, and what is near in the training data.

    Made by :func:`ganbook.browse`. Line number i is that of the i-th z of the seed, the i-th of :meth:`Run.sample`.

    Parameters
    ----------
    run
        A run of ``--task text``.
    look
        Seed, label and weights. The other options are of images.
    """

    def __init__(self, run: Run, look: BrowseConfig):
        self.run, self.look_at = run, look
        self.favourites: dict[str, list[float]] = {}
        self._observers = Observers(f"the browser of {run.name}")
        self._check(look)

    def __repr__(self) -> str:
        return f"<LineBrowser of {self.run.name!r}: seed {self.look_at.seed}, {len(self.favourites)} favourites>"

    @property
    def data(self) -> TextData:
        """The lines that the run learns."""
        return self.run.data

    def look(self, **changes: Any) -> LineBrowser:
        """Change ``seed``, ``label`` or ``weights``.

        Raises
        ------
        ValueError
            Out of bounds, or an option that lines do not have.
        """
        look = make(BrowseConfig, **self.look_at.model_dump() | changes)
        self._check(look)
        self.look_at = look
        self._observers.tell("look", look)
        return self

    def _check(self, look: BrowseConfig) -> None:
        new = BrowseConfig()
        for option in ("step", "sort", "directions", "truncation"):
            if getattr(look, option) != getattr(new, option):
                raise ValueError(f"{option} is for images, and {self.run.name} writes lines: leave it out")
        if look.label is not None and look.label >= self.run.num_classes:
            raise ValueError(
                f"label {look.label}: classes go from 0 to {self.run.num_classes - 1}" if self.run.num_classes
                else f"{self.run.name} is not conditional, so it has no classes to choose from: leave the label out"
            )  # fmt: skip

    def lines(self, start: int = 0, count: int = 60) -> list[str]:
        """Lines from number ``start`` on; there are always more."""
        start = whole_number(start, "start, the number of the first line,", 0, MOST_LINES)
        count = whole_number(count, "count, how many lines,", 1, MOST_AT_ONCE)
        return self._written(self._z(start + count)[start:], self._labels(start, count))

    def walk(self, a: int, b: int, steps: int = 12) -> list[str]:
        """Lines on the way from number ``a`` to number ``b``, both included, along the sphere of z.

        The class is that of ``a``. Neighbours may be equal: a line is a choice, and changes at once or not at all.
        """
        a, b = (whole_number(n, "a line is a number that", 0, MOST_LINES) for n in (a, b))
        steps = whole_number(steps, "steps of the walk", 2, MOST_STEPS)
        z = self._z(max(a, b) + 1)
        labels = self._labels(a, 1)
        return self._written(
            slerp(z[a], z[b], np.linspace(0, 1, steps)), None if labels is None else np.repeat(labels, steps)
        )

    def neighbours(self, line: str, count: int = 6) -> list[tuple[str, int]]:
        """Training lines with the fewest edits to a line, and how many, the nearest first."""
        count = whole_number(count, "count, how many neighbours,", 1, 100)
        found = extract(line, self.data.lines, scorer=Levenshtein.distance, processor=None, limit=count)
        return [(other, int(edits)) for other, edits, _ in found]

    def star(self, number: int) -> LineBrowser:
        """Make the line of this number a favourite, with its z; if it is one, remove it."""
        (line,), z = self.lines(number, 1), self._z(number + 1)[number]
        if self.favourites.pop(line, None) is None:
            self.favourites[line] = [round(float(value), 6) for value in z]
        self._observers.tell("favourites", list(self.favourites))
        return self

    def export(self, file: str | Path) -> Path:
        """Write the favourites as ``.txt``, ``.csv`` or ``.json``; return the path.

        Raises
        ------
        ValueError
            There are no favourites, or another suffix.
        """
        if not self.favourites:
            raise ValueError("there are no favourites yet: add some first (browser.star(number))")
        path = checked_out(file, FORMATS)
        with atomic(path) as temporary:
            if path.suffix == ".csv":
                with temporary.open("w", encoding="utf-8", newline="") as out:
                    csv.writer(out).writerows([["line"], *([line] for line in self.favourites)])
            else:
                write_text(temporary, self.text() if path.suffix == ".txt" else json.dumps(self.favourites, indent=1))
        return path

    def text(self) -> str:
        """The favourites, one a line."""
        return "".join(f"{line}\n" for line in self.favourites)

    def observe(self, observer: Observer) -> Callable[[], None]:
        """Call ``observer(event, value)`` when its view or favourites change; return a function that ends it."""
        return self._observers.add(observer)

    def _z(self, count: int) -> np.ndarray:
        seed = self.look_at.seed
        return self.run.with_gan(lambda gan: gan.noise(count, seed))

    def _labels(self, start: int, count: int) -> np.ndarray | None:
        if not self.run.num_classes:
            return None
        if self.look_at.label is not None:
            return np.full(count, self.look_at.label, np.int32)
        return (start + np.arange(count, dtype=np.int32)) % self.run.num_classes

    def _written(self, z: np.ndarray, labels: np.ndarray | None) -> list[str]:
        drawn = self.run.with_gan(lambda gan: gan.sample(z, labels, weights=self.look_at.weights))
        return self.data.decode(drawn, self.run.folder.config()["data"])
