"""Keeping runs in order: a note on each, new names, and deleted ones that can be brought back."""

from __future__ import annotations

import os
from pathlib import Path

from ganbook.config.parser import make
from ganbook.config.train import TrainConfig
from ganbook.training import run_lock
from ganbook.training.run_folder import RunFolder
from ganbook.training.runs import active_in, find
from ganbook.utils.errors import OptionError
from ganbook.utils.files import atomic, read_text, write_text

DELETED = ".deleted"  # folder, in the folder of runs, of those that can be brought back
NOTE, LONGEST_NOTE = "note.txt", 2000


def note_of(folder: RunFolder) -> str:
    """Return the user's note on a run, empty without one."""
    try:
        return read_text(folder.path / NOTE).strip()
    except OSError:
        return ""


def write_note(name: str, text: str, runs_dir: str | Path | None = None) -> None:
    """Write a note of up to :data:`LONGEST_NOTE` characters on a run, or remove it with an empty one.

    Raises
    ------
    ValueError, OSError
        It is too long, there is no such run, or its folder cannot be written.
    """
    if len(text) > LONGEST_NOTE:
        raise ValueError(f"a note has up to {LONGEST_NOTE:,} characters, and this one has {len(text):,}: shorten it")
    file = find(name, runs_dir).path / NOTE
    if not text.strip():
        file.unlink(missing_ok=True)
        return
    with atomic(file) as temporary:
        write_text(temporary, text.strip() + "\n")


def rename(name: str, new: str, runs_dir: str | Path | None = None) -> RunFolder:
    """Give a run another name, and its folder with it; return the folder.

    Raises
    ------
    ValueError, OSError
        The name is none or is taken, there is no such run, or somebody trains it.
    """
    folder = find(name, runs_dir)
    try:
        new = make(TrainConfig, name=new).name or ""
    except OptionError as error:
        raise OptionError(f"name {new!r}: {str(error).rpartition(': ')[2]}") from None
    if new == folder.name:
        return folder
    return _moved(folder, folder.path.with_name(new), "rename")


def delete(name: str, runs_dir: str | Path | None = None) -> Path:
    """Put a run into the folder :data:`DELETED` beside it; return where it lies, for :func:`restore`.

    Raises
    ------
    ValueError, OSError
        There is no such run, or somebody trains it.
    """
    folder = find(name, runs_dir)
    bin_ = folder.path.parent / DELETED
    bin_.mkdir(exist_ok=True)
    free, number = bin_ / folder.name, 1
    while os.path.lexists(free):
        number += 1
        free = bin_ / f"{folder.name} {number}"
    return _moved(folder, free, "delete").path


def restore(deleted: Path, name: str) -> RunFolder:
    """Bring a deleted run back under its name; return the folder.

    Raises
    ------
    OSError
        It is gone, or another run has that name by now.
    """
    return _moved(RunFolder(deleted), deleted.parent.parent / name, "bring back")


def _moved(folder: RunFolder, to: Path, what: str) -> RunFolder:
    """Rename the folder of a run that nobody trains."""
    if run := active_in(folder):
        raise BlockingIOError(f"{run.name} is {run.state} here: stop it before you {what} it")
    if os.path.lexists(to):
        raise FileExistsError(f"there is a run named {to.name!r} in {to.parent} already: choose another name")
    with run_lock.held(folder.path):
        pass  # nobody trains it elsewhere; a lock that is held would keep the folder from being renamed on Windows
    folder.path.rename(to)
    return RunFolder(to)
