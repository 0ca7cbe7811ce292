"""Figures of a training's history. Drawn on a figure of their own (Agg), so that any thread may ask for one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ganbook.utils.figures import ALARM, CHANGE, DISCRIMINATOR, GENERATOR, new_figure

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# With more reports than this, they are drawn pale, with their running mean on top.
DENSE = 400
_GREY, _GRID = "#666666", "#DDDDDD"


def history_figure(
    history: pd.DataFrame,
    ax: Sequence[Axes] | None = None,
    x: str = "step",
    title: str = "",
    changes: Sequence[tuple[int, str]] = (),
) -> Figure:
    """Draw losses and discriminator outputs side by side, with the monitors' alarms and changes of options marked.

    Parameters
    ----------
    history
        As :attr:`ganbook.Run.history` gives it.
    ax
        Two axes to draw on, losses and discriminator outputs; a new figure unless given.
    x
        ``step`` or ``seconds``.
    title
        Written above.
    changes
        What was changed while it trained: the step, and a few words.

    Returns
    -------
    Figure
        The figure of the axes. It belongs to no pyplot state: show it as the last line of a cell, or ``savefig``.

    Raises
    ------
    ValueError
        ``x`` is neither of the two, or ``ax`` is not two axes.
    """
    if x not in ("step", "seconds"):
        raise ValueError(f"x is 'step' or 'seconds', not {x!r}")
    if ax is None:
        figure = new_figure(10.0, 3.4)
        ax = figure.subplots(1, 2)
    if len(ax) != 2:
        raise ValueError(f"history_figure draws on two axes, losses and discriminator outputs, not on {len(ax)}")
    losses(history, ax[0], x)
    beliefs(history, ax[1], x)
    mark(changes, history, ax, x)
    figure = ax[0].figure
    if title:
        figure.suptitle(title, fontsize=12, fontweight="bold", x=0.01, ha="left", parse_math=False)
    return figure


def losses(history: pd.DataFrame, ax: Axes, x: str = "step") -> None:
    """Draw the losses of generator and discriminator."""
    _lines(history, ax, x, {"g_loss": ("generator", GENERATOR), "d_loss": ("discriminator", DISCRIMINATOR)})
    ax.set_title("Loss", loc="left", fontsize=10, fontweight="bold")
    ax.locator_params(axis="y", nbins=4)


def beliefs(history: pd.DataFrame, ax: Axes, x: str = "step") -> None:
    """Draw D(x) and D(G(z)) between 0 and 1; where both are ½, D cannot tell real from fake."""
    _lines(history, ax, x, {"d_fake": ("D(G(z)), fake", GENERATOR), "d_real": ("D(x), real", DISCRIMINATOR)})
    ax.set_title("Discriminator output", loc="left", fontsize=10, fontweight="bold")
    ax.set_ylim(-0.02, 1.02)
    ax.set_yticks([0, 0.5, 1], ["0", "½", "1"])


def mark(changes: Sequence[tuple[int, str]], history: pd.DataFrame, ax: Sequence[Axes], x: str = "step") -> None:
    """Mark what was changed while a run trained, at its step; on the first axes in words, too."""
    import numpy as np

    for step, words in changes:
        at = float(step) if x == "step" else float(np.interp(step, [0, *history["step"]], [0.0, *history[x]]))
        for axes in ax:
            axes.axvline(at, color=CHANGE, linewidth=1.2, linestyle=":", zorder=1)
        ax[0].annotate(
            words, (at, 1), (3, -3), xycoords=("data", "axes fraction"), textcoords="offset points", rotation=90,
            va="top", fontsize=7.5, color=_GREY, parse_math=False, zorder=4,
        )  # fmt: skip


def _lines(history: pd.DataFrame, ax: Axes, x: str, columns: dict[str, tuple[str, str]]) -> None:
    import seaborn as sns

    seen = history.dropna(subset=list(columns), how="all")
    style = {"ax": ax, "estimator": None, "errorbar": None}
    for column, (label, colour) in columns.items():
        line = seen[column]
        if seen.empty:
            ax.plot([], [], color=colour, label=label)
            continue
        if len(seen) > DENSE:
            sns.lineplot(x=seen[x], y=line, color=colour, alpha=0.25, linewidth=0.7, **style)
            line = line.rolling(len(seen) // (DENSE // 4), center=True, min_periods=1).mean()
        sns.lineplot(x=seen[x], y=line, color=colour, label=label, linewidth=1.4, **style)
    alarms = history.loc[history["warning"].fillna("").ne(""), x]
    for i, at in enumerate(alarms):
        ax.axvline(at, color=ALARM, linewidth=1.2, linestyle=(0, (3, 2)), zorder=1, label="" if i else "alarm")
    ax.grid(False)  # whatever theme the notebook has set
    ax.grid(axis="y", color=_GRID, linewidth=0.8)
    ax.set_axisbelow(True)
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0, colors=_GREY, labelsize=9)
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    ax.locator_params(axis="x", nbins=5)
    ax.set_xlabel("seconds of training" if x == "seconds" else "step", color=_GREY, fontsize=9)
    ax.set_ylabel("")
    ax.legend(
        loc="lower right", bbox_to_anchor=(1, 1), ncols=3, frameon=False, fontsize=9, labelcolor=_GREY, borderpad=0.1,
        handlelength=1.2, columnspacing=1.0, handletextpad=0.5,
    )  # fmt: skip
