"""What a sweep tries: names of training options, each with choices or a range, as ``r1=0.1:10:log``."""

from __future__ import annotations

import re
import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Union, get_args, get_origin

from ganbook.config.base import declaration
from ganbook.config.parser import flag, make
from ganbook.config.train import TrainConfig
from ganbook.utils.errors import OptionError, nearest

# What all trials must share, so that they can be compared.
SHARED_GROUPS = {"data", "run"}
SHARED = {"task", "seed", "start_from"}

# Options that a sweep sets itself for its trials.
LEFT_OUT = ("name", "runs_dir", "evaluate_every", "keep", "keep_checkpoints", "checkpoint_every")

TRY_HELP = (
    "an option and its values: choices, network=compact,dcgan (a,b|c,d where values hold commas), or a range, "
    "batch_size=16:64 or r1=0.1:10:log; once for each option"
)
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_RANGE = re.compile(rf"({_NUMBER}):({_NUMBER})(?::(\w+))?")
_HOW = "write choices, network=compact,dcgan (or a,b|c,d where values hold commas), or a range, r1=0.1:10:log"


@dataclass(frozen=True)
class Choices:
    """Values of an option, one of which a trial takes."""

    values: tuple[Any, ...]

    def __str__(self) -> str:
        texts = ["auto" if value is None else str(value) for value in self.values]
        return ("|" if any("," in text for text in texts) else ",").join(texts)

    def __contains__(self, value: Any) -> bool:
        return value in self.values


@dataclass(frozen=True)
class Range:
    """Numbers between two ends, both included; whole ones if the ends are ``int``; ``log``: all sizes alike often."""

    low: float
    high: float
    log: bool = False

    def __str__(self) -> str:
        return f"{self.low!r}:{self.high!r}" + (":log" if self.log else "")

    def __contains__(self, value: Any) -> bool:
        return isinstance(value, int | float) and self.low <= value <= self.high


Space = dict[str, Choices | Range]


def parse(tried: Mapping[str, Any] | Iterable[str]) -> Space:
    """Read what is tried.

    Parameters
    ----------
    tried
        Texts ``name=values``, as ``--try`` takes them; or values by name: such a text, a list of choices, or a range as
        ``(low, high)`` or ``(low, high, "log")``, a tuple of numbers.

    Raises
    ------
    OptionError
        Nothing is tried, an option is unknown or the same for all trials, a value is not allowed, a range is empty.
    """
    if isinstance(tried, str):
        tried = [tried]
    pairs = list(tried.items()) if isinstance(tried, Mapping) else [_split(text) for text in tried]
    if not pairs:
        raise OptionError(f"nothing to try: {_HOW}")
    space: Space = {}
    for written, values in pairs:
        name = _known(written)
        if name in space:
            raise OptionError(f"--try {name}=… is given twice: write all its values in one")
        space[name] = _read(name, values)
    return space


def _split(text: str) -> tuple[str, str]:
    name, equals, values = str(text).partition("=")
    if not equals or not values.strip():
        raise OptionError(f"--try {text}: {_HOW}")
    return name.strip(), values.strip()


def _known(written: str) -> str:
    name = str(written).lstrip("-").replace("-", "_")
    field = TrainConfig.model_fields.get(name)
    offered = [other for other, of in TrainConfig.model_fields.items() if _can_differ(other, of)]
    if field is None:
        raise OptionError(f"--try {written}=…: unknown option{nearest(name, offered)}; known are {', '.join(offered)}")
    if not _can_differ(name, field):
        raise OptionError(
            f"--try {written}=…: {flag(name)} is the same for all trials, which could not be compared otherwise; what "
            f"can be tried: {', '.join(offered)}"
        )
    return name


def _can_differ(name: str, field: Any) -> bool:
    return declaration(field).group not in SHARED_GROUPS and name not in SHARED


def _read(name: str, values: Any) -> Choices | Range:
    kinds = _types(TrainConfig.model_fields[name].annotation)
    numeric = bool(kinds & {int, float}) and bool not in kinds
    if isinstance(values, Range):
        values = (values.low, values.high, *(["log"] if values.log else []))
    if isinstance(values, Choices):
        values = list(values.values)
    if isinstance(values, str):
        if numeric and (match := _RANGE.fullmatch(values)):
            values = tuple(part for part in match.groups() if part is not None)
        else:
            values = [part.strip() for part in values.split("|" if "|" in values else ",")]
    elif isinstance(values, bool | int | float):
        values = [values]
    if numeric and isinstance(values, tuple) and len(values) in (2, 3):
        return _range(name, values, whole=float not in kinds)
    values = list(values)
    if not values or "" in values:
        raise OptionError(f"--try {name}=…: a value is missing; {_HOW}")
    checked = tuple(_checked(name, value) for value in values)
    if len(set(checked)) < len(checked):
        raise OptionError(f"--try {name}={','.join(map(str, values))}: a value is there twice")
    return Choices(checked)


def _range(name: str, ends: tuple[Any, ...], *, whole: bool) -> Range:
    low, high = (_checked(name, end) for end in ends[:2])
    text = f"--try {name}={':'.join(map(str, ends))}"
    if len(ends) == 3 and ends[2] != "log":
        raise OptionError(f"{text}: after the ends comes log or nothing, as in r1=0.1:10:log")
    if not low < high:
        raise OptionError(f"{text}: the range is empty; write the smaller end first, as in r1=0.1:10")
    log = len(ends) == 3
    if log and low <= 0:
        raise OptionError(f"{text}: a logarithmic range begins above 0; write {name}=0.01:{high:g}:log, or no log")
    return Range(int(low), int(high), log) if whole else Range(float(low), float(high), log)


def _checked(name: str, value: Any) -> Any:
    """Return a value as the option model reads it."""
    if isinstance(value, str) and value.lower() in ("none", "auto") and _takes_none(name, value.lower()):
        return None
    return getattr(make(TrainConfig, **{name: value}), name)


def _takes_none(name: str, word: str) -> bool:
    """Tell whether a word stands for the default that follows from other options; ``--augment none`` does not."""
    annotation = TrainConfig.model_fields[name].annotation
    return type(None) in _types(annotation) and not (word == "none" and name == "augment")


def _types(annotation: Any) -> set[Any]:
    if get_origin(annotation) in (Union, types.UnionType):
        return {part for branch in get_args(annotation) for part in _types(branch)}
    return {annotation}
