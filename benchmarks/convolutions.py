"""What bounds a step of ``dcgan``: its convolutions and dense products at their own shapes, beside the whole step.

    python -m benchmarks.convolutions [--batch 64] [--turns 5] [--seconds 2]

Steps a second, medians of alternating turns, for 28×28 grey pictures and one update of D and G each; then the
milliseconds of each product alone. Neither has a penalty.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np

from benchmarks.machine import processor
from ganbook import networks
from ganbook.utils import backend

tf = backend.tensorflow()
CALL = 8  # steps a call


def products(batch: int, first: int, second: int) -> dict[str, Callable]:
    """Each product of a step, by name; ``first`` and ``second`` are the widths of D's layers, mirrored in G."""
    normal, both = tf.random.normal, 2 * batch
    narrow, wide = normal((4, 4, 1, first)), normal((4, 4, first, second))
    flat = 7 * 7 * second
    z, from_z, to_logit = normal((batch, 100)), normal((100, flat)), normal((flat, 1))
    x28, x14, x7 = (normal((both, side, side, width)) for side, width in ((28, 1), (14, first), (7, second)))
    row, logit = normal((both, flat)), normal((both, 1))

    def down(x, kernel, count):
        return tf.nn.conv2d(x[:count], kernel, 2, "SAME")

    def up(x, kernel, count):
        shape = [count, 2 * x.shape[1], 2 * x.shape[2], kernel.shape[2]]
        return tf.nn.conv2d_transpose(x[:count], kernel, shape, 2, "SAME")

    def slope(x, kernel, y, count):
        return tf.raw_ops.Conv2DBackpropFilter(
            input=x[:count], filter_sizes=kernel.shape, out_backprop=y[:count], strides=[1, 2, 2, 1], padding="SAME"
        )

    return {
        "G: dense": lambda: z @ from_z,
        "G: 7 to 14": lambda: up(x7, wide, batch),
        "G: 14 to 28": lambda: up(x14, narrow, batch),
        "D, both kinds: 28 to 14": lambda: down(x28, narrow, both),
        "D, both kinds: 14 to 7": lambda: down(x14, wide, both),
        "D, both kinds: dense": lambda: row @ to_logit,
        "D's slope: dense, back": lambda: tf.matmul(logit, to_logit, transpose_b=True),
        "D's slope: dense": lambda: tf.matmul(row, logit, transpose_a=True),
        "D's slope: 14 to 7": lambda: slope(x14, wide, x7, both),
        "D's slope: 14 to 7, back": lambda: up(x7, wide, both),
        "D's slope: 28 to 14": lambda: slope(x28, narrow, x14, both),
        "D for G: 28 to 14": lambda: down(x28, narrow, batch),
        "D for G: 14 to 7": lambda: down(x14, wide, batch),
        "D for G: dense": lambda: row[:batch] @ to_logit,
        "D for G: dense, back": lambda: tf.matmul(logit[:batch], to_logit, transpose_b=True),
        "D for G: 14 to 7, back": lambda: up(x7, wide, batch),
        "D for G: 28 to 14, back": lambda: up(x14, narrow, batch),
        "G's slope: 14 to 28": lambda: slope(x28, narrow, x14, batch),
        "G's slope: 14 to 28, back": lambda: down(x28, narrow, batch),
        "G's slope: 7 to 14": lambda: slope(x14, wide, x7, batch),
        "G's slope: 7 to 14, back": lambda: down(x14, wide, batch),
        "G's slope: dense": lambda: tf.matmul(z, row[:batch], transpose_a=True),
    }


def graph(each: list[Callable]) -> Callable[[], None]:
    """Run products ``CALL`` times; of each a single number is kept, so that none is left out."""
    once = tf.function(lambda: tf.stack([tf.reshape(product(), [-1])[0] for product in each]), autograph=False)

    def run() -> None:
        for _ in range(CALL):
            once().numpy()

    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    asked = parser.parse_args()
    from ganbook.gan.model import GAN

    generator, discriminator = networks.build("dcgan", (28, 28, 1), 100, seed=0)
    first, second = (layer.filters for layer in discriminator.layers if hasattr(layer, "filters"))
    gan = GAN(generator, discriminator, seed=0)
    gan.compile()
    samples = np.random.default_rng(0).integers(0, 256, (CALL, asked.batch, 28, 28, 1), dtype=np.uint8)
    parts = products(asked.batch, first, second)
    contenders = {"products alone": graph(list(parts.values())), "whole step": lambda: gan.train_steps(samples)}
    rates: dict[str, list[float]] = {name: [] for name in contenders}
    for run in contenders.values():
        run()
    for _ in range(asked.turns):
        for name, run in contenders.items():
            began, calls = time.perf_counter(), 0
            while (spent := time.perf_counter() - began) < asked.seconds:
                run()
                calls += 1
            rates[name].append(calls * CALL / spent)
    print(f"{processor()}, dcgan, batch {asked.batch}, steps a second")
    for name, each in rates.items():
        print(f"{name}: {statistics.median(each):.1f} ({min(each):.1f} to {max(each):.1f})")
    print("\nmilliseconds of each alone")
    for name, product in parts.items():
        run, spent = graph([product]), []
        run()
        for _ in range(asked.turns):
            began = time.perf_counter()
            run()
            spent.append((time.perf_counter() - began) / CALL * 1e3)
        print(f"{name}: {statistics.median(spent):.2f}")


if __name__ == "__main__":
    main()
