"""What each part of the default recipe is worth: one change at a time, judged on held-out training images.

    python -m benchmarks.recipe --data fashion_mnist [--seconds 30 60] [--seed 0] [--only …]

The last 10,000 training images are kept from training and judge the samples, so that no choice made here has seen a
test image; measures as in ``time_to_quality``. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any
from unittest.mock import patch

import ganbook as gb
from benchmarks.machine import processor
from benchmarks.quality.contenders import FORMER, Contender
from benchmarks.time_to_quality import Judge, follow
from ganbook.networks import compact

HELD_OUT = 10_000
# Options of gb.train, and names of the network's module.
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
    "no start from principal components": {"start_from": None},
    "D twice as wide": {"D_WIDTH": 32},
    "D half as wide": {"D_WIDTH": 8},
    "G twice as wide": {"G_WIDTH": 48},
    "G half as wide": {"G_WIDTH": 12},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="fashion_mnist")
    parser.add_argument("--seconds", type=float, nargs="+", default=[30, 60])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="*", help="parts of the changes' names")
    parser.add_argument("--grids", type=Path, default=Path("runs/recipe"), help="where to put sample grids")
    asked = parser.parse_args()
    whole = gb.data.load(asked.data)
    if len(whole) < 2 * HELD_OUT:
        parser.error(f"{whole.name} has {len(whole):,} training images; give data with at least {2 * HELD_OUT:,}")
    data = gb.ImageData(
        images=whole.images[:-HELD_OUT], labels=whole.labels[:-HELD_OUT], test_images=whole.images[-HELD_OUT:],
        test_labels=whole.labels[-HELD_OUT:], class_names=whole.class_names, name=whole.name,
    )  # fmt: skip
    judge, lines = Judge(data), []
    for name, change in CHANGES.items():
        if asked.only and not any(part in name for part in asked.only):
            continue
        parts = {key: value for key, value in change.items() if hasattr(compact, key)}
        contender = Contender(name, {key: change[key] for key in change.keys() - parts.keys()}, weights="ema")
        with patch.dict(vars(compact), parts):
            rows = list(follow(contender, data, judge, asked.seed, sorted(asked.seconds), asked.grids))
        each = " | ".join(f"{row['frechet']} · {row['patches']} · {row['least_class']}" for row in rows)
        lines.append(f"| {name} | {rows[-1]['step']} | {each} |" if rows else f"| {name} | failed |")
    marks = " | ".join(f"{mark:g} s" for mark in sorted(asked.seconds))
    print(f"\n{processor()}, {data.name}, seed {asked.seed}: Fréchet · patches · least class")
    print(f"\n| change | steps | {marks} |\n|---|---|{'---|' * len(asked.seconds)}", *lines, sep="\n")


if __name__ == "__main__":
    main()
