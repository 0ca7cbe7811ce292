"""``ganbook compare``: runs side by side."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ganbook.config.base import RUNS_DIR_HELP
from ganbook.config.evaluate import EvaluateConfig


def declare(commands: Any) -> None:
    """Add the command to the terminal's."""
    parser = commands.add_parser(
        "compare",
        help="put runs side by side",
        description="Put runs side by side: options that differ, numbers beside real images, curves and samples.",
        formatter_class=argparse.HelpFormatter,
    )
    parser.set_defaults(run_command=_run)
    parser.add_argument("runs", nargs="+", metavar="RUN", help="names or folders of two or more runs")
    parser.add_argument("--data", metavar="DATA", help="what samples are to resemble [the runs' own data]")
    parser.add_argument("--quick", action="store_true", help="leave the evaluation out")
    parser.add_argument("--out", metavar="FILE", type=Path, help="draw samples and curves into a picture")
    parser.add_argument("--runs-dir", metavar="DIR", help=RUNS_DIR_HELP)
    parser.add_options(EvaluateConfig)


def _run(options: dict[str, Any]) -> int:
    from ganbook.evaluation.compare import compare

    out = options.pop("out")
    if out is not None and (out.suffix not in (".png", ".svg", ".pdf") or not out.parent.is_dir()):
        raise ValueError(f"{out} cannot be drawn: give a .png, .svg or .pdf in a folder that exists")
    found = compare(*options.pop("runs"), **options)
    print(found)
    if out is not None:
        found.plot().savefig(out, dpi=120)
        print(out, file=sys.stderr)
    return 0
