"""Both networks of a GAN, layer by layer: shapes and parameters, as text and as a diagram."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import keras

    from ganbook.gan.model import GAN

BYTES = 4  # of a weight, float32
# Of the diagram, in pixels.
WIDTH, ROW, BAR, MIDDLE, TEXT = 480, 22, 100, 54, 116
BINS, HISTOGRAM = 28, 56


@dataclass(frozen=True)
class Layer:
    """One layer.

    Attributes
    ----------
    kind
        Its class, as ``Conv2D``.
    shape
        Of its output for one sample, without the batch; empty where it has several.
    parameters
        The number of its weights.
    histogram
        Counts of its weights in equal bins from −``largest`` to ``largest``; empty without weights.
    largest
        The largest absolute value of a weight.
    """

    kind: str
    shape: tuple[int | None, ...]
    parameters: int
    histogram: tuple[int, ...] = ()
    largest: float = 0.0

    @property
    def shape_in_words(self) -> str:
        """The shape as 14×14×64."""
        return "×".join("?" if side is None else f"{side:,}" for side in self.shape) or "1"


@dataclass(frozen=True)
class Network:
    """The layers of one network, in the order in which they are computed, and whether in bfloat16."""

    name: str
    layers: tuple[Layer, ...]
    bfloat16: bool = False

    @property
    def parameters(self) -> int:
        """The number of all weights."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def total(self) -> str:
        """Parameters, size and arithmetic in words."""
        megabytes = BYTES * self.parameters / 1e6
        size = f"{self.parameters:,} parameters, {megabytes:.{2 if megabytes < 10 else 0}f} MB"
        return size + ", computed in bfloat16" * self.bfloat16


@dataclass(frozen=True, repr=False)
class Networks:
    """Both networks; a diagram where a notebook shows it, a table as text."""

    generator: Network
    discriminator: Network

    def __repr__(self) -> str:
        return "\n\n".join(_text(network) for network in (self.generator, self.discriminator))

    def _repr_html_(self) -> str:
        colours = {"g": self.generator, "d": self.discriminator}
        style = f"flex:1 1 400px;min-width:0;max-width:{WIDTH}px"
        drawn = "".join(
            f"<div style='{style}'><b>{network.name.capitalize()}</b>"
            f" <span style='opacity:.7'>{network.total}</span>{_diagram(network, who)}</div>"
            for who, network in colours.items()
        )
        return f"<div class='gb-networks' style='display:flex;flex-wrap:wrap;gap:12px 24px'>{drawn}</div>"


def summary(gan: GAN) -> Networks:
    """Return the networks of a GAN, layer by layer."""
    return Networks(_network("generator", gan.generator), _network("discriminator", gan.discriminator))


def _network(name: str, network: keras.Model) -> Network:
    in_bfloat16 = any(layer.compute_dtype == "bfloat16" for layer in network.layers)
    return Network(name, tuple(_layers(network)), in_bfloat16)


def _layers(network: keras.Model) -> Iterator[Layer]:
    for layer in network.layers:
        if getattr(layer, "layers", None):
            yield from _layers(layer)
        else:
            yield Layer(type(layer).__name__, _shape(layer), layer.count_params(), *_histogram(layer))


def _histogram(layer: keras.layers.Layer) -> tuple[tuple[int, ...], float]:
    """Return a histogram of the largest of a layer's arrays that learn, its kernel as a rule."""
    arrays = [np.asarray(weight, np.float32) for weight in layer.trainable_weights]
    values = max(arrays, key=np.size, default=np.empty(0))
    largest = float(np.abs(values).max(initial=0.0))
    if not largest or not np.isfinite(largest):
        return (), largest
    return tuple(np.histogram(values, BINS, (-largest, largest))[0].tolist()), largest


def _shape(layer: keras.layers.Layer) -> tuple[int | None, ...]:
    try:
        shape = layer.output.shape
    except (AttributeError, ValueError):  # it has several outputs, or was never called
        return ()
    return tuple(shape[1:])


def _text(network: Network) -> str:
    rows = [(layer.kind, layer.shape_in_words, f"{layer.parameters:,}") for layer in network.layers]
    kind, shape, count = (max(len(row[i]) for row in rows) for i in range(3))
    lines = [f"  {row[0]:<{kind}}  {row[1]:>{shape}}  {row[2]:>{count}}" for row in rows]
    return "\n".join([f"{network.name}: {network.total}", *lines])


def _diagram(network: Network, who: str) -> str:
    """Draw a bar for each layer, as wide as the logarithm of its outputs, from the input down."""
    values = [math.log2(1 + math.prod(side or 1 for side in layer.shape)) for layer in network.layers]
    most = max(values)
    colour = {"g": "var(--gb-g, #0072b2)", "d": "var(--gb-d, #d55e00)"}[who]
    rows = "".join(
        _row(layer, ROW * i, max(6.0, BAR * value / most), colour)
        for i, (layer, value) in enumerate(zip(network.layers, values, strict=True))
    )
    height = ROW * len(network.layers)
    label = html.escape(f"{network.name}, {len(network.layers)} layers, {network.total}", quote=True)
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{label}" font-size="12" '
        f'style="display:block;width:100%;max-width:{WIDTH}px;margin-top:6px" fill="currentColor">{rows}</svg>'
    )


def _row(layer: Layer, top: int, width: float, colour: str) -> str:
    own = layer.parameters > 0
    faint = "" if own else ' opacity=".7"'
    look = f'fill="{colour}"' if own else f'fill="none" stroke="{colour}" stroke-opacity=".6"'
    line = top + ROW - 7
    parameters = (
        f'<text x="{WIDTH - HISTOGRAM - 12}" y="{line}" text-anchor="end">{layer.parameters:,}</text>' if own else ""
    )
    kind = html.escape(layer.kind if len(layer.kind) < 24 else f"{layer.kind[:22]}…")
    return (
        f'<rect x="{MIDDLE - width / 2:.1f}" y="{top + 4}" width="{width:.1f}" height="{ROW - 7}" rx="3" {look}/>'
        f'<text x="{TEXT}" y="{line}"{faint}>{kind}</text>'
        f'<text x="{WIDTH - HISTOGRAM - 82}" y="{line}" text-anchor="end" opacity=".7">{layer.shape_in_words}</text>'
        f"{parameters}"
        f"{_bars(layer, top, colour)}"
    )


def _bars(layer: Layer, top: int, colour: str) -> str:
    """Draw the histogram of a layer's weights, symmetrical around 0."""
    if not layer.histogram:
        return ""
    step, most, bottom = HISTOGRAM / BINS, max(layer.histogram), top + ROW - 3
    path = "".join(
        f"M{WIDTH - HISTOGRAM + step * i:.1f} {bottom}v{-(ROW - 7) * count / most:.1f}h{step:.1f}V{bottom}z"
        for i, count in enumerate(layer.histogram)
    )
    title = f"weights from {-layer.largest:.3g} to {layer.largest:.3g}"
    return f'<path d="{path}" fill="{colour}"><title>{title}</title></path>'
