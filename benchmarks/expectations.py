"""Train what ``ganbook data --estimate`` tells people to expect, and draw the pictures that it shows.

    python -m benchmarks.expectations [--only photographs] [--shared ../shared/data] [--out FOLDER]

The default networks, seed 0, for the usual number of steps. ``--out`` is the package's own folder unless given.
"""

from __future__ import annotations

import argparse
import dataclasses
import tempfile
from pathlib import Path

import numpy as np

import ganbook as gb
from benchmarks.machine import processor
from ganbook.config.train import DEFAULT_STEPS
from ganbook.data.grid import image_grid
from ganbook.training import expectations

COUNT = 8  # samples in a picture


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", help="parts of names")
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"), help="folder of the sets")
    parser.add_argument("--out", type=Path, default=expectations.PICTURES, help="folder of the pictures")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    for wanted in expectations.ALL:
        if asked.only and not any(part in wanted.name for part in asked.only):
            continue
        place = asked.shared / wanted.data
        data = gb.data.load(place if place.exists() else wanted.data, wanted.image_size)
        if wanted.images < len(data):
            which = np.sort(np.random.default_rng(0).permutation(len(data))[: wanted.images])
            labels = None if data.labels is None else data.labels[which]
            data = dataclasses.replace(
                data, images=np.asarray(data.images[which]), labels=labels, source=None, known_fingerprint=None
            )
        with tempfile.TemporaryDirectory() as runs:
            run = gb.train(data, steps=DEFAULT_STEPS, seed=0, runs_dir=runs).wait()
            image_grid(run.sample(COUNT, seed=0), columns=COUNT).save(asked.out / f"{wanted.name}.png", optimize=True)
            done = f"{wanted.name}, {run.config.network}, {run.steps_done:,} steps in {run.seconds:.0f} s"
            print(f"{processor()}: {done}", flush=True)


if __name__ == "__main__":
    main()
