"""The run folder: what is on disk, and how it stays whole.

``config.json`` · ``history.csv`` · ``previews/step-XXXXXXX.png`` · ``checkpoints/step-XXXXXXX/`` · ``generator.keras``
and, where the best checkpoint is kept, ``best.json``

The folder and its files appear by renaming, complete or not at all. What a killed training left half-made is swept when
the folder is next locked.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import filelock
import pandas as pd

from ganbook.config.parser import make
from ganbook.config.train import MOST_STEPS, TrainConfig
from ganbook.training import history, run_config, run_lock
from ganbook.training.checkpoints import Checkpoints, by_step
from ganbook.utils.errors import OptionError
from ganbook.utils.files import atomic, read_text, temporary_name

ABANDONED_SECONDS = 3600
REFERENCES = ("input", "real")  # what previews are compared with


class RunFolder:
    """One run's folder. Holds nothing but the lock of a folder that it made: every answer is read from disk."""

    def __init__(self, path: Path | str):
        self.path = Path(path)
        self.checkpoints = Checkpoints(self.path)
        self._made: filelock.BaseFileLock | None = None

    @property
    def name(self) -> str:
        """The run's name."""
        return self.path.name

    # config.json

    def create(self, config: dict[str, Any], *, overwrite: bool = False) -> None:
        """Make the folder with its ``config.json``: whole, or not at all, and held until :meth:`lock` takes it over.

        The remains of a start that failed before its first checkpoint do not block the name.

        Raises
        ------
        FileExistsError
            A run of this name exists and ``overwrite`` is False, or what exists is no run.
        BlockingIOError
            Another process trains in it.
        """
        if self._is_taken():
            if not overwrite:
                raise FileExistsError(
                    f"there is a run named {self.name!r} in {self.path.parent} already: choose another name, go on "
                    f"with it (--resume {self.name}) or replace it (--overwrite)"
                )
            with self._held_from_now_on(self):
                self._replace(config)
            return
        runs_dir = self.path.parent
        if os.path.lexists(runs_dir) and not runs_dir.is_dir():
            os.stat(runs_dir)  # raises what is wrong with a link that leads nowhere
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(runs_dir))
        runs_dir.mkdir(parents=True, exist_ok=True)
        self._sweep_abandoned()
        new = RunFolder(self.path.with_name(temporary_name(self.name)))
        try:
            (new.path / "previews").mkdir(parents=True)
            (new.path / "checkpoints").mkdir()
            new.write_config(config)
            try:
                self._remove_remains()
                if os.name == "nt":  # where a folder with an open file keeps its name
                    new.path.rename(self.path)
                else:
                    with self._held_from_now_on(new):
                        new.path.rename(self.path)
            except OSError:
                if self.path.exists():  # another process was faster
                    raise FileExistsError(
                        f"another process has just made a run named {self.name!r} in {self.path.parent}: choose "
                        "another name"
                    ) from None
                raise
        finally:
            shutil.rmtree(new.path, ignore_errors=True)

    @contextmanager
    def _held_from_now_on(self, folder: RunFolder) -> Iterator[None]:
        """Hold a folder, which may be renamed to this one, until :meth:`lock` takes over, or there is an error."""
        lock = run_lock.take(folder.path)
        try:
            yield
        except BaseException:
            lock.release()
            raise
        self._made = lock

    def _is_taken(self) -> bool:
        """Tell whether a run has this name; ``FileExistsError`` if something else has."""
        if not os.path.lexists(self.path):
            return False
        if self._config_file.is_file():
            return not self._never_began() or self.is_locked()
        if not self.path.is_dir() or not self._holds_only_remains():
            raise FileExistsError(f"{self.path} exists and is no run of ganbook: choose another name")
        return False

    def _never_began(self) -> bool:
        """Tell whether the training ended before its first checkpoint and report."""
        return set(os.listdir(self.path)) <= {"config.json", ".lock", "previews", "checkpoints"} and not (
            self.checkpoints.newest() or self.previews()
        )

    def _holds_only_remains(self) -> bool:
        """Tell whether nothing is here but what a failed start leaves: empty folders and half-made files."""
        return all(
            entry.name == ".lock"
            or run_lock.LEFTOVER.fullmatch(entry.name)
            or (entry.name in ("previews", "checkpoints") and entry.is_dir() and not any(entry.iterdir()))
            for entry in self.path.iterdir()
        )

    def _remove_remains(self) -> None:
        """Remove what a failed start left, if it is still nothing more."""
        if not os.path.lexists(self.path):
            return
        with run_lock.held(self.path):
            if self._holds_only_remains() or self._never_began():
                shutil.rmtree(self.path)

    def _replace(self, config: dict[str, Any]) -> None:
        """Make this run a new one, under its lock. Files that are not ganbook's own stay.

        Killed in between, it leaves the old run without checkpoints, which can be resumed or replaced.
        """
        checkpoints = self.path / "checkpoints"
        with atomic(self._config_file) as temporary:
            run_config.write(temporary, config)  # first, which shows that there is room
            aside = self.path / temporary_name("checkpoints")
            if checkpoints.exists():
                checkpoints.rename(aside)
            checkpoints.mkdir()
            for name in ("history.csv", "generator.keras", "best.json"):
                (self.path / name).unlink(missing_ok=True)
            for preview in (*self.previews().values(), *self.references().values()):
                preview.unlink(missing_ok=True)
            (self.path / "previews").mkdir(exist_ok=True)
        shutil.rmtree(aside, ignore_errors=True)

    def _sweep_abandoned(self) -> None:
        """Remove folders of this name that a killed start left half-made an hour ago or earlier."""
        for folder in self.path.parent.glob(f".{self.name}.*"):
            try:
                if time.time() - folder.stat().st_mtime > ABANDONED_SECONDS and RunFolder(folder)._never_began():
                    shutil.rmtree(folder, ignore_errors=True)
            except OSError:
                continue

    def write_config(self, config: dict[str, Any]) -> None:
        """Write ``config.json``."""
        with atomic(self._config_file) as temporary:
            run_config.write(temporary, config)

    def change_options(self, options: dict[str, Any]) -> None:
        """Replace the options in ``config.json``."""
        self.write_config(self.config() | {"options": options})

    @property
    def _config_file(self) -> Path:
        return self.path / "config.json"

    def config(self) -> dict[str, Any]:
        """Read ``config.json``.

        Raises
        ------
        FileNotFoundError
            This is no run.
        ValueError
            It cannot be read, or a newer ganbook wrote it.
        """
        if not self._config_file.is_file():
            known = names_in(self.path.parent)
            there = f"runs in {self.path.parent}: {', '.join(known)}" if known else f"{self.path.parent} holds no runs"
            raise FileNotFoundError(f"{self.path} is no run (it has no config.json); {there}")
        return run_config.read(self._config_file)

    def options(self) -> TrainConfig:
        """Return the options in ``config.json``, with name and place of the folder, and a last step if they have none.

        Raises
        ------
        FileNotFoundError, ValueError
            As :meth:`config`; or they are out of bounds.
        """
        here = {"name": self.name, "runs_dir": self.path.parent}
        try:
            options = make(TrainConfig, **self.config()["options"] | here)
        except OptionError as error:
            raise ValueError(f"{self._config_file} cannot be read: {error}") from None
        endless = options.steps is None and options.seconds is None
        return options.model_copy(update={"steps": MOST_STEPS}) if endless else options

    # .lock

    def lock(self) -> filelock.BaseFileLock:
        """Hold the folder against other processes, see :func:`ganbook.training.run_lock.take`."""
        made, self._made = self._made, None
        return made or run_lock.take(self.path)

    def let_go(self) -> None:
        """Hold the folder no longer if it was made here and :meth:`lock` has not been called."""
        if self._made is not None:
            self._made.release()
            self._made = None

    def is_locked(self) -> bool:
        """Tell whether some process trains in this folder now. Nothing is written for that."""
        return run_lock.is_held(self.path)

    def clean(self) -> None:
        """Remove what a killed training left half-made; ``OSError`` if another process trains in the folder."""
        with run_lock.held(self.path):
            pass  # taking the lock sweeps

    def identity(self) -> int | None:
        """Return a number that no other folder has while this one is locked; None if the run is gone.

        It is that of the lock's file, which the system gives to no other file while it is open.
        """
        try:
            return os.stat(self.path / ".lock").st_ino if self._config_file.is_file() else None
        except OSError:
            return None

    # history.csv

    @property
    def _history_file(self) -> Path:
        return self.path / "history.csv"

    def append_history(self, row: dict[str, Any]) -> None:
        """Add one report."""
        history.append_row(self._history_file, row)

    def history(self) -> pd.DataFrame:
        """Return every report so far, one row each; see :func:`ganbook.training.history.read`."""
        try:
            batch_size = json.loads(read_text(self._config_file))["options"]["batch_size"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            batch_size = None
        return history.read(self._history_file, batch_size if isinstance(batch_size, int) else None)

    def forget_after(self, step: int) -> None:
        """Drop reports and previews later than ``step``: training goes on from there."""
        if self._history_file.exists():
            reports = self.history()
            with atomic(self._history_file) as temporary:
                reports[reports["step"].le(step)].to_csv(
                    temporary, index=False, encoding="utf-8", errors="backslashreplace", lineterminator="\n"
                )
        for preview_step, file in self.previews().items():
            if preview_step > step:
                file.unlink(missing_ok=True)
        self.checkpoints.forget_after(step)

    # previews/

    def preview_path(self, step: int, suffix: str = ".png") -> Path:
        """Return the path at which the preview of a step belongs; its folder is made again if somebody removed it."""
        folder = self.path / "previews"
        folder.mkdir(exist_ok=True)  # not its parents: a run that was removed does not return by halves
        return folder / f"step-{step:07d}{suffix}"

    def previews(self) -> dict[int, Path]:
        """Return the preview files by step, in order."""
        return dict(sorted((step, file) for step, file in by_step(self.path / "previews")))

    def reference_path(self, name: str, suffix: str = ".png") -> Path:
        """Return the path of what previews are compared with: ``real``, or the ``input`` of the generator."""
        return self.preview_path(0).with_name(f"{name}{suffix}")

    def references(self) -> dict[str, Path]:
        """Return the files that previews are compared with, by name."""
        files = (self.path / "previews" / f"{name}{suffix}" for name in REFERENCES for suffix in (".png", ".txt"))
        return {file.stem: file for file in files if file.is_file()}


def names_in(runs_dir: Path) -> list[str]:
    """Names of the runs in a folder of runs, newest first; nothing if there is no such folder.

    Folders that may not be opened are listed, too: what they hold cannot be known.
    """
    if not runs_dir.is_dir():
        return []
    names = []
    for child in runs_dir.iterdir():
        if child.name.startswith(".") or not (_is_run(child) or _is_closed(child)):
            continue
        try:
            names.append((child.stat().st_mtime, child.name))
        except OSError:  # removed this moment
            continue
    return [name for _, name in sorted(names, reverse=True)]


def _is_run(folder: Path) -> bool:
    return os.path.isfile(folder / "config.json")


def _is_closed(folder: Path) -> bool:
    return os.path.isdir(folder) and not os.access(folder, os.R_OK | os.X_OK)
