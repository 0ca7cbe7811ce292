"""A run on points as the line of a notebook that trains it: ``%gan_train --data ring …``."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from ganbook.config.base import declaration
from ganbook.config.parser import flag, make
from ganbook.config.train import TrainConfig

if TYPE_CHECKING:
    from ganbook.training.run import Run

VARIABLE = "points"  # that the user is to fill, where the data have no name


def train_command(run: Run) -> str:
    """Return ``%gan_train`` with the options that differ from the defaults, and as many steps as are done."""
    config, data = run.config, run.data
    defaults = make(TrainConfig, data=data.name, loss=config.loss).resolved(len(data), data.shape)
    d_rate = config.learning_rate  # what it is unless given
    words = ["%gan_train", flag("data"), data.source or VARIABLE]
    for name, field in TrainConfig.model_fields.items():
        value = getattr(config, name)
        default = d_rate if name == "d_learning_rate" else getattr(defaults, name)
        if name in ("data", "network", "loss") or not declaration(field).changes_result or value in (default, None):
            continue
        words += [flag(name)] if value is True else [flag(name), shlex.quote(_written(value))]
    if config.loss != make(TrainConfig, data=data.name).resolved(len(data), data.shape).loss:
        words += [flag("loss"), str(config.loss)]
    words += [flag("steps"), str(max(1, run.steps_done))]
    remark = "" if data.source else f"{VARIABLE} = playground.run.data  # {len(data):,} points\n"
    return remark + " ".join(words)


def _written(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
