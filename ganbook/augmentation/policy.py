"""A policy: operations in order, each with a strength and a probability, and a seed."""

from __future__ import annotations

import json
import reprlib
import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from ganbook.augmentation import inputs, presets
from ganbook.augmentation.arrays import run
from ganbook.augmentation.catalogue import OPERATIONS, Kind
from ganbook.augmentation.operations import Choice, Mix, Operation, Part, Step
from ganbook.augmentation.rng import Draws
from ganbook.utils.errors import nearest
from ganbook.utils.files import user_path

if TYPE_CHECKING:
    pass

FORMAT = 1
_PARTS = {"choice": Choice, "mix": Mix}


class Policy:
    """Operations on every image, in order.

    What happens to an image is a function of the seed and of the image's number alone.

    Parameters
    ----------
    operations
        :class:`~ganbook.augmentation.operations.Operation`, ``Choice`` and ``Mix``, or texts such as ``flip@0.5`` and
        ``zoom:0.2`` (name:strength@probability).
    seed
        Random seed, a whole number from 0 on.
    strict
        Refuse operations without effect on grey images, instead of leaving them out with a warning.

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
        if not isinstance(operations, Iterable):
            raise ValueError(f"operations are {operations!r}: give a list, such as ['flip@0.5', 'zoom:0.2']")
        self.operations: tuple[Part, ...] = tuple(_part(operation) for operation in operations)
        self.seed, self.strict = int(seed), bool(strict)

    # Making one

    @classmethod
    def named(cls, name: str, seed: int = 0) -> Policy:
        """Return a preset: one of :data:`~ganbook.augmentation.presets.PRESETS`."""
        if name not in presets.PRESETS:
            raise ValueError(
                f"unknown policy {name!r}{nearest(name, presets.PRESETS)} (known are {', '.join(presets.PRESETS)})"
            )
        preset = presets.PRESETS[name]
        return cls(preset.split(",") if isinstance(preset, str) else [preset], seed)

    @classmethod
    def parse(cls, text: str, seed: int = 0) -> Policy:
        """Read names of presets and operations, as in ``DiffAugment,flip@0.5,translation:0.2``, or a JSON file.

        Raises
        ------
        ValueError
            A word is none of these, or the file is no policy.
        FileNotFoundError
            There is no such file.
        """
        if str(text).endswith(".json"):
            file = user_path(text, "the policy")
            if not file.is_file():
                raise FileNotFoundError(f"there is no policy {file}")
            try:
                text = file.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                raise ValueError(f"{file} is no policy: it is no text in UTF-8") from None
            return cls.from_json(text)
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
            policy = json.loads(text)
            version = policy.pop("ganbook_policy")
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
            raise ValueError(
                "this is no policy: a JSON object with ganbook_policy and operations is expected"
            ) from None
        if isinstance(version, bool) or not isinstance(version, int) or version < 1:
            raise ValueError(f"this policy has format {_shown(version)}: a whole number from 1 to {FORMAT} is expected")
        if version > FORMAT:
            raise ValueError(f"this policy has format {version}, this ganbook reads up to {FORMAT}: update ganbook")
        _only(policy, ("seed", "strict", "operations"), "a policy")
        if not isinstance(policy.get("operations"), list):
            raise ValueError("a policy has operations, a list: this one has none")
        if not isinstance(policy.get("strict", False), bool):
            raise ValueError(f"strict of a policy is {_shown(policy['strict'])}: it is true or false")
        return cls([_from_json(part) for part in policy.pop("operations")], **policy)

    def to_json(self) -> str:
        """Return the policy as JSON text."""
        parts = [_to_json(part) for part in self.operations]
        policy = {"ganbook_policy": FORMAT, "seed": self.seed, "strict": self.strict, "operations": parts}
        return json.dumps(policy, indent=1)

    def code(self, library: str, size: tuple[int, int] | None = None) -> str:
        """Return a program that does the same, up to random draws, by ``keras``, ``torchvision`` or ``albumentations``.

        Strengths and probabilities are the policy's. Where the library has no counterpart, or one that is a little
        different, a comment says so.

        Parameters
        ----------
        library
            ``keras`` (3, layers), ``torchvision`` (transforms, version 2) or ``albumentations`` (2).
        size
            Height and width of the images, which some operations need to know.

        Raises
        ------
        ValueError
            Another library.
        """
        from ganbook.augmentation.code import libraries

        return libraries.named(library).program(self.operations, size)

    def __add__(self, other: Policy) -> Policy:
        return Policy(self.operations + other.operations, self.seed, self.strict or other.strict)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Policy) and self.to_json() == other.to_json()

    def __hash__(self) -> int:
        return hash(self.to_json())

    def __str__(self) -> str:
        return next((name for name, parts in _named() if parts == self.operations), ",".join(map(str, self.operations)))

    def __repr__(self) -> str:
        """Return the Python that makes it."""
        seed = f", seed={self.seed}" + ", strict=True" * self.strict
        if str(self) in presets.PRESETS and not self.strict:
            return f"Policy.named({str(self)!r}{seed})"
        if all(isinstance(part, Operation) for part in self.operations):
            return f"Policy({[str(part) for part in self.operations]}{seed})"
        return f"Policy({list(self.operations)}{seed})"

    # What it is

    @property
    def kinds(self) -> list[Kind]:
        """Every kind of operation in it."""
        return [kind for part in self.operations for kind in part.kinds]

    @property
    def mixes(self) -> bool:
        """True if it mixes images and so labels."""
        return not all(kind.keeps_label for kind in self.kinds)

    # Using it

    def __call__(
        self,
        images: Any,
        labels: Any = None,
        masks: Any = None,
        *,
        first: int = 0,
        value_range: tuple[float, float] | None = None,
        return_log: bool = False,
    ) -> Any:
        """Augment arrays; :func:`ganbook.augmentation.augment` explains the arguments and takes more kinds of data."""
        first = inputs.checked_first(first)
        batch = inputs.checked(images, labels, masks, value_range, mixes=self.mixes)
        self.check(batch.images.shape[3], labels is not None)
        return run(batch, lambda numbers, shape: self.steps(first + numbers, shape), first if return_log else None)

    def steps(self, numbers: np.ndarray, shape: tuple[int, ...]) -> list[Step]:
        """Decide for the images of these numbers, int (N,); ``shape`` is (H, W, C) and the number of images in all."""
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
        """Warn of operations without effect on such images, or refuse them if strict; refuse mixing without labels.

        Presets are for grey and colour images alike and warn of nothing.
        """
        if self.mixes and not labelled:
            raise ValueError("mixup and cutmix mix labels as well: give labels")
        idle = dict.fromkeys(str(part) for part in self.operations if channels == 1 and part.kinds[0].colour_only)
        if idle and self.strict:
            raise ValueError(f"{', '.join(idle)}: nothing to do on grey images; leave it out, or strict=False")
        if idle and str(self) not in presets.PRESETS:
            warnings.warn(f"{', '.join(idle)}: nothing to do on grey images, left out", stacklevel=4)


def _part(part: Part | str) -> Part:
    return part if isinstance(part, Part) else Operation.parse(part)


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
    parts = [_to_json(operation) for operation in part.operations]
    return {"choice": parts, "times": part.times, "vary": part.vary} if isinstance(part, Choice) else {"mix": parts}


def _from_json(part: Any, outer: str = "") -> Part:
    kind = next((key for key in _PARTS if isinstance(part, dict) and key in part), None)
    if kind is None:
        _only(part, ("name", "strength", "probability"), "an operation")
        if not isinstance(part.get("name"), str):
            raise ValueError("an operation has a name: this one has none")
        return Operation(**part)
    if outer:
        raise ValueError(f"a {outer} holds single operations, not a {kind}")
    _only(part, (kind, "times", "vary") if kind == "choice" else (kind,), f"a {kind}")
    operations = part.pop(kind)
    if not isinstance(operations, list):
        raise ValueError(f"a {kind} has a list of operations, not {_shown(operations)}")
    return _PARTS[kind](tuple(_from_json(operation, kind) for operation in operations), **part)


def _only(entry: Any, known: tuple[str, ...], what: str) -> None:
    if not isinstance(entry, dict):
        raise ValueError(f"{what} is a JSON object, not {_shown(entry)}")
    for key in entry:
        if key not in known:
            raise ValueError(f"unknown key {_shown(key)} in {what}{nearest(key, known)} (known are {', '.join(known)})")


def _shown(value: Any) -> str:
    """Return a value for a message, cut to a readable length."""
    return reprlib.repr(value)


def _named() -> Iterable[tuple[str, tuple[Part, ...]]]:
    return ((name, Policy.named(name).operations) for name in presets.PRESETS)


def as_policy(policy: Any) -> Policy:
    """Return a policy from a policy, its text, or a list of operations.

    Raises
    ------
    ValueError
        It is none of these.
    """
    if isinstance(policy, Policy):
        return policy
    if isinstance(policy, str):
        return Policy.parse(policy)
    if isinstance(policy, list | tuple):
        return Policy(policy)
    raise ValueError(f"policy is {policy!r}: give a Policy, or text such as 'standard' or 'flip@0.5,zoom:0.2'")
