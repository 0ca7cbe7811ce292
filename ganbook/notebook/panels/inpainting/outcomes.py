"""What remains of the inpainting panel where no kernel is: the picture with its hole, and what filled it."""

from __future__ import annotations

import html
import math
from typing import TYPE_CHECKING

import numpy as np

from ganbook.notebook.panels.inpainting.page import lines, seen
from ganbook.notebook.panels.snapshot import png
from ganbook.training import plots

if TYPE_CHECKING:
    from ganbook.notebook.panels.inpainting.canvas import Canvas

HOLE = (216, 40, 48)
COLUMNS = 4


def still(canvas: Canvas) -> tuple[bytes, str]:
    """Paint the picture with its hole beside the results: a PNG, and a table as HTML."""
    shown = [(canvas.picture.name, "", _holed(canvas))]
    for method, result in canvas.results.items():
        shown.append((method, " · ".join(lines(canvas, method)[0]), seen(result.image)))
    rows, columns = math.ceil(len(shown) / COLUMNS), min(len(shown), COLUMNS)
    figure = plots.new_figure(2.35 * columns, 2.9 * rows)
    axes = list(figure.subplots(rows, columns, squeeze=False).flat)
    for ax in axes:
        ax.set_axis_off()
    for ax, (title, below, image) in zip(axes, shown, strict=False):
        ax.imshow(image.squeeze(), cmap="gray", vmin=0, vmax=255, interpolation="nearest" if len(image) < 256 else None)
        ax.set_title(title, loc="left", fontsize=10, fontweight="bold", parse_math=False)
        ax.text(0, -0.02, below, transform=ax.transAxes, va="top", fontsize=9, color="#666666")
    cells = [f"<tr><td>{html.escape(title)}</td><td>{html.escape(below)}</td></tr>" for title, below, _ in shown[1:]]
    return png(figure), f"<table>{''.join(cells)}</table>"


def _holed(canvas: Canvas) -> np.ndarray:
    """The picture with the hole that was filled, or is painted, in one colour: uint8 (H, W, 3)."""
    image = seen(canvas.image)
    image = np.repeat(image, 3 // image.shape[2], axis=2)
    image[next((result.mask for result in canvas.results.values()), canvas.mask)] = HOLE
    return image
