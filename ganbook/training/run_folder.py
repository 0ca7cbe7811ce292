"""The run folder: what is on disk, and how it stays whole.

``config.json`` · ``history.csv`` · ``previews/step-XXXXXXX.png`` · ``checkpoints/step-XXXXXXX/`` · ``generator.keras``
and, where the best checkpoint is kept, ``best.json``

Files and checkpoints appear by renaming, complete or not at all. A checkpoint carries the SHA-256 of its files, so
that a damaged one is found and passed over: Stop need not wait for the disk, only the checkpoint before the newest
is sure to have reached it.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import filelock
import pandas as pd

from ganbook.utils.files import atomic, flush, sha256

FORMAT = 2
# What older formats called some values of options.
RENAMED = {"network": {"article": "mlp", "own": "custom"}}
COLUMNS = (
    "step", "seconds", "images_per_second", "d_loss", "g_loss", "d_real", "d_fake",
    "diversity", "nearest", "change", "frechet", "augment_probability", "overfitting", "warning",
)  # fmt: skip
TEXT_COLUMNS = {"warning": "string"}


@dataclass(frozen=True)
class Checkpoint:
    """A saved training state: its folder, the step, and the seconds of training until then."""

    path: Path
    step: int

    def read(self) -> dict[str, Any]:
        """What ``state.json`` says; ``ValueError`` if the checkpoint is damaged."""
        try:
            state = json.loads((self.path / "state.json").read_text())
            sums = state["sha256"]
            damaged = [name for name, digest in sums.items() if sha256(self.path / name) != digest]
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"checkpoint {self.path} is damaged: {error}") from None
        if damaged:
            raise ValueError(f"checkpoint {self.path} is damaged: {', '.join(damaged)} changed since it was written")
        return state


@dataclass(frozen=True)
class Best:
    """The step whose checkpoint is kept, and its distance to real images."""

    step: int
    frechet: float


class RunFolder:
    """One run's folder. Holds no state of its own: every answer is read from disk."""

    def __init__(self, path: Path | str):
        self.path = Path(path)

    @property
    def name(self) -> str:
        """The run's name."""
        return self.path.name

    # config.json

    def create(self, config: dict[str, Any], *, overwrite: bool = False) -> None:
        """Make the folder with its ``config.json``.

        Raises
        ------
        FileExistsError
            A run of this name exists and ``overwrite`` is False, or what exists is no run.
        """
        if self.path.exists() and (not self.path.is_dir() or any(self.path.iterdir())):
            if not self._config_file.exists():
                raise FileExistsError(f"{self.path} exists and is no run of ganbook: choose another name")
            if not overwrite:
                raise FileExistsError(
                    f"there is a run named {self.name!r} in {self.path.parent} already: choose another name, go on "
                    f"with it (--resume {self.name}) or replace it (--overwrite)"
                )
            with self.lock():
                self._clear()
        (self.path / "previews").mkdir(parents=True, exist_ok=True)
        (self.path / "checkpoints").mkdir(exist_ok=True)
        self.write_config(config)

    def _clear(self) -> None:
        self._config_file.unlink()  # first, so that a half-cleared folder is no run
        for name in ("previews", "checkpoints"):
            shutil.rmtree(self.path / name, ignore_errors=True)
        for name in ("history.csv", "generator.keras", "best.json"):
            (self.path / name).unlink(missing_ok=True)

    def write_config(self, config: dict[str, Any]) -> None:
        """Write ``config.json``."""
        with atomic(self._config_file) as temporary:
            temporary.write_text(json.dumps(config | {"format": FORMAT}, indent=2, ensure_ascii=False) + "\n")
            flush(temporary)

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
        try:
            config = json.loads(self._config_file.read_text())
            written = int(config["format"])
            _ = config["options"], config["data"]
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{self._config_file} cannot be read: {error!r}") from None
        if written > FORMAT:
            raise ValueError(f"{self.path} has format {written}, this ganbook reads up to {FORMAT}: update ganbook")
        if written < FORMAT:
            options = config["options"]
            options |= {name: new.get(options[name], options[name]) for name, new in RENAMED.items() if name in options}
        return config

    def lock(self) -> filelock.BaseFileLock:
        """Hold the folder against other processes; released by the system if this one dies."""
        self.path.mkdir(parents=True, exist_ok=True)
        # Taken in one thread and released in another.
        lock = filelock.FileLock(self.path / ".lock", timeout=0, thread_local=False)
        try:
            return lock.acquire().lock
        except filelock.Timeout:
            raise BlockingIOError(f"{self.path} is being trained by another process: stop that one first") from None

    def is_locked(self) -> bool:
        """Whether some process trains in this folder now."""
        try:
            self.lock().release()
        except BlockingIOError:
            return True
        return False

    # history.csv

    def append_history(self, row: dict[str, Any]) -> None:
        """Add one report."""
        file = self.path / "history.csv"
        new = not file.exists() or file.stat().st_size == 0
        with file.open("a", newline="") as out:
            writer = csv.DictWriter(out, COLUMNS, restval="")
            if new:
                writer.writeheader()
            writer.writerow(row)

    def history(self) -> pd.DataFrame:
        """Every report so far, one row each; a row cut short by a crash is left out."""
        file = self.path / "history.csv"
        if not file.exists() or file.stat().st_size == 0:
            return pd.DataFrame({name: pd.Series(dtype=TEXT_COLUMNS.get(name, "float64")) for name in COLUMNS})
        return pd.read_csv(file, dtype=TEXT_COLUMNS, on_bad_lines="skip").reindex(columns=list(COLUMNS))

    def forget_after(self, step: int) -> None:
        """Drop reports and previews later than ``step``: training goes on from there."""
        history = self.history()
        if len(history):
            kept = history[history["step"].le(step)]
            with atomic(self.path / "history.csv") as temporary:
                kept.reindex(columns=[*COLUMNS]).to_csv(temporary, index=False)
        for at, file in self.previews().items():
            if at > step:
                file.unlink(missing_ok=True)
        if (best := self.best()) and best.step > step:
            self._best_file.unlink()
        for checkpoint in self.checkpoints():
            if checkpoint.step > step:
                shutil.rmtree(checkpoint.path, ignore_errors=True)

    # previews/

    def preview_path(self, step: int) -> Path:
        """Where the preview of a step belongs."""
        return self.path / "previews" / f"step-{step:07d}.png"

    def previews(self) -> dict[int, Path]:
        """Preview files by step, in order."""
        return dict(sorted((step, file) for step, file in _by_step(self.path / "previews")))

    # checkpoints/

    def checkpoints(self) -> list[Checkpoint]:
        """Checkpoints, newest first, damaged ones included."""
        found = sorted(_by_step(self.path / "checkpoints"), reverse=True)
        return [Checkpoint(file, step) for step, file in found if file.is_dir()]

    @contextmanager
    def new_checkpoint(self, step: int, state: dict[str, Any], keep: int) -> Iterator[Path]:
        """Give an empty folder to fill; on leaving, seal it, rename it into place and drop the oldest."""
        for before in self.checkpoints()[:1]:
            for file in before.path.iterdir():
                flush(file)
        final = self.path / "checkpoints" / f"step-{step:07d}"
        temporary = final.with_name(f".{final.name}.{os.getpid()}")
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir(parents=True)
        try:
            yield temporary
            sums = {file.name: sha256(file) for file in sorted(temporary.iterdir())}
            (temporary / "state.json").write_text(json.dumps({"step": step} | state | {"sha256": sums}, indent=2))
            shutil.rmtree(final, ignore_errors=True)
            temporary.rename(final)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        best = self.best()
        for old in self.checkpoints()[keep:]:
            if best is None or old.step != best.step:
                shutil.rmtree(old.path, ignore_errors=True)

    # best.json

    @property
    def _best_file(self) -> Path:
        return self.path / "best.json"

    def best(self) -> Best | None:
        """The checkpoint that is kept for its quality, if there is one."""
        try:
            return Best(**json.loads(self._best_file.read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def keep_best(self, step: int, frechet: float) -> None:
        """Have the checkpoint of this step stay, and let go of the one that stayed so far."""
        with atomic(self._best_file) as temporary:
            temporary.write_text(json.dumps({"step": step, "frechet": frechet}))


def names_in(runs_dir: Path) -> list[str]:
    """Names of the runs in a folder of runs, newest first; nothing if there is no such folder."""
    if not runs_dir.is_dir():
        return []
    found = (child for child in runs_dir.iterdir() if (child / "config.json").is_file())
    return [child.name for child in sorted(found, key=lambda c: c.stat().st_mtime, reverse=True)]


def _by_step(folder: Path) -> Iterator[tuple[int, Path]]:
    if not folder.is_dir():
        return
    for file in folder.iterdir():
        if match := re.fullmatch(r"step-(\d+)(\.png)?", file.name):
            yield int(match[1]), file
