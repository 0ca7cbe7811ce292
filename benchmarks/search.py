"""Which recipe draws photographs soonest? Candidates by name, judged on held-out training images.

    python -m benchmarks.search --data ../shared/data/cifar10_part.npz --steps 1200 [--seeds 0 1] [--only NAME …]
    python -m benchmarks.search --data ../shared/data/cifar10_part.npz --costs 10 [--only NAME …]

The candidates are those of ``benchmarks/quality/recipes.py``. A seventh of the training images, at most 1,500, are held
out and judge the samples: no choice made here has seen a test image. After each of ``--steps``, or of
``--cpu-seconds``, a row is appended to ``benchmarks/search.csv``: the measures of ``time_to_quality`` and the CPU
seconds that training took until then, which other work on the machine changes little. Rows that stand there already
are not made again: a search can be interrupted.

``--costs`` measures milliseconds per step instead, all candidates in turns, so that other work meets all alike.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

import ganbook as gb
from benchmarks.machine import processor
from benchmarks.quality.recipes import RECIPES, build
from benchmarks.time_to_quality import Judge, picture
from ganbook.utils import backend

TABLE = Path(__file__).with_suffix(".csv")
COLUMNS = (
    "data", "recipe", "precision", "seed", "mark", "step", "cpu_seconds", "frechet", "patches",
    "least_class", "machine",
)  # fmt: skip
STEPS_PER_CALL = 20
HELD_OUT, PATCHED = 1500, 800


def split(data: gb.ImageData) -> gb.ImageData:
    """Hold some training images out as the test images of the result, the same ones each time."""
    order = np.random.default_rng(7).permutation(len(data))
    count = min(len(data) // 7, HELD_OUT)
    held_out, rest = np.sort(order[:count]), np.sort(order[count:])
    images, labels = np.asarray(data.images), np.asarray(data.labels)
    return gb.ImageData(
        images=images[rest], labels=labels[rest], test_images=images[held_out], test_labels=labels[held_out],
        class_names=data.class_names, name=data.name,
    )  # fmt: skip


def held_out_judge(data: gb.ImageData) -> Judge:
    """Return a judge by the held-out images, however few they are."""
    judge = Judge(data, patched=PATCHED)
    judge.images = np.asarray(data.test_images)
    judge.features, judge.shares = judge.space.features(judge.images), judge.space.class_fractions(judge.images)
    return judge


def batches(count: int, size: int, seed: int) -> Iterator[np.ndarray]:
    """Yield the indices of each step's images: permutations one after the other."""
    rng, order = np.random.default_rng(seed), np.empty(0, int)
    while True:
        while len(order) < size:
            order = np.concatenate([order, rng.permutation(count)])
        yield order[:size]
        order = order[size:]


def train(
    recipe: dict[str, Any], data: gb.ImageData, seed: int, marks: list[int], samples: int, seconds: bool = False
) -> Iterator[tuple]:
    """Train; at each mark, a step or CPU seconds, yield mark, step, CPU seconds so far, and samples uint8."""
    gan, size = build(recipe, data, seed)
    images, indices = np.asarray(data.images), batches(len(data), size, seed)
    spent, step = 0.0, 0
    began = time.process_time()
    marks = list(marks)
    while marks:
        count = STEPS_PER_CALL if seconds else min(STEPS_PER_CALL, marks[0] - step)
        _, bad_step = gan.train_steps(np.stack([images[next(indices)] for _ in range(count)]))
        if bad_step is not None:
            print(f"not finite at step {bad_step}", flush=True)
            return
        if step == 0:
            began = time.process_time()  # tracing is not counted
        step += count
        now = spent + time.process_time() - began
        if (now if seconds else step) >= marks[0]:
            spent, mark = now, marks.pop(0)
            drawn = gan.sample(gan.noise(samples, 999))
            yield mark, step, spent, np.uint8(np.clip(np.rint((drawn + 1) * 127.5), 0, 255))
            began = time.process_time()


