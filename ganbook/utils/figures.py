"""Figures that any thread may draw, for pages light and dark, and the colours that mean the same everywhere."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# The same two colours as in the panels; safe for colour-blind readers.
GENERATOR, DISCRIMINATOR, ALARM, CHANGE = "#0072B2", "#D55E00", "#E8A33D", "#0B7A4B"
# Words and lines that are legible on white and on black alike (contrast of 4.5 and 4.6), and lines behind them.
INK, FAINT = "#767676", (0.5, 0.5, 0.5, 0.35)
# Of greys: lighter ones are lines behind; the most by which their channels differ.
LIGHT, NEUTRAL = 0.75, 0.06


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of so many inches that draws itself without pyplot."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def png(figure: Figure, dpi: int = 100) -> bytes:
    """Return a figure as a PNG for a page of any colour: without a ground, and what was black or grey legible on all.

    It has few colours, which makes it small: notebooks keep it. The figure is changed.
    """
    from PIL import Image

    _suit_any_ground(figure)
    full, small = BytesIO(), BytesIO()
    figure.savefig(full, format="png", dpi=dpi, facecolor="none")
    with Image.open(full) as image:
        image.quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


def _suit_any_ground(figure: Figure) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.spines import Spine
    from matplotlib.text import Text

    for axes in figure.axes:
        axes.patch.set_facecolor("none")
        axes.tick_params(which="both", color=INK, labelcolor=INK)
        if legend := axes.get_legend():
            legend.get_frame().set(facecolor="none", edgecolor=FAINT)
    for text in set(figure.findobj(Text)):
        text.set_color(_on_any_ground(text.get_color()))
        if box := text.get_bbox_patch():
            box.set_facecolor("none")
    for line in set(figure.findobj(Line2D)):
        colour = _on_any_ground(line.get_color())
        line.set(color=colour, alpha=None if colour is FAINT else line.get_alpha())
    for spine in figure.findobj(Spine):
        spine.set_edgecolor(FAINT)


def _on_any_ground(colour: Any) -> Any:
    """Return a colour as it is, but for greys."""
    from matplotlib.colors import to_rgb

    channels = () if str(colour) == "none" else to_rgb(colour)
    if not channels or max(channels) - min(channels) > NEUTRAL:
        return colour
    return FAINT if min(channels) > LIGHT else INK
