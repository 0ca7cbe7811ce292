"""A semicolon after a magic hides what the magic returns, as it does after any other line."""

from __future__ import annotations

import dis
import re
import sys
from collections.abc import Callable
from functools import wraps
from types import FrameType
from typing import Any

from ganbook.notebook.parsing import without_semicolon

_NAME_AND_SEMICOLON = re.compile(r"^(\s*(?:[\w.]+\s*=\s*)?%%?gan_\w+);")
# What follows a call whose value goes nowhere, or to the screen alone.
_NOT_USED = {"POP_TOP", "PRINT_EXPR", "CALL_INTRINSIC_1"}


def accept_semicolons(shell: Any) -> None:
    """Have a shell read ``%gan_runs;`` as ``%gan_runs ;``: IPython takes the semicolon for a part of the name."""
    transforms = shell.input_transformers_cleanup
    others = [transform for transform in transforms if getattr(transform, "__name__", "") != _apart.__name__]
    transforms[:] = [*others, _apart]


def _apart(lines: list[str]) -> list[str]:
    return [_NAME_AND_SEMICOLON.sub(r"\1 ;", line) for line in lines]


def silenceable(magic: Callable[..., Any]) -> Callable[..., Any]:
    """Make a magic return None where its line ends with a semicolon and its value is not used.

    ``x = %gan_data digits;`` still assigns. Panels are shown either way: they are what their magics are for.
    """

    @wraps(magic)
    def call(self: Any, line: str, *cell: str) -> Any:
        line, silent = without_semicolon(line)
        value = magic(self, line, *cell)
        return None if silent and not _is_used(sys._getframe(1), self.shell.user_global_ns) else value

    return call


def _is_used(frame: FrameType | None, user_namespace: dict[str, Any]) -> bool:
    """Tell whether the statement that calls, in the user's cell, does something with the value."""
    while frame is not None and frame.f_globals is not user_namespace:
        frame = frame.f_back
    if frame is None:
        return True
    rest = (step.opname for step in dis.get_instructions(frame.f_code) if step.offset > frame.f_lasti)
    return next((name for name in rest if name != "CACHE"), "") not in _NOT_USED
