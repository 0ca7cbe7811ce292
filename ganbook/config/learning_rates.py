"""The learning rates of a training at each of its steps: those it begins with, and those it changes to later."""

from __future__ import annotations

import contextlib
import itertools
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ganbook.utils.bounds import positive_number

if TYPE_CHECKING:
    from ganbook.config.train import TrainConfig

LARGEST_RATE = 10.0
_CHANGE = re.compile(r"\s*([^/@\s]+)\s*/\s*([^/@\s]+)\s*@\s*([0-9]{1,13})\s*")


@dataclass(frozen=True)
class RateChange:
    """The learning rates from a step on."""

    step: int
    generator: float
    discriminator: float

    def __str__(self) -> str:
        return f"{_written(self.generator)}/{_written(self.discriminator)}@{self.step}"


@lru_cache(maxsize=64)
def parse(text: str | None) -> tuple[RateChange, ...]:
    """Read changes, as in ``1e-4/4e-4@2000,5e-5/2e-4@4000``, in the order of their steps.

    Raises
    ------
    ValueError
        It is no such list, or a rate is out of range.
    """
    if not text:
        return ()
    changes = []
    for part in text.split(","):
        match = _CHANGE.fullmatch(part)
        if match is None:
            raise ValueError("give rates as generator/discriminator@step, as in 1e-4/4e-4@2000")
        generator, discriminator = (checked(rate, "a learning rate") for rate in match.group(1, 2))
        changes.append(RateChange(int(match[3]), generator, discriminator))
    if any(later.step <= earlier.step for earlier, later in itertools.pairwise(changes)):
        raise ValueError("steps rise from each change to the next")
    return tuple(changes)


def written(changes: tuple[RateChange, ...]) -> str | None:
    """Return changes as :func:`parse` reads them; None if there are none."""
    return ",".join(map(str, changes)) or None


def checked(rate: object, what: str) -> float:
    """Return a learning rate, a number or a text of one; ``ValueError`` says ``what`` it is, and what is allowed."""
    with contextlib.suppress(ValueError):
        rate = float(rate) if isinstance(rate, str) else rate
    return positive_number(rate, what, LARGEST_RATE)


def at(config: TrainConfig, step: int) -> tuple[float, float]:
    """Return the learning rates of generator and discriminator at a step, of resolved options."""
    rates = float(config.learning_rate or 0.0), float(config.d_learning_rate or 0.0)
    if config.rate_half_life:
        halved = 0.5 ** (step / config.rate_half_life)
        return rates[0] * halved, rates[1] * halved
    for change in parse(config.rate_changes):
        if change.step <= step:
            rates = change.generator, change.discriminator
    return rates


def last(config: TrainConfig) -> tuple[float, float]:
    """Return the learning rates after all changes; those at the beginning where they follow a schedule."""
    changes = parse(config.rate_changes)
    return at(config, changes[-1].step if changes else 0)


def marks(config: TrainConfig, step: int) -> list[tuple[int, str]]:
    """Return the changes up to a step: at which step each is made, and in words the rates that it changes."""
    seen, before = [], (float(config.learning_rate or 0.0), float(config.d_learning_rate or 0.0))
    for change in parse(config.rate_changes):
        after = change.generator, change.discriminator
        new = [f"{name} {_written(rate)}" for name, rate, old in zip("GD", after, before, strict=True) if rate != old]
        if change.step <= step:
            seen.append((change.step, "learning rate " + ", ".join(new)))
        before = after
    return seen


def steps_until_change(config: TrainConfig, step: int) -> int | None:
    """Return how many steps are left until the learning rates are others; None if they stay."""
    return next((change.step - step for change in parse(config.rate_changes) if change.step > step), None)


def changed(
    config: TrainConfig, step: int, generator: float | str | None = None, discriminator: float | str | None = None
) -> TrainConfig:
    """Return options whose learning rates are others from a step on; a rate that is not given stays as it is there.

    Changes at later steps are dropped.

    Raises
    ------
    ValueError
        A rate is out of range, or both follow a schedule.
    """
    if generator is None and discriminator is None:
        raise ValueError("give a learning rate: generator=1e-4, discriminator=4e-4, or one of them")
    if config.rate_half_life:
        raise ValueError(
            f"the learning rates follow a schedule (--rate-half-life {config.rate_half_life}) and cannot be set: "
            "train without it to change them"
        )
    before = tuple(change for change in parse(config.rate_changes) if change.step < step)
    now = at(config, step)
    rates = (
        now[0] if generator is None else checked(generator, "the learning rate of the generator"),
        now[1] if discriminator is None else checked(discriminator, "the learning rate of the discriminator"),
    )
    kept = config.model_copy(update={"rate_changes": written(before)})
    if rates == at(kept, step):
        return kept
    return config.model_copy(update={"rate_changes": written((*before, RateChange(step, *rates)))})


def _written(rate: float) -> str:
    """Write a number shortly and without loss: 0.0001, 3e-05."""
    short = f"{rate:g}"
    return short if float(short) == rate else repr(rate)
