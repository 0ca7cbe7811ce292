"""How a policy becomes code: an entry for each operation of a library, and the program around them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ganbook.augmentation.operations import Choice, Mix, Operation, Part

WIDTH = 110  # of a line with its comment


@dataclass(frozen=True)
class Counterpart:
    """What does the same as an operation.

    Attributes
    ----------
    code
        An expression; ``{p}`` stands in it for the probability, where it takes one. Empty: there is none.
    remark
        What is different from ganbook, or why there is none.
    at_half
        A shorter expression for the probability of a half.
    """

    code: str
    remark: str = ""
    at_half: str = ""


@dataclass(frozen=True)
class Library:
    """A library that augments images.

    Attributes
    ----------
    operations
        By name, of an operation's strength: what does the same.
    sometimes
        Formats an expression so that it is done with a probability: ``{code}`` and ``{p}``.
    one_of
        Formats several, separated by commas, of which each image undergoes one.
    head, opening, tail
        The program before the helpers, before the expressions, and after them.
    helpers
        Code between, by what must be in the expressions for it to be written.
    nothing
        An expression that does nothing, where the program needs one.
    """

    operations: Mapping[str, Callable[[float], Counterpart]]
    sometimes: str
    one_of: str
    head: str
    helpers: Mapping[str, str]
    opening: str
    tail: str
    nothing: str = ""

    def program(self, parts: tuple[Part, ...], size: tuple[int, int] | None) -> str:
        """Return a program that does what the parts of a policy do; ``size`` is the height and width of images."""
        lines = [line for part in parts for line in self._part(part)]
        if self.nothing and all(line.startswith("#") for line in lines):
            lines.append(f"{self.nothing},")
        body = "\n".join("    " + line for line in lines)
        helpers = [text for name, text in self.helpers.items() if name in body]
        if "HEIGHT" in body or "WIDTH" in body:
            height, width = size or (64, 64)
            remark = "of your images" if size else "set these to those of your images"
            helpers.insert(0, f"HEIGHT, WIDTH = {height}, {width}  # {remark}\n")
        return "\n".join([self.head, *helpers, self.opening, *filter(None, [body]), self.tail])

    def _part(self, part: Part) -> list[str]:
        if isinstance(part, Mix):
            return [f"# {part}: AugMix has no counterpart; left out"]
        if isinstance(part, Operation):
            return self._operation(part)
        return self._choice(part)

    def _choice(self, part: Choice) -> list[str]:
        lines = [f"# {part}, with equal chances" + ", as strong as up to this" * part.vary]
        inside = [line for operation in part.operations for line in self._operation(operation, inside=True)]
        if all(line.startswith("#") for line in inside):
            return [f"# {part}: none has a counterpart; left out"]
        opening, closing = self.one_of.split("{several}")
        one = [opening, *("    " + line for line in inside), f"{closing},"]
        return lines + one * part.times

    def _operation(self, operation: Operation, *, inside: bool = False) -> list[str]:
        name, p = _label(operation), operation.probability
        if p == 0 or (operation.kind.draws and operation.strength == 0):
            return [] if inside else [f"# {name}: does nothing"]
        same = self.operations[operation.name](operation.strength)
        if not same.code:
            return [f"# {name}: {same.remark or 'no counterpart'}; left out"]
        code = same.code
        if same.at_half and p == 0.5:
            code = same.at_half
        elif "{p}" in code:
            code = code.replace("{p}", number(p))
        elif p < 1:
            code = self.sometimes.replace("{code}", code).replace("{p}", number(p))
        remark = f"# {name}" + (f": {same.remark}" if same.remark else "")
        line = f"{code},  {remark}"
        return [line] if len(line) <= WIDTH else [remark, f"{code},"]


def _label(operation: Operation) -> str:
    """Return an operation as a policy writes it, its strength rounded."""
    strength = f":{number(operation.strength)}" if operation.kind.draws else ""
    return operation.name + strength + (f"@{number(operation.probability)}" if operation.probability < 1 else "")


def number(value: float) -> str:
    """Return a number as code, short."""
    return f"{round(value, 4):g}"


def span(low: float, high: float) -> str:
    """Return a range as a tuple of code."""
    return f"({number(low)}, {number(high)})"


def none(remark: str) -> Callable[[float], Counterpart]:
    """Return the entry of an operation that has no counterpart."""
    return lambda s: Counterpart("", remark)
