"""What the dashboard of runs sends to its pages."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd

from ganbook.notebook.panels.training import messages
from ganbook.training import shelf
from ganbook.training.history import by_step
from ganbook.training.run_folder import RunFolder
from ganbook.training.runs import load_run, runs
from ganbook.training.tasks import TASKS

# What can be drawn over each other, by column of the history; a distance comes first where it was measured.
SHOWN = {
    "frechet": "Fréchet distance", "patches": "Patch distance", "psnr": "PSNR, dB", "js_3": "Distance of 3-grams",
    "g_loss": "Generator loss", "d_loss": "Discriminator loss", "d_real": "D(x)", "d_fake": "D(G(z))",
    "diversity": "Diversity",
}  # fmt: skip
POINTS = 240


def listing(runs_dir: Path, histories: dict[Path, tuple[int, pd.DataFrame]]) -> list[dict[str, Any]]:
    """Return a row for each run, the last begun first; ``histories`` keeps those that were read."""
    # A note touches the folder, and must not move the row.
    rows = [_row(row, runs_dir, histories) for row in runs(runs_dir).to_dict("records")]
    return sorted(rows, key=lambda row: row["began"], reverse=True)


def _row(row: dict[str, Any], runs_dir: Path, histories: dict[Path, tuple[int, pd.DataFrame]]) -> dict[str, Any]:
    plain = {key: "" if value is None or value is pd.NA or value != value else str(value) for key, value in row.items()}
    damaged = not plain["network"]
    quality, measured = ("", math.nan) if damaged else _quality(runs_dir / row["name"], histories)
    step, note = -1 if damaged else int(row["step"]), shelf.note_of(RunFolder(runs_dir / row["name"]))
    return plain | {
        "step": "" if damaged else f"{step:,}", "quality": quality, "note": note, "damaged": damaged,
        "order": {"step": step, "quality": messages.finite(measured)},
        "began": plain["created"], "created": plain["created"].replace("T", " ")[:16],
    }  # fmt: skip


def _quality(path: Path, histories: dict[Path, tuple[int, pd.DataFrame]]) -> tuple[str, float]:
    """Return the last measurement of the most telling quality of a run, in words and as a number."""
    history = history_of(path, histories)
    for quality in TASKS[load_run(path).config.task].qualities:
        measured = history[quality.column].dropna()
        if len(measured):
            return f"{quality.short} {measured.iloc[-1]:.3g}{quality.unit}", float(measured.iloc[-1])
    return "", math.nan


def history_of(path: Path, histories: dict[Path, tuple[int, pd.DataFrame]]) -> pd.DataFrame:
    """Return the history of a run, read again only if it has changed."""
    try:
        changed = (path / "history.csv").stat().st_mtime_ns
    except OSError:
        changed = 0
    known = histories.get(path)
    if known is None or known[0] != changed:
        known = histories[path] = changed, RunFolder(path).history()
    return known[1]


def curves(path: Path, histories: dict[Path, tuple[int, pd.DataFrame]]) -> dict[str, list[float | None]]:
    """Return columns of the history of a run, means over enough reports for at most :data:`POINTS` points."""
    names = ["step", "seconds", *SHOWN]
    history = by_step(history_of(path, histories)[names])
    per = max(1, math.ceil(len(history) / POINTS))
    points = history.groupby([i // per for i in range(len(history))]).agg(
        dict.fromkeys(names, "mean") | {"step": "max", "seconds": "max"}
    )
    return {name: [messages.finite(value) for value in points[name]] for name in names}
