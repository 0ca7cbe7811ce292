"""A policy: operations in order, each with a strength and a probability, and a seed."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ganbook.augmentation import presets
from ganbook.augmentation.catalogue import OPERATIONS, Kind
from ganbook.augmentation.operations import Choice, Mix, Operation, Part, Step
from ganbook.augmentation.rng import Draws
from ganbook.utils.errors import nearest

if TYPE_CHECKING:
    import keras

FORMAT = 1
_PARTS = {"choice": Choice, "mix": Mix}


class Policy:
    """Operations to be done to every picture, in order.

    What happens to a picture is a function of the seed and of the picture's number alone.

    Parameters
    ----------
    operations
        :class:`~ganbook.augmentation.operations.Operation`, ``Choice`` and ``Mix``, or texts such as ``flip@0.5`` and
        ``zoom:0.2`` (name:strength@probability).
    seed
        Decides all that is drawn.
    strict
        Refuse what does nothing to grey pictures, instead of leaving it out with a warning.

    Raises
    ------
    ValueError
        An unknown operation, or a number out of bounds.
    """

    def __init__(self, operations: Iterable[Part | str], seed: int = 0, strict: bool = False):
        if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or not 0 <= seed < 2**63:
            raise ValueError(f"seed is {seed!r}: it is a whole number from 0 on")
        if isinstance(operations, str):
            operations = operations.split(",")
        self.operations: tuple[Part, ...] = tuple(_part(each) for each in operations)
        self.seed, self.strict = int(seed), bool(strict)

    # Making one

    @classmethod
    def named(cls, name: str, seed: int = 0) -> Policy:
        """Make a ready policy: one of :data:`~ganbook.augmentation.presets.PRESETS`."""
        if name not in presets.PRESETS:
            raise ValueError(
                f"unknown policy {name!r}{nearest(name, presets.PRESETS)} (known are {', '.join(presets.PRESETS)})"
            )
        made = presets.PRESETS[name]
        return cls(made.split(",") if isinstance(made, str) else [made], seed)

    @classmethod
    def parse(cls, text: str, seed: int = 0) -> Policy:
        """Read names of ready policies and operations, as in ``DiffAugment,flip@0.5,translation:0.2``, or a JSON file.

        Raises
        ------
        ValueError
            The first word that is none of these.
        FileNotFoundError
            There is no such file.
        """
        if str(text).endswith(".json"):
            file = Path(text).expanduser()
            if not file.is_file():
                raise FileNotFoundError(f"there is no policy {file}")
            return cls.from_json(file.read_text())
        parts: list[Part] = []
        for word in str(text).replace(" ", "").split(","):
            parts += cls.named(word).operations if word in presets.PRESETS else [_operation(word)]
        return cls(parts, seed)

    @classmethod
    def from_json(cls, text: str) -> Policy:
        """Read what :meth:`to_json` wrote, in this version of ganbook or an earlier one.

        Raises
        ------
        ValueError
            It is no policy, has unknown keys, or a newer ganbook wrote it.
        """
        try:
            read = json.loads(text)
            version = read.pop("ganbook_policy")
        except (ValueError, TypeError, AttributeError, KeyError):
            raise ValueError(
                "this is no policy: a JSON object with ganbook_policy and operations is expected"
            ) from None
        if not isinstance(version, int) or version > FORMAT:
            raise ValueError(f"this policy has format {version}, this ganbook reads up to {FORMAT}: update ganbook")
        _only(read, ("seed", "strict", "operations"), "a policy")
        if not isinstance(read.get("operations"), list):
            raise ValueError("a policy has operations, a list: this one has none")
        return cls([_from_json(part) for part in read.pop("operations")], **read)

    def to_json(self) -> str:
        """All that it is, as JSON."""
        parts = [_to_json(part) for part in self.operations]
        whole = {"ganbook_policy": FORMAT, "seed": self.seed, "strict": self.strict, "operations": parts}
        return json.dumps(whole, indent=1)

    def __add__(self, other: Policy) -> Policy:
        return Policy(self.operations + other.operations, self.seed, self.strict or other.strict)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Policy) and self.to_json() == other.to_json()

    def __hash__(self) -> int:
        return hash(self.to_json())

    def __str__(self) -> str:
        return next((name for name, parts in _named() if parts == self.operations), ",".join(map(str, self.operations)))

    def __repr__(self) -> str:
        """Python that makes it."""
        seed = f", seed={self.seed}" + ", strict=True" * self.strict
        if str(self) in presets.PRESETS and not self.strict:
            return f"Policy.named({str(self)!r}{seed})"
        if all(isinstance(part, Operation) for part in self.operations):
            return f"Policy({[str(part) for part in self.operations]}{seed})"
        return f"Policy({list(self.operations)}{seed})"

    # What it is

    @property
    def kinds(self) -> list[Kind]:
        """All that it may do."""
        return [kind for part in self.operations for kind in part.kinds]

    @property
    def mixes(self) -> bool:
        """Whether it mixes labels."""
        return not all(kind.keeps_label for kind in self.kinds)

    # Using it

    def __call__(self, images: Any, labels: Any = None, masks: Any = None, **options: Any) -> Any:
        """Augment; see :func:`ganbook.augmentation.images.augment`."""
        from ganbook.augmentation.images import augment

        return augment(images, self, labels, masks, **options)

    def layer(self) -> keras.layers.Layer:
        """A Keras layer that augments while training, for the beginning of a model; on the CPU, without gradients."""
        from ganbook.augmentation.keras_layer import PolicyLayer

        return PolicyLayer(self)

    def steps(self, numbers: np.ndarray, shape: tuple[int, ...]) -> list[Step]:
        """Decide for pictures of these numbers, int (N,); ``shape`` is (H, W, C) and how many pictures there are."""
        draws, steps = Draws(self.seed, numbers), []
        for part in self.operations:
            steps += part.draw(draws, shape)
        return [step for step in steps if shape[2] > 1 or step.name == "blend" or not OPERATIONS[step.name].colour_only]

    def check_differentiable(self) -> None:
        """Raise ``ValueError`` naming the first part that a GAN cannot be trained through."""
        for part in self.operations:
            if not isinstance(part, Operation) or not part.kind.differentiable:
                able = ", ".join(name for name, kind in OPERATIONS.items() if kind.differentiable)
                raise ValueError(f"no gradient passes through {part}; a GAN can be trained through {able}")

    def check(self, channels: int, labelled: bool) -> None:
        """Warn of what does nothing to such pictures, or refuse it if strict; refuse mixing without labels.

        Ready policies are for pictures of either kind and warn of nothing.
        """
        if self.mixes and not labelled:
            raise ValueError("mixup and cutmix mix labels as well: give labels")
        idle = dict.fromkeys(str(part) for part in self.operations if channels == 1 and part.kinds[0].colour_only)
        if idle and self.strict:
            raise ValueError(f"{', '.join(idle)}: nothing to do on grey pictures; leave it out, or strict=False")
        if idle and str(self) not in presets.PRESETS:
            warnings.warn(f"{', '.join(idle)}: nothing to do on grey pictures, left out", stacklevel=4)


def _part(given: Part | str) -> Part:
    return given if isinstance(given, Part) else Operation.parse(given)


def _operation(word: str) -> Operation:
    """Read an operation where a policy's name could stand as well."""
    name = word.split(":")[0].split("@")[0]
    if name.isidentifier() and name not in OPERATIONS:
        known = [*presets.PRESETS, *OPERATIONS]
        raise ValueError(f"unknown policy or operation {word!r}{nearest(name, known)} (known are {', '.join(known)})")
    return Operation.parse(word)


