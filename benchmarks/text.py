"""The text GAN beside language models and an untuned WGAN-GP, at equal seconds of training.

``python -m benchmarks.text --sets names --seeds 0 1 2 --seconds 120 300 600 --out FOLDER`` trains each contender on
each set and measures it at each of these seconds on lines that none of them has seen; a row for each goes to
``FOLDER/text.csv``, and twenty lines to ``FOLDER/lines.txt``. Seconds are those that processors worked, so give it one
core (``taskset``, ``TF_NUM_INTRAOP_THREADS=1``): then others may work beside it.

    python -m benchmarks.text --search --sets sums names --seconds 60 120 --out FOLDER \\
        --try "hidden=512,512" --try "learning_rate=5e-4 r2=0.3" …

compares options of ``gb.train`` on lines held out of the *training* lines, so that held-out lines are left for judging.
"""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

import ganbook as gb
from benchmarks import rows
from benchmarks.worked import Worked, paused_at
from ganbook.data import TextData
from ganbook.data.characters import characters_of
from ganbook.metrics.ngram_model import NgramModel
from ganbook.metrics.text import measure

SHOWN, LIKELY = 20, 0.7

# As Gulrajani et al. (2017) have it for text.
WGAN_GP = {
    "loss": "wasserstein", "learning_rate": 1e-4, "d_learning_rate": 1e-4, "beta_1": 0.5, "beta_2": 0.9,
}  # fmt: skip


WIDTH, BLOCKS = 96, 5  # with which both networks on names have 1.1 million weights; ganbook's have 1.0 million


def residual(data: TextData) -> tuple:
    """The networks of Gulrajani et al. (2017), residual convolutions over the line, the generator to a softmax."""
    import keras
    from keras import layers

    def blocks(x):
        for _ in range(BLOCKS):
            y = x
            for _ in range(2):
                y = layers.Conv1D(WIDTH, 5, padding="same")(layers.ReLU()(y))
            x = x + 0.3 * y
        return x

    length, choices = data.shape
    z, line = keras.Input((128,)), keras.Input((length, choices))
    x = blocks(layers.Reshape((length, WIDTH))(layers.Dense(length * WIDTH)(z)))
    generator = keras.Model(z, layers.Softmax()(layers.Conv1D(choices, 1)(x)))
    x = blocks(layers.Conv1D(WIDTH, 1)(line))
    return generator, keras.Model(line, layers.Dense(1)(layers.Flatten()(x)))


def gan(pair: Callable[[TextData], tuple] | None = None, **options: object) -> Callable:
    """A run that pauses at each mark; of networks of their own the last weights draw, as published."""

    def trained(data: TextData, seed: int, seconds: Sequence[float], work: Path, count: int) -> Iterator:
        import keras

        keras.utils.set_random_seed(seed)
        own = {} if pair is None else {"network": pair(data)}
        worked = Worked()
        run = gb.train(
            data.source or data, seed=seed, steps=10**8, runs_dir=work, checkpoint_every=1e6, **own, **options
        )
        for mark in paused_at(run, seconds, worked):
            lines = run.sample(count, seed=1, weights="ema" if pair is None else "raw")
            yield mark, run.steps_done, {"": lines}

    return trained


def gru(data: TextData, seed: int, seconds: Sequence[float], work: Path, count: int) -> Iterator:
    """A recurrent network by maximum likelihood."""
    from ganbook.studies.gru_model import GRUModel

    worked, model = Worked(), GRUModel(data, seed=seed)
    for mark in seconds:
        while worked.seconds < mark:
            model.train(model.seconds + 0.5)
        with worked.aside():
            yield mark, model.steps, {f" at {t:g}": model.sample(count, temperature=t, seed=1) for t in (LIKELY, 1.0)}


def ngram(data: TextData, seed: int, seconds: Sequence[float], work: Path, count: int) -> Iterator:
    """Interpolated n-grams, which count once."""
    split = [characters_of(line) for line in data.lines]
    for n in (3, 4, 5):
        model = NgramModel(split, n, data.characters)
        drawn = model.sample(count, longest=data.length, seed=seed)
        yield 0, n, {f" {n}": ["".join(line) for line in drawn]}


def real(data: TextData, seed: int, seconds: Sequence[float], work: Path, count: int) -> Iterator:
    """Other lines that were held out: the floor."""
    yield 0, 0, {"": list(data.test_lines[count : 2 * count])}


CONTENDERS: dict[str, Callable] = {
    "real lines": real, "ganbook": gan(), "wgan-gp": gan(residual, **WGAN_GP), "gru": gru, "n-gram": ngram,
    "ganbook, wgan-gp": gan(**WGAN_GP),
}  # fmt: skip


def for_search(data: TextData) -> TextData:
    """Put a tenth of the training lines in the place of the held-out ones."""
    order = np.random.default_rng(0).permutation(len(data))
    aside, rest = (
        tuple(data.lines[i] for i in np.sort(part)) for part in np.split(order, [len(data) // 10])
    )  # fmt: skip
    return dataclasses.replace(data, lines=rest, labels=None, class_names=(), test_lines=aside, source=None)


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", nargs="+", default=["names", "words", "poems", "sums"])
    parser.add_argument("--contenders", nargs="+", default=list(CONTENDERS), choices=list(CONTENDERS))
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--seconds", nargs="+", type=float, default=[120.0, 300.0, 600.0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--search", action="store_true", help="judge by lines held out of the training lines")
    parser.add_argument("--try", dest="tried", action="append", default=[], help="options of another contender")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    contenders = CONTENDERS
    if arguments.search:
        arguments.contenders, contenders = ["ganbook", *arguments.tried], dict(CONTENDERS)
        for tried in arguments.tried:
            contenders[tried] = gan(**dict(option.split("=") for option in tried.split()))
    for name in arguments.sets:
        data = gb.data.load(name)
        if arguments.search:
            data = for_search(data)
        count = len(data.test_lines) // 2
        for contender in arguments.contenders:
            for seed in arguments.seeds if contender not in ("real lines", "n-gram") else [0]:
                work = arguments.out / f"runs-{name}-{contender}-{seed}".replace(" ", "-")
                for mark, steps, by_kind in contenders[contender](data, seed, arguments.seconds, work, count):
                    for kind, lines in by_kind.items():
                        row = {
                            "set": name,
                            "contender": contender + kind,
                            "seed": seed,
                            "seconds": mark,
                            "steps": steps,
                        }
                        row |= measure(lines, data.test_lines[:count], data.lines, rule=data.rule)
                        row["right"] = row.get("right", "")
                        _write(arguments.out, row, lines[:SHOWN])


def _write(out: Path, row: dict, lines: list[str]) -> None:
    rounded = {key: round(value, 4) if isinstance(value, float) else value for key, value in row.items()}
    rows.append(out / "text.csv", rounded)
    print(rounded, flush=True)
    with (out / "lines.txt").open("a", encoding="utf-8") as file:
        file.write(
            f"{row['set']}, {row['contender']}, seed {row['seed']}, {row['seconds']:.0f} s: {' · '.join(lines)}\n"
        )


if __name__ == "__main__":
    main()
