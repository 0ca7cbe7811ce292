"""Errors that a face shows as one line, without a traceback: bad input, and what the system refuses."""

from __future__ import annotations

import difflib
import errno
from collections.abc import Iterable

# Bad input raises ValueError; what the system refuses raises OSError or MemoryError.
BAD_INPUT = (ValueError, OSError, MemoryError)

LONGEST = 600  # characters of a line
INTERRUPTED = 130  # the exit code of a command that was interrupted

# The system's refusals in words, and what to do about them. Not every system knows every name.
REFUSALS = {
    "EACCES": "permission denied: check who may read and write it",
    "EPERM": "the system does not permit it: check who owns it",
    "EROFS": "it is on a read-only disk: choose another place",
    "ENOSPC": "the disk is full: free some space or choose another place",
    "EDQUOT": "your disk quota is used up: free some space or choose another place",
    "EFBIG": "the file would be larger than this disk allows: choose another place",
    "ENAMETOOLONG": "the name is too long: most systems allow 255 bytes for a name",
    "ELOOP": "its links lead in a circle: remove or correct the link",
    "EISDIR": "it is a folder, and a file is needed",
    "ENOTDIR": "a part of this path is a file, not a folder",
    "ENOTEMPTY": "the folder is not empty",
    "ENOENT": "there is no such file or folder",
    "EEXIST": "it exists already",
    "EMFILE": "too many files are open: close some, or raise the limit (ulimit -n)",
    "ENFILE": "too many files are open on this computer: close some programs",
    "ENOMEM": "not enough memory",
    "EIO": "the disk reports a read or write error: the disk or its connection may be damaged",
    "ENODEV": "the device is gone",
    "ENXIO": "it is no ordinary file, and nothing answers behind it",
    "ESTALE": "the network drive no longer knows this file: reconnect the drive",
    "ETIMEDOUT": "the network drive did not answer in time",
    "EBUSY": "another program is using it",
    "ETXTBSY": "another program is using it",
    "EINVAL": "the system does not accept this name or operation",
}


class OptionError(ValueError):
    """An option that is unknown or out of bounds; the message is one line."""


def refusal(error: BaseException) -> str:
    """Return the message of an error as one line for users.

    A refusal of the system names the file and says in words what is wrong and what to do; its number is left out.
    """
    if isinstance(error, OSError) and error.errno is not None and str(error).startswith("[Errno"):
        reason = REFUSALS.get(errno.errorcode.get(error.errno, "")) or error.strerror or "the system refuses it"
        files = [_short(name) for name in (error.filename, error.filename2) if name is not None]
        text = f"{' → '.join(files)}: {reason}" if files else reason
    elif _is_lack_of_memory(error):
        detail = (str(error).strip().splitlines() or [""])[0][:200]
        detail = f" ({detail[:1].lower()}{detail[1:]})" if detail else ""
        text = f"not enough memory{detail}: use fewer or smaller images, a smaller batch, or close other programs"
    elif isinstance(error, UnicodeError):
        text = f"text that cannot be encoded or decoded ({error})"
    else:
        text = str(error) or type(error).__name__
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _short(name: object, most: int = 120) -> str:
    text = name.decode(errors="backslashreplace") if isinstance(name, bytes) else str(name)
    return text if len(text) <= most else f"{text[: most // 2]}…{text[-(most // 2) :]}"


def is_bad_input(error: BaseException) -> bool:
    """Tell bad input and refusals of the system from faults of ganbook itself."""
    return isinstance(error, BAD_INPUT) or _is_lack_of_memory(error)


def _is_lack_of_memory(error: BaseException) -> bool:
    """Know the errors of TensorFlow and OpenCV by their names, so that neither library is imported."""
    kind = type(error).__name__
    return (
        isinstance(error, MemoryError)
        or kind == "ResourceExhaustedError"
        or (kind == "error" and "Insufficient memory" in str(error))
    )


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
    text = getattr(error, "strerror", None) or str(error)
    if isinstance(error, BaseException) and not text:
        text = type(error).__name__
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"
