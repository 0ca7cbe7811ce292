"""The evaluation of lines of text: its numbers, its verdicts, and how they look."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from ganbook.config.evaluate import EvaluateConfig
from ganbook.data.characters import characters_of
from ganbook.data.text import TextData
from ganbook.evaluation.diagnosis import Verdict
from ganbook.evaluation.metric_info import Number
from ganbook.evaluation.report import Report
from ganbook.metrics.text import ORDERS, measure, nearest

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CHARACTERS, LINES = "characters", "lines"
CLOSE, FAR = 1.15, 1.5  # times the distance of real lines
TELLING = 0.6  # distances of real lines above it are near 1 for anything
REPEATS, COPIES, WRONG = 0.9, 0.2, 0.9  # fractions: unique, novel and right lines, below which it is said
SHOWN, LEAST = 24, 20


def _distance(n: int) -> Number:
    return Number(
        f"distance of {n}-grams" if n > 1 else "distance of characters",
        "≈ real",
        f"Jensen–Shannon distance, 0 to 1, of how often {f'{n} characters in a row' if n > 1 else 'characters'} occur.",
        "Fewer lines make it larger: compare with real lines, of which there are as many.",
        CHARACTERS,
    )


TEXT_NUMBERS = {
    **{f"js_{n}": _distance(n) for n in (1, 2, 3, 4)},
    "quality": Number(
        "likelihood of the samples",
        "≈ real",
        "Mean log-likelihood of a character of the samples under a 4-gram model of the training lines, in nats.",
        "The likeliest line, repeated, beats real lines: read it with the next number.",
        CHARACTERS,
    ),
    "diversity": Number(
        "likelihood of held-out lines",
        "≈ real",
        "Mean log-likelihood of a character of held-out lines under a 4-gram model of the samples, in nats.",
        "Lines copied from the training data do as well as new ones.",
        CHARACTERS,
    ),
    "right": Number(
        "right", "higher", "Fraction of lines that obey the rule of the data.", "One line, repeated, will do.", LINES
    ),
    "unique": Number(
        "different lines", "≈ real", "Different lines, divided by all lines.", "Noise is different, too.", LINES
    ),
    "novel": Number(
        "new lines",
        "higher",
        "Fraction of lines that are not in the training data; held-out lines are all new.",
        "Where the data are most of what there is, a good line is often a known one.",
        LINES,
    ),
    "edits": Number(
        "edits to the nearest training line",
        "≈ real",
        "Mean number of characters to insert, remove or change (Levenshtein).",
        "Long lines are farther from each other.",
        LINES,
    ),
    "length": Number(
        "distance of lengths",
        "≈ real",
        "Jensen–Shannon distance of the lengths of lines, in characters.",
        "It sees nothing else.",
        LINES,
    ),
}  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class TextReport(Report):
    """The result of :func:`ganbook.evaluate` for lines of text.

    Attributes
    ----------
    lines, real_lines
        The samples, and real lines in their place, as many.
    nearest_lines
        Of some samples: line, nearest training line, edits between them; the nearest first.
    about, samples, floor, verdicts
        As for every :class:`~ganbook.evaluation.report.Report`.
    """

    lines: tuple[str, ...]
    real_lines: tuple[str, ...]
    nearest_lines: pd.DataFrame
    numbers: ClassVar[dict[str, Number]] = TEXT_NUMBERS
    chief: ClassVar[tuple[str, ...]] = ("js_3", "js_4", "right", "unique", "novel", "edits")
    noun: ClassVar[str] = "line"

    @property
    def title(self) -> str:
        """What was compared, in one line."""
        about = self.about
        step = "" if about["step"] is None else f" at step {about['step']:,}"
        return f"{about['name']}{step}: {about['count']:,} lines against as many held-out lines of {about['data']}"

    @property
    def space(self) -> str:
        """How it was measured, in one line."""
        return f"Characters and their neighbours; {self.about['count']:,} other held-out lines in the samples' place."

    def plot(self) -> Figure:
        """Draw distances and lengths of samples beside those of real lines, and some of the lines."""
        from ganbook.evaluation.text_figures import report_figure

        return report_figure(self)

    def lengths(self) -> pd.DataFrame:
        """How many lines there are of each length: columns ``samples`` and ``real``."""
        counted = [Counter(len(characters_of(line)) for line in lines) for lines in (self.lines, self.real_lines)]
        table = pd.DataFrame({"samples": counted[0], "real": counted[1]}).sort_index().fillna(0).astype(int)
        return table.rename_axis("characters")

    def _more(self) -> dict[str, Any]:
        return {"nearest": self.nearest_lines.to_dict("records")}


def evaluate_lines(
    lines: Sequence[str], data: TextData, config: EvaluateConfig, *, name: str, step: int | None = None
) -> TextReport:
    """Measure lines against the held-out ones of some data; half of these take the samples' place.

    Raises
    ------
    ValueError
        The data hold out too few lines.
    """
    began = time.perf_counter()
    held_out = np.random.default_rng(config.seed).permutation(len(data.test_lines))
    count = min(len(lines), len(held_out) // 2)
    if count < LEAST:
        raise ValueError(
            f"{min(len(lines), len(data.test_lines) // 2):,} lines are too few to be judged: at least {LEAST} are "
            f"needed, and twice as many held out; {data.name} holds out {len(data.test_lines):,} of {len(data):,}"
        )
    reference = [data.test_lines[i] for i in held_out[:count]]
    real = [data.test_lines[i] for i in held_out[count : 2 * count]]
    judged = list(lines[:count])
    samples = measure(judged, reference, data.lines, rule=data.rule)
    floor = measure(real, reference, data.lines, rule=data.rule)
    about = {
        "name": name, "step": step, "count": count, "seed": config.seed, "data": data.name,
        "fingerprint": data.fingerprint, "space": CHARACTERS, "stopped": False,
        "seconds": round(time.perf_counter() - began, 1),
    }  # fmt: skip
    pairs = [(line, *found) for line, found in zip(judged[:200], nearest(judged[:200], data.lines), strict=True)]
    table = pd.DataFrame(pairs, columns=["line", "nearest", "edits"]).sort_values("edits", kind="stable")
    judgement = tuple(verdicts(samples, floor))
    return TextReport(about, samples, floor, judgement, tuple(judged), tuple(real), table.head(SHOWN))


def verdicts(samples: dict[str, float], floor: dict[str, float]) -> list[Verdict]:
    """Say how far samples are from real lines, then what is wrong with them."""
    n = max((n for n in ORDERS if floor[f"js_{n}"] < TELLING), default=1)
    distance, real = samples[f"js_{n}"], floor[f"js_{n}"]
    times = distance / max(real, 1e-9)
    kind = "close to real" if times <= CLOSE else "far from real" if times > FAR else "near, not close"
    found = [
        Verdict(
            kind,
            f"the frequencies of {f'{n} characters in a row' if n > 1 else 'characters'} are {times:.2g} times as far "
            f"from held-out lines as those of other real lines ({distance:.2g} against {real:.2g})",
        )
    ]
    if samples["unique"] < REPEATS * floor["unique"]:
        found.append(Verdict("repeats itself", f"{samples['unique']:.0%} of the lines are different from each other"))
    if samples.get("right", 1) < WRONG * floor.get("right", 1):
        found.append(Verdict("wrong", f"{samples['right']:.0%} of the lines are right"))
    if samples["novel"] < COPIES:
        found.append(Verdict("memorised", f"{1 - samples['novel']:.0%} of the lines are in the training data"))
    return found
