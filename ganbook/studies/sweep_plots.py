"""A sweep in pictures: the best value so far, what was tried as parallel coordinates, how much each option matters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ganbook.config.space import Choices, Range, Space
from ganbook.utils.figures import DISCRIMINATOR, GENERATOR, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ganbook.studies.sweep_plan import Metric

GREY = "#888888"


def draw(table: pd.DataFrame, space: Space, measure: Metric, importances: dict[str, float]) -> Figure:
    """Draw the table of a sweep."""
    ratios = [1.0, 1.6] + ([0.7] if importances else [])
    figure = new_figure(2.7 * sum(ratios), 3.0)  # inches: words stay legible where a panel shows it small
    axes = figure.subplots(1, len(ratios), width_ratios=ratios)
    _best_so_far(axes[0], table, measure)
    _parallel(axes[1], table, space)
    if importances:
        _importances(axes[2], importances)
    return figure


def _title(ax: Axes, text: str) -> None:
    ax.set_title(text, loc="left", fontsize=10, fontweight="bold")
    ax.spines[["top", "right"]].set_visible(False)


def _best_so_far(ax: Axes, table: pd.DataFrame, measure: Metric) -> None:
    rows = table.assign(number=table["trial"].str.extract(r"(\d+)", expand=False).astype(int)).sort_values("number")
    finished = rows[rows["state"].eq("finished")]
    values = finished[measure.name].astype(float)
    best = values.cummax() if measure.maximize else values.cummin()
    others = rows[rows["state"].isin(["pruned", "training"])].dropna(subset=[measure.name])
    ax.plot(others["number"], others[measure.name].astype(float), "o", ms=4, mfc="none", mec=GREY, label="ended early")
    ax.plot(finished["number"], values, "o", ms=4.5, color=GENERATOR, label="finished")
    ax.step(finished["number"], best, where="post", color=DISCRIMINATOR, lw=1.5, label="best so far")
    spread = pd.concat([values, others[measure.name].astype(float)])
    if len(spread) and not measure.maximize and spread.min() > 0 and spread.max() > 5 * spread.min():
        ax.set_yscale("log")
    ax.set_xlabel("trial")
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.legend(frameon=False, fontsize=9)
    _title(ax, measure.name + (f",{measure.unit}" if measure.unit else ""))


def _parallel(ax: Axes, table: pd.DataFrame, space: Space) -> None:
    """Draw one line for each finished trial, from option to option, to its rank; the better, the stronger."""
    finished = table[table["state"].eq("finished")].reset_index(drop=True)
    names = [*space, "rank"]
    for x, name in enumerate(names):
        ax.axvline(x, color=GREY, lw=0.8)
        for at, text in _ticks(space[name]) if name in space else [(1.0, "best"), (0.0, "worst")]:
            ax.text(
                x, at, f" {text}", fontsize=9, va="center", ha="left", bbox={"fc": "white", "ec": "none", "pad": 0.5}
            )
    count = len(finished)
    for index in reversed(range(count)):
        row = finished.iloc[index]
        rank = 1 - index / max(1, count - 1)
        ys = [*(_height(space[name], row[name], index) for name in space), rank]
        first = index == 0
        ax.plot(
            range(len(names)), ys, color=DISCRIMINATOR if first else GENERATOR, lw=2 if first else 1,
            alpha=1.0 if first else 0.35 + 0.5 * rank, zorder=3 if first else 2,
        )  # fmt: skip
    ax.set_xticks(range(len(names)), [*space, "rank"], fontsize=9)
    ax.set_yticks([])
    ax.set_ylim(-0.08, 1.08)
    ax.set_xlim(-0.1, len(names) - 0.6)
    ax.spines[["left", "bottom"]].set_visible(False)
    _title(ax, "What was tried (best: orange)")


def _height(values: Choices | Range, value: Any, index: int) -> float:
    if isinstance(values, Choices):
        count = len(values.values)
        apart = 0.05 * ((index * 0.618) % 1 - 0.5)  # so that lines through one choice can be told apart
        return (values.values.index(value) / (count - 1) if count > 1 else 0.5) + apart
    if values.log:
        return float(np.log(value / values.low) / np.log(values.high / values.low))
    return float((value - values.low) / (values.high - values.low))


def _ticks(values: Choices | Range) -> list[tuple[float, str]]:
    if isinstance(values, Choices):
        return [(_height(values, value, 0) + 0.025, "auto" if value is None else str(value)) for value in values.values]
    middle = np.sqrt(values.low * values.high) if values.log else (values.low + values.high) / 2
    return [(_height(values, value, 0), f"{value:.3g}") for value in (values.low, middle, values.high)]


def _importances(ax: Axes, importances: dict[str, float]) -> None:
    names = list(reversed(importances))
    ax.barh(names, [importances[name] for name in names], color=GENERATOR, height=0.6)
    ax.set_xlim(0, 1)
    ax.tick_params(labelsize=9)
    _title(ax, "Importance")
