"""The training panel without a kernel: the last preview beside the curves, and the last report."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from ganbook.config import learning_rates
from ganbook.data.dataset import kind_of
from ganbook.training import plots
from ganbook.utils.figures import png
from ganbook.utils.files import read_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ganbook.training.run import Run

WARNINGS = 3


def snapshot(run: Run) -> tuple[bytes, str]:
    """Draw a run: a PNG, and its last report as HTML."""
    return png(_figure(run)), _lines(run) + _table(run)


def _figure(run: Run) -> Figure:
    from PIL import Image

    previews = run.folder.previews()
    text = any(file.suffix == ".txt" for file in previews.values())
    figure = plots.new_figure(4.9 if text else 9.4, 4.6)
    if text:
        right: Any = figure
    else:
        halves: Any = figure.subfigures(1, 2, width_ratios=(1, 1.05))
        left, right = halves
    if previews and not text:
        sheet = left.subplots()
        with Image.open(list(previews.values())[-1]) as image:
            sheet.imshow(image.convert("RGBA" if image.mode == "RGBA" else "RGB"), interpolation="nearest")
        sheet.set_axis_off()
        title = f"{run.name}, step {max(previews):,}"
        sheet.set_title(title, loc="left", fontsize=10, fontweight="bold", parse_math=False)
    history = run.history
    above, below = right.subplots(2, 1)
    plots.losses(history, above)
    plots.beliefs(history, below)
    plots.mark(learning_rates.marks(run.config, run.steps_done), history, (above, below))
    above.set_xlabel("")
    return figure


def _lines(run: Run) -> str:
    """Return the last preview as HTML, if it is lines of text."""
    previews = run.folder.previews()
    if not previews or (last := list(previews.values())[-1]).suffix != ".txt":
        return ""
    lines = [line.partition("\t")[2] for line in read_text(last).splitlines()]
    shown = "".join(f"<bdi style='display:inline-block;min-width:9em'>{html.escape(line)}</bdi>" for line in lines)
    title = html.escape(f"{run.name}, step {max(previews):,}")
    return f"<p><b>{title}</b></p><div style='max-width:48em'>{shown}</div>"


def _table(run: Run) -> str:
    """Return the last report and the newest warnings of the monitors as HTML."""
    history = run.history
    reports = history.dropna(subset=["d_loss", "g_loss"], how="all")
    if reports.empty:
        return ""
    last = reports.iloc[-1]
    noun = kind_of(run.folder.config()["data"]).noun
    cells = {
        "step": f"{last['step']:,.0f}",
        "seconds": f"{last['seconds']:,.1f}",
        f"{noun}s/s": f"{last['images_per_second']:,.0f}",
        "generator loss": f"{last['g_loss']:.3f}",
        "discriminator loss": f"{last['d_loss']:.3f}",
        "D(x)": f"{last['d_real']:.2f}",
        "D(G(z))": f"{last['d_fake']:.2f}",
    }
    head = "".join(f"<th>{name}</th>" for name in cells)
    body = "".join(f"<td>{value}</td>" for value in cells.values())
    warnings = [line for line in history["warning"].dropna() if line][-WARNINGS:]
    below = "".join(f"<p>{html.escape(line)}</p>" for line in warnings)
    return f"<table><tr>{head}</tr><tr>{body}</tr></table>{below}"
