"""``ganbook compare``: several runs in one table and one figure."""

from __future__ import annotations

import sys
from typing import Any

from ganbook.config.base import RUNS_DIR_HELP
from ganbook.config.evaluate import EvaluateConfig
from ganbook.utils.files import atomic, checked_out


def declare(commands: Any) -> None:
    """Add the command to the terminal's."""
    parser = commands.add_parser(
        "compare",
        help="compare runs",
        description="Compare runs: options that differ, metrics against real images, loss curves and samples.",
    )
    parser.set_defaults(run_command=_run)
    parser.add_argument("runs", nargs="+", metavar="RUN", help="names or folders of two or more runs")
    parser.add_argument("--data", metavar="DATA", help="reference images [the runs' own data]")
    parser.add_argument("--quick", action="store_true", help="skip the evaluation")
    parser.add_argument("--out", metavar="FILE", help="draw samples and curves into a .png, .svg or .pdf file")
    parser.add_argument("--runs-dir", metavar="DIR", help=RUNS_DIR_HELP)
    parser.add_options(EvaluateConfig)


def _run(options: dict[str, Any]) -> int:
    from ganbook.evaluation.compare import compare

    out = options.pop("out")
    if out is not None:
        out = checked_out(out, {".png": "", ".svg": "", ".pdf": ""})
    comparison = compare(*options.pop("runs"), **options)
    print(comparison)
    if out is not None:
        with atomic(out) as temporary:
            comparison.plot().savefig(temporary, dpi=120)
        print(out, file=sys.stderr)
    return 0
