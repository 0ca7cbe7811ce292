"""A playground as a figure: the plane with D's opinion, gradients and samples, beside the discriminator's output.

Of two recipes side by side, both planes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ganbook.plane.frame import window
from ganbook.training import plots
from ganbook.utils.figures import DISCRIMINATOR, GENERATOR, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ganbook.config.train import TrainConfig
    from ganbook.plane.frame import Frame
    from ganbook.training.run import Run

REAL, ARROWS = 1500, 150
ARROW_SCALE, ARROW_MOST = 0.12, 0.5  # of the data's scale for a gradient of 1; and the longest


def playground_figure(seen: Sequence[tuple[Run, Frame]]) -> Figure:
    """Draw a frame of a run on points and its history, or the frames of two runs."""
    figure = new_figure(9.4, 4.6)
    axes = figure.subplots(1, 2)
    for (run, frame), ax in zip(seen, axes, strict=False):
        plane(run.data, frame, ax)
        if len(seen) > 1:
            ax.set_title(f"{objective(run.config)}, step {frame.step:,}", loc="left", fontsize=10, fontweight="bold")
    if len(seen) == 1:
        plots.beliefs(seen[0][0].history, axes[1])
    return figure


def objective(config: TrainConfig) -> str:
    """Write the loss and the penalties: ``non-saturating, R1 0.1``."""
    names = {"r1": "R1", "r2": "R2", "gradient_penalty": "gradient penalty"}
    weights = [f"{title} {getattr(config, name):g}" for name, title in names.items() if getattr(config, name)]
    return ", ".join([str(config.loss), *(weights or ["no penalty"])])


def plane(data: Any, frame: Frame, ax: Axes) -> None:
    """Draw real points, samples, D's opinion (orange: real, blue: generated) and the gradients of G's loss."""
    from matplotlib.colors import LinearSegmentedColormap

    x, y, half = window(data)
    extent = (x - half, x + half, y - half, y + half)
    shades = LinearSegmentedColormap.from_list("opinion", [GENERATOR, "#FFFFFF", DISCRIMINATOR])
    ax.imshow(
        frame.heat, cmap=shades, vmin=0, vmax=1, origin="lower", extent=extent, alpha=0.5, interpolation="bilinear"
    )
    ax.plot(*data.points[:REAL].T, ".", ms=2, color="#777777", label="real")
    ax.plot(*frame.samples.T, ".", ms=3, color=GENERATOR, label="samples")
    starts, slopes = frame.samples[:ARROWS], frame.slopes[:ARROWS]
    norms = np.maximum(np.linalg.norm(slopes, axis=1, keepdims=True), 1e-12)
    arrows = slopes / norms * np.minimum(ARROW_SCALE * norms, ARROW_MOST) * data.scale
    ax.quiver(*starts.T, *arrows.T, angles="xy", scale_units="xy", scale=1, width=0.003, color="#333333")
    ax.set(xlim=extent[:2], ylim=extent[2:], aspect="equal")
    ax.set_title(f"{data.name}, step {frame.step:,}", loc="left", fontsize=10, fontweight="bold", parse_math=False)
    ax.legend(loc="upper right", fontsize=8)
