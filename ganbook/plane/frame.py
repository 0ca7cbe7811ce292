"""What there is to see of a GAN in the plane at one moment, and which part of the plane is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

MARGIN = 0.25  # of the data's extent, on each side of it
SAMPLES, PROBES, SEED = 500, 150, 0


@dataclass(frozen=True)
class Frame:
    """One moment of a training, in the units of the plane; arrays are float32.

    Attributes
    ----------
    step, g_updates, seconds
        Updates of D and of G, and seconds of training, so far.
    samples, average : (500, 2)
        Of the latest generator and of the averaged one (EMA), from the same z in every frame.
    slopes : (500, 2)
        −∂(G's loss)/∂(sample) at ``samples``: where a step of G moves them; in units of the data's scale.
    field : (16, 16, 2)
        ∇D at the centres of cells of the :func:`window`, the lowest row first: where D's logit rises, in units of the
        data's scale.
    steepness : (150,)
        ‖∇D‖ at the first :func:`probes`, which is what R1 weighs.
    heat : (40, 40)
        D's opinion in [0, 1], at the centres of cells of the :func:`window`, the lowest row first: D(x) for
        ``non-saturating`` and ``minimax``, D clipped for ``least-squares``. Elsewhere a logit means nothing by itself:
        σ(its distance from midway between the mean logits of real and generated samples); for ``wasserstein`` that
        distance as a fraction of the largest in the window.
    grid : (21, 21, 2)
        Where G takes a square grid in the first two dimensions of z, the others 0; with one dimension, (1, 21, 2).
    """

    step: int
    g_updates: int
    seconds: float
    samples: np.ndarray
    average: np.ndarray
    slopes: np.ndarray
    field: np.ndarray
    steepness: np.ndarray
    heat: np.ndarray
    grid: np.ndarray


def window(data: Any) -> tuple[float, float, float]:
    """Return the square of the plane that is shown: centre x, centre y and half its side."""
    low, high = (data.points.min(0).astype(float), data.points.max(0).astype(float))
    x, y = (low + high) / 2
    return float(x), float(y), float(max(high - low) / 2 * (1 + 2 * MARGIN))


def probes(data: Any) -> np.ndarray:
    """Return the real points at which D is judged, float32 (500, 2), repeated where there are fewer.

    At the first 150 its slope is measured.
    """
    rows = np.random.default_rng(SEED).permutation(len(data.points))
    return np.resize(data.points[rows[:SAMPLES]], (SAMPLES, 2))


def nearest(frames: Sequence[Frame], step: int) -> int:
    """Return which of the frames is nearest to a step, the latest of several."""
    return max(range(len(frames)), key=lambda i: (-abs(frames[i].step - step), i))
