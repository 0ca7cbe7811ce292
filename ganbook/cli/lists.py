"""``ganbook runs`` and ``ganbook datasets``: list what is available."""

from __future__ import annotations

import sys
from typing import Any

from ganbook.config.base import RUNS_DIR_HELP


def declare(commands: Any) -> None:
    """Add the commands to the terminal's."""
    runs = commands.add_parser("runs", help="list the runs", description="List the runs, newest first.")
    runs.add_argument("--runs-dir", metavar="DIR", help=RUNS_DIR_HELP)
    runs.set_defaults(run_command=_runs)
    commands.add_parser("datasets", help="list the data sets known by name").set_defaults(run_command=_datasets)


def _runs(options: dict[str, Any]) -> int:
    from ganbook.training.runs import runs

    table = runs(options["runs_dir"])
    if not len(table):
        print("ganbook: no runs here yet; start one with: ganbook train", file=sys.stderr)
        return 0
    print(table.to_string(index=False))
    return 0


def _datasets(options: dict[str, Any]) -> int:
    from ganbook.data import names

    for name, line in names().items():
        print(f"{name:15}{line}")
    return 0
