"""Few pictures: the default network without augmentation, with DiffAugment, with its part that moves and covers pixels,
and with as much of that as ADA finds right; judged on real pictures held out.

    python -m benchmarks.low_data [--counts 500 1000] [--steps 2000 4000] [--seeds 1 2 3]

Training sees so many pictures of the bundled ``fashion`` (500 are 5 % of its training split). Measured on as many
samples as there are held-out pictures, as in ``benchmarks/time_to_quality.py``. Every row is appended to
``benchmarks/low_data.csv``.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

import ganbook as gb
from benchmarks.time_to_quality import Judge
from ganbook.metrics.kid import kid

TABLE = Path(__file__).with_suffix(".csv")
METHODS: dict[str, dict[str, Any]] = {
    "none": {"augment": "none"},
    "DiffAugment": {"augment": "DiffAugment"},
    "translation,cutout": {"augment": "translation,cutout"},
    "ADA": {"augment": "translation,cutout", "adaptive": True},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counts", type=int, nargs="+", default=[500, 1000])
    parser.add_argument("--steps", type=int, nargs="+", default=[2000, 4000])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--methods", nargs="+", default=list(METHODS))
    asked = parser.parse_args()
    whole = gb.data.load("fashion")
    judge = Judge(whole)
    with TABLE.open("a", newline="") as file:
        rows = csv.writer(file)
        if not file.tell():
            rows.writerow(
                ["count", "method", "seed", "step", "frechet", "patches", "least_class", "kid", "d_real", "d_fake", "p"]
            )
        for seed in asked.seeds:
            for count in asked.counts:
                chosen = np.random.default_rng(seed).permutation(len(whole))[:count]
                data = dataclasses.replace(whole, images=whole.images[chosen], labels=whole.labels[chosen], source=None)
                for method in asked.methods:
                    with tempfile.TemporaryDirectory() as place:
                        run = None
                        for steps in asked.steps:
                            if run is None:
                                run = gb.train(data, seed=seed, steps=steps, runs_dir=place, **METHODS[method])
                            else:
                                run.extend(steps=steps - run.steps_done)
                            run.wait()
                            samples = run.sample(len(judge.images), seed=seed)
                            found = judge(samples)
                            found["kid"] = round(kid(judge.space.features(samples), judge.features).value, 3)
                            last = run.history.tail(20).mean(numeric_only=True)
                            beliefs = [round(last[name], 2) for name in ("d_real", "d_fake", "augment_probability")]
                            row = [count, method, seed, steps, *found.values(), *beliefs]
                            rows.writerow(row)
                            file.flush()
                            print(*row, flush=True)


if __name__ == "__main__":
    main()
