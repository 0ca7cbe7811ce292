"""The lock of a run's folder: which process trains in it, and what killed ones left half-made.

The system releases the lock of a process that dies.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

# Files and folders half-made or half-removed by a run folder, as a killed training leaves them.
LEFTOVER = re.compile(r"\.(config|history|best|generator|checkpoints|step-\d+)\..+")

# In the name of a checkpoint that another one of the same step replaces, until that is in its place.
REPLACED = "replaced"


def take(folder: Path) -> filelock.BaseFileLock:
    """Hold a run's folder against other processes, and sweep what a killed training left half-made.

    Raises
    ------
    FileNotFoundError
        The folder is gone.
    BlockingIOError
        Another process trains in it.
    PermissionError
        It cannot be written.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"the folder of the run {folder.name!r} is gone: {folder}")
    # Taken in one thread and released in another. Whoever asks is_held() holds it for a moment.
    lock = filelock.FileLock(folder / ".lock", timeout=0.25, thread_local=False)
    try:
        lock.acquire(poll_interval=0.05)
    except filelock.Timeout:
        raise BlockingIOError(f"{folder} is being trained by another process: stop that one first") from None
    except OSError as error:
        reason = "permission denied" if isinstance(error, PermissionError) else error.strerror or str(error)
        raise PermissionError(
            f"{folder} cannot be written ({reason}), and training writes there: copy the run to a folder of your own"
        ) from None
    _sweep(folder)
    return lock


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a run's folder for a while, as :func:`take` does."""
    lock = take(folder)  # not `with lock`, which would take it a second time
    try:
        yield
    finally:
        lock.release()


def _sweep(folder: Path) -> None:
    for place in (folder, folder / "checkpoints", folder / "previews"):
        if not place.is_dir():
            continue
        for entry in place.iterdir():
            if LEFTOVER.fullmatch(entry.name):
                _, name, mark, *_ = f"{entry.name}..".split(".")
                if mark == REPLACED and not (place / name).exists():
                    entry.rename(place / name)
                elif entry.is_dir() and not entry.is_symlink():
                    shutil.rmtree(entry, ignore_errors=True)
                else:
                    entry.unlink(missing_ok=True)


def is_held(folder: Path, name: str = ".lock") -> bool:
    """Tell whether some process trains in a folder now, or holds another lock there. Nothing is written for that."""
    file = folder / name
    try:
        handle = os.open(file, os.O_RDONLY)
    except OSError:
        return False  # nobody ever trained in it, or nobody may look
    try:
        return _is_locked(handle, file)
    finally:
        os.close(handle)


def _is_locked(handle: int, file: Path) -> bool:
    """Tell whether another handle holds the lock of an open file."""
    try:
        import fcntl
    except ImportError:  # Windows locks by writing to the file
        lock = filelock.FileLock(file, timeout=0, thread_local=False)
        try:
            lock.acquire()
        except filelock.Timeout:
            return True
        except OSError:
            return False
        lock.release()
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # a file system without locks
        return False
    return False
