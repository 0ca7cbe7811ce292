"""Runs on disk and in this process: find one, open one, list them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from ganbook.config.base import default_runs_dir
from ganbook.config.parser import make
from ganbook.config.train import TrainConfig
from ganbook.training.run import Run, active_runs
from ganbook.training.run_folder import RunFolder, names_in
from ganbook.utils.errors import nearest


def active_in(folder: RunFolder) -> Run | None:
    """The run of this process that works in this folder."""
    path = folder.path.resolve()
    return next((run for run in active_runs() if run.folder.path.resolve() == path), None)


def find(which: str | Path, runs_dir: str | Path | None = None) -> RunFolder:
    """Find a run by name or by the path of its folder.

    Raises
    ------
    FileNotFoundError
        There is none; the message names the nearest.
    """
    base = Path(runs_dir) if runs_dir is not None else default_runs_dir()
    by_path = Path(which).expanduser()
    is_path = len(by_path.parts) > 1 or by_path.is_absolute()
    if is_path or (by_path / "config.json").is_file():
        folder = RunFolder(by_path)
        folder.config()
        return folder
    folder = RunFolder(base / by_path)
    if not (folder.path / "config.json").is_file():
        known = names_in(base)
        there = f"runs there: {', '.join(known[:8])}" if known else "there are no runs there"
        raise FileNotFoundError(f"no run {str(which)!r} in {base}{nearest(str(which), known)} ({there})")
    return folder


def load_run(which: str | Path, runs_dir: str | Path | None = None) -> Run:
    """Open a run on disk by name or path, or return the one that this process trains.

    Raises
    ------
    FileNotFoundError, ValueError
        There is no such run, or a newer ganbook wrote it.
    """
    folder = find(which, runs_dir)
    if run := active_in(folder):
        return run
    place = {"name": folder.name, "runs_dir": folder.path.parent}
    return Run(folder, make(TrainConfig, **folder.config()["options"] | place))


def runs(runs_dir: str | Path | None = None) -> pd.DataFrame:
    """List the runs in a folder of runs, newest first.

    Returns
    -------
    DataFrame
        ``name``, ``state``, ``step``, ``of``, ``data``, ``network``, ``loss``, ``created``.
    """
    base = Path(runs_dir) if runs_dir is not None else default_runs_dir()
    rows = []
    for name in names_in(base):
        try:
            run = load_run(base / name)
            saved = run.folder.config()
        except ValueError as error:
            rows.append({"name": name, "state": str(error)})
            continue
        elsewhere = not run.active and run.folder.is_locked()
        options = run.config
        rows.append({
            "name": name, "state": "training elsewhere" if elsewhere else run.state, "step": run.steps_done,
            "of": f"{options.steps:,} steps" if options.steps else f"{options.seconds:g} s",
            "data": saved["data"]["name"], "network": options.network, "loss": options.loss,
            "created": saved["created"],
        })  # fmt: skip
    columns = ["name", "state", "step", "of", "data", "network", "loss", "created"]
    return pd.DataFrame(rows, columns=columns).astype({"step": "Int64"})
