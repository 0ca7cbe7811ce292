"""Use everything again and again in one kernel: memory, threads and open files over time.

    python benchmarks/soak.py [--minutes 120] [--every 5] [--json FILE]

A round trains for some seconds, pauses, resumes, extends, samples, browses (gallery, interpolation, neighbours, undo),
evaluates, compares, augments, inpaints and lists the runs, by the magics and the functions that a notebook would call.
Prints resident memory, threads, open files and rounds; the last line gives the growth per round after the first fifth.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import io
import json
import os
import sys
import tempfile
import threading
import time
import warnings
from pathlib import Path

import numpy as np


def resident() -> float:
    """Resident memory of this process in MiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


def one_round(shell, number: int) -> None:
    """Go once through what a notebook does."""
    import ganbook as gb

    name = f"soak-{number % 3}"  # three runs, replaced in turn
    result = shell.run_cell(
        f"run = %gan_train --data digits --network {('mlp', 'compact', 'dcgan')[number % 3]} --batch-size 16 "
        f"--seconds 2 --name {name} --overwrite --keep best --evaluate-every 1;"
    )
    result.raise_error()
    run = shell.user_ns["run"]
    while run.state in ("queued", "preparing"):
        time.sleep(0.05)
    run.pause()
    while run.active and run.state != "paused":
        time.sleep(0.02)
    run.resume()
    run.wait()
    run.extend(seconds=1).wait()
    run.sample(64)
    run.plot()
    assert len(run.history) > 0
    browser = gb.browse(name)
    browser.gallery(0, 60)
    browser.between(0, 1)
    browser.nearest(0)
    browser.pick(3).star(4, 5).undo()
    report = gb.evaluate(name, count=300, progress=False)
    assert report.verdicts
    shell.run_cell("%gan_runs;").raise_error()
    images = gb.data.load("digits").images[:64]
    gb.augment(images, "standard")
    photo = np.random.default_rng(number).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    gb.inpaint(photo, "center", method="telea")
    with contextlib.suppress(ValueError):
        gb.inpaint(photo, "nonsense")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--every", type=float, default=5, help="minutes between two lines")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the lines to a file")
    asked = parser.parse_args()
    from IPython.core.interactiveshell import InteractiveShell

    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.environ["GANBOOK_RUNS"], os.environ["GANBOOK_CACHE"] = f"{folder}/runs", f"{folder}/cache"
        shell = InteractiveShell.instance()
        shell.run_cell("%load_ext ganbook").raise_error()
        warnings.simplefilter("ignore")
        began, due, rounds, lines, per_round = time.monotonic(), 0.0, 0, [], []
        print("minutes rounds  resident MiB  threads  open files", flush=True)
        while (minutes := (time.monotonic() - began) / 60) < asked.minutes:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                one_round(shell, rounds)
            rounds += 1
            gc.collect()
            per_round.append(resident())
            if minutes >= due or minutes + asked.every / 10 > asked.minutes:
                lines.append({
                    "minutes": round((time.monotonic() - began) / 60, 1), "rounds": rounds,
                    "resident": round(per_round[-1]), "threads": threading.active_count(),
                    "system_threads": len(os.listdir("/proc/self/task")), "files": len(os.listdir("/proc/self/fd")),
                })  # fmt: skip
                line = lines[-1]
                print(
                    f"{line['minutes']:7} {rounds:6} {line['resident']:13,} {line['threads']:3} + "
                    f"{line['system_threads'] - line['threads']} {line['files']:9}",
                    flush=True,
                )
                due = minutes + asked.every
            if asked.json:
                asked.json.write_text(json.dumps({"lines": lines, "resident_after_each_round": per_round}))
        settled = per_round[len(per_round) // 5 :]
        growth = np.polyfit(range(len(settled)), settled, 1)[0] if len(settled) > 1 else float("nan")
        print(f"{rounds} rounds; resident memory grows by {growth:.2f} MiB per round")
        os.chdir("/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
