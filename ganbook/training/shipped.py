"""Runs that come with ganbook, to be browsed and judged before one has trained anything.

``python -m benchmarks.shipped_runs`` made them. What they are called is what their folders are called.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from ganbook.utils.files import temporary_name

RUNS = Path(__file__).parent / "shipped_runs"


def names() -> list[str]:
    """Return their names."""
    return sorted(folder.parent.name for folder in RUNS.glob("*/config.json"))


def bring(name: str, runs_dir: Path) -> None:
    """Copy one into a folder of runs, where it is a run like every other: it can be trained further, too."""
    runs_dir.mkdir(parents=True, exist_ok=True)
    temporary = runs_dir / temporary_name(name)
    try:
        shutil.copytree(RUNS / name, temporary)
        temporary.rename(runs_dir / name)
    except OSError:
        if not (runs_dir / name / "config.json").is_file():  # else another process was faster
            raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
