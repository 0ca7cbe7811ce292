"""A figure that any thread may draw, and the colours that mean the same everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# The same two colours as in the panels; safe for colour-blind readers.
GENERATOR, DISCRIMINATOR, ALARM, CHANGE = "#0072B2", "#D55E00", "#E8A33D", "#0B7A4B"


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of so many inches that draws itself without pyplot."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    return figure
