"""What the sweep panel sends to its pages."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ganbook.studies.sweep_study import Sweep

if TYPE_CHECKING:
    import pandas as pd


def everything(sweep: Sweep) -> dict[str, Any]:
    """Return state, progress, verdict and tables of a sweep."""
    done, wanted = sweep.progress
    table, seeds = sweep.table, sweep.seeds
    measure = table.columns[2]
    tried = list(table.columns[3:-3])
    rows = [
        {
            "state": row["state"],
            "cells": [
                row["trial"],
                row["state"],
                _text(row[measure]),
                *(_text(row[name]) for name in tried),
                row["note"],
            ],
        }
        for row in table.to_dict("records")
    ]
    return {
        "kind": "sweep",
        "name": sweep.folder.name,
        "folder": str(sweep.folder),
        "state": sweep.state,
        "error": " ".join(str(sweep.error).split()) if sweep.error else "",
        "note": "The time is over." if sweep.out_of_time and sweep.state == "stopped" else "",
        "done": done,
        "wanted": wanted,
        "failed": len(sweep.failures),
        "verdict": sweep.verdict.splitlines(),
        "best": sweep.best_name or "",
        "columns": ["trial", "state", measure, *tried, ""],
        "rows": rows,
        "seeds": _seeds(seeds, measure),
    }


def _seeds(seeds: pd.DataFrame, measure: str) -> dict[str, Any] | None:
    """Return one row for each of the best trials, a column for each other seed; None before there is anything."""
    if seeds["state"].eq("waiting").all():
        return None
    values = seeds.pivot(index="trial", columns="seed", values=measure)
    states = seeds.pivot(index="trial", columns="seed", values="state")
    means = values.mean(axis=1)
    rows = [
        [
            trial,
            *(_text(v) or s for v, s in zip(values.loc[trial], states.loc[trial], strict=True)),
            _text(means[trial]),
        ]
        for trial in dict.fromkeys(seeds["trial"])
    ]
    return {"columns": ["trial", *(f"seed {seed}" for seed in values.columns), "mean"], "rows": rows}


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
