"""``gb.estimate`` against what a training then took: ``python -m benchmarks.estimate --data digits photos:64``."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import ganbook as gb
from ganbook.data.grid import image_grid

STEPS = 400


def compared(source: str, size: int | None, steps: int, pictures: Path | None) -> str:
    """Estimate, then train; return a row of the table."""
    data = gb.data.load(source, size)
    began = time.perf_counter()
    expected = gb.estimate(data, [data.shape[:2]]).sizes[0]
    spent = time.perf_counter() - began
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        run = gb.train(data, steps=steps, runs_dir=folder, wait=True)
        wall = time.perf_counter() - began
        if pictures is not None:
            image_grid(run.sample(64)).save(pictures / f"{data.name}.png")
        took = 1000 * run.seconds / run.steps_done
    height, width, channels = data.shape
    return (
        f"| {data.name}, {width}×{height}×{channels} | `{expected.network}` | {spent:.1f} | {expected.seconds:.0f} | "
        f"{took:.0f} | {expected.seconds / took - 1:+.0%} | {1000 * wall / steps:.0f} |"
    )


def main() -> None:
    """Print the table, a row a set as soon as it is trained."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", nargs="+", default=["digits", "fashion", "emoji"], help="SET, or SET:SIZE")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--pictures", type=Path, help="folder for a sheet of samples of each set")
    options = parser.parse_args()
    print("| data | network | s to estimate | estimated s per 1,000 steps | then | difference | with start and end |")
    print("|---|---|---|---|---|---|---|")
    for given in options.data:
        source, _, size = given.partition(":")
        print(compared(source, int(size) if size else None, options.steps, options.pictures), flush=True)


if __name__ == "__main__":
    main()
