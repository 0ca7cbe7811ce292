"""Does the leak test see cutout in what a GAN draws, and nothing where there is nothing?

    python -m benchmarks.leak [--steps 2000] [--seeds 1 2 3]

The default network learns ``fashion`` three times: once from pictures that all have had a piece cut out, as if only the
real ones were augmented; once with the same augmentation done to real and drawn pictures alike; once with none.
"""

from __future__ import annotations

import argparse
import dataclasses
import tempfile

import ganbook as gb


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    asked = parser.parse_args()
    data = gb.data.load("fashion")
    cut = dataclasses.replace(data, images=gb.augment(data.images, "cutout"), source=None)
    for seed in asked.seeds:
        for said, learned, options in (
            ("cutout on real images only", cut, {}),
            ("cutout on both", data, {"augment": "cutout"}),
            ("none", data, {}),
        ):
            with tempfile.TemporaryDirectory() as place:
                run = gb.train(learned, steps=asked.steps, seed=seed, runs_dir=place, wait=True, **options)
                report = gb.studies.leaks(run, data, "cutout", seed=seed)
            print(f"{said}, seed {seed}: {report.verdict}", flush=True)


if __name__ == "__main__":
    main()
