"""Files that appear whole or not at all, text that is always UTF-8, and paths as users write them."""

from __future__ import annotations

import hashlib
import os
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

# As temporary_name() makes them: stem, process, suffix.
TEMPORARY = re.compile(r"\.(.+)\.(\d+)-\d+(\.[^.]+)?", re.DOTALL)


@contextmanager
def atomic(path: Path, *, swept: bool = False) -> Iterator[Path]:
    """Give a temporary path beside ``path``; on leaving without an error, rename it into place.

    A link stays a link, and what it leads to is replaced. A device or a pipe cannot be replaced: it is written itself.
    What killed processes left half-written of this very file is removed, unless the folder is ``swept`` already.
    An error of the system names ``path``, not the temporary file.
    """
    if os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path):
        yield path
        return
    path = Path(os.path.realpath(path))
    if not swept:
        sweep(path.parent, path)
    temporary = path.with_name(temporary_name(path.stem, path.suffix))
    try:
        yield temporary
        temporary.replace(path)
    except OSError as error:
        if error.errno is not None and (error.filename is None or str(error.filename) == str(temporary)):
            error.filename, error.filename2 = str(path), None
        raise
    finally:
        temporary.unlink(missing_ok=True)


def temporary_name(stem: str, suffix: str = "") -> str:
    """Return a hidden name that no other process or thread uses, and that is not longer than a name may be."""
    mark = f".{os.getpid()}-{threading.get_ident() % 10**6}{suffix}"
    while len(os.fsencode(f".{stem}{mark}")) > 255 and stem:
        stem = stem[:-1]
    return f".{stem}{mark}"


def sweep(folder: Path, path: Path | None = None) -> None:
    """Remove what processes left half-written in a folder when they were killed, of all files or of one.

    These are hidden files that carry the number of a process, see :func:`temporary_name`. Those of processes that are
    alive stay.
    """
    try:
        names = [name for name in os.listdir(folder) if name.startswith(".")]
    except OSError:
        return
    for name in names:
        match = TEMPORARY.fullmatch(name)
        if match is None or _alive(int(match[2])):
            continue
        own = path is None or (path.stem.startswith(match[1]) and path.suffix == (match[3] or ""))
        if own and (folder / name).is_file():
            (folder / name).unlink(missing_ok=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def read_text(path: Path | str) -> str:
    """Read a text file as UTF-8, whatever the locale; bytes that are no text become surrogates."""
    return Path(path).read_text(encoding="utf-8", errors="surrogateescape")


def write_text(path: Path | str, text: str) -> None:
    r"""Write a text file as UTF-8 with ``\n``, whatever the locale.

    A name that the file system holds in another encoding has surrogates in Python. They are written as ``\udcXX``,
    which in JSON means just that.
    """
    with Path(path).open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
        file.write(text)


def user_path(path: str | os.PathLike, what: str = "a path") -> Path:
    """Return a path as users write it, with ``~`` expanded.

    Raises
    ------
    ValueError
        It is empty, has a NUL character, or is no path at all.
    """
    if not isinstance(path, str | os.PathLike):
        raise ValueError(f"{what} is text or a pathlib.Path, not {type(path).__name__}")
    text = os.fspath(path)
    text = os.fsdecode(text) if isinstance(text, bytes) else text
    if not text.strip():
        raise ValueError(f"{what} is empty: give a name, or . for the current folder")
    if "\0" in text:
        raise ValueError(f"{what} has a NUL character, which no name may have")
    return Path(os.path.expanduser(text))


def checked_out(path: str | os.PathLike, kinds: Mapping[str, str]) -> Path:
    """Return the path of a file that is to be written, once it is clear that it can be.

    Parameters
    ----------
    path
        As users write it.
    kinds
        What each allowed ending stands for: ``{".png": "an image"}``; empty if any will do.

    Raises
    ------
    ValueError
        It has another ending.
    IsADirectoryError
        It is a folder.
    FileNotFoundError
        Its folder does not exist.
    PermissionError
        Its folder cannot be written.
    """
    file = user_path(path, "the name of the file to write")
    if kinds and file.suffix.lower() not in kinds:
        allowed = [f"{suffix} ({kind})" if kind else suffix for suffix, kind in kinds.items()]
        wrong = f"is neither {' nor '.join(allowed)}" if len(allowed) > 1 else f"does not end in {allowed[0]}"
        raise ValueError(f"{file} {wrong}")
    if file.is_dir():
        raise IsADirectoryError(f"{file} is a folder: give the name of a file in it")
    if not file.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {file.parent} to write {file.name} into")
    if not os.path.exists(file) and not os.access(file.parent, os.W_OK):
        raise PermissionError(f"{file.parent} may not be written: choose another folder for {file.name}")
    return file


def flush(path: Path) -> None:
    """Make sure that the disk has the file."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
