"""Photographs of one class, as few as people have: from nothing, augmented, or started from a run on all classes.

    python -m benchmarks.few_photographs --folder ../shared/data/tinyimagenet --class goldfish --out FOLDER

A hundred photographs of the class are set aside: neither the run on all classes, which learns once for ``--base``
seconds, nor any other sees them. Each way is measured on as many samples as the class has other photographs, in the
features of EfficientNet-Lite0; training photographs in the place of samples are the floor. Rows are appended to
``FOLDER/few.csv``, grids lie beside it. Seconds are those that processors worked, so give it one core (``taskset``,
``TF_NUM_INTRAOP_THREADS=1``): then others may work beside it.
"""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path
from typing import Any

import numpy as np

import ganbook as gb
from benchmarks import rows
from benchmarks.time_to_quality import picture
from benchmarks.worked import Worked, paused_at
from ganbook.metrics import features
from ganbook.metrics.frechet import frechet_distance
from ganbook.metrics.kid import kid
from ganbook.metrics.memorisation import memorisation

SET_ASIDE = 100
BASE = "all-classes"
WAYS: dict[str, dict[str, Any]] = {
    "nothing": {"augment": "none"},
    "default": {},
    "DiffAugment": {"augment": "DiffAugment"},
    "ADA": {"augment": "translation,cutout", "adaptive": True},
    "started": {"start_from": BASE},
}


def parted(folder: str, size: int, chosen: str) -> tuple[gb.ImageData, gb.ImageData]:
    """Return one class with some photographs set aside as its test split, and all classes without these."""
    data = gb.data.load(folder, size)
    own = np.flatnonzero(data.labels == data.class_names.index(chosen))
    aside = np.sort(np.random.default_rng(0).choice(own, SET_ASIDE, replace=False))
    own, others = np.setdiff1d(own, aside), np.setdiff1d(np.arange(len(data)), aside)
    one = gb.ImageData(images=data.images[own], test_images=data.images[aside], name=chosen)
    return one, dataclasses.replace(data, images=data.images[others], labels=data.labels[others], source=None)


class Judge:
    """Scores samples by the photographs that were set aside."""

    def __init__(self, data: gb.ImageData):
        self._data = data
        self._space = features.space(data, "efficientnet")
        self._aside = self._space.features(data.test_images)

    def distances(self, images: np.ndarray) -> dict[str, float]:
        """Return the Fréchet distance and KID."""
        seen = self._space.features(images)
        return {
            "frechet": round(frechet_distance(seen, self._aside)),
            "kid": round(kid(seen, self._aside).value, 1),
        }

    def copied(self, images: np.ndarray) -> dict[str, float]:
        """Return the fractions of copies, and of samples nearer to training photographs than to those set aside."""
        near = memorisation(images, self._data.images, self._data.test_images)
        return {"copies": round(near.copies, 4), "nearer": round(near.nearer, 3)}


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", required=True, help="a folder of photographs, a subfolder for each class")
    parser.add_argument("--class", dest="chosen", required=True)
    parser.add_argument("--image-size", type=int, default=64)
    parser.add_argument("--ways", nargs="+", default=list(WAYS), choices=list(WAYS))
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--seconds", nargs="+", type=float, default=[120.0, 300.0])
    parser.add_argument("--base", type=float, default=600.0, help="seconds that the run on all classes learns")
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    one, every = parted(asked.folder, asked.image_size, asked.chosen)
    judge = Judge(one)
    floor = {"way": "training photographs", "seed": "", "seconds": "", "steps": ""}
    rows.append(asked.out / "few.csv", floor | judge.distances(one.images) | {"copies": "", "nearer": ""})
    if "started" in asked.ways and not (asked.out / BASE).exists():
        list(paused_at(_begun(every, asked.out, BASE, seed=0), [asked.base], Worked()))
    for seed in asked.seeds:
        for way in asked.ways:
            run = _begun(one, asked.out, f"{way}-{seed}", seed=seed, **WAYS[way])
            for mark in paused_at(run, asked.seconds, Worked()):
                samples = run.sample(len(one), seed=seed)
                picture(samples[:64], asked.out / f"{way}-{seed}-{mark:g}.png")
                about = {"way": way, "seed": seed, "seconds": mark, "steps": run.steps_done}
                row = about | judge.distances(samples) | judge.copied(samples)
                rows.append(asked.out / "few.csv", row)
                print(row, flush=True)


def _begun(data: gb.ImageData, out: Path, name: str, **options: Any) -> gb.Run:
    if "start_from" in options:
        options["start_from"] = str(out / options["start_from"])
    return gb.train(data, runs_dir=out, name=name, steps=10**8, checkpoint_every=1e6, **options)


if __name__ == "__main__":
    main()
