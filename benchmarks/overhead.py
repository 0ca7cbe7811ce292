"""What `gb.train` costs beyond the step itself: steps per second beside a bare graph loop of the same step.

    python benchmarks/overhead.py [--seconds 10] [--rounds 5]

One process, alternating, the run paused while the bare loop works. The run does all it does by default: gathers
batches, reports, measures, draws previews and saves checkpoints. The bare loop holds the data in the graph and does
nothing but train.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time

import ganbook as gb
from ganbook.config.train import TrainConfig
from ganbook.utils import backend

tf = backend.tensorflow()


def bare_loop(network: str, batch_size: int, data: gb.ImageData):
    from ganbook.training.build import new_gan

    gan = new_gan(TrainConfig(network=network, batch_size=batch_size).resolved(), data)
    images = tf.constant(data.images)
    step = tf.function(gan.train_step, jit_compile=gan.jit_compile)

    def one(i, n):
        pick = tf.random.stateless_uniform((batch_size,), tf.stack([1, i]), 0, len(data), tf.int32)
        step((tf.gather(images, pick),))
        return i + 1, n

    @tf.function(input_signature=[tf.TensorSpec([], tf.int32)])
    def loop(n):
        return tf.while_loop(lambda i, n: i < n, one, (0, n), parallel_iterations=1)[0]

    return lambda n: loop(tf.constant(n)).numpy()


def compare(network: str, batch_size: int, data: gb.ImageData, seconds: float, rounds: int) -> None:
    loop = bare_loop(network, batch_size, data)
    with tempfile.TemporaryDirectory() as place:
        run = gb.train(data, network=network, batch_size=batch_size, steps=10**9, runs_dir=place)
        while run.steps_done < 20:
            time.sleep(0.1)
        loop(10)
        rates = []
        for _ in range(rounds):
            run.resume()
            while run.state != "training":
                time.sleep(0.01)
            start, began = run.steps_done, time.perf_counter()
            time.sleep(seconds)
            through_run = (run.steps_done - start) / (time.perf_counter() - began)
            run.pause()
            while run.state != "paused":
                time.sleep(0.01)
            steps, began = 0, time.perf_counter()
            while time.perf_counter() - began < seconds:
                loop(max(1, int(through_run / 5)))
                steps += max(1, int(through_run / 5))
            rates.append((through_run, steps / (time.perf_counter() - began)))
        run.stop()
        run.wait()
    ratios = [a / b for a, b in rates]
    ours, bare = (statistics.median(column) for column in zip(*rates, strict=True))
    print(
        f"{network:8} batch {batch_size:4}: gb.train {ours:6.1f} steps/s, bare loop {bare:6.1f} steps/s, ratio "
        f"{statistics.median(ratios):.3f} (each round: {', '.join(f'{r:.3f}' for r in ratios)})",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    data = gb.data.load("fashion")
    for network, batch_size in (("mlp", 128), ("dcgan", 64)):
        compare(network, batch_size, data, asked.seconds, asked.rounds)


if __name__ == "__main__":
    main()
