"""The checkpoints of a run, ``checkpoints/step-XXXXXXX/``, and which of them is kept for its quality, ``best.json``.

A checkpoint appears by renaming, complete or not at all. It carries the SHA-256 of its files, so that a damaged one is
recognised and passed over: Stop need not wait for the disk, only the checkpoint before the newest is sure to have
reached it.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganbook.training import run_lock
from ganbook.utils.files import atomic, flush, read_text, sha256, temporary_name, write_text


@dataclass(frozen=True)
class Checkpoint:
    """A saved training state: its folder, the step, and the seconds of training until then."""

    path: Path
    step: int

    def read(self) -> dict[str, Any]:
        """Return the content of ``state.json``; ``ValueError`` if the checkpoint is damaged."""
        try:
            state = json.loads(read_text(self.path / "state.json"))
            sums = state["sha256"]
            damaged = [name for name, digest in sums.items() if sha256(self.path / name) != digest]
            _ = float(state["seconds"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(f"checkpoint {self.path} is damaged: {error}") from None
        if damaged:
            raise ValueError(f"checkpoint {self.path} is damaged: {', '.join(damaged)} changed since it was written")
        return state


@dataclass(frozen=True)
class Best:
    """The step whose checkpoint is kept, and its distance to real images."""

    step: int
    frechet: float


class Checkpoints:
    """Those of the run in a folder; every answer is read from disk."""

    def __init__(self, run: Path):
        self._folder, self._best_file = run / "checkpoints", run / "best.json"

    def newest_first(self) -> list[Checkpoint]:
        """Return the checkpoints, newest first, damaged ones included."""
        newest_first = sorted(by_step(self._folder), reverse=True)
        return [Checkpoint(file, step) for step, file in newest_first if file.is_dir()]

    def newest(self) -> Checkpoint | None:
        """Return the newest checkpoint, damaged or not, if there is one."""
        return next(iter(self.newest_first()), None)

    @contextmanager
    def new(self, step: int, state: dict[str, Any], keep: int) -> Iterator[Path]:
        """Give an empty folder to fill; on leaving, seal it, rename it into place and drop the oldest."""
        if before := self.newest():
            for file in before.path.iterdir():
                flush(file)
        final = self._folder / f"step-{step:07d}"
        temporary = final.with_name(temporary_name(final.name))
        shutil.rmtree(temporary, ignore_errors=True)
        final.parent.mkdir(exist_ok=True)  # not its parents: a run that was removed does not return by halves
        temporary.mkdir()
        try:
            yield temporary
            sums = {file.name: sha256(file) for file in sorted(temporary.iterdir())}
            write_text(temporary / "state.json", json.dumps({"step": step} | state | {"sha256": sums}, indent=2))
            aside = final.with_name(temporary_name(f"{final.name}.{run_lock.REPLACED}"))
            with contextlib.suppress(FileNotFoundError):
                final.rename(aside)
            try:
                temporary.rename(final)
            except OSError:
                with contextlib.suppress(OSError):
                    aside.rename(final)
                raise
            shutil.rmtree(aside, ignore_errors=True)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        best = self.best()
        for old in self.newest_first()[keep:]:
            if best is None or old.step != best.step:
                _remove(old.path)

    def best(self) -> Best | None:
        """Return the checkpoint that is kept for its quality, if there is one."""
        try:
            best = json.loads(read_text(self._best_file))
            return Best(int(best["step"]), float(best["frechet"]))
        except (OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
            return None

    def keep_best(self, step: int, frechet: float) -> None:
        """Have the checkpoint of this step stay, and let go of the one that stayed so far."""
        with atomic(self._best_file) as temporary:
            write_text(temporary, json.dumps({"step": step, "frechet": frechet}))

    def forget_after(self, step: int) -> None:
        """Drop those later than ``step``: training goes on from there."""
        if (best := self.best()) and best.step > step:
            self._best_file.unlink()
        for checkpoint in self.newest_first():
            if checkpoint.step > step:
                _remove(checkpoint.path)


def _remove(folder: Path) -> None:
    """Remove a folder, which nobody sees half removed; where it may not be renamed, it stays."""
    aside = folder.with_name(temporary_name(f"{folder.name}.dropped"))
    with contextlib.suppress(OSError):
        folder.rename(aside)
        shutil.rmtree(aside, ignore_errors=True)


def by_step(folder: Path) -> Iterator[tuple[int, Path]]:
    """Return what is in a folder, previews or checkpoints, with the step in its name; in no order."""
    if not folder.is_dir():
        return
    for file in folder.iterdir():
        if match := re.fullmatch(r"step-(\d{1,18})(\.png|\.txt)?", file.name):
            yield int(match[1]), file
