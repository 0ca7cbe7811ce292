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
