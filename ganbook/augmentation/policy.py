"""A policy: operations in order, each with a strength and a probability."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ganbook.augmentation.operations import KINDS, Operation
from ganbook.options import nearest

# Zhao et al. 2020 (arXiv 2006.10738), except that pictures are mirrored beyond their edges.
DIFF_AUGMENT = "brightness:0.5,saturation:1,contrast:0.5,translation:0.125,cutout:0.5"
READY = {"DiffAugment": DIFF_AUGMENT}

_WORD = re.compile(r"(?P<name>\w+)(:(?P<strength>[^@:]+))?(@(?P<probability>[^@:]+))?")


class Policy:
    """Operations to be done to every picture, in order.

    Parameters
    ----------
    operations
        :class:`~ganbook.augmentation.operations.Operation`, or names of them.
    """

    def __init__(self, operations: Iterable[Operation | str]):
        self.operations = tuple(each if isinstance(each, Operation) else Operation(each) for each in operations)

    @classmethod
    def parse(cls, text: str) -> Policy:
        """Read ``DiffAugment``, or operations as in ``flip@0.5,translation:0.2,cutout``: name:strength@probability.

        Raises
        ------
        ValueError
            The first word that is none of these.
        """
        operations: list[Operation] = []
        for word in text.replace(" ", "").split(","):
            if word in READY:
                operations += cls.parse(READY[word]).operations
                continue
            found = _WORD.fullmatch(word)
            if found is None:
                raise ValueError(f"{word!r} is no operation: write name:strength@probability, as in flip@0.5,zoom:0.2")
            if found["name"] not in KINDS:
                near = nearest(found["name"], [*READY, *KINDS])
                known = ", ".join([*READY, *KINDS])
                raise ValueError(f"unknown policy or operation {word!r}{near} (known are {known})")
            numbers = {key: _number(found[key], key, word) for key in ("strength", "probability") if found[key]}
            operations.append(Operation(found["name"], **numbers))
        return cls(operations)

    def __str__(self) -> str:
        return ",".join(map(str, self.operations))

    def __repr__(self) -> str:
        return f"Policy.parse({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Policy) and self.operations == other.operations

    def __hash__(self) -> int:
        return hash(self.operations)


def _number(text: str, what: str, word: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{what} {text!r} in {word!r} is no number") from None
