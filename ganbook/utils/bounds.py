"""Numbers and switches as people pass them to Python functions, checked where they come in."""

from __future__ import annotations

import math
import operator
from typing import Any

SMALLEST_IMAGE = 4  # side in pixels of what networks draw
SMALLEST_CROP, LARGEST_CROP = 8, 1024  # side in pixels of the squares into which images are cut
FEW_IMAGES = 5000  # fewer than these a discriminator soon memorises, unless they are augmented
CLASS_IMAGES = 100  # of a class, fewer than which are too few to learn it by itself
UNBALANCED = 10  # times as many samples as another class has, from which on that is rare


def whole_number(value: Any, what: str, least: int, most: int) -> int:
    """Return a whole number within bounds; ``ValueError`` says ``what`` it is for, and what is allowed."""
    try:
        number = None if isinstance(value, bool) else operator.index(value)
    except TypeError:
        number = None
    if number is None or not least <= number <= most:
        raise ValueError(f"{what} is a whole number from {least:,} to {most:,}, not {_shown(value)}")
    return number


def positive_number(value: Any, what: str, most: float = math.inf) -> float:
    """Return a finite number above 0, at most ``most``; ``ValueError`` says ``what`` it is for."""
    try:
        number = math.nan if isinstance(value, bool | str) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not (math.isfinite(number) and 0 < number <= most):
        bounds = "a number above 0" if most == math.inf else f"a number above 0 and at most {most:g}"
        raise ValueError(f"{what} is {bounds}, not {_shown(value)}")
    return number


def switch(value: Any, what: str) -> bool:
    """Return True or False; ``ValueError`` for anything else, as ``"no"`` would count as yes."""
    if value not in (True, False) or isinstance(value, str | float):
        raise ValueError(f"{what} is True or False, not {_shown(value)}")
    return bool(value)


def _shown(value: Any, most: int = 60) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= most else f"{text[:most]}…"
