"""How soon samples are good: distances to real images against seconds of training, for several recipes.

    python -m benchmarks.time_to_quality --data fashion_mnist [--seconds 30 60 120] [--seeds 1 2 3] [--only …]
    TF_NUM_INTRAOP_THREADS=1 taskset -c 0 python -m benchmarks.time_to_quality --one-core --data tinyimagenet …
    python -m benchmarks.time_to_quality --quick

``--data`` takes whatever ``gb.data.load`` does. Measured on as many samples as there are test images, or images that
``--hold-out`` sets aside (training images, where there are fewer than 2,000 for testing): the Fréchet distance in the
feature space of a small network trained on the data (to tell its classes apart, without labels how far an image was
turned), and of colour images in EfficientNet's, a sliced Wasserstein distance of patches (mean over the levels of a
Laplacian pyramid), and the smallest share of a class among the samples over its share among the images. Seconds are
those of training, compilation counted, measuring not; with ``--one-core`` processor seconds, which other work on the
machine changes little. Every row is appended to ``benchmarks/time_to_quality.csv`` and the picture beside it redrawn;
what has all its rows there is not trained again.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

import ganbook as gb
from benchmarks import rows
from benchmarks.machine import processor, roof
from benchmarks.quality.contenders import CONTENDERS, Contender
from benchmarks.worked import Worked

TABLE = Path(__file__).with_suffix(".csv")
COLUMNS = ("machine", "data", "contender", "seed", "seconds", "step", "frechet", "patches", "least_class",
           "efficientnet")  # fmt: skip
QUICK = ["ganbook's default", "first search: narrow hybrid", "mlp"]


class Judge:
    """Measures samples against the images of a data set."""

    def __init__(self, data: gb.ImageData, patched: int = 2000, photographs: bool = False):
        from ganbook.metrics.features import efficientnet_space, space, trained

        self.data, self.space, self.patched = data, space(data, trained(data)), patched
        self.second = efficientnet_space(data) if photographs else None
        tests = data.held_out or len(data.test_images) >= 2000
        self.images = np.asarray(data.test_images if tests else data.images)
        self.features = self.space.features(self.images)
        self.shares = None if data.labels is None else self.space.class_fractions(self.images)
        self.second_features = None if self.second is None else self.second.features(self.images)

    def __call__(self, samples: np.ndarray) -> dict[str, float]:
        from ganbook.metrics.frechet import frechet_distance
        from ganbook.metrics.patches import patch_distance

        few = min(len(samples), self.patched)
        patches = patch_distance(samples[:few], self.images[:few])
        measured = {
            "frechet": round(frechet_distance(self.space.features(samples), self.features), 2),
            "patches": round(float(np.mean(list(patches.values()))), 1),
        }
        if self.shares is not None:
            least = (self.space.class_fractions(samples) / self.shares).min()
            measured["least_class"] = round(float(least), 2)
        if self.second is not None:
            measured["efficientnet"] = round(frechet_distance(self.second.features(samples), self.second_features), 2)
        return measured


def follow(
    contender: Contender,
    data: gb.ImageData,
    judge: Judge,
    seed: int,
    marks: list[float],
    folder: Path,
    one_core: bool = False,
) -> Iterator[dict[str, Any]]:
    """Train one recipe; at each mark measure and print, keep a grid of samples and yield the row."""
    options: dict[str, Any] = dict(contender.options)
    if contender.pair is not None:
        import keras

        keras.utils.set_random_seed(seed)
        options["network"] = contender.pair(data.shape)
    with tempfile.TemporaryDirectory() as place:
        worked = Worked()
        limit = {"steps": 10**8} if one_core else {"seconds": marks[-1]}
        run = gb.train(data, seed=seed, runs_dir=place, checkpoint_every=1e6, **limit, **options)
        for mark in marks:
            while (worked.seconds if one_core else run.seconds) < mark and run.active:
                time.sleep(0.05)
            run.pause()
            while run.active and run.state != "paused":
                time.sleep(0.02)
            if run.error:
                print(f"{contender.name}, seed {seed}: {run.error}", flush=True)
                return
            with worked.aside():
                samples = run.sample(len(judge.images), seed=999, weights=contender.weights)
                row = {
                    "machine": machine(one_core),
                    "data": data.name,
                    "contender": contender.name,
                    "seed": seed,
                    "seconds": mark,
                    "step": run.steps_done,
                }
                row |= judge(samples)
                print("  ".join(f"{key} {value}" for key, value in row.items()), flush=True)
                name = (
                    f"{data.name}-{contender.name}-{seed}-{mark:g}.png".replace(" ", "-")
                    .replace(":", "")
                    .replace("'", "")
                )
                picture(samples[:64], folder / name)
                yield row
            run.resume() if run.active else None
        run.stop()
        run.wait()


def machine(one_core: bool) -> str:
    return processor() + ", one core" * one_core


def picture(samples: np.ndarray, path: Path) -> None:
    from ganbook.data.grid import image_grid

    path.parent.mkdir(parents=True, exist_ok=True)
    image_grid(samples).save(path)


def plot() -> None:
    """Draw the whole table: each measure over seconds, one row for each data set and machine."""
    import pandas as pd
    import seaborn as sns
    from matplotlib.ticker import NullFormatter, NullLocator

    table = pd.read_csv(TABLE).melt(
        ["machine", "data", "contender", "seconds", "seed"], ["frechet", "patches"], "measure", "distance"
    )
    table["on"] = table["data"] + ", " + table["machine"]
    names = [each.name for each in CONTENDERS if each.name in set(table["contender"])]
    figure = sns.relplot(
        table, x="seconds", y="distance", hue="contender", style="contender", markers=True, dashes=False, row="on",
        row_order=sorted(table["on"].unique()), hue_order=names, style_order=names, col="measure", kind="line",
        errorbar=("pi", 100), height=2.6, aspect=1.9, facet_kws={"sharey": "col"},
    )  # fmt: skip
    figure.set(xscale="log", yscale="log").set_titles("{row_name}\n{col_name}", size=8)
    figure.set_xlabels("seconds of training")
    marks: list[float] = []
    for mark in sorted(table["seconds"].unique(), reverse=True):
        if not marks or marks[-1] > 1.5 * mark:  # room for the next label
            marks.append(mark)
    for axes in figure.axes.flat:
        axes.set_xticks(marks)
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_minor_formatter(NullFormatter())
    figure.savefig(TABLE.with_suffix(".png"), dpi=110)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="fashion")
    parser.add_argument("--image-size", type=int)
    parser.add_argument("--hold-out", type=int, help="training images to judge by instead of test images")
    parser.add_argument("--seconds", type=float, nargs="+", default=[30.0, 60.0, 120.0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--only", nargs="*", help="parts of contenders' names")
    parser.add_argument("--grids", type=Path, default=Path("runs/time_to_quality"), help="where to put sample grids")
    parser.add_argument("--one-core", action="store_true", help="seconds are processor seconds")
    parser.add_argument("--quick", action="store_true", help="a smoke check in under six minutes, nothing recorded")
    asked = parser.parse_args()
    if asked.quick:
        global TABLE
        TABLE = Path(tempfile.mkdtemp()) / "time_to_quality.csv"
        asked.seconds, asked.seeds, asked.only = [15, 30], [1], QUICK
    print(f"{processor()}; 4096² matrix product: {roof('float32'):.0f} GFLOP/s in float32", flush=True)
    data = gb.data.load(asked.data, asked.image_size, hold_out=asked.hold_out)
    judge = Judge(data, photographs=data.shape[2] == 3)
    some = np.random.default_rng(0).permutation(len(data))[: len(judge.images)]  # folders are read class by class
    floor = judge(np.asarray(data.images[np.sort(some)]))
    print(f"{judge.space.name}, {judge.space.accuracy:.1%} right; training images against these: {floor}", flush=True)
    done, marks = rows.done(TABLE, COLUMNS[:5]), sorted(asked.seconds)
    for seed in asked.seeds:
        for contender in CONTENDERS:
            of = (machine(asked.one_core), data.name, contender.name, str(seed))
            if data.shape[0] % contender.multiple or done.issuperset((*of, str(mark)) for mark in marks):
                continue
            if not asked.only or any(part in contender.name for part in asked.only):
                for row in follow(contender, data, judge, seed, marks, asked.grids, asked.one_core):
                    rows.append(TABLE, dict.fromkeys(COLUMNS) | row)
    plot()


if __name__ == "__main__":
    main()
