"""The playground's panel without a kernel: the plane as it last was, the discriminator's output, and the scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ganbook.notebook.panels.snapshot import png
from ganbook.training import plots
from ganbook.utils.figures import DISCRIMINATOR, GENERATOR, new_figure

if TYPE_CHECKING:
    from ganbook.plane.playground import Playground

NAMES = {
    "modes": "modes captured", "high_quality": "high-quality samples", "sliced_wasserstein": "sliced Wasserstein",
    "js_divergence": "JS divergence (bits)",
}  # fmt: skip
REAL = 1500


def snapshot(playground: Playground) -> tuple[bytes, str]:
    """Draw a playground: a PNG, and its scores as HTML. Nothing before it has been looked at."""
    recorder = playground.recorder
    frame = recorder.latest if recorder else None
    if frame is None:
        return b"", ""
    from matplotlib.colors import LinearSegmentedColormap

    from ganbook.plane.frame import window

    data: Any = playground.run.data
    x, y, half = window(data)
    extent = (x - half, x + half, y - half, y + half)
    figure = new_figure(9.4, 4.6)
    left, right = figure.subplots(1, 2, width_ratios=(1, 1))
    shades = LinearSegmentedColormap.from_list("opinion", [GENERATOR, "#FFFFFF", DISCRIMINATOR])
    left.imshow(frame.heat, cmap=shades, vmin=0, vmax=1, origin="lower", extent=extent, alpha=0.45)
    left.plot(*data.points[:REAL].T, ".", ms=2, color="#777777", label="real")
    left.plot(*frame.samples.T, ".", ms=3, color=GENERATOR, label="samples")
    left.set(xlim=extent[:2], ylim=extent[2:], aspect="equal")
    left.set_title(f"{data.name}, step {frame.step:,}", loc="left", fontsize=10, fontweight="bold", parse_math=False)
    left.legend(loc="upper right", fontsize=8)
    plots.beliefs(playground.run.history, right)
    return png(figure), _table(playground)


def _table(playground: Playground) -> str:
    recorder = playground.recorder
    if recorder is None or not recorder.scores:
        return ""
    row, floor = recorder.scores[-1], playground.floor
    cells = "".join(
        f"<tr><td>{title}</td><td>{row[name]:.4g}</td><td>{floor[name]:.4g}</td></tr>"
        for name, title in NAMES.items()
        if name in row
    )
    head = f"<tr><th>step {row['step']:,}</th><th>averaged generator</th><th>real points</th></tr>"
    return f"<table>{head}{cells}</table>"
