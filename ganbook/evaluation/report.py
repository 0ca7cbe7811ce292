"""The answer of an evaluation of any data: a table, verdicts, a figure, JSON."""

from __future__ import annotations

import json
import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from ganbook.evaluation import report_html
from ganbook.evaluation.diagnosis import Verdict
from ganbook.evaluation.grades import POOR, grade
from ganbook.evaluation.metric_info import FEATURES, Number
from ganbook.utils.figures import png
from ganbook.utils.files import atomic, checked_out, write_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure


Rows = list[tuple[str, tuple[str, str, str, str]]]


@dataclass(frozen=True, eq=False, repr=False)
class Report(ABC):
    """The result of :func:`ganbook.evaluate`. ``print`` it, or leave it as the last line of a cell.

    Attributes
    ----------
    about
        What was evaluated, against what, and how.
    samples, floor
        The numbers of the samples, and of real data in their place.
    verdicts
        The numbers in words, the distance to real data first; each has a ``kind`` and what it rests on.
    """

    numbers: ClassVar[dict[str, Number]]
    chief: ClassVar[tuple[str, ...]]
    noun: ClassVar[str]

    about: dict[str, Any]
    samples: dict[str, Any]
    floor: dict[str, Any]
    verdicts: tuple[Verdict, ...]

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row per metric: ``number``, ``space``, ``samples``, ``low``, ``high`` (95 %), the same for real data in
        their place, ``ideal``, ``meaning``, ``caveat``.
        """  # noqa: D205
        rows = {}
        for key, number in self.numbers.items():
            if self.samples.get(key) is None and self.floor.get(key) is None:
                continue
            space = self.about["space"] if number.place == FEATURES else number.place
            rows[key] = (
                {"number": number.title, "space": space}
                | dict(zip(("samples", "low", "high"), _triple(self.samples.get(key)), strict=True))
                | dict(zip(("real", "real_low", "real_high"), _triple(self.floor.get(key)), strict=True))
                | {"ideal": number.ideal, "meaning": number.meaning, "caveat": number.caveat}
            )
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("key")

    @property
    @abstractmethod
    def title(self) -> str:
        """What was compared, in one line."""

    @property
    @abstractmethod
    def space(self) -> str:
        """How it was measured, in one line."""

    @abstractmethod
    def plot(self) -> Figure:
        """Draw what the numbers rest on."""

    @property
    def notes(self) -> str:
        """Meaning and caveat of each metric, one a line."""
        return "\n".join(f"{row.number}: {row.meaning} Caveat: {row.caveat}" for row in self.frame.itertuples())

    def to_dict(self) -> dict[str, Any]:
        """Return all but the samples themselves, ready for JSON; what was not measured is None."""
        return _plain({
            "about": self.about,
            "verdicts": [vars(verdict) for verdict in self.verdicts],
            "numbers": self.frame.to_dict("index"),
        } | self._more())  # fmt: skip

    def _more(self) -> dict[str, Any]:
        """Return what a kind of data has besides, for :meth:`to_dict`."""
        return {}

    def to_json(self, path: str | Path | None = None) -> str:
        """Return :meth:`to_dict` as JSON; write it to ``path`` if given.

        Raises
        ------
        FileNotFoundError
            The folder of ``path`` does not exist.
        """
        text = json.dumps(self.to_dict(), indent=2, ensure_ascii=False)
        if path is not None:
            with atomic(checked_out(path, {})) as temporary:
                write_text(temporary, text + "\n")
        return text

    def _rows(self) -> tuple[Rows, Rows]:
        """Return key, and samples, real, grade and ideal as text, of chief metrics and poor ones; and of the rest."""
        frame = self.frame
        cells = {key: _cells(frame.loc[key]) for key in (*self.chief, *frame.index) if key in frame.index}
        first = [(key, row) for key, row in cells.items() if key in self.chief or row[2] == POOR]
        return first, [(key, row) for key, row in cells.items() if (key, row) not in first]

    def __repr__(self) -> str:
        frame = self.frame
        rows = [("", "samples", f"real {self.noun}s", "", "ideal")]
        first, rest = self._rows()
        rows += [(f"{frame.number[key]} ({frame.space[key]})", *cells) for key, cells in first + rest]
        widths = [max(len(row[i]) for row in rows) for i in range(4)]
        table = [
            f"{name:<{widths[0]}}  {samples:>{widths[1]}}  {real:>{widths[2]}}  {word:<{widths[3]}}  {ideal}"
            for name, samples, real, word, ideal in rows
        ]
        return "\n".join([self.title, self.space, "", *map(str, self.verdicts), "", *table])

    def _repr_html_(self) -> str:
        return report_html.page(self, png(self.plot(), dpi=90))


def _cells(row: pd.Series) -> tuple[str, str, str, str]:
    samples, real = [row.samples, row.low, row.high], [row.real, row.real_low, row.real_high]
    return _formatted(*samples), _formatted(*real), grade(row.ideal, samples, real), row.ideal


def _triple(value: Any) -> list[float]:
    if isinstance(value, list):
        return value
    return [math.nan if value is None else value, math.nan, math.nan]


def _formatted(value: float, low: float, high: float) -> str:
    if not math.isfinite(value):
        return "–"
    between = f" ({low:.3g} to {high:.3g})" if math.isfinite(low) else ""
    return f"{value:.3g}{between}"


def _plain(value: Any) -> Any:
    """Return the same with None for numbers that are not finite."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
