"""ganbook as its users run it: ``gb.train`` with reports, monitors, previews and checkpoints."""

from __future__ import annotations

import tempfile
import time

import numpy as np

from benchmarks.steps import problem as p


class Ganbook:
    options: dict = {}  # noqa: RUF012

    def __init__(self, problem: p.Problem):
        import ganbook as gb
        from ganbook.config.train import TrainConfig

        self.problem = problem
        options = {
            "network": problem.network, "loss": "non-saturating", "r1": 0.0, "batch_size": problem.batch,
            "learning_rate": p.LEARNING_RATE, "d_learning_rate": p.LEARNING_RATE, "beta_1": p.BETA_1,
            "beta_2": p.BETA_2, "latent_dim": p.LATENT, "seed": p.SEED,
        } | self.options  # fmt: skip
        self.config = TrainConfig(**options).resolved()
        self.folder = tempfile.TemporaryDirectory()
        self.begin = lambda: gb.train(problem.images(), steps=10**9, runs_dir=self.folder.name, **options)
        self.training = None

    def rate(self, seconds: float) -> float:
        """Steps per second over that time, the run paused before and after."""
        if self.training is None:
            self.training = self.begin()
            self._until(lambda: self.training.steps_done >= 50)
        run = self.training
        run.resume()
        self._until(lambda: run.state == "training")
        start, began = run.steps_done, time.perf_counter()
        time.sleep(seconds)
        rate = (run.steps_done - start) / (time.perf_counter() - began)
        run.pause()
        self._until(lambda: run.state == "paused")
        return rate

    def _until(self, true) -> None:
        while not true():
            if self.training.error:
                raise self.training.error
            time.sleep(0.01)

    def noise(self, steps: int) -> np.ndarray:
        """The noise of the first steps, float32 (steps, batch, latent)."""
        import tensorflow as tf

        from ganbook.gan import noise

        def draw(step):
            key = noise.step_keys(p.SEED, step, 3)[0]
            return tf.random.stateless_normal((self.config.batch_size, p.LATENT), key, alg="philox")

        # XLA turns the same bits into other normal numbers.
        draw = tf.function(draw, jit_compile=self.config.network == "mlp")
        return np.stack([draw(tf.constant(step)).numpy() for step in range(steps)])

    def check(self, real: np.ndarray, z: np.ndarray) -> list[tuple[float, float]]:
        from ganbook.utils import backend

        backend.tensorflow()
        from ganbook.data import load
        from ganbook.training.build import new_gan

        gan = new_gan(self.config, load(self.problem.images()))
        means = [gan.train_steps(each[None])[0] for each in real]
        return [(each["d_loss"], each["g_loss"]) for each in means]


class GanbookOneBackward(Ganbook):
    options = {"one_backward": True}  # noqa: RUF012


class GanbookBfloat16(Ganbook):
    options = {"one_backward": True, "precision": "bfloat16"}  # noqa: RUF012

    def __init__(self, problem: p.Problem):
        from ganbook.utils import backend

        backend.tensorflow()
        from ganbook.utils.by_device import SLOW_BFLOAT16, bfloat16_cost

        if (cost := bfloat16_cost()) > SLOW_BFLOAT16:
            raise ImportError(f"this CPU computes bfloat16 {cost:.2g} times slower than float32")
        super().__init__(problem)
