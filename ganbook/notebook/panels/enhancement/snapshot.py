"""The enhancement panel without a kernel: the part that was looked at, before and after."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from ganbook.data.resampling import enlarge
from ganbook.notebook.panels.image_files import as_shown
from ganbook.training import plots
from ganbook.utils.figures import png

if TYPE_CHECKING:
    import numpy as np

    from ganbook.notebook.panels.enhancement.session import Session


def snapshot(session: Session, parts: dict[str, np.ndarray]) -> tuple[bytes, str]:
    """Draw a part of the image before and after each method: a PNG, and as HTML what was done with the whole.

    ``parts`` holds the part by method, uint8 or uint16 (scale h, scale w, C).
    """
    top, left, height, width = session.box
    shown = [("before", as_shown(session.image[top : top + height, left : left + width]))]
    shown += [(method, as_shown(part)) for method, part in parts.items()]
    largest = max(image.shape[0] for _, image in shown)
    figure = plots.new_figure(3 * len(shown), 3.3)
    for ax, (title, image) in zip(figure.subplots(1, len(shown), squeeze=False).flat, shown, strict=True):
        factor = largest // image.shape[0]
        pixels = enlarge(image, factor, "nearest").astype("uint8") if factor > 1 else image
        ax.set_axis_off()
        ax.imshow(pixels.squeeze(), cmap="gray", vmin=0, vmax=255, interpolation="nearest")
        ax.set_title(title, loc="left", fontsize=10, fontweight="bold", parse_math=False)
    rows = [
        f"<tr><td>{html.escape(method)}</td><td>{html.escape(', '.join(made.steps))}</td></tr>"
        for method, made in session.results.items()
    ]
    return png(figure), f"<table>{''.join(rows)}</table>"
