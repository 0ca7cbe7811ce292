"""``gb.compare``: several runs in one table and one figure."""

from __future__ import annotations

import html
import os
from base64 import b64encode
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ganbook.config import signature
from ganbook.config.evaluate import EvaluateConfig
from ganbook.config.parser import make
from ganbook.config.train import TrainConfig
from ganbook.evaluation.evaluate import evaluate
from ganbook.evaluation.report import Report
from ganbook.training.run import Run
from ganbook.training.runs import load_run
from ganbook.utils.bounds import switch
from ganbook.utils.figures import png

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHEET, LINES = 36, 12
# Where a run is stored and how it is saved: no reason for its samples to differ.
_NOT_COMPARED = {"name", "runs_dir", "checkpoint_every", "keep_checkpoints", "evaluate_every", "keep"}


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """The result of :func:`compare`. ``print`` it, or leave it as the last line of a cell.

    Attributes
    ----------
    runs
        The runs by name, in the order given.
    reports
        Their evaluations by name; empty if they were not evaluated.
    samples
        Samples of each from the same noise, uint8 (N, H, W, C) or lines, by name.
    """

    runs: dict[str, Run]
    reports: dict[str, Report]
    samples: dict[str, Any]

    @cached_property
    def options(self) -> pd.DataFrame:
        """The options that differ, one row per option, one column per run."""
        names = [name for name in TrainConfig.model_fields if name not in _NOT_COMPARED]
        used = {run.name: [getattr(run.config, name) for name in names] for run in self.runs.values()}
        table = pd.DataFrame(used, names, dtype=object)
        return table[[len(set(map(str, row))) > 1 for row in table.to_numpy()]].rename_axis("option")

    @cached_property
    def history(self) -> pd.DataFrame:
        """The histories of all runs, with a column ``run``."""
        return pd.concat([run.history.assign(run=name) for name, run in self.runs.items()], ignore_index=True)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row per metric; one column per run, and ``real`` for real images in their place."""
        if not self.reports:
            return pd.DataFrame(columns=list(self.runs))
        frames = {name: report.frame for name, report in self.reports.items()}
        first = next(iter(frames.values()))
        table = pd.DataFrame({name: frame["samples"] for name, frame in frames.items()}).reindex(first.index)
        return first[["number", "space"]].join(table).assign(real=first["real"], ideal=first["ideal"])

    def plot(self) -> Figure:
        """Draw samples of each run, and the curves of all over steps and over seconds."""
        from ganbook.evaluation.figures import comparison_figure

        return comparison_figure(self)

    def _verdicts(self) -> list[str]:
        return [f"{name}: {', '.join(v.kind for v in report.verdicts)}" for name, report in self.reports.items()]

    def _tables(self) -> dict[str, pd.DataFrame]:
        done = pd.DataFrame({
            name: {"steps done": f"{run.steps_done:,}", "seconds trained": f"{run.seconds:,.0f}"}
            for name, run in self.runs.items()
        })  # fmt: skip
        tables = {"Options that differ, and how long they trained": pd.concat([self.options.map(str), done])}
        if self.reports:
            numbers = self.frame.set_index(self.frame["number"] + " (" + self.frame["space"] + ")").rename_axis(None)
            noun = next(iter(self.reports.values())).noun
            tables[f"Metrics against held-out {noun}s"] = numbers.drop(columns=["number", "space"])
        if all(isinstance(samples, list) for samples in self.samples.values()):
            tables["Lines of the same noise"] = pd.DataFrame(self.samples).head(LINES)
        return tables

    def __repr__(self) -> str:
        parts = [
            f"{title}\n{table.to_string(float_format=lambda value: f'{value:.3g}', na_rep='–')}"
            for title, table in self._tables().items()
        ]
        return "\n\n".join([*parts, "\n".join(self._verdicts())]).strip()

    def _repr_html_(self) -> str:
        figure = b64encode(png(self.plot(), dpi=90)).decode()
        tables = "".join(
            f"<p><b>{html.escape(title)}</b></p>"
            + table.to_html(float_format=lambda value: f"{value:.3g}", na_rep="–", border=0)
            for title, table in self._tables().items()
        )
        items = "".join(f"<li>{html.escape(line)}</li>" for line in self._verdicts())
        about = html.escape(f"comparison of {', '.join(self.runs)}")
        return (
            f"<div class='ganbook-comparison'><img alt='{about}' src='data:image/png;base64,{figure}'>"
            f"{tables}<ul>{items}</ul></div>"
        )


@signature.takes(EvaluateConfig)
def compare(
    *runs: Run | str | Path,
    data: Any = None,
    quick: bool = False,
    runs_dir: str | Path | None = None,
    progress: bool = True,
    **options: Any,
) -> Comparison:
    """Compare runs: options that differ, curves, evaluations, samples from the same noise.

    Parameters
    ----------
    *runs
        Two or more: runs, their names or folders.
    data
        Reference images; the runs' own data unless given.
    quick
        Skip the evaluation.
    runs_dir
        The folder that holds the runs.
    progress
        Show a bar on stderr.
    **options
        The options of :class:`~ganbook.config.evaluate.EvaluateConfig`.

    Raises
    ------
    ValueError, OSError
        What was given, what is allowed and what to do, in one line.
    """
    config = make(EvaluateConfig, **{name: value for name, value in options.items() if value is not None})
    switch(quick, "quick")
    for run in runs:
        if not isinstance(run, Run | str | os.PathLike):
            raise ValueError(
                f"compare takes runs, their names or folders, one after the other, not {type(run).__name__}: "
                "gb.compare('a', 'b')"
            )
    opened = [run if isinstance(run, Run) else load_run(run, runs_dir) for run in runs]
    by_name = {run.name: run for run in opened}
    if len(by_name) < 2 or len(by_name) < len(opened):
        names = ", ".join(run.name for run in opened)
        raise ValueError(
            f"compare takes two runs or more of different names{f', not {names}' if names else ''}: give another"
        )
    if data is None and not quick:
        data_sets = {name: run.folder.config()["data"] for name, run in by_name.items()}
        if len({data_set["fingerprint"] for data_set in data_sets.values()}) > 1:
            trained_on = ", ".join(f"{name} {data_set['name']}" for name, data_set in data_sets.items())
            raise ValueError(
                f"the runs were trained on different data ({trained_on}), and metrics need one reference: give --data, "
                "or --quick for no metrics"
            )
    try:
        samples = {
            name: run.sample(SHEET, config.seed, truncation=config.truncation, weights=config.weights)
            for name, run in by_name.items()
        }
    except RuntimeError as error:  # no weights yet
        raise ValueError(str(error)) from None
    reports = {} if quick else {
        name: evaluate(run, data, progress=progress, **config.model_dump()) for name, run in by_name.items()
    }  # fmt: skip
    return Comparison(by_name, reports, samples)
