"""The figures of a report and of a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ganbook.data.grid import image_grid
from ganbook.evaluation.measure import RATIOS
from ganbook.metrics.memorisation import COPY
from ganbook.training.tasks import TASKS
from ganbook.utils.figures import GENERATOR, new_figure

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ganbook.evaluation.compare import Comparison
    from ganbook.evaluation.image_report import ImageReport

REAL = "#8A8A8A"
CLASSES, POINTS = 12, 100
AMONG = ("precision", "recall", "density", "coverage")


def report_figure(report: ImageReport) -> Figure:
    """Draw samples, real images and coverage above; classes, nearest distances and the worst pairs below."""
    figure = new_figure(10.0, 6.2)
    axes = figure.subplots(2, 3)
    _sheet(axes[0, 0], report.sample_images, "Samples")
    _sheet(axes[0, 1], report.real_images, "Real images")
    _among(axes[0, 2], report)
    _classes(axes[1, 0], report)
    _ratios(axes[1, 1], report)
    _pairs(axes[1, 2], report)
    # One for all, where it covers no title.
    handles, labels = max((ax.get_legend_handles_labels() for ax in axes.flat), key=lambda both: len(both[0]))
    if handles:
        figure.legend(handles, labels, loc="outside lower center", frameon=False, fontsize=8, ncols=2)
    return figure


def _titled(ax: Axes, title: str) -> None:
    ax.set_title(title, loc="left", fontsize=10, fontweight="bold", parse_math=False)


def _quiet(ax: Axes) -> None:
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0, colors="#666666", labelsize=8)
    ax.set(xlabel="", ylabel="")


def _sheet(ax: Axes, images: np.ndarray, title: str, columns: int | None = None) -> None:
    ax.imshow(np.asarray(image_grid(images, columns).convert("RGB")), interpolation="nearest")
    ax.set_axis_off()
    _titled(ax, title)


def _bars(ax: Axes, title: str, names: list[str], samples: list[float], real: list[float]) -> None:
    import seaborn as sns

    who = ["samples"] * len(names) + ["real"] * len(names)
    sns.barplot(
        x=[*samples, *real], y=[*names, *names], hue=who, orient="h", palette={"samples": GENERATOR, "real": REAL},
        ax=ax, saturation=1, legend=True,
    )  # fmt: skip
    _titled(ax, title)
    _quiet(ax)
    if legend := ax.get_legend():
        legend.remove()


def _among(ax: Axes, report: ImageReport) -> None:
    if "precision" not in report.samples:
        ax.set_axis_off()
        return
    _bars(
        ax, "Precision and coverage", list(AMONG), [report.samples[key] for key in AMONG],
        [report.floor.get(key, np.nan) for key in AMONG],
    )  # fmt: skip


def _classes(ax: Axes, report: ImageReport) -> None:
    shares = report.classes
    if shares.empty:
        ax.set_axis_off()
        return
    if len(shares) > CLASSES:
        shares = shares.nlargest(CLASSES, "data")
    _bars(
        ax, "Fraction of classes", [str(name) for name in shares.index], list(shares["samples"]), list(shares["data"])
    )


def _ratios(ax: Axes, report: ImageReport) -> None:
    if "ratios" not in report.samples:
        ax.set_axis_off()
        return
    for row, colour, label in ((report.floor, REAL, "real"), (report.samples, GENERATOR, "samples")):
        if "ratios" in row:
            ax.stairs(row["ratios"], RATIOS, color=colour, label=label, fill=label == "real", alpha=0.8)
    ax.axvline(COPY, color="#666666", linewidth=0.8, linestyle=(0, (3, 2)))
    _titled(ax, "Train/held-out distance ratio")
    _quiet(ax)
    ax.set_yticks([])
    ax.set_xlabel("left of the line: copies", color="#666666", fontsize=8)


def _pairs(ax: Axes, report: ImageReport) -> None:
    if not len(report.pair_images):
        ax.set_axis_off()
        return
    flat = report.pair_images.reshape(-1, *report.pair_images.shape[2:])
    _sheet(ax, flat, "Sample | nearest training image", 4)


def comparison_figure(comparison: Comparison) -> Figure:
    """Draw samples of each run above; losses, and how good or varied samples were, over steps and seconds below."""
    import seaborn as sns

    names = list(comparison.runs)
    figure = new_figure(10.0, 8.4)
    colours = dict(zip(names, sns.color_palette("colorblind", len(names)), strict=True))
    below: Any = figure
    if not any(isinstance(samples, list) for samples in comparison.samples.values()):  # lines are in the table
        above, below = np.asarray(figure.subfigures(2, 1, height_ratios=(1, 1.9)), object)
        for ax, name in zip(np.atleast_1d(above.subplots(1, len(names))), names, strict=True):
            _sheet(ax, comparison.samples[name], name)
            ax.title.set_color(colours[name])
    titles = {"g_loss": "Generator loss", "d_loss": "Discriminator loss"}
    qualities = TASKS[next(iter(comparison.runs.values())).config.task].qualities
    measured = {each.column: each.title for each in qualities if comparison.history[each.column].notna().any()}
    titles |= dict(list(measured.items())[:1] or [("diversity", "Diversity")])
    axes = below.subplots(3, 2, sharey="row", sharex="col")
    for row, column in zip(axes, titles, strict=True):
        for ax, x in zip(row, ("step", "seconds"), strict=True):
            for name in names:
                _curve(ax, comparison.runs[name].history, x, column, colours[name], name)
            _titled(ax, titles[column] if x == "step" else "")
            _quiet(ax)
            ax.grid(axis="y", color="#DDDDDD", linewidth=0.8)
    axes[-1, 0].set_xlabel("step", color="#666666", fontsize=9)
    axes[-1, 1].set_xlabel("seconds of training", color="#666666", fontsize=9)
    axes[0, 1].legend(frameon=False, fontsize=8, loc="lower right", bbox_to_anchor=(1, 1), ncols=4)
    return figure


def _curve(ax: Axes, history: pd.DataFrame, x: str, column: str, colour: Any, name: str) -> None:
    """Draw one column; a dense one as its running mean."""
    import seaborn as sns

    seen = history.dropna(subset=[column])
    line = seen[column].rolling(max(1, len(seen) // POINTS), center=True, min_periods=1).mean()
    sns.lineplot(x=seen[x], y=line, color=colour, label=name, ax=ax, estimator=None, legend=False, linewidth=1.3)
