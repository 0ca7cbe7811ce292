"""The inpainting panel without a kernel: the image with its mask, and what filled it."""

from __future__ import annotations

import html
import math
from typing import TYPE_CHECKING

import numpy as np

from ganbook.notebook.panels.image_files import as_shown
from ganbook.notebook.panels.inpainting.messages import lines
from ganbook.training import plots
from ganbook.utils.figures import png

if TYPE_CHECKING:
    from ganbook.notebook.panels.inpainting.session import Session

MASK_COLOUR = (216, 40, 48)
COLUMNS = 4


def snapshot(session: Session) -> tuple[bytes, str]:
    """Draw the image with its mask beside the results: a PNG, and a table as HTML."""
    shown = [(session.opened.name, "", _with_mask(session))]
    for method, result in session.results.items():
        shown.append((method, " · ".join(lines(session, method)[0]), as_shown(result.image)))
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


def _with_mask(session: Session) -> np.ndarray:
    """Return the image with the mask that was filled, or is painted, in one colour: uint8 (H, W, 3)."""
    image = as_shown(session.image)
    image = np.repeat(image, 3 // image.shape[2], axis=2)
    image[next((result.mask for result in session.results.values()), session.mask)] = MASK_COLOUR
    return image
