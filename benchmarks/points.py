"""Which options learn points in the plane, and how the objectives compare: modes captured, as PacGAN counts them.

    python -m benchmarks.points search [--steps 6000] [--seeds 0] [--only …]
    python -m benchmarks.points table [--seconds 60] [--seeds 1 2 3] [--data ring grid]
    python -m benchmarks.points floors [--data ring grid]

``search`` trains with changes to :data:`START`, the options before the search, on the ring of 8 and the grid of 25
Gaussians, with one seed that the table does not have.
``table`` trains every objective with the default options on other seeds, and some again with rates that halve.
``floors`` measures real points: 50 draws of 2,500 training points against the held-out ones.
The first two count 2,500 samples of the averaged generator: modes with at least one sample within 3 σ, and the
percentage of samples within 3 σ of a mode; of real points 98.9 % are. Prints a Markdown table; ``--csv`` also appends
each measurement to a file, for a table by seconds also those at :data:`AT_STEPS`.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.machine import processor
from benchmarks.rows import append
from ganbook.config.parser import make
from ganbook.config.train import TrainConfig
from ganbook.data import load
from ganbook.data.batches import Batches
from ganbook.metrics.points import COUNT, Judge
from ganbook.utils import backend

FLOOR_DRAWS = 50
CALL = 100  # steps in a graph call
SEARCH_SEEDS, TABLE_SEEDS = [0], [1, 2, 3]
DATA = ("ring", "grid")
START: dict[str, Any] = {"hidden": "128,128", "activation": "leaky_relu", "batch_size": 256}
SMALL: dict[str, Any] = {"hidden": "64,64,64", "batch_size": 128}
RELU: dict[str, Any] = SMALL | {"activation": "relu"}
DEEP: dict[str, Any] = RELU | {"hidden": "64,64,64,64"}
HALVING: dict[str, Any] = {"learning_rate": 2e-3, "rate_half_life": 4000}
CHANGES: dict[str, dict[str, Any]] = {
    "the start": {},
    "R1 0.01": {"r1": 0.01},
    "R1 0.001": {"r1": 0.001},
    "R1 0.01, R2 0.01": {"r1": 0.01, "r2": 0.01},
    "R1 0.1, R2 0.1": {"r1": 0.1, "r2": 0.1},
    "no penalty": {"r1": 0.0},
    "non-saturating": {"loss": "non-saturating"},
    "non-saturating, R1 0.01": {"loss": "non-saturating", "r1": 0.01},
    "EMA 200,000": {"ema_half_life": 200_000},
    "EMA 50,000": {"ema_half_life": 50_000},
    "β₁ 0.5": {"beta_1": 0.5},
    "β₂ 0.9": {"beta_2": 0.9},
    "rates 5e-4": {"learning_rate": 5e-4},
    "rates 2e-3": {"learning_rate": 2e-3},
    "D's rate 2e-3": {"d_learning_rate": 2e-3},
    "batch 128": {"batch_size": 128},
    "batch 512": {"batch_size": 512},
    "width 64": {"hidden": "64,64"},
    "width 256": {"hidden": "256,256"},
    "three layers": {"hidden": "128,128,128"},
    "z of 8": {"latent_dim": 8},
    "uniform noise": {"noise": "uniform"},
    "relu": {"activation": "relu"},
    "silu": {"activation": "silu"},
    "tanh": {"activation": "tanh"},
    "3 × 64, batch 128": SMALL,
    "relu, 3 × 64, batch 128": RELU,
    "relu, 4 × 64, batch 128": DEEP,
    "relu, 3 × 64, batch 128, EMA 100,000": RELU | {"ema_half_life": 100_000},
    "relu, 3 × 64, batch 128, rates 2e-3": RELU | {"learning_rate": 2e-3},
    "relu, 3 × 64, batch 128, R2 0.1": RELU | {"r2": 0.1},
    "relu, 3 × 64, batch 128, non-saturating": RELU | {"loss": "non-saturating"},
    "relu, 3 × 64, batch 128, R1 0.03": RELU | {"r1": 0.03},
    "relu, 3 × 128, batch 128": RELU | {"hidden": "128,128,128"},
    "relu, 4 × 64, batch 128, rates 2e-3 that halve every 4,000 steps": DEEP | HALVING,
    "relu, 4 × 64, batch 128, rates 2e-3 that halve every 4,000 steps, R2 0.1": DEEP | HALVING | {"r2": 0.1},
    "WGAN-GP, λ 1": DEEP | {"loss": "wasserstein", "gradient_penalty": 1.0},
    "WGAN-GP, λ 0.1": DEEP | {"loss": "wasserstein", "gradient_penalty": 0.1},
    "WGAN-GP, λ 0.1, β 0.5 and 0.9": DEEP
    | {"loss": "wasserstein", "gradient_penalty": 0.1, "beta_1": 0.5, "beta_2": 0.9},
}
# The objectives of the table, on top of the default networks and optimisers.
OBJECTIVES: dict[str, dict[str, Any]] = {
    "NS": {"loss": "non-saturating", "r1": 0.0},
    "NS + R1": {"loss": "non-saturating"},
    "hinge": {"loss": "hinge", "r1": 0.0},
    "WGAN-GP": {"loss": "wasserstein"},
    "RpGAN + R1": {},
    "RpGAN + R1 + R2": {"r2": 0.1},
}
HALVED = ("NS + R1", "RpGAN + R1", "RpGAN + R1 + R2")
CASES = OBJECTIVES | {f"{name}, rates that halve": OBJECTIVES[name] | HALVING for name in HALVED}
AT_STEPS = (4000, 8000, 12_000, 16_000)  # where a table by seconds also looks, as far as they are reached


def follow(data: Any, options: dict[str, Any], at: list[float], by: str) -> list[dict[str, float]]:
    """Train for the last of ``at`` steps or seconds of training; return the scores at each of them.

    By seconds, also those at :data:`AT_STEPS`.
    """
    from ganbook.training.build import new_gan

    config = make(TrainConfig, data=data.name, **options).resolved(len(data), data.shape)
    gan, judge = new_gan(config, data, None), Judge(data)
    batches = Batches(data.samples, None, config.batch_size, config.seed)
    record, rows, seconds, cpu, step = data.record(), [], 0.0, 0.0, 0
    # Compiled before the clock starts, on the weights that training then begins with.
    begin = gan.get_weights(), [[v.numpy() for v in o.variables] for o in (gan.g_optimizer, gan.d_optimizer)]
    gan.train_steps(*batches.block(0, CALL))
    gan.set_weights(begin[0])
    for optimizer, values in zip((gan.g_optimizer, gan.d_optimizer), begin[1], strict=True):
        for variable, value in zip(optimizer.variables, values, strict=True):
            variable.assign(value)

    def look(by: str) -> None:
        scores = judge(data.decode(gan.sample(gan.noise(COUNT, 0)), record))
        passed = {"steps": step, "seconds": round(seconds, 1), "cpu_seconds": round(cpu, 1)}
        rows.append({"by": by} | passed | vars(scores))

    for until in at:
        while (step if by == "steps" else seconds) < until:
            began, used = time.perf_counter(), time.process_time()
            bad = gan.train_steps(*batches.block(step, CALL))[1]
            seconds, cpu = seconds + time.perf_counter() - began, cpu + time.process_time() - used
            step += CALL
            if bad is not None:
                break
            if by == "seconds" and step in AT_STEPS:
                look("steps")
        look(by)
    return rows


def print_floors(names: list[str]) -> None:
    """Print what draws of real points score, mean ± standard deviation."""
    print("| | modes | high quality % | sliced Wasserstein | JS divergence, bits |\n|---|---|---|---|---|")
    for name in names:
        data = load(name)
        judge, rng = Judge(data), np.random.default_rng(1)
        draws = [astuple(judge(rng.choice(data.points, judge.count, replace=False))) for _ in range(FLOOR_DRAWS)]
        scores = [np.array(column, float) for column in zip(*draws, strict=True)]  # NaN where there are no modes
        scores[1] *= 100
        cells = [f"{column.mean():.3g} ± {column.std():.2g}" for column in scores]
        print(f"| {name} | {' | '.join(cells)} |".replace("nan ± nan", "–"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["search", "table", "floors"])
    parser.add_argument("--steps", type=int, help="train for this many steps [6000; table: by seconds]")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seeds", type=int, nargs="+", help="[0; table: 1 2 3]")
    parser.add_argument("--data", nargs="+", default=DATA)
    parser.add_argument("--only", nargs="*", help="parts of the names of changes or objectives")
    parser.add_argument("--csv", type=Path)
    args = parser.parse_args()
    if args.what == "floors":
        print_floors(args.data)
        return
    backend.tensorflow()
    searching = args.what == "search"
    cases = {name: START | options for name, options in CHANGES.items()} if searching else CASES
    by = "steps" if searching or args.steps else "seconds"
    last = args.steps or (6000 if searching else args.seconds)
    at = [last * part for part in (1 / 3, 2 / 3, 1)]
    seeds = args.seeds or (SEARCH_SEEDS if searching else TABLE_SEEDS)
    print(f"{processor()}; {by} {', '.join(f'{x:g}' for x in at)}; seeds {seeds}\n")
    print(
        "| | "
        + " | ".join(f"{name}: modes · high quality %" for name in args.data)
        + " | steps/s | steps per CPU second |"
    )
    print("|---|" + "---|" * (len(args.data) + 2), flush=True)
    for name, options in cases.items():
        if args.only and not any(part in name for part in args.only):
            continue
        cells, speeds, efforts = [], [], []
        for source in args.data:
            data, runs = load(source), []
            for seed in seeds:
                runs.append(follow(data, options | {"seed": seed}, at, by))
                speeds.append(runs[-1][-1]["steps"] / runs[-1][-1]["seconds"])
                efforts.append(runs[-1][-1]["steps"] / runs[-1][-1]["cpu_seconds"])
                if args.csv:
                    append(args.csv, *({"case": name, "data": source, "seed": seed} | row for row in runs[-1]))
            ends = [[row for row in run if row["by"] == by] for run in runs]
            cells.append(", ".join(_cell([run[i] for run in ends]) for i in range(len(at))))
        print(f"| {name} | {' | '.join(cells)} | {np.mean(speeds):.0f} | {np.mean(efforts):.0f} |", flush=True)


def _cell(rows: list[dict[str, float]]) -> str:
    modes, quality = (np.mean([row[column] for row in rows]) for column in ("modes", "high_quality"))
    return f"{modes:.3g} · {100 * quality:.1f}"


if __name__ == "__main__":
    main()
