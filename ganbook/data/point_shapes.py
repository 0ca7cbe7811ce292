"""Distributions in the plane, by name: each a function of a generator of random numbers, a count and its options.

Every function returns points float64 (count, 2) and the component of each, int64 (count,), or None where there are
none. The functions need NumPy alone, so that their source can go into exported code.
"""

from __future__ import annotations

import difflib
import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

MOST, LARGEST = 100, 1000.0  # of whole and of other options
Points = tuple[np.ndarray, np.ndarray | None]


def ring_modes(modes=8, radius=1.0):
    """Return means on a circle, float64 (modes, 2)."""
    angles = 2 * np.pi * np.arange(modes) / modes
    return radius * np.column_stack([np.cos(angles), np.sin(angles)])


def grid_modes(side=5, step=2.0):
    """Return means on a square around the origin, float64 (side², 2)."""
    line = step * (np.arange(side) - (side - 1) / 2)
    return np.stack(np.meshgrid(line, line, indexing="ij"), -1).reshape(-1, 2)


def ring(rng, count, modes=8, radius=1.0, sigma=0.01):
    """Gaussians on a circle; in the literature 8 of radius 1 with σ = 0.01 (VEEGAN, PacGAN)."""
    labels = rng.integers(modes, size=count)
    angles = 2 * np.pi * labels / modes
    means = radius * np.column_stack([np.cos(angles), np.sin(angles)])
    return means + sigma * rng.standard_normal((count, 2)), labels


def grid(rng, count, side=5, step=2.0, sigma=0.05):
    """Gaussians on a square grid; in the literature 5 by 5, 2 apart, with σ = 0.05 (VEEGAN, PacGAN)."""
    labels = rng.integers(side * side, size=count)
    means = step * (np.column_stack([labels // side, labels % side]) - (side - 1) / 2)
    return means + sigma * rng.standard_normal((count, 2)), labels


def two_gaussians(rng, count, distance=2.0, sigma=0.25):
    """Two round Gaussians side by side."""
    labels = rng.integers(2, size=count)
    means = np.column_stack([distance * (labels - 0.5), np.zeros(count)])
    return means + sigma * rng.standard_normal((count, 2)), labels


def disjoint(rng, count, pieces=3, radius=0.3):
    """Discs that do not touch, uniformly filled, on a circle of radius 1."""
    labels = rng.integers(pieces, size=count)
    angles = 2 * np.pi * labels / pieces + np.pi / 2
    turns, lengths = 2 * np.pi * rng.random(count), radius * np.sqrt(rng.random(count))
    means = np.column_stack([np.cos(angles), np.sin(angles)])
    return means + lengths[:, None] * np.column_stack([np.cos(turns), np.sin(turns)]), labels


def line(rng, count, length=2.0, sigma=0.02):
    """A straight segment, uniformly filled, with Gaussian noise."""
    along = length * (rng.random(count) - 0.5)
    return np.column_stack([along, 0.5 * along]) + sigma * rng.standard_normal((count, 2)), None


def spiral(rng, count, turns=1.5, sigma=0.02):
    """One arm that winds outwards, evenly filled along its length, with Gaussian noise."""
    way = np.sqrt(rng.random(count))
    angles = 2 * np.pi * turns * way
    arm = way[:, None] * np.column_stack([np.cos(angles), np.sin(angles)])
    return arm + sigma * rng.standard_normal((count, 2)), None


def moons(rng, count, sigma=0.05):
    """Two interleaving half circles of radius 1, as scikit-learn's ``make_moons`` has them."""
    labels, angles = rng.integers(2, size=count), np.pi * rng.random(count)
    upper = np.column_stack([np.cos(angles), np.sin(angles)])
    lower = np.column_stack([1 - np.cos(angles), 0.5 - np.sin(angles)])
    return np.where(labels[:, None] == 0, upper, lower) + sigma * rng.standard_normal((count, 2)), labels


def checkerboard(rng, count, side=4):
    """The dark squares of a board between −1 and 1, uniformly filled."""
    row, half = rng.integers(side, size=count), rng.integers((side + 1) // 2, size=count)
    column = 2 * half + row % 2
    # On boards of odd width, odd rows have one dark square less.
    outside = column >= side
    row, column = np.where(outside, 0, row), np.where(outside, 0, column)
    corners = np.column_stack([column, row])
    return 2 * (corners + rng.random((count, 2))) / side - 1, None


@dataclass(frozen=True)
class Shape:
    """A distribution as users choose it: what it is, how it is drawn, and the means of its modes, if it has modes."""

    summary: str
    draw: Callable[..., Points]
    modes: Callable[..., np.ndarray] | None = None
    options: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        parameters = list(inspect.signature(self.draw).parameters.values())[2:]
        object.__setattr__(self, "options", {each.name: each.default for each in parameters})


SHAPES: dict[str, Shape] = {
    "ring": Shape("Gaussians on a circle", ring, lambda modes, radius, sigma: ring_modes(modes, radius)),
    "grid": Shape("Gaussians on a square grid", grid, lambda side, step, sigma: grid_modes(side, step)),
    "spiral": Shape("one arm that winds outwards", spiral),
    "moons": Shape("two interleaving half circles", moons),
    "line": Shape("a straight segment", line),
    "two-gaussians": Shape("two round Gaussians", two_gaussians),
    "disjoint": Shape("discs that do not touch", disjoint),
    "checkerboard": Shape("the dark squares of a board", checkerboard),
}


def names() -> dict[str, str]:
    """Return the name of each distribution with one line about it."""
    return {
        name: f"{shape.summary}, points in the plane; options {_written(shape.options)}"
        for name, shape in SHAPES.items()
    }


def is_shape(text: str) -> bool:
    """Return True for the name of a distribution, with or without options: ``ring``, ``ring:modes=6``."""
    return text.partition(":")[0] in SHAPES


def parse(text: str) -> tuple[str, dict[str, Any]]:
    """Read ``ring`` or ``ring:modes=6,sigma=0.05``; return the name and all options.

    Raises
    ------
    ValueError
        An option that is unknown, no number, or out of bounds.
    """
    name, _, rest = text.partition(":")
    options = dict(SHAPES[name].options)
    for part in filter(None, rest.split(",")):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or key not in options:
            close = difflib.get_close_matches(key, options, 1, 0.5)
            guess = f"; did you mean {close[0]}?" if close else ""
            raise ValueError(f"data {text!r}: {name} takes {_written(options)}, not {part.strip()!r}{guess}")
        options[key] = _number(value, f"{name}:{key}", whole=isinstance(options[key], int))
    return name, options


def _number(value: str, what: str, whole: bool) -> float:
    try:
        number = int(value) if whole else float(value)
    except ValueError:
        number = math.nan
    most = MOST if whole else LARGEST
    if not 0 < number <= most:
        kind = f"a whole number from 1 to {most}" if whole else f"a number above 0 and up to {most:g}"
        raise ValueError(f"data {what} is {kind}, not {value!r}")
    return number


def _written(options: dict[str, Any]) -> str:
    return ",".join(f"{name}={value:g}" for name, value in options.items())
