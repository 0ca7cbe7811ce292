"""What watching costs: steps and frames a second of the playground, watched and not, by turns in one process.

    python -m benchmarks.playground_speed [--seconds 5] [--turns 3] [--data ring]

Watched, frames are taken and packed as the panel sends them; a page that draws them needs processor time of its own,
which is not counted here. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from statistics import median
from typing import Any

import ganbook as gb
from benchmarks.machine import processor
from ganbook.notebook.panels.playground import messages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--data", default="ring")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        p = gb.playground(args.data, runs_dir=place).train(steps=50)
        frames: list[int] = []

        def take(kind: str, value: Any) -> None:
            if kind == "frame":
                frames.append(sum(map(len, messages.frame(value)[1])))

        p.watch(take)()  # traced before it is timed
        rates: dict[bool, list[tuple[float, float]]] = {False: [], True: []}
        for turn in range(2 * args.turns):
            watched = turn % 2 == 1
            leave = p.watch(take) if watched else None
            if watched:
                p.train(steps=20)  # its view is traced
            frames.clear()
            began, step = time.perf_counter(), p.run.steps_done
            p.train(seconds=args.seconds)
            took = time.perf_counter() - began
            rates[watched].append(((p.run.steps_done - step) / took, len(frames) / took))
            if leave:
                leave()
        size = max(frames, default=0)
        p.run.stop()
        p.run.wait()
    print(f"{processor()}; {args.turns} turns of {args.seconds:g} s, medians; a frame has {size:,} bytes\n")
    print("| | steps/s | frames/s |\n|---|---|---|")
    for watched, name in ((False, "not watched"), (True, "watched")):
        steps, shown = (median(column) for column in zip(*rates[watched], strict=True))
        print(f"| {name} | {steps:.0f} | {shown:.0f} |")


if __name__ == "__main__":
    main()
