"""Runs of this process that have not ended, and what becomes of them when it does."""

from __future__ import annotations

import atexit
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ganbook.run import Run

_runs: set[Run] = set()
GOODBYE_SECONDS = 20


def add(run: Run) -> None:
    """Count a run in."""
    _runs.add(run)


def discard(run: Run) -> None:
    """Count it out."""
    _runs.discard(run)


def active_runs() -> list[Run]:
    """Runs of this process that are queued, preparing, training or paused, by name."""
    return sorted(_runs, key=lambda run: run.name)


@atexit.register
def _stop_all() -> None:
    left = active_runs()
    for run in left:
        print(f"ganbook: {run.name} stops because the program ends; run.wait() waits for it", file=sys.stderr)
        run.stop()
    for run in left:
        run.ended.wait(GOODBYE_SECONDS)
