"""The messages of the training panel: what a run knows, as plain values that a page can take."""

from __future__ import annotations

import math
import time
from io import BytesIO
from pathlib import Path
from typing import Any

from ganbook.config import learning_rates
from ganbook.config.train import MOST_STEPS, TrainConfig
from ganbook.data.dataset import kind_of
from ganbook.notebook.panels.training import next_steps
from ganbook.training import advice
from ganbook.training.health import Line
from ganbook.training.history import by_step
from ganbook.training.run import Run
from ganbook.training.tasks import TASKS

CURVES = (
    "step",
    "seconds",
    "images_per_second",
    "d_loss",
    "g_loss",
    "d_real",
    "d_fake",
    "augment_probability",
    "d_gradient_norm",
    "g_gradient_norm",
)
# The names of what previews are compared with.
REFERENCES = {"input": "Input", "real": "Real"}
# The most that a button adds to a finished run.
MORE = {"steps": 1000, "seconds": 60.0}
POINTS = 500
ALARMS = 50
# Sheets of large images travel as JPEG of this many pixels a side; small ones as the PNG they are.
LARGE_FILE, LARGE_SIDE = 600_000, 1100


def more(config: TrainConfig) -> dict[str, Any]:
    """Return what a button adds to a finished run: as much as was asked for, up to :data:`MORE`."""
    budget = "steps" if config.steps else "seconds"
    return {"budget": budget, "count": min(getattr(config, budget), MORE[budget])}


def everything(run: Run, health: Line, more: dict[str, Any]) -> dict[str, Any]:
    """Return the message for a page that connects."""
    return {
        "kind": "all",
        "about": about(run) | {"more": more},
        "now": now(run, health),
        "curves": curves(run),
        "previews": list(run.folder.previews()),
    }


def about(run: Run) -> dict[str, Any]:
    """Return what does not change while a run trains."""
    config, data = run.config, run.folder.config()["data"]
    kind = kind_of(data)
    used = {key: value for key, value in config.to_save().items() if value is not None}
    return {
        "name": run.name,
        "address": next_steps.address(run),
        "summary": [config.network, data["name"], kind.size_in_words(data), f"batch {config.batch_size}"]
        + ([f"{run.num_classes} classes"] if config.conditional else [])
        + ([config.loss] if config.loss != "non-saturating" else [])
        + ([f"{'adaptive ' * config.adaptive}{config.augment}"] if config.augment else []),
        "options": [[key.replace("_", " "), _plain(value)] for key, value in used.items()],
        "folder": str(run.folder.path),
        "sheet": list(kind.preview_size(data)),
        "noun": f"{kind.noun}s",
        "text": kind.preview_suffix == ".txt",
        "batch": config.batch_size,
        "classes": _classes(run),
        "references": [[name, REFERENCES[name]] for name in run.folder.references()],
        "qualities": [
            {"title": quality.title, "lines": [list(line) for line in quality.lines.items()]}
            for quality in TASKS[config.task].qualities
        ],
        "next": next_steps.offered(run),
        "advice": {kind: advice.in_words(advice.advised(kind, config)) for kind in advice.CHANGES}
        if config.network != "custom"
        else {},
    }


def _classes(run: Run) -> list[str]:
    """Return the class of each cell of a preview, in rows; empty where a run has no classes, or no grid."""
    names = run.class_names or tuple(map(str, range(run.num_classes)))
    data = run.folder.config()["data"]
    if not names or kind_of(data).preview_suffix == ".txt" or len(data["shape"]) != 3:
        return []
    return [names[i % len(names)] for i in range(kind_of(data).preview_count)]


def now(run: Run, health: Line) -> dict[str, Any]:
    """Return where a run stands, and how it is."""
    saved = run.folder.checkpoints.newest()
    age = None
    if saved:
        try:
            age = max(0.0, time.time() - saved.path.stat().st_mtime)
        except OSError:  # just replaced by a newer one
            age = 0.0
    return {
        "state": run.state,
        "note": run.note,
        "error": "" if run.error is None else _first_line(run.error),
        "fault": advice.NON_FINITE if isinstance(run.error, FloatingPointError) else "",
        "step": run.steps_done,
        "seconds": round(run.seconds, 3),
        "steps_wanted": None if run.config.steps == MOST_STEPS else run.config.steps,  # neither: it has no end
        "seconds_wanted": run.config.seconds,
        "checkpoint": saved.step if saved else None,
        "checkpoint_age": age,
        "health": [health.healthy, health.text],
        "rates": _rates(run),
    }


def _rates(run: Run) -> dict[str, Any]:
    """Return the learning rates that hold, the changes that led to them, and the schedule that they follow."""
    generator, discriminator = run.learning_rates
    return {
        "generator": generator,
        "discriminator": discriminator,
        "changes": learning_rates.marks(run.config, run.steps_done),
        "schedule": run.config.rate_half_life,
    }


def curves(run: Run) -> dict[str, Any]:
    """Return columns of history, each point the mean of ``per`` reports so that there are at most :data:`POINTS`.

    Where that does not come out even, the first point has fewer.
    """
    history, names = run.history, columns(run)
    alarms = history.loc[history["warning"].fillna("").ne("")].tail(ALARMS)
    reports = by_step(history[names]).dropna(subset=["d_loss", "g_loss"], how="all")
    per = max(1, math.ceil(len(reports) / POINTS))
    point = [i // per for i in range(-len(reports), 0)]
    points = reports.groupby(point).agg(dict.fromkeys(names, "mean") | {"step": "max", "seconds": "max"})
    return {
        "per": per,
        "columns": {name: [finite(value) for value in points[name]] for name in names},
        "alarms": [[finite(row.step), finite(row.seconds), row.warning] for row in alarms.itertuples()],
    }


def columns(run: Run) -> list[str]:
    """Return the columns of history that the charts of a run show."""
    return [*CURVES, *(column for quality in TASKS[run.config.task].qualities for column in quality.lines)]


def report(run: Run, row: dict[str, Any]) -> dict[str, Any]:
    """Return one report as the page takes it."""
    return {name: finite(row.get(name)) for name in columns(run)} | {"warning": row.get("warning", "")}


def preview(run: Run, step: int) -> bytes:
    """Return the preview of a step as a file fit for sending: an image, or lines of text."""
    return _fit(run.folder.preview_path(step, kind_of(run.folder.config()["data"]).preview_suffix))


def reference(run: Run, name: str) -> bytes:
    """Return what previews are compared with, one of :data:`REFERENCES`, as a file fit for sending."""
    return _fit(run.folder.references()[name])


def _fit(path: Path) -> bytes:
    if path.suffix == ".txt" or path.stat().st_size <= LARGE_FILE:
        return path.read_bytes()
    from PIL import Image

    with Image.open(path) as sheet:
        sheet.thumbnail((LARGE_SIDE, LARGE_SIDE), Image.Resampling.BOX)
        out = BytesIO()
        sheet.save(out, "JPEG", quality=88)
        return out.getvalue()


def finite(value: Any) -> float | int | None:
    """Return a number in six digits; None if it is missing or not finite."""
    if value is None or not math.isfinite(value):
        return None
    number = float(f"{float(value):.6g}")
    return int(value) if float(value).is_integer() else number


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.6g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
