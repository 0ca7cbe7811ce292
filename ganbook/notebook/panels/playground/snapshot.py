"""The playground's panel without a kernel: the plane as it last was, the discriminator's output, and the scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ganbook.plane.plots import objective, playground_figure
from ganbook.utils.figures import png

if TYPE_CHECKING:
    from ganbook.plane.playground import Playground

NAMES = {
    "modes": "modes captured", "high_quality": "high-quality samples", "sliced_wasserstein": "sliced Wasserstein",
    "js_divergence": "JS divergence (bits)",
}  # fmt: skip


def snapshot(playground: Playground) -> tuple[bytes, str]:
    """Draw a playground: a PNG, and its scores as HTML; nothing before the first frame."""
    seen = [(each.run, each.recorder.latest) for each in playground.both if each.recorder is not None]
    drawn = [(run, frame) for run, frame in seen if frame is not None]
    if not drawn:
        return b"", ""
    return png(playground_figure(drawn)), "".join(map(_table, playground.both))


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
    title = f"{objective(playground.run.config)}, step {row['step']:,}"
    head = f"<tr><th>{title}</th><th>averaged generator</th><th>real points</th></tr>"
    return f"<table>{head}{cells}</table>"
