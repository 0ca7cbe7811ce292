"""``ganbook evaluate``: metrics and verdicts for a run or for images."""

from __future__ import annotations

import sys
from typing import Any

from ganbook.config.base import RUNS_DIR_HELP
from ganbook.config.evaluate import EvaluateConfig
from ganbook.utils.errors import INTERRUPTED
from ganbook.utils.files import checked_out


def declare(commands: Any) -> None:
    """Add the command to the terminal's."""
    parser = commands.add_parser(
        "evaluate",
        help="measure how close samples are to real images",
        description="Measure how close samples are to real images; real images are measured for comparison.",
    )
    parser.set_defaults(run_command=_run)
    parser.add_argument("run", metavar="RUN", help="name or folder of a run; or images: an .npz, a folder")
    parser.add_argument("--data", metavar="DATA", help="reference images [the run's own data]")
    parser.add_argument("--json", metavar="FILE", help="write the report to a file")
    parser.add_argument("--quiet", action="store_true", help="leave out what the metrics mean")
    parser.add_argument("--runs-dir", metavar="DIR", help=RUNS_DIR_HELP)
    parser.add_options(EvaluateConfig)


def _run(options: dict[str, Any]) -> int:
    from ganbook.evaluation.evaluate import evaluate

    out, quiet = options.pop("json"), options.pop("quiet")
    if out is not None:
        out = checked_out(out, {})
    report = evaluate(options.pop("run"), options.pop("data"), **options)
    print(report)
    if not quiet:
        print(f"\nWhat the metrics mean, and where they mislead\n{report.notes}")
    if out is not None:
        report.to_json(out)
        print(out, file=sys.stderr)
    return INTERRUPTED if report.about["stopped"] else 0
