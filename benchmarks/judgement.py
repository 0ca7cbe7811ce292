"""Whether the numbers of an evaluation move the way they should: known good and bad pictures, and a trained run.

    python -m benchmarks.judgement [--data fashion] [--count 2000] [--seconds 60] [--run RUN] [--space SPACE]

Half of the training images stand for what was learned; the other half are *real*. Then noise, real images blurred by a
3×3 mean, saved as JPEG of quality 20, with less green and blue (colour only), one class only, 100 training images
repeated, and samples of ``--run``, or of a run that learns the first half for ``--seconds``. Prints a table of Markdown
and how long each evaluation took, features of real images included.
"""

from __future__ import annotations

import argparse
import io
import tempfile
import time
from dataclasses import replace

import numpy as np
from PIL import Image

import ganbook as gb

SHOWN = (
    "frechet", "kid", "precision", "recall", "density", "coverage", "diversity", "spacing", "nearest", "sharpness",
    "patches", "modes", "entropy", "mode_kl", "least_class", "copies", "nearest_ratio", "nearer", "parzen",
)  # fmt: skip


def blurred(images: np.ndarray) -> np.ndarray:
    """Each pixel the mean of the 3×3 around it."""
    high, wide = images.shape[1:3]
    padded = np.pad(images.astype(np.float32), [(0, 0), (1, 1), (1, 1), (0, 0)], "edge")
    return (sum(padded[:, i : i + high, j : j + wide] for i in range(3) for j in range(3)) / 9).astype(np.uint8)


def jpeg(images: np.ndarray, quality: int = 20) -> np.ndarray:
    """Each image saved as JPEG and read again."""
    return np.stack([as_jpeg(image.squeeze(), quality).reshape(image.shape) for image in images])


def as_jpeg(image: np.ndarray, quality: int) -> np.ndarray:
    file = io.BytesIO()
    Image.fromarray(image).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="fashion")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--space", default="auto")
    parser.add_argument("--run", help="a run to judge instead of training one")
    asked = parser.parse_args()
    whole = gb.data.load(asked.data)
    rng = np.random.default_rng(0)
    first, second = np.array_split(rng.permutation(len(whole)), 2)
    data = replace(whole, images=whole.images[first], labels=whole.labels[first], known_fingerprint=None)
    fresh, labels = whole.images[second], whole.labels[second]
    sets = {
        "real": fresh[: asked.count],
        "noise": rng.integers(0, 256, (asked.count, *whole.shape), np.uint8),
        "blurred": blurred(fresh[: asked.count]),
        "JPEG": jpeg(fresh[: asked.count]),
        "one class": fresh[labels == 3][: asked.count],
        "100 copies": data.images[rng.integers(0, 100, asked.count)],
    }
    if whole.shape[2] == 3:
        sets["reddened"] = (fresh[: asked.count] * [1, 0.7, 0.7]).astype(np.uint8)
    reports = {}
    with tempfile.TemporaryDirectory() as place:
        trained = {"seconds": asked.seconds, "runs_dir": place, "wait": True}
        run = sets["run"] = gb.load_run(asked.run) if asked.run else gb.train(data, **trained)
        for name, what in sets.items():
            began = time.perf_counter()
            reports[name] = gb.evaluate(what, data, count=asked.count, space=asked.space)
            print(f"{name}: {time.perf_counter() - began:.1f} s", flush=True)
    floor = next(iter(reports.values()))
    print(f"\n{floor.space}\n{run!r}\n")
    print("| number | floor | " + " | ".join(reports) + " |\n" + "|---" * (len(reports) + 2) + "|")
    for key in SHOWN:
        if key not in floor.frame.index:
            continue
        cells = [floor.frame.loc[key, "real"]]
        cells += [each.frame.loc[key, "samples"] if key in each.frame.index else np.nan for each in reports.values()]
        print(f"| {floor.frame.loc[key, 'number']} | " + " | ".join(f"{cell:.3g}" for cell in cells) + " |")
    for name, report in reports.items():
        print(f"\n{name}")
        for verdict in report.verdicts:
            print(f"- {verdict}")


if __name__ == "__main__":
    main()
