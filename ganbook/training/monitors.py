"""What goes wrong while a GAN trains, recognised while it happens and said in plain words.

Three numbers are measured on samples of G from the same noise each time, against a sample of the data:

``diversity``
    Mean distance between two samples, over that between two data: 1 is as varied as the data, 0 is one output.
``nearest``
    Mean distance from a sample to its nearest other sample, over that of data. Falls to 0 when G has a few outputs,
    which may lie far apart and leave ``diversity`` high.
``change``
    How far the samples moved since the last measurement, over the mean distance between two data.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

SAMPLES = 128
# A fault must have lasted for so many steps and been seen so many times before it is named. A measurement without it
# takes back AGAINST of those times, of which no more than MOST_CHECKS count: it has to show in more than three of four.
PATIENCE_CHECKS, PATIENCE_STEPS = 8, 250
AGAINST, MOST_CHECKS = 3, 12
# From samples this much alike nothing returns by itself: half the patience will do.
IDENTICAL = 1e-3
# Every GAN begins with little diversity. It counts as lost once it has been there, or was not found in so many steps.
DIVERSE, BEGINNING_STEPS = 0.4, 2000
# Real points with no sample within this fraction of the data's spread are not reached; modes are lost below REACHED.
NEAR, REACHED = 0.25, 0.8
# Samples get worse when they are so many times as far from real images as the best were, so many times in a row.
WORSE, WORSE_CHECKS = 1.5, 3
WORSE_HELP = "--keep best, which keeps the best checkpoint; or a gradient penalty (--r1 1), or a lower --learning-rate"
NON_FINITE_HELP = "a lower --learning-rate, a gradient penalty (--r1 1), or --loss non-saturating"


@dataclass(frozen=True)
class Alarm:
    """A fault: its kind, the step since which it lasts, what was measured, and what to try."""

    kind: str
    since: int
    seen: str
    helps: str

    def __str__(self) -> str:
        return f"{self.kind} since step {self.since:,}: {self.seen}. Try {self.helps}."


@dataclass(frozen=True)
class Fault:
    """How a fault shows in a row of history, and how to speak of it."""

    kind: str
    shows: Callable[[dict[str, Any]], bool]
    seen: Callable[[dict[str, Any]], str]
    helps: str
    unless: frozenset[str] = frozenset()  # other faults, of which this one is but a consequence while they show


PENALTY = "--r1 1 (gradient penalty; if it is on already, --r1 10)"


def _percent(fraction: float) -> str:
    return f"{100 * fraction:.0f} %" if fraction >= 0.01 else "under 1 %"


def _alike(diversity: float, spacing: float, reach: float) -> str:
    if reach < REACHED and diversity >= 0.25:
        return f"samples reach only {_percent(reach)} of the data"
    if diversity < 0.25:
        return f"samples are nearly identical (diversity {_percent(diversity)} of the data's)"
    return f"samples repeat one another (distance to the nearest other sample {_percent(spacing)} of the data's)"


FAULTS = (
    Fault(
        "Mode collapse",
        lambda row: (
            row["nearest"] < 0.02 or ((row["diversity"] < 0.25 or row["reach"] < REACHED) and not row["beginning"])
        ),
        lambda row: _alike(row["diversity"], row["nearest"], row["reach"]),
        f"{PENALTY}, a lower --learning-rate, or a larger --batch-size",
    ),
    Fault(
        "Losses are diverging",
        lambda row: max(abs(row["d_loss"]), abs(row["g_loss"])) > 1e3,
        lambda row: f"D {row['d_loss']:.3g}, G {row['g_loss']:.3g}",
        "a gradient penalty (--r1 1; --gradient-penalty 10 with --loss wasserstein), or a lower --learning-rate",
    ),
    Fault(
        "The discriminator has won",
        lambda row: row["d_real"] > 0.98 and row["d_fake"] < 0.02,
        lambda row: f"D(x) is {row['d_real']:.2f} and D(G(z)) {row['d_fake']:.2f}, so the generator learns little",
        f"{PENALTY}, a lower --d-learning-rate, or more data",
    ),
    Fault(
        "The discriminator has lost",
        lambda row: row["d_real"] - row["d_fake"] < 0.005,
        lambda row: f"D(x) is {row['d_real']:.2f} and D(G(z)) {row['d_fake']:.2f}: it cannot tell real from fake",
        "a higher --d-learning-rate, a weaker penalty, or a lower --learning-rate",
    ),
    Fault(
        "No progress",
        lambda row: row["change"] < 1e-3,
        lambda row: "samples from the same noise have stopped changing",
        "a higher --learning-rate",
        frozenset({"Mode collapse", "Losses are diverging", "The discriminator has won", "The discriminator has lost"}),
    ),
)


class Monitors:
    """Watch one training.

    Parameters
    ----------
    data
        Up to :data:`SAMPLES` real samples, float32 (M, …).
    ignore
        Kinds of faults that have no meaning here.
    measure_reach
        Also watch which data have a sample near them, as is possible where there are few dimensions.
    """

    def __init__(self, data: np.ndarray, ignore: frozenset[str] = frozenset(), *, measure_reach: bool = False):
        self._real = data if measure_reach else None
        self._reach = 1.0
        self._spread, self._spacing = _distances(data)
        self._faults = [fault for fault in FAULTS if fault.kind not in ignore]
        self._last: np.ndarray | None = None
        self._was_diverse = False
        self._began: dict[str, int] = {}
        self._checks: dict[str, int] = {}
        self._named: set[str] = set()

    def measure(self, samples: np.ndarray) -> dict[str, float]:
        """Return ``diversity``, ``nearest`` and ``change`` for samples float32 (M, …) from the usual noise."""
        spread, spacing = _distances(samples)
        last, self._last = self._last, samples
        if self._real is not None:
            gaps = np.linalg.norm(self._real[:, None] - samples[None], axis=-1)
            self._reach = float(np.mean(gaps.min(1) < NEAR * self._spread))
        moved = (
            np.nan if last is None else np.sqrt(np.mean(np.square(samples - last), dtype=np.float64) * samples[0].size)
        )
        return {
            "diversity": spread / self._spread,
            "nearest": spacing / self._spacing,
            "change": float(moved) / self._spread,
        }

    def update(self, row: dict[str, Any]) -> list[Alarm]:
        """Take a row with fresh measurements; return the alarms that are due now, each once while it lasts."""
        self._was_diverse |= row["diversity"] > DIVERSE
        row = row | {
            "beginning": not self._was_diverse and row["step"] < BEGINNING_STEPS,
            "reach": self._reach,
        }
        alarms = []
        showing = {fault.kind for fault in self._faults if fault.shows(row)}
        for fault in self._faults:
            kind = fault.kind
            if kind not in showing:
                self._checks[kind] = self._checks.get(kind, 0) - AGAINST
                if self._checks[kind] < 0:
                    self._began.pop(kind, None)
                    self._checks.pop(kind)
                    self._named.discard(kind)
                continue
            since = self._began.setdefault(kind, int(row["step"]))
            seen = self._checks.get(kind, 0) + (2 if row["nearest"] < IDENTICAL else 1)
            self._checks[kind] = min(seen, MOST_CHECKS)
            lasting = row["step"] - since >= PATIENCE_STEPS and self._checks[kind] >= PATIENCE_CHECKS
            # What another fault explains at times has lasted all the same, and is named when that does not show.
            if lasting and kind not in self._named and not fault.unless & showing:
                self._named.add(kind)
                alarms.append(Alarm(kind, since, fault.seen(row), fault.helps))
        return alarms


class Course:
    """Follow whether samples still come closer to real images.

    Parameters
    ----------
    measured
        Step and Fréchet distance of each measurement so far.
    floor
        The distance of other real images, below which differences mean nothing.
    """

    def __init__(self, measured: Iterable[tuple[int, float]], floor: float):
        self._best: tuple[float, int] = (math.inf, 0)
        self._floor, self._worse, self._named = floor, 0, False
        for step, distance in measured:
            self.update(step, distance)

    def update(self, step: int, distance: float) -> list[Alarm]:
        """Take a measurement; return an alarm once it has been much worse than the best several times in a row."""
        self._best = min(self._best, (distance, step))
        best, since = self._best
        if distance <= WORSE * best + self._floor:
            self._worse, self._named = 0, False
            return []
        self._worse += 1
        if self._worse < WORSE_CHECKS or self._named:
            return []
        self._named = True
        seen = f"the Fréchet distance to real images was {best:.3g} then and is {distance:.3g} now"
        return [Alarm("Getting worse", since, seen, WORSE_HELP)]


def _distances(samples: np.ndarray) -> tuple[float, float]:
    """Mean distance between two samples, and mean distance to the nearest other one; never 0."""
    flat = np.asarray(samples, np.float32).reshape(len(samples), -1)
    squares = np.sum(np.square(flat), axis=1)
    gaps = np.sqrt(np.maximum(squares[:, None] + squares[None, :] - 2 * flat @ flat.T, 0))
    others = ~np.eye(len(flat), dtype=bool)
    np.fill_diagonal(gaps, np.inf)
    tiny = 1e-12
    return float(gaps[others].mean()) + tiny, float(gaps.min(axis=1).mean()) + tiny
