"""How soon does a network of one's own beat Lanczos? One is trained from nothing and measured on the way.

    python -m benchmarks.enhancement_learning --learn DIR/t91 --judge DIR/set5 [--seconds 15 30 60 90 120 180]

It is what ``ganbook train --task enhance --crop 48 --adversarial 0`` trains; seconds are those of training,
compilation counted, measuring not. Luma by the protocol of ``benchmarks.enhancement quality``, files of eight bits.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

import ganbook as gb
from benchmarks.enhancement import cut, in_files, read
from benchmarks.machine import processor


def measured(images: list[np.ndarray], scale: int, **way: Any) -> float:
    """Return the mean PSNR of luma over images that are made small and enlarged, dB."""
    return float(np.mean([in_files(cut(image, scale), scale, **way) for image in images]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learn", required=True, help="folder of images to learn from")
    parser.add_argument("--judge", type=Path, required=True, help="folder of test images")
    parser.add_argument("--scale", type=int, default=2, choices=(2, 3, 4))
    parser.add_argument("--seconds", type=float, nargs="+", default=[15, 30, 60, 90, 120, 180])
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    images = [read(file) for file in sorted(options.judge.glob("*.png"))]
    print(processor())
    for method in ("bicubic", "lanczos"):
        print(f"{method}: {measured(images, options.scale, method=method):.2f} dB", flush=True)
    task = {"task": "enhance", "degrade": f"downscale:{options.scale}", "crop": 48, "adversarial": 0}
    with tempfile.TemporaryDirectory() as work:
        run = None
        for mark in options.seconds:
            if run is None:
                run = gb.train(options.learn, seed=options.seed, seconds=mark, runs_dir=work, wait=True, **task)
            else:
                run.extend(seconds=mark - run.seconds).wait()
            value = measured(images, options.scale, run=run)
            print(f"{run.seconds:.0f} s, {run.steps_done} steps: {value:.2f} dB", flush=True)


if __name__ == "__main__":
    main()
