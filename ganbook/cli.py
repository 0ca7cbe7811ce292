"""The terminal: ``ganbook train|sample|runs|datasets``. Progress to stderr, results to stdout.

Exit codes: 0 fine, 1 the training failed, 2 bad input (one line on stderr), 130 interrupted (after saving).
"""

from __future__ import annotations

import argparse
import signal
import sys
import warnings
from pathlib import Path
from typing import Any

from ganbook.config import DEFAULT_STEPS, SampleConfig, TrainConfig
from ganbook.options import BAD_INPUT, OptionError, Parser, nearest

INTERRUPTED = 130


def main(argv: list[str] | None = None) -> int:
    """Run one command; return the exit code."""
    warnings.showwarning = lambda message, *_: print(f"ganbook: {message}", file=sys.stderr)
    try:
        parser, commands = _parser()
        words = sys.argv[1:] if argv is None else argv
        if words and not words[0].startswith("-") and words[0] not in commands:
            raise OptionError(
                f"unknown command {words[0]}{nearest(words[0], commands)}; commands are {', '.join(commands)}"
            )
        options = vars(parser.parse_args(words))
        command = options.pop("command")
        if command is None:
            parser.print_help(sys.stderr)
            return 2
        return commands[command](options)
    except BAD_INPUT as error:
        print(f"ganbook: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return 0


def _parser() -> tuple[Parser, dict[str, Any]]:
    from ganbook import __version__

    plain = {"formatter_class": argparse.HelpFormatter}
    parser = Parser(prog="ganbook", description="Train GANs on real images, on a CPU.", **plain)
    parser.add_argument("--version", action="version", version=f"ganbook {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)

    train = commands.add_parser(
        "train",
        help="train a GAN, or go on training one",
        usage="ganbook train [OPTIONS]",
        **plain,
        description=f"Train a GAN on --data for --steps [{DEFAULT_STEPS:,}] or --seconds; its folder is RUNS_DIR/NAME.",
    )
    train.add_argument(
        "--resume", metavar="RUN", default=argparse.SUPPRESS, help="go on with a run, to --steps in total"
    )
    train.add_argument(
        "--overwrite", action="store_true", default=argparse.SUPPRESS, help="replace a run of the same name"
    )
    train.add_options(TrainConfig)

    sample = commands.add_parser(
        "sample", help="draw images from a run", description="Draw images from a run.", **plain
    )
    sample.add_argument("run", metavar="RUN", help="name or folder of a run")
    sample.add_argument("--out", metavar="FILE", required=True, help=".npz for arrays, .png for a grid")
    sample.add_argument("--runs-dir", metavar="DIR", help="where run folders live [GANBOOK_RUNS or runs]")
    sample.add_options(SampleConfig)

    runs = commands.add_parser("runs", help="list the runs", description="List the runs, newest first.", **plain)
    runs.add_argument("--runs-dir", metavar="DIR", help="where run folders live [GANBOOK_RUNS or runs]")
    commands.add_parser("datasets", help="list the data sets known by name", **plain)
    return parser, {"train": _train, "sample": _sample, "runs": _runs, "datasets": _datasets}


def _train(options: dict[str, Any]) -> int:
    from tqdm import tqdm

    from ganbook.launch import train

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    run = train(**options)
    total = run.config.steps
    bar = tqdm(
        total=total, initial=run.steps_done, unit=" steps", desc=run.name, file=sys.stderr, dynamic_ncols=True,
        mininterval=0.25,
    )  # fmt: skip

    def follow(event: str, value: Any) -> None:
        if event == "report" and "d_loss" in value:
            bar.set_postfix_str(
                "D loss {d_loss:.3g}, G loss {g_loss:.3g}, {images_per_second:,.0f} images/s".format_map(value),
                refresh=False,
            )
            bar.update(value["step"] - bar.n)
        elif event == "warning":
            bar.write(f"ganbook: {value}", file=sys.stderr)
        elif event == "state" and run.note:
            bar.write(f"ganbook: {run.note}", file=sys.stderr)

    run.observe(follow)
    try:
        run.wait()
        if run.state == "paused":
            run.stop()
            run.wait()
    except BAD_INPUT:
        raise
    except Exception as error:
        bar.close()
        print(f"ganbook: {run.name} failed: {error}", file=sys.stderr)
        return 1
    finally:
        bar.close()
    if run.state == "finished":
        print(run.folder.path)
        return 0
    print(
        f"ganbook: saved at step {run.steps_done:,}; go on with: ganbook train --resume {run.folder.path}",
        file=sys.stderr,
    )
    return INTERRUPTED


def _sample(options: dict[str, Any]) -> int:
    from ganbook.launch import load_run
    from ganbook.sampling import write

    out = Path(options.pop("out"))
    run = load_run(options.pop("run"), options.pop("runs_dir"))
    write(run, out, **options)
    print(out)
    return 0


def _runs(options: dict[str, Any]) -> int:
    from ganbook.launch import runs

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


if __name__ == "__main__":
    sys.exit(main())
