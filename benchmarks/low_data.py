"""Few pictures: the default network without augmentation, with DiffAugment, with its part that moves and covers pixels,
and with as much of that as ADA finds right; judged on real pictures held out.

    python -m benchmarks.low_data [--counts 500 1000] [--steps 2000 4000] [--seeds 1 2 3]
    python -m benchmarks.low_data --data ../shared/data/cifar10_part.npz --counts 1500 --seconds 60 \\
        --methods translation,cutout photo "photo DiffAugment" "photo translation,cutout"

Training sees so many pictures of the bundled ``fashion`` (500 are 5 % of its training split), or of other data, of
whose training images those that judge are held out: no choice made by them has seen a test image. Measured on as many
samples as there are held-out pictures, as in ``benchmarks/time_to_quality.py``. Every row is appended to
``benchmarks/low_data.csv``; ``mark`` is in steps or seconds.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

import ganbook as gb
from benchmarks import rows
from benchmarks.search import held_out_judge, split
from benchmarks.time_to_quality import Judge, picture
from ganbook.metrics.kid import kid

TABLE = Path(__file__).with_suffix(".csv")
METHODS: dict[str, dict[str, Any]] = {
    "none": {"augment": "none"},
    "DiffAugment": {"augment": "DiffAugment"},
    "translation,cutout": {"augment": "translation,cutout"},
    "ADA": {"augment": "translation,cutout", "adaptive": True},
    "photo": {"network": "photo", "augment": "none"},
    "photo DiffAugment": {"network": "photo", "augment": "DiffAugment"},
    "photo translation,cutout": {"network": "photo", "augment": "translation,cutout"},
}
COLUMNS = (
    "data", "count", "method", "seed", "mark", "step", "frechet", "patches", "least_class", "kid", "d_real", "d_fake",
    "p",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counts", type=int, nargs="+", default=[500, 1000])
    parser.add_argument("--steps", type=int, nargs="+", default=[2000, 4000])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--seconds", type=float, nargs="+", help="measure after so many instead of after --steps")
    parser.add_argument("--methods", nargs="+", default=list(METHODS)[:4], choices=list(METHODS), metavar="NAME")
    parser.add_argument("--data", default="fashion")
    parser.add_argument("--image-size", type=int)
    parser.add_argument("--grids", type=Path, help="where to put sample grids")
    asked = parser.parse_args()
    whole = gb.data.load(asked.data, asked.image_size)
    if asked.data == "fashion":
        judge = Judge(whole)
    else:
        whole = split(whole)
        judge = held_out_judge(whole)
    what, marks = ("seconds", asked.seconds) if asked.seconds else ("steps", asked.steps)
    for seed in asked.seeds:
        for count in asked.counts:
            chosen = np.random.default_rng(seed).permutation(len(whole))[:count]
            data = dataclasses.replace(whole, images=whole.images[chosen], labels=whole.labels[chosen], source=None)
            for method in asked.methods:
                with tempfile.TemporaryDirectory() as place:
                    run = None
                    for before, mark in itertools.pairwise([0, *marks]):
                        if run is None:
                            run = gb.train(data, seed=seed, runs_dir=place, **{what: mark}, **METHODS[method])
                        else:
                            run.extend(**{what: mark - before})
                        run.wait()
                        samples = run.sample(len(judge.images), seed=seed)
                        found = judge(samples)
                        found["kid"] = round(kid(judge.space.features(samples), judge.features).value, 3)
                        last = run.history.tail(20).mean(numeric_only=True)
                        beliefs = [round(last[name], 2) for name in ("d_real", "d_fake", "augment_probability")]
                        about = [whole.name, count, method, seed, mark, run.steps_done]
                        row = [*about, *found.values(), *beliefs]
                        if asked.grids:
                            name = "-".join(map(str, about[1:5])).replace(" ", "-").replace(",", "-")
                            picture(samples[:64], asked.grids / f"{name}.png")
                        rows.append(TABLE, dict(zip(COLUMNS, row, strict=True)))
                        print(*row, flush=True)


if __name__ == "__main__":
    main()
