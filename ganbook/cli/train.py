"""``ganbook train``: a training in the foreground, with a bar."""

from __future__ import annotations

import argparse
import signal
import sys
from typing import Any

from ganbook.config.cluster import from_tf_config
from ganbook.config.train import DEFAULT_STEPS, TrainConfig
from ganbook.data.dataset import kind_of
from ganbook.utils.errors import INTERRUPTED, is_bad_input, refusal

# What to do when one of several processes is gone.
GO_ON = "start the same command on all machines again, with --resume RUN"


def declare(commands: Any) -> None:
    """Add the command to the terminal's."""
    parser = commands.add_parser(
        "train",
        help="train a GAN, or resume a run",
        usage="ganbook train [OPTIONS]",
        description=f"Train a GAN on --data for --steps [{DEFAULT_STEPS:,}] or --seconds; its folder is RUNS_DIR/NAME.",
    )
    parser.set_defaults(run_command=_run)
    parser.add_argument(
        "--resume", metavar="RUN", default=argparse.SUPPRESS, help="resume a run, up to --steps or --seconds in total"
    )
    parser.add_argument(
        "--overwrite", action="store_true", default=argparse.SUPPRESS, help="replace a run of the same name"
    )
    parser.add_options(TrainConfig)


def _run(options: dict[str, Any]) -> int:
    from tqdm import tqdm

    from ganbook.training.train import train

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if "workers" not in options:
        options = from_tf_config() | options
    if str(options.get("worker_index", "0")).strip("0"):
        return _join(options)
    run = train(**options)
    total = run.config.steps
    bar = tqdm(
        total=total, initial=run.steps_done, unit=" steps", desc=run.name, file=sys.stderr, dynamic_ncols=True,
        mininterval=0.25,
    )  # fmt: skip

    noun = kind_of(run.folder.config()["data"]).noun
    began = run.state == "training"

    def follow(event: str, value: Any) -> None:
        nonlocal began
        began = began or (event == "state" and value == "training")
        if event == "report" and "d_loss" in value:
            bar.set_postfix_str(
                "D loss {d_loss:.3g}, G loss {g_loss:.3g}, {images_per_second:,.0f} ".format_map(value) + f"{noun}s/s",
                refresh=False,
            )
            bar.update(value["step"] - bar.n)
        elif event == "warning":
            bar.write(f"ganbook: {value}", file=sys.stderr)
        elif event == "state" and run.note:
            bar.write(f"ganbook: {run.note}", file=sys.stderr)

    def interrupted(*_: Any) -> None:
        bar.write("ganbook: stopping, as soon as it is saved", file=sys.stderr)
        raise KeyboardInterrupt

    run.observe(follow)
    follow("state", run.state)
    before = signal.signal(signal.SIGINT, interrupted)
    try:
        while run.config.workers and run.state == "preparing":
            run.wait(0.2)
        # TensorFlow has taken it for itself, where it meets other processes.
        signal.signal(signal.SIGTERM, interrupted)
        if run.state != "paused":
            run.wait()
        if run.state == "paused":
            run.stop()
            run.wait()
    except Exception as error:
        bar.close()
        if not began and is_bad_input(error):  # data or networks that turned out to be no good
            raise
        print(f"ganbook: {run.name} failed: {refusal(error)}", file=sys.stderr)
        return 1
    finally:
        signal.signal(signal.SIGINT, before)
        bar.close()
    if run.state == "finished":
        print(run.folder.path)
        print(f"ganbook: {_next(run)}", file=sys.stderr)
        return 0
    print(
        f"ganbook: saved at step {run.steps_done:,}; go on with: ganbook train --resume {run.folder.path}",
        file=sys.stderr,
    )
    return INTERRUPTED


def _next(run: Any) -> str:
    """Say what can be done with a run that is finished."""
    if run.config.task in ("inpaint", "enhance"):
        return f"{run.config.task} with it: ganbook {run.config.task} FILE --run {run.folder.path} --out RESULT"
    path, file = run.folder.path, f"{run.name}.{'txt' if run.data.kind == 'text' else 'png'}"
    judge = "" if run.data.kind == "points" else f"; judge it: ganbook evaluate {path}"
    return f"see what it draws: ganbook sample {path} --out {file}{judge}"


def _join(options: dict[str, Any]) -> int:
    """Train as a worker of a chief, which has the run and the bar."""
    from ganbook.training.join import join

    def tell(line: str) -> None:
        print(f"ganbook: {line}", file=sys.stderr)

    try:
        state, step = join(options, tell)
    except RuntimeError as error:  # the chief, or another worker, is gone
        tell(f"{refusal(error)}; {GO_ON}")
        return 1
    tell(f"the run {'is' if state == 'finished' else 'has'} {state}, at step {step:,}")
    return {"finished": 0, "stopped": INTERRUPTED}.get(state, 1)
