"""``ganbook sample``: images of a run, as arrays or as a grid."""

from __future__ import annotations

from typing import Any

from ganbook.config.base import RUNS_DIR_HELP
from ganbook.config.sample import SampleConfig


def declare(commands: Any) -> None:
    """Add the command to the terminal's."""
    parser = commands.add_parser(
        "sample",
        help="draw images from a run",
        description="Draw images from a run.",
    )
    parser.set_defaults(run_command=_run)
    parser.add_argument("run", metavar="RUN", help="name or folder of a run")
    parser.add_argument(
        "--out", metavar="FILE", required=True, help=".npz for arrays, .png for a grid; of text .txt or .csv"
    )
    parser.add_argument("--runs-dir", metavar="DIR", help=RUNS_DIR_HELP)
    parser.add_options(SampleConfig)


def _run(options: dict[str, Any]) -> int:
    from ganbook.training.runs import load_run
    from ganbook.training.sampling import write

    out = options.pop("out")
    run = load_run(options.pop("run"), options.pop("runs_dir"))
    write(run, out, **options)
    print(out)
    return 0
