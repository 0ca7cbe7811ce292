"""The messages of the playground's panel: plain values, and arrays as little-endian bytes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from ganbook.config.train import TrainConfig
from ganbook.config.train_networks import Loss
from ganbook.data.point_shapes import SHAPES
from ganbook.notebook.panels.base import one_line
from ganbook.plane import dirac
from ganbook.plane.frame import PROBES, probes, window
from ganbook.plane.lessons import LESSONS

if TYPE_CHECKING:
    from ganbook.plane.frame import Frame
    from ganbook.plane.playground import Playground

REAL = 1500  # points drawn
HEAT_LEVELS = 65535
DIRAC_STEPS = 400
PATHS, TRAIL = 70, 16  # samples whose paths are shown; moments of a path
HISTORY = 600  # reports that a page which connects receives, at most
PENALTIES = ("r1", "r2", "gradient_penalty")
# What the page lets one change.
RECIPE = (
    "loss", *PENALTIES, "learning_rate", "d_learning_rate", "optimizer", "rate_half_life", "beta_1", "critic_steps",
    "hidden", "activation", "latent_dim", "noise", "batch_size", "ema_half_life", "seed",
)  # fmt: skip


def everything(playground: Playground) -> tuple[dict[str, Any], list[bytes]]:
    """Return the message for a page that connects, and the real points and the probes, float32 (N, 2)."""
    data: Any = playground.run.data
    message = {
        "kind": "all",
        "now": now(playground),
        "data": data.source or data.name,
        "named": data.source is not None,
        "points": len(data),
        "window": window(data),
        "scale": data.scale,
        "modes": None if data.modes is None else len(data.modes),
        "choices": {
            "data": {name: shape.summary for name, shape in SHAPES.items()},
            "loss": list(get_args(Loss)),
            "activation": list(get_args(get_args(TrainConfig.model_fields["activation"].annotation)[0])),
        },
        "lessons": {name: asdict(lesson) for name, lesson in LESSONS.items()},
        "dirac": {"title": dirac.TITLE, "watch": dirac.WATCH},
        "floor": playground.floor,
        "sides": [side(each) for each in playground.both],
    }
    rows = np.linspace(0, len(data.points) - 1, min(REAL, len(data.points))).astype(int)
    return message, [points.astype("<f4").tobytes() for points in (data.points[rows], probes(data)[:PROBES])]


def side(playground: Playground) -> dict[str, Any]:
    """Return the recipe of one of two, or of the only one, its reports and scores so far."""
    config, recorder = playground.run.config, playground.recorder
    rows = playground.run.history
    some = rows.iloc[:: max(1, math.ceil(len(rows) / HISTORY))]
    return {
        "recipe": {name: getattr(config, name) for name in RECIPE},
        "history": [report(row) | {"warning": ""} for row in some.to_dict("records")],
        "scores": list(recorder.scores) if recorder else [],
    }


def dirac_portrait(gan: dirac.DiracGAN) -> tuple[dict[str, Any], list[bytes]]:
    """Return a phase portrait: places, directions and the trajectory, float32 (N, 2) each."""
    parts = (*gan.field(), gan.trajectory(DIRAC_STEPS))
    about = {"kind": "dirac", "extent": dirac.EXTENT, "options": asdict(gan)}
    return about, [part.astype("<f4").tobytes() for part in parts]


def now(playground: Playground) -> dict[str, Any]:
    """Return where the run stands."""
    run, recorder = playground.run, playground.recorder
    frames = recorder.frames if recorder else []
    errors = [each.run.error for each in playground.both if each.run.error is not None]
    return {
        "state": playground.state,
        "note": run.note,
        "error": _in_words(errors[0]) if errors else "",
        "step": run.steps_done,
        "seconds": round(run.seconds, 3),
        "frames": len(frames),
    }


def _in_words(error: BaseException) -> str:
    # A divergence is told in words, and with what to try.
    return str(error) if isinstance(error, FloatingPointError) else one_line(error)


def frame(frame: Frame) -> tuple[dict[str, Any], list[bytes]]:
    """Return a frame: its arrays as float32, the heat map as uint16."""
    heat = np.round(np.clip(np.nan_to_num(frame.heat, nan=0.5), 0, 1) * HEAT_LEVELS).astype("<u2")
    message = {
        "step": frame.step, "g_updates": frame.g_updates, "seconds": round(frame.seconds, 3),
        "cells": len(frame.heat), "lines": frame.grid.shape[:2],
    }  # fmt: skip
    arrays = (frame.samples, frame.average, frame.slopes, frame.grid, frame.field, frame.steepness)
    return message, [*(array.astype("<f4").tobytes() for array in arrays), heat.tobytes()]


def past_frame(frames: Sequence[Frame], index: int) -> tuple[dict[str, Any], list[bytes]]:
    """Return a frame of the film, and where the first samples were in those before it, float32 (k, 2, 70, 2).

    The second axis is that of the latest and the averaged generator.
    """
    message, buffers = frame(frames[index])
    trail = [(each.samples[:PATHS], each.average[:PATHS]) for each in frames[max(0, index + 1 - TRAIL) : index + 1]]
    return message, [*buffers, np.array(trail, "<f4").tobytes()]


def report(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of history for the curves; None where a number is not finite."""
    numbers = ("step", "seconds", "d_loss", "g_loss", "d_real", "d_fake")
    taken = {name: row[name] if math.isfinite(row[name]) else None for name in numbers if name in row}
    return taken | {"warning": row.get("warning", "")}
