"""What each part of the default recipe is worth: one change at a time, judged on held-out training images.

    python -m benchmarks.recipe --data fashion_mnist --hold-out 10000 [--seconds 30 60] [--seeds 0] [--only …]
    TF_NUM_INTRAOP_THREADS=1 taskset -c 1 python -m benchmarks.recipe --one-core --data tinyimagenet --image-size 64 …

``--hold-out`` training images are kept from training and judge the samples, so that no choice made here has seen a test
image; measures, and seconds, as in ``time_to_quality``. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import importlib
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

import ganbook as gb
from benchmarks.machine import processor
from benchmarks.quality.contenders import FORMER, Contender
from benchmarks.quality.modulated import drawing
from benchmarks.time_to_quality import Judge, follow
from ganbook.networks import layers


def one_more(shape: tuple[int, int, int]) -> int:
    """Halve or double once more than networks do."""
    return layers.doublings(shape) + 1


def one_fewer(shape: tuple[int, int, int]) -> int:
    """Halve or double once less than networks do."""
    return layers.doublings(shape) - 1


MEASURES = ("frechet", "patches", "least_class", "efficientnet")
# Options of gb.train, and names in the networks' modules.
CHANGES: dict[str, dict[str, Any]] = {
    "the default": {},
    "the former default": FORMER,
    "non-saturating loss": {"loss": "non-saturating"},
    "non-saturating loss, both rates 2e-3": {"loss": "non-saturating", "d_learning_rate": 2e-3},
    "hinge loss": {"loss": "hinge"},
    "R1 0.1": {"r1": 0.1},
    "R1 0.5": {"r1": 0.5},
    "R1 2": {"r1": 2.0},
    "no R1": {"r1": 0.0},
    "R1 and R2": {"r2": 1.0},
    "R1 at every fourth step": {"penalty_every": 4},
    "β₁ 0.5": {"beta_1": 0.5},
    "β₂ 0.9": {"beta_2": 0.9},
    "β₂ 0.999": {"beta_2": 0.999},
    "G's rate 1e-3": {"learning_rate": 1e-3},
    "G's rate 4e-3": {"learning_rate": 4e-3},
    "D's rate 2e-4": {"d_learning_rate": 2e-4},
    "both rates 2e-3": {"d_learning_rate": 2e-3},
    "batch 16": {"batch_size": 16},
    "batch 64": {"batch_size": 64},
    "one backward pass": {"one_backward": True},
    "bfloat16": {"precision": "bfloat16"},
    "float32": {"precision": "float32"},
    "mirrored": {"flip": "on"},
    "without classes": {"conditional": False},
    "no start from principal components": {"start_from": None},
    "D twice as wide": {"compact.D_WIDTH": 32},
    "`dcgan`": {"network": "dcgan"},
    "D half as wide": {"compact.D_WIDTH": 8},
    "G twice as wide": {"compact.G_WIDTH": 48},
    "G half as wide": {"compact.G_WIDTH": 12},
    "photo: D half as wide again": {"photo.WIDTH": 48},
    "photo: z modulates G": {"dcgan.draw": drawing("all")},
    "photo: z modulates G's coarse maps": {"dcgan.draw": drawing("coarse")},
    "photo: the class modulates G": {"dcgan.draw": drawing("class")},
    "photo: D halves once more": {"photo.doublings": one_more},
    "photo: D halves once less": {"photo.doublings": one_fewer},
    "photo: D halves and G doubles once more": {"photo.doublings": one_more, "dcgan.doublings": one_more},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="fashion_mnist")
    parser.add_argument("--image-size", type=int)
    parser.add_argument("--hold-out", type=int, default=1500, help="training images that judge")
    parser.add_argument("--seconds", type=float, nargs="+", default=[30, 60])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--one-core", action="store_true", help="seconds are processor seconds")
    parser.add_argument("--only", nargs="*", help="parts of the changes' names")
    parser.add_argument("--grids", type=Path, default=Path("runs/recipe"), help="where to put sample grids")
    asked = parser.parse_args()
    data = gb.data.load(asked.data, asked.image_size, hold_out=asked.hold_out)
    judge, lines = Judge(data, photographs=data.shape[2] == 3), []
    for name, change in CHANGES.items():
        if asked.only and not any(part in name for part in asked.only):
            continue
        contender = Contender(name, {key: value for key, value in change.items() if "." not in key}, weights="ema")
        for seed in asked.seeds:
            with ExitStack() as changed:
                for module, _, part in (key.partition(".") for key in change if "." in key):
                    network = importlib.import_module(f"ganbook.networks.{module}")
                    changed.enter_context(patch.object(network, part, change[f"{module}.{part}"]))
                rows = list(follow(contender, data, judge, seed, sorted(asked.seconds), asked.grids, asked.one_core))
            each = " | ".join(" · ".join(str(row[name]) for name in MEASURES if name in row) for row in rows)
            lines.append(
                f"| {name} | {seed} | {rows[-1]['step']} | {each} |" if rows else f"| {name} | {seed} | failed |"
            )
    marks = " | ".join(f"{mark:g} s" for mark in sorted(asked.seconds))
    measures = MEASURES if judge.second else MEASURES[:-1]
    print(f"\n{processor()}, {data.name}: {' · '.join(measures)}")
    print(f"\n| change | seed | steps | {marks} |\n|---|---|---|{'---|' * len(asked.seconds)}", *lines, sep="\n")


if __name__ == "__main__":
    main()
