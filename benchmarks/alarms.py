"""Do the monitors stay silent while all is well, and do they name what is wrong?

    python -m benchmarks.alarms good [--shared ../shared/data] [--seeds 1 2 3] [--seconds 30]
    python -m benchmarks.alarms faults [--only …]

``good`` trains each network with its defaults on each set of images, and the default on others, and writes a row for
every run to ``benchmarks/alarms.csv``: its last diversity, its distance to the images when half of the time had passed
and at the end (in the feature space of training, see ``evaluate_every``), and the alarms; a run whose row is there is
not made again. ``faults`` provokes what goes wrong and says which alarms came, beside those that are right, and the
line that says how the run is. Seconds are processor seconds of training.
"""

from __future__ import annotations

import argparse
import dataclasses
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ganbook as gb
from benchmarks import rows
from ganbook.training.health import Health

TABLE = Path(__file__).with_suffix(".csv")
COLUMNS = ("data", "network", "seed", "seconds", "step", "diversity", "halfway", "frechet", "alarms")
SETS: dict[str, tuple[str, int | None]] = {
    "digits": ("digits", None),
    "fashion": ("fashion", None),
    "CIFAR-10": ("cifar10_part.npz", None),
    "emoji, 32×32": ("emoji64.npz", 32),
    "emoji, 64×64": ("emoji64.npz", 64),
    "Tiny ImageNet": ("tinyimagenet", 64),
    "goldfish alone": ("tinyimagenet/goldfish", 64),
    "ring": ("ring", None),
    "names": ("names", None),
    "sums": ("sums", None),
}
LOST, WON = "The discriminator has lost", "The discriminator has won"
COLLAPSE, STILL, DIVERGES, BACK = "Mode collapse", "No progress", "Losses are diverging", "went back to step"
FAR, AHEAD = "Far from real images", "D far ahead of G"  # of the line that says how a run is


@dataclass(frozen=True)
class Fault:
    """Options that spoil a training, and which alarms are right."""

    name: str
    right: tuple[str, ...]
    options: dict[str, Any] = field(default_factory=dict)
    data: str = "digits"
    images: int | None = None
    pair: Callable[[tuple[int, ...]], tuple] | None = None
    seconds: float = 40


def one_output(shape: tuple[int, ...]) -> tuple:
    """A generator that does not listen to z."""
    return _pair(shape, listens=0.0)


def blind(shape: tuple[int, ...]) -> tuple:
    """A discriminator that sees nothing."""
    return _pair(shape, sees=0.0)


def _pair(shape: tuple[int, ...], listens: float = 1.0, sees: float = 1.0) -> tuple:
    import keras
    from keras import layers

    generator = keras.Sequential([
        keras.Input((32,)), layers.Rescaling(listens), layers.Dense(256, "relu", bias_initializer="ones"),
        layers.Dense(shape[0] * shape[1] * shape[2], "tanh"), layers.Reshape(shape),
    ])  # fmt: skip
    discriminator = keras.Sequential([
        keras.Input(shape), layers.Rescaling(sees), layers.Flatten(), layers.Dense(256), layers.LeakyReLU(0.2),
        layers.Dense(1),
    ])  # fmt: skip
    return generator, discriminator


NEVER = 1e-12  # a rate at which nothing is learned
FAULTS = [
    Fault("mlp: G learns nothing", (WON, STILL), {"network": "mlp", "learning_rate": NEVER, "d_learning_rate": 2e-4}),
    Fault("compact: G learns nothing", (WON, STILL), {"network": "compact", "learning_rate": NEVER}),
    Fault("photo: G learns nothing", (WON, STILL), {"network": "photo", "learning_rate": NEVER,
          "d_learning_rate": 1e-3}, "cifar10_part.npz", seconds=60),
    Fault("mlp: D learns nothing", (LOST, COLLAPSE), {"network": "mlp", "d_learning_rate": NEVER}),
    Fault("compact: D learns nothing", (LOST, COLLAPSE), {"network": "compact", "d_learning_rate": NEVER}),
    Fault("dcgan: D learns nothing", (LOST, COLLAPSE), {"network": "dcgan", "d_learning_rate": NEVER},
          "cifar10_part.npz"),
    Fault("nothing is learned", (LOST, STILL), {"network": "mlp", "learning_rate": NEVER}),
    Fault("D is blind", (LOST,), {}, pair=blind),
    Fault("G does not listen to z", (COLLAPSE,), {}, pair=one_output),
    Fault("mlp at fifty times its rate", (COLLAPSE, DIVERGES, WON, LOST), {"network": "mlp", "learning_rate": 1e-2}),
    Fault("compact at a rate of 0.3", (COLLAPSE, DIVERGES, WON, LOST, BACK, FAR), {"learning_rate": 0.3}),
    Fault("a rate of 10", (COLLAPSE, DIVERGES, WON, LOST, BACK), {"network": "mlp", "learning_rate": 10.0}),
    Fault("dcgan without a penalty at 0.1", (COLLAPSE, DIVERGES, WON, LOST), {"network": "dcgan", "r1": 0.0,
          "loss": "non-saturating", "learning_rate": 0.1}),
    Fault("Wasserstein without a penalty", (DIVERGES,), {"network": "mlp", "loss": "wasserstein",
          "gradient_penalty": 0.0, "learning_rate": 1e-3}),
    Fault("Wasserstein at 0.05", (DIVERGES, COLLAPSE), {"network": "mlp", "loss": "wasserstein",
          "learning_rate": 0.05}),
    Fault("R1 of 10,000", (LOST,), {"network": "mlp", "r1": 1e4}),
    Fault("R1 of 10,000 on photographs", (LOST,), {"network": "photo", "r1": 1e4}, "cifar10_part.npz", seconds=60),
    Fault("60 images, no penalty", (WON, COLLAPSE), {"network": "mlp", "batch_size": 32}, images=60,
          seconds=120),
    Fault("100 photographs, no penalty, no augmentation", (WON, COLLAPSE, AHEAD), {"network": "dcgan", "r1": 0.0,
          "augment": "none"}, "cifar10_part.npz", 100, seconds=120),
    Fault("ten updates of D for one of G", (WON, COLLAPSE), {"network": "mlp", "critic_steps": 10}, seconds=120),
    Fault("a ring of eight, modes lost", (COLLAPSE,), {"network": "mlp", "loss": "non-saturating", "r1": 0.0,
          "learning_rate": 1e-2}, "ring"),
    Fault("lines: D learns nothing", (LOST, COLLAPSE), {"d_learning_rate": NEVER}, "names"),
    Fault("lines: G learns nothing", (WON, STILL), {"learning_rate": NEVER}, "names"),
    Fault("lines: fifty times the rates", (COLLAPSE, DIVERGES, WON, LOST, BACK), {"learning_rate": 1e-2,
          "d_learning_rate": 5e-2}, "names"),
    Fault("photographs that fall apart (dcgan, 300 s)", ("Getting worse",), {"network": "dcgan",
          "evaluate_every": 20.0}, "cifar10_part.npz", seconds=300),
]  # fmt: skip


