"""The answer of an evaluation of any data: a table, verdicts, a figure, JSON."""

from __future__ import annotations

import html
import json
import math
from abc import ABC, abstractmethod
from base64 import b64encode
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from ganbook.evaluation.diagnosis import Verdict
from ganbook.evaluation.metric_info import FEATURES, Number
from ganbook.utils.files import atomic, checked_out, write_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure


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
        The numbers in words, worst first; each has a ``kind`` and what it rests on.
    """

    numbers: ClassVar[dict[str, Number]]
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

    def _table(self) -> list[tuple[str, str, str, str]]:
        return [
            (f"{row.number} ({row.space})", _formatted(row.samples, row.low, row.high),
             _formatted(row.real, row.real_low, row.real_high), row.ideal)
            for row in self.frame.itertuples()
        ]  # fmt: skip

    def __repr__(self) -> str:
        rows = [("", "samples", f"real {self.noun}s", "ideal"), *self._table()]
        widths = [max(len(row[i]) for row in rows) for i in range(3)]
        table = ["  ".join([row[0].ljust(widths[0]), row[1].rjust(widths[1]), row[2].rjust(widths[2]), row[3]])
                 for row in rows]  # fmt: skip
        return "\n".join([self.title, self.space, "", *table, "", *map(str, self.verdicts)])

    def _repr_html_(self) -> str:
        esc = html.escape
        head = "".join(f"<th>{title}</th>" for title in ("", "samples", f"real {self.noun}s", "ideal"))
        body = "".join(
            "<tr><th scope='row' style='text-align:left'>" + esc(name) + "</th>"
            + "".join(f"<td>{esc(cell)}</td>" for cell in cells) + "</tr>"
            for name, *cells in self._table()
        )  # fmt: skip
        items = "".join(
            f"<li><b>{esc(v.kind[0].upper() + v.kind[1:])}</b>: {esc(v.because)}.</li>" for v in self.verdicts
        )
        notes = "".join(
            f"<dt><b>{esc(row.number)}</b></dt><dd>{esc(row.meaning)} <i>Caveat:</i> {esc(row.caveat)}</dd>"
            for row in self.frame.itertuples()
        )
        file = BytesIO()
        self.plot().savefig(file, format="png", dpi=90)
        png = b64encode(file.getvalue()).decode()
        alternative = "; ".join(verdict.kind for verdict in self.verdicts)
        return (
            f"<div class='ganbook-report'><p><b>{esc(self.title)}</b><br>{esc(self.space)}</p><ul>{items}</ul>"
            f"<img alt='{esc(alternative)}' src='data:image/png;base64,{png}'>"
            f"<table><tr>{head}</tr>{body}</table>"
            f"<details><summary>What the metrics mean, and where they mislead</summary><dl>{notes}</dl></details></div>"
        )


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
