"""Runs of this process that are not over, and their end when the program ends."""

from __future__ import annotations

import atexit
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ganbook.training.run import Run

# How long the end of the program waits for a run to save.
GOODBYE_SECONDS = 20

ACTIVE: set[Run] = set()


def active_runs() -> list[Run]:
    """Runs of this process that are queued, preparing, training or paused, by name."""
    return sorted(ACTIVE, key=lambda run: run.name)


def stop_all_first(event: str, value: Any) -> None:
    """Have runs stopped at exit before what they need is taken apart: what was registered last is called first."""
    if (event, value) == ("state", "training"):  # Keras is imported by now, and what it registers
        atexit.unregister(_stop_all)
        atexit.register(_stop_all)


@atexit.register
def _stop_all() -> None:
    left = active_runs()
    for run in left:
        print(f"ganbook: {run.name} stops because the program ends; run.wait() waits for it", file=sys.stderr)
        run.stop()
    for run in left:
        run.ended.wait(GOODBYE_SECONDS)
