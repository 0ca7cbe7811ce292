"""Runs on disk and in this process: find one, open one, list them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pandas as pd

from ganbook.config.base import default_runs_dir
from ganbook.config.train import MOST_STEPS, TrainConfig
from ganbook.training import shipped
from ganbook.training.active import active_runs
from ganbook.training.run import Run
from ganbook.training.run_folder import RunFolder, names_in
from ganbook.utils.errors import nearest, refusal
from ganbook.utils.files import user_path


class ActiveRunError(BlockingIOError):
    """A run of this process stands in the way: :attr:`run`."""

    def __init__(self, run: Run):
        super().__init__(
            f"{run.name} is {run.state} here already: gb.load_run({run.name!r}) is it, with pause(), stop() and "
            "extend(); --overwrite stops and replaces it"
        )
        self.run = run


def active_in(folder: RunFolder) -> Run | None:
    """Return the run of this process that works in this folder, if there is one."""
    path = folder.path.resolve()
    return next((run for run in active_runs() if run.folder.path.resolve() == path), None)


def find(name: str | Path, runs_dir: str | Path | None = None) -> RunFolder:
    """Find a run by name or by the path of its folder; one that comes with ganbook is first copied to ``runs_dir``.

    Raises
    ------
    FileNotFoundError
        There is none; the message names the nearest.
    ValueError
        ``name`` is no name and no path.
    """
    base = _base(runs_dir)
    path = user_path(name, "the name of a run")
    is_path = len(path.parts) > 1 or path.is_absolute()
    if is_path or os.path.isfile(path / "config.json"):
        folder = RunFolder(path)
        folder.config()
        return folder
    folder = RunFolder(base / path)
    if folder.name in shipped.names() and not os.path.lexists(folder.path):
        shipped.bring(folder.name, base)
    if not os.path.isfile(folder.path / "config.json"):
        known = names_in(base)
        if folder.name in known:
            raise PermissionError(f"{folder.path} cannot be opened: permission denied; check who may read it")
        runs_there = f"runs there: {', '.join(known[:8])}" if known else "there are no runs there"
        brought = f"; {' and '.join(shipped.names())} come with ganbook" if not known else ""
        guess = nearest(str(name), [*known, *shipped.names()])
        raise FileNotFoundError(f"no run {_short(str(name))} in {base}{guess} ({runs_there}{brought})")
    return folder


def _base(runs_dir: str | Path | None) -> Path:
    return default_runs_dir() if runs_dir is None else user_path(runs_dir, "runs_dir")


def _short(name: str, most: int = 80) -> str:
    return repr(name if len(name) <= most else f"{name[:most]}…")


def load_run(name: str | Path, runs_dir: str | Path | None = None) -> Run:
    """Open a run on disk by name or path, or return the one that this process trains.

    Raises
    ------
    FileNotFoundError, ValueError
        There is no such run, or a newer ganbook wrote it.
    """
    folder = find(name, runs_dir)
    if run := active_in(folder):
        return run
    return Run(folder, folder.options())


def runs(runs_dir: str | Path | None = None) -> pd.DataFrame:
    """List the runs in a folder of runs, newest first.

    A run that cannot be read is listed with the reason as its ``state``; it hides no other.

    Returns
    -------
    DataFrame
        ``name``, ``state``, ``step``, ``seconds`` of training, ``of``, ``data``, ``network``, ``loss``, ``created``.
    """
    base = _base(runs_dir)
    rows = []
    for name in names_in(base):
        try:
            rows.append(_row(base / name))
        except Exception as error:  # one damaged run must not hide the others
            reason = refusal(error).replace(f"{base / name}{os.sep}", "").replace(str(base / name), "the folder")
            rows.append({"name": name, "state": reason if len(reason) <= 100 else f"{reason[:99]}…"})
    columns = ["name", "state", "step", "seconds", "of", "data", "network", "loss", "created"]
    return pd.DataFrame(rows, columns=columns).astype({"step": "Int64", "seconds": "Int64"})


def _row(path: Path) -> dict[str, Any]:
    run = load_run(path)
    saved, options = run.folder.config(), run.config
    elsewhere = not run.active and run.folder.is_locked()
    return {
        "name": run.name, "state": "training elsewhere" if elsewhere else run.state, "step": run.steps_done,
        "seconds": round(run.seconds), "of": _end(options), "data": saved["data"]["name"],
        "network": options.network, "loss": options.loss,
        "created": saved["created"],
    }  # fmt: skip


def _end(options: TrainConfig) -> str:
    if options.steps and options.steps < MOST_STEPS:
        return f"{options.steps:,} steps"
    return f"{options.seconds:g} s" if options.seconds else "no end"