def _to_json(part: Part) -> dict[str, Any]:
    if isinstance(part, Operation):
        return {"name": part.name, "strength": part.strength, "probability": part.probability}
    parts = [_to_json(each) for each in part.operations]
    return {"choice": parts, "times": part.times, "vary": part.vary} if isinstance(part, Choice) else {"mix": parts}


def _from_json(part: Any) -> Part:
    kind = next((key for key in _PARTS if isinstance(part, dict) and key in part), None)
    if kind is None:
        _only(part, ("name", "strength", "probability"), "an operation")
        if "name" not in part:
            raise ValueError("an operation has a name: this one has none")
        return Operation(**part)
    _only(part, (kind, "times", "vary") if kind == "choice" else (kind,), f"a {kind}")
    inner = part.pop(kind)
    if not isinstance(inner, list):
        raise ValueError(f"a {kind} has a list of operations, not {inner!r}")
    return _PARTS[kind](tuple(_from_json(each) for each in inner), **part)


def _only(read: Any, known: tuple[str, ...], what: str) -> None:
    if not isinstance(read, dict):
        raise ValueError(f"{what} is a JSON object, not {read!r}")
    for key in read:
        if key not in known:
            raise ValueError(f"unknown key {key!r} in {what}{nearest(key, known)} (known are {', '.join(known)})")


def _named() -> Iterable[tuple[str, tuple[Part, ...]]]:
    return ((name, Policy.named(name).operations) for name in presets.PRESETS)
