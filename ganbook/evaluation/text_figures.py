"""The figure of a report on lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import seaborn as sns

from ganbook.utils.figures import GENERATOR, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ganbook.evaluation.text_report import TextReport

REAL = "#8A8A8A"


def report_figure(report: TextReport) -> Figure:
    """Draw the distances of n-grams and the lengths of lines, samples beside real lines."""
    figure = new_figure(8.6, 3.0)
    distances, lengths = figure.subplots(1, 2)
    rows = [
        {"characters in a row": n, "distance": row[f"js_{n}"], "of": name}
        for name, row in (("samples", report.samples), ("real lines", report.floor))
        for n in (1, 2, 3, 4)
    ]
    palette = {"samples": GENERATOR, "real lines": REAL}
    sns.barplot(_columns(rows), x="characters in a row", y="distance", hue="of", palette=palette, ax=distances)
    table = report.lengths()
    rows = [
        {"characters": length, "lines": int(table.loc[length, of]), "of": name}
        for of, name in (("samples", "samples"), ("real", "real lines"))
        for length in table.index
    ]
    sns.barplot(_columns(rows), x="characters", y="lines", hue="of", palette=palette, ax=lengths, legend=False)
    for axes, title in ((distances, "Distance to held-out lines"), (lengths, "Lengths of lines")):
        axes.set_title(title, loc="left", fontsize=10, fontweight="bold")
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0, colors="#666666", labelsize=8)
    distances.legend(title=None, fontsize=8, frameon=False)
    return figure


def _columns(rows: list[dict]) -> dict[str, list]:
    return {name: [row[name] for row in rows] for name in rows[0]}
