"""``ganbook sweep``: many short trainings with other options, and what they found."""

from __future__ import annotations

import signal
import sys
from typing import Any

from ganbook.config.space import LEFT_OUT, TRY_HELP
from ganbook.config.sweep import SweepConfig
from ganbook.config.train import TrainConfig
from ganbook.utils.errors import INTERRUPTED, is_bad_input, refusal
from ganbook.utils.files import atomic

FIGURE = "sweep.png"


def declare(commands: Any) -> None:
    """Add the command to the terminal's."""
    parser = commands.add_parser(
        "sweep",
        help="search for good options",
        usage="ganbook sweep --try NAME=VALUES [--try NAME=VALUES …] [OPTIONS]",
        description="Search for good options: many short trainings, each in a process of its own, compared on training "
        "images that all of them leave out. The same command in another terminal, or on another machine that sees the "
        "folder, joins the sweep; after an interruption it continues. Options of ganbook train hold for all trials.",
    )
    parser.set_defaults(run_command=_run)
    parser.add_argument("--try", dest="space", action="append", metavar="NAME=VALUES", default=[], help=TRY_HELP)
    parser.add_options(SweepConfig)
    parser.add_options(TrainConfig, leave_out=LEFT_OUT)


def _run(options: dict[str, Any]) -> int:
    from tqdm import tqdm

    from ganbook.studies import sweep

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    made = sweep(**options, wait=False)
    _, wanted = made.progress
    print(f"ganbook: sweep {made.folder}", file=sys.stderr)
    bar = tqdm(total=wanted, unit=" trainings", file=sys.stderr, dynamic_ncols=True, bar_format=_BAR, delay=0.1)

    def follow(event: str, value: Any) -> None:
        done, bar.total = made.progress
        bar.n = round(done, 2)
        if event == "trial" and (line := made.in_a_line(value)):
            bar.write(f"ganbook: {line}", file=sys.stderr)
        bar.refresh()

    made.observe(follow)
    try:
        made.wait()
    except Exception as error:
        bar.close()
        if is_bad_input(error):
            raise
        print(f"ganbook: the sweep failed: {refusal(error)}", file=sys.stderr)
        return 1
    finally:
        bar.close()
    print(made.table.to_string(index=False, float_format="{:.4g}".format, na_rep=""))
    if len(seeds := made.seeds):
        print(f"\n{seeds.to_string(index=False, float_format='{:.4g}'.format, na_rep='')}")
    print(f"\n{made.verdict}")
    with atomic(made.folder / FIGURE) as temporary:
        made.plot().savefig(temporary, dpi=120)
    print(f"ganbook: {made.folder / FIGURE}", file=sys.stderr)
    if made.state == "finished":
        return 0
    if made.out_of_time:
        print("ganbook: the time is over; the same command goes on", file=sys.stderr)
        return 0
    print(f"ganbook: stopped; the same command goes on (--folder {made.folder})", file=sys.stderr)
    return INTERRUPTED


_BAR = "{percentage:3.0f}%|{bar}| {n:.1f} of {total_fmt} trainings [{elapsed}]"