def costs(names: list[str], data: gb.ImageData, rounds: int, steps: int = 8) -> None:
    """Print milliseconds per step of each recipe, measured in turns, and their ratio to the first."""
    images, gans = np.asarray(data.images), {name: build(RECIPES[name], data, 0) for name in names}
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    for turn in range(rounds + 1):
        for name, (gan, size) in gans.items():
            batch = np.resize(images, (steps, size, *images.shape[1:]))
            began = time.perf_counter(), time.process_time()
            gan.train_steps(batch)
            if turn:  # the first one traces
                times[name].append((time.perf_counter() - began[0], time.process_time() - began[1]))
    print("| recipe | ms per step, fastest | median | CPU ms, median | ratio of these |\n|---|---|---|---|---|")
    first = np.median(times[names[0]], 0)[1]
    for name, values in times.items():
        wall, cpu = np.array(values).T * 1000 / steps
        ratio = np.median(cpu) * steps / 1000 / first
        print(f"| {name} | {wall.min():.1f} | {np.median(wall):.1f} | {np.median(cpu):.1f} | {ratio:.2f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True)
    parser.add_argument("--image-size", type=int)
    parser.add_argument("--steps", type=int, nargs="+", default=[1200])
    parser.add_argument("--cpu-seconds", type=int, nargs="+", help="measure after so many instead of after --steps")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--only", nargs="+", choices=list(RECIPES), metavar="NAME", help="candidates [default: all]")
    parser.add_argument("--precision", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--costs", type=int, metavar="ROUNDS", help="measure the cost of a step instead")
    parser.add_argument("--grids", type=Path, default=Path("runs/search"), help="where to put sample grids")
    arguments = parser.parse_args()
    backend.tensorflow()  # with the graph optimiser as a run has it
    data = split(gb.data.load(arguments.data, arguments.image_size))
    names = arguments.only or list(RECIPES)
    for name in names:
        RECIPES[name]["precision"] = {"bfloat16": "mixed_bfloat16"}.get(arguments.precision, arguments.precision)
    if arguments.costs:
        costs(names, data, arguments.costs)
        return
    judge = held_out_judge(data)
    # sets are often sorted by class
    rows = np.random.default_rng(0).permutation(len(data))[: len(judge.images)]
    print("training images:", judge(np.asarray(data.images)[rows]), flush=True)
    kind, marks = ("s", sorted(arguments.cpu_seconds)) if arguments.cpu_seconds else ("steps", sorted(arguments.steps))
    title, done = f"{data.name} {data.shape[0]}", rows_done()
    for seed in arguments.seeds:
        for name in names:
            of = (title, name, arguments.precision, str(seed))
            if done.issuperset((*of, kind, str(mark)) for mark in marks):
                continue
            for mark, step, seconds, samples in train(RECIPES[name], data, seed, marks, len(judge.images), kind == "s"):
                row: dict[str, Any] = {
                    "data": title, "recipe": name, "precision": arguments.precision, "seed": seed,
                    "mark": mark if kind == "s" else "", "step": step,
                    "cpu_seconds": round(seconds, 1),
                } | judge(samples) | {"machine": processor()}  # fmt: skip
                print("  ".join(f"{key} {value}" for key, value in row.items()), flush=True)
                grid = f"{title}-{name}-{arguments.precision}-{seed}-{step}.png".replace(" ", "-")
                picture(samples[:64], arguments.grids / grid)
                if (*of, kind, str(mark)) not in done:
                    append(row)


def rows_done() -> set[tuple[str, ...]]:
    if not TABLE.exists():
        return set()
    with TABLE.open() as file:
        rows = list(csv.DictReader(file))
    key = COLUMNS[:4]
    return {(*(row[name] for name in key), "steps", row["step"]) for row in rows} | {
        (*(row[name] for name in key), "s", row["mark"]) for row in rows if row["mark"]
    }


def append(row: dict[str, Any]) -> None:
    new = not TABLE.exists()
    with TABLE.open("a", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerow(row)


if __name__ == "__main__":
    main()