def train(data: Any, seconds: float, **options: Any) -> gb.Run:
    """Train for so many processor seconds, compilation not counted, and stop."""
    run = gb.train(data, checkpoint_every=1e6, steps=10**8, **options)
    while not run.steps_done and run.active:
        time.sleep(0.05)
    began = time.process_time()
    while time.process_time() - began < seconds and run.active:
        time.sleep(0.1)
    run.stop()
    return run.wait()


def frechet_halfway_and_last(run: gb.Run) -> tuple[float, float]:
    """Return the distances to the images that training measured, halfway and last; NaN where there is none."""
    column = run.history.get("frechet")
    if column is None or not len(found := column.dropna()):
        return float("nan"), float("nan")
    return round(found.iloc[(len(found) - 1) // 2], 2), round(found.iloc[-1], 2)


def good(asked: argparse.Namespace) -> None:
    """Train what should train well; an alarm here is false, unless the distances say that it is not."""
    done = rows.done(TABLE, COLUMNS[:4])
    for name in asked.sets:
        source, size = SETS[name]
        data = gb.data.load(found if (found := asked.shared / source).exists() else source, size)
        for seed in asked.seeds:
            for network in asked.networks if data.kind == "images" else ["auto"]:
                if (name, network, str(seed), str(asked.seconds)) in done:
                    continue
                with tempfile.TemporaryDirectory() as place:
                    measured = {"evaluate_every": asked.seconds / 6} if data.kind == "images" else {}
                    run = train(data, asked.seconds, network=network, seed=seed, runs_dir=place, **measured)
                    diversity = round(run.history["diversity"].dropna().iloc[-1], 2)
                    halfway, last = frechet_halfway_and_last(run)
                    row = (name, network, seed, asked.seconds, run.steps_done, diversity, halfway, last)
                    row += (" ".join(run.warnings),)
                rows.append(TABLE, dict(zip(COLUMNS, row, strict=True)))
                print(*row, flush=True)


def faults(asked: argparse.Namespace) -> None:
    """Provoke what goes wrong; print what was named."""
    counts: Counter[str] = Counter()
    chosen = [fault for fault in FAULTS if not asked.only or any(part in fault.name for part in asked.only)]
    for fault in chosen:
        source = asked.shared / fault.data if "." in fault.data else fault.data
        data = gb.data.load(source)
        if fault.images:
            labels = None if data.labels is None else data.labels[: fault.images]
            data = dataclasses.replace(data, images=data.images[: fault.images], labels=labels, source=None)
        options = dict(fault.options)
        if fault.pair:
            import keras

            keras.utils.set_random_seed(1)
            options["network"] = fault.pair(data.shape)
        with tempfile.TemporaryDirectory() as place:
            run = train(data, fault.seconds, seed=1, runs_dir=place, **options)
            alarms = [*run.warnings, *([str(run.error)] if run.error else []), run.note or ""]
            health = Health(run.config, run.history.to_dict("records")).line.text
            result = _result(fault, alarms, health)
            counts[result] += 1
            print(f"{fault.name}, {run.steps_done:,} steps: {result} · {' '.join(alarms)} [{health}]", flush=True)
    print(f"of {len(chosen)}: {', '.join(f'{count} {result}' for result, count in counts.items())}")


def _result(fault: Fault, alarms: list[str], health: str) -> str:
    """Say whether an alarm names a fault, or else the line that says how the run is."""
    if any(kind in line for line in alarms for kind in fault.right):
        return "named"
    return "in the line" if any(kind in health for kind in fault.right) else "MISSED"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["good", "faults"])
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"), help="folder of the sets")
    parser.add_argument("--sets", nargs="+", default=list(SETS), choices=list(SETS), metavar="SET")
    parser.add_argument("--networks", nargs="+", default=["auto", "dcgan", "mlp"])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--only", nargs="*", help="parts of faults' names")
    asked = parser.parse_args()
    {"good": good, "faults": faults}[asked.what](asked)


if __name__ == "__main__":
    main()
