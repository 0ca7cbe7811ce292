"""The parts of a policy: an operation, a choice among several, a mix of several chains (AugMix)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

import numpy as np

from ganbook.augmentation.catalogue import OPERATIONS, Kind
from ganbook.augmentation.rng import Draws
from ganbook.utils.errors import nearest


@dataclass
class Step:
    """One operation on some images: on which, and with what parameters.

    ``chain`` 0 is the images themselves; others are copies that a step named ``blend`` puts together.
    """

    name: str
    done: np.ndarray
    parameters: dict[str, np.ndarray]
    chain: int = 0


_WORD = re.compile(r"(?P<name>\w+)(:(?P<strength>[^@:]+))?(@(?P<probability>[^@:]+))?")


def _number(text: str, what: str, word: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{what} {text!r} in {word!r} is no number") from None


def _short(number: float) -> str:
    return f"{number:g}" if float(f"{number:g}") == number else repr(float(number))


@dataclass(frozen=True)
class Operation:
    """An operation in a policy.

    Parameters
    ----------
    name
        One of :data:`~ganbook.augmentation.catalogue.OPERATIONS`.
    strength
        In [0, 1]; the operation's usual one unless given.
    probability
        How likely each image is to undergo it.

    Raises
    ------
    ValueError
        An unknown name, or a number out of bounds.
    """

    name: str
    strength: float | None = None
    probability: float = 1.0

    def __post_init__(self) -> None:
        if self.name not in OPERATIONS:
            raise ValueError(
                f"unknown operation {self.name!r}{nearest(self.name, OPERATIONS)} (known are {', '.join(OPERATIONS)})"
            )
        if self.strength is None:
            object.__setattr__(self, "strength", self.kind.strength)
        for what in ("strength", "probability"):
            value = getattr(self, what)
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
                raise ValueError(f"{what} of {self.name} is {value!r}: it goes from 0 to 1")
            object.__setattr__(self, what, float(value))

    @classmethod
    def parse(cls, text: str) -> Operation:
        """Read ``name:strength@probability``; strength and probability may be missing."""
        match = _WORD.fullmatch(str(text).strip())
        if match is None:
            raise ValueError(f"{text!r} is no operation: write name:strength@probability, as in flip@0.5 or zoom:0.2")
        numbers = {key: _number(match[key], key, text) for key in ("strength", "probability") if match[key]}
        return cls(match["name"], **numbers)

    @property
    def kind(self) -> Kind:
        """What it is."""
        return OPERATIONS[self.name]

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What it may do."""
        return (self.kind,)

    def draw(self, draws: Draws, shape: tuple[int, ...], scale: np.ndarray | float = 1.0) -> list[Step]:
        """Decide for each image; ``scale`` multiplies the strength."""
        done = draws.column() < self.probability
        parameters = self.kind.draw(np, draws.columns(self.kind.draws), self.strength * scale, shape)
        return [Step(self.name, done, parameters)]

    def __str__(self) -> str:
        strength = "" if self.strength == self.kind.strength else f":{_short(self.strength)}"
        probability = "" if self.probability == 1 else f"@{_short(self.probability)}"
        return self.name + strength + probability


@dataclass(frozen=True)
class Choice:
    """Operations of which each image undergoes ``times``, picked anew each time with equal chances.

    Parameters
    ----------
    operations
        To pick from.
    times
        How many are done, one after another.
    vary
        Draw the strength between 0 and that of the operation, for each image.
    """

    operations: tuple[Operation, ...]
    times: int = 1
    vary: bool = False

    def __post_init__(self) -> None:
        _only_operations(self)
        if isinstance(self.times, bool) or not isinstance(self.times, int) or not 1 <= self.times <= 16:
            raise ValueError(f"times of a choice is {self.times!r}: it is a whole number from 1 to 16")

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What it may do."""
        return tuple(operation.kind for operation in self.operations)

    def draw(self, draws: Draws, shape: tuple[int, ...]) -> list[Step]:
        """Decide for each image."""
        steps = []
        for _ in range(self.times):
            picked = (draws.column() * len(self.operations)).astype(int)
            scale = draws.column() if self.vary else 1.0
            for number, operation in enumerate(self.operations):
                for step in operation.draw(draws, shape, scale):
                    steps.append(replace(step, done=step.done & (picked == number)))
        return steps

    def __str__(self) -> str:
        return f"{self.times} of {len(self.operations)} operations"


@dataclass(frozen=True)
class Mix:
    """AugMix: three chains of one to three operations each, and the image itself, weighted at random.

    Hendrycks et al. 2020, algorithm 1 (arXiv 1912.02781), with α = 1 and varying strengths.
    """

    operations: tuple[Operation, ...]
    chains: int = field(default=3, init=False, repr=False)
    depth: int = field(default=3, init=False, repr=False)

    def __post_init__(self) -> None:
        _only_operations(self)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What it may do."""
        return tuple(operation.kind for operation in self.operations)

    def draw(self, draws: Draws, shape: tuple[int, ...]) -> list[Step]:
        """Decide for each image."""
        steps, one = [], Choice(self.operations, vary=True)
        for chain in range(1, self.chains + 1):
            length = np.floor(draws.column() * self.depth) + 1
            for place in range(self.depth):
                for step in one.draw(draws, shape):
                    steps.append(replace(step, done=step.done & (place < length), chain=chain))
        # Exponential numbers, normalised, are distributed as Dirichlet(1, …, 1).
        weights = -np.log1p(-np.stack(draws.columns(self.chains)))
        mixed = draws.column()
        fractions = mixed * weights / weights.sum(0)
        parameters = {"original": 1 - mixed} | {f"chain_{i}": fraction for i, fraction in enumerate(fractions, start=1)}
        return [*steps, Step("blend", np.ones(len(mixed), bool), parameters)]

    def __str__(self) -> str:
        return f"mix of {len(self.operations)} operations"


def _only_operations(part: Choice | Mix) -> None:
    listed = tuple(each if isinstance(each, Operation) else Operation.parse(each) for each in part.operations)
    if not listed:
        raise ValueError(f"a {type(part).__name__.lower()} needs operations: give at least one")
    if mixing := [str(each) for each in listed if not each.kind.keeps_label]:
        raise ValueError(
            f"{mixing[0]} mixes labels: it stands in a policy by itself, not in a {type(part).__name__.lower()}"
        )
    object.__setattr__(part, "operations", listed)


Part = Operation | Choice | Mix
