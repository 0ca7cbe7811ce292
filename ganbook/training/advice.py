"""What to change when a monitor names a fault: the options of the run that begins anew with the advice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ganbook.config import learning_rates
from ganbook.config.presets import CRITIC
from ganbook.config.train import TrainConfig

Changes = dict[str, Any]
NON_FINITE = "Not finite"  # losses or weights, with which a run fails


def _penalty(config: TrainConfig) -> Changes:
    """Return a penalty on D, or a stronger one."""
    if config.loss == "wasserstein":
        weight = config.gradient_penalty or 0.0
        return {"gradient_penalty": 3 * weight if weight else CRITIC["gradient_penalty"]}
    return {"r1": 1.0 if (config.r1 or 0.0) < 1 else 10 * config.r1}


def _slower(config: TrainConfig) -> Changes:
    """Return both learning rates, as a quarter of what they are."""
    return {"learning_rate": config.learning_rate / 4, "d_learning_rate": config.d_learning_rate / 4}


def _penalty_first(config: TrainConfig) -> Changes:
    """Return a penalty on D; where it is strong already, lower learning rates."""
    return _penalty(config) if (config.r1 or 0.0) < 10 and (config.gradient_penalty or 0.0) < 30 else _slower(config)


# One of the things that, as :data:`ganbook.training.monitors.FAULTS` has it, help; by the kind of the fault.
CHANGES: dict[str, Callable[[TrainConfig], Changes]] = {
    "Mode collapse": _penalty_first,
    "Losses are diverging": lambda config: _penalty(config) if not _penalised(config) else _slower(config),
    "The discriminator has won": _penalty_first,
    "The discriminator has lost": lambda config: {"d_learning_rate": 2 * config.d_learning_rate},
    "No progress": lambda config: {
        "learning_rate": 2 * config.learning_rate,
        "d_learning_rate": 2 * config.d_learning_rate,
    },
    "Getting worse": _penalty_first,
    NON_FINITE: _slower,
}


def _penalised(config: TrainConfig) -> bool:
    return bool(config.r1 or config.r2 or config.gradient_penalty)


def advised(kind: str, config: TrainConfig) -> Changes:
    """Return the options to change when a fault shows.

    Parameters
    ----------
    kind
        Of the fault, as in :class:`ganbook.training.monitors.Alarm`, or :data:`NON_FINITE`.
    config
        Resolved options of the run that shows it.

    Returns
    -------
    dict
        Names of options and their new values; empty if there is no advice that an option can follow.
    """
    generator, discriminator = learning_rates.last(config)
    config = config.model_copy(update={"learning_rate": generator, "d_learning_rate": discriminator})
    changes = CHANGES[kind](config) if kind in CHANGES else {}
    if config.rate_changes and any(name.endswith("learning_rate") for name in changes):
        changes = {"learning_rate": generator, "d_learning_rate": discriminator} | changes
    return {name: float(f"{value:.3g}") for name, value in changes.items()}


def in_words(changes: Changes) -> str:
    """Return changes as they are written on a command line."""
    return " ".join(f"--{name.replace('_', '-')} {value:g}" for name, value in changes.items())
