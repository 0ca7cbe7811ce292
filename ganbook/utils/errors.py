"""Errors that a face shows as one line, without a traceback."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

# What both faces say in one line, without a traceback.
BAD_INPUT = (
    ValueError,
    FileNotFoundError,
    FileExistsError,
    NotADirectoryError,
    PermissionError,
    BlockingIOError,
)

INTERRUPTED = 130  # the exit code of a command that was interrupted


class OptionError(ValueError):
    """An option that is unknown or out of bounds; the message is one line."""


def nearest(given: str, known: Iterable[str]) -> str:
    """``"; did you mean x?"`` for the name closest to ``given``, or nothing."""
    close = difflib.get_close_matches(str(given), list(known), 1, 0.5)
    return f"; did you mean {close[0]}?" if close else ""


def few(names: Iterable[object], most: int = 5) -> str:
    """List names for a message, quoted, the first few of them: ``"'a', 'b' and 7 more"``."""
    names = [name if isinstance(name, int) else f"{str(name)[:60]!r}" for name in names]
    shown = ", ".join(map(str, names[:most]))
    return shown if len(names) <= most else f"{shown} and {len(names) - most:,} more"


def counted(number: int, noun: str = "image") -> str:
    """``"1 image"``, ``"2,000 images"``."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


def one_line(error: object, most: int = 160) -> str:
    """Return the text of an error in one line that is not too long, or its kind where it has no text."""
    text = " ".join((getattr(error, "strerror", None) or str(error) or type(error).__name__).split())
    return text if len(text) <= most else text[: most - 1] + "…"
