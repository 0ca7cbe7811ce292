"""Results in the cache: read if they are sound, written if that is possible, and never a reason to fail."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from ganbook.utils.errors import refusal
from ganbook.utils.files import atomic

Value = TypeVar("Value")


def read_cached(file: Path, read: Callable[[Path], Value]) -> Value | None:
    """Return ``read(file)``; None if the file does not exist or is damaged, so that it has to be computed again."""
    if not os.path.isfile(file):
        return None
    try:
        return read(file)
    except Exception:  # whatever a damaged file makes a library raise
        return None


def write_cached(file: Path, write: Callable[[Path], None], what: str) -> None:
    """Have ``write(path)`` write a file of the cache, whole or not at all.

    If the cache cannot be written, warn that ``what`` was not stored: the result is there all the same.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with atomic(file) as temporary:
            write(temporary)
    except OSError as error:
        warnings.warn(
            f"{what} could not be stored in the cache and will be computed again next time ({refusal(error)}); "
            "GANBOOK_CACHE may name another folder",
            stacklevel=2,
        )
