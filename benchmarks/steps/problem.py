"""What every contender computes: the same data, initial weights, loss and optimisers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

LATENT, LEARNING_RATE, BETA_1, BETA_2, EPSILON, SEED = 100, 2e-4, 0.5, 0.999, 1e-7, 0


@dataclass(frozen=True)
class Problem:
    """One line of the table."""

    network: str
    batch: int
    threads: int
    shape: tuple[int, int, int]
    # Trainable weights of G and D, in Keras' order: with TensorFlow in its process, PyTorch crashes.
    weights: tuple[list[np.ndarray], list[np.ndarray]]

    def images(self) -> np.ndarray:
        """Real images, uint8 (N, H, W, C), 64 MiB of them at most: clothes, or in colour emoji with pixels repeated."""
        name = "fashion" if self.shape[2] == 1 else "emoji"
        with np.load(Path(__file__).parents[2] / f"ganbook/data/bundled/{name}.npz") as file:
            images = file["x_train"][: 2**26 // int(np.prod(self.shape))]
        times = self.shape[0] // images.shape[1]
        return images.repeat(times, 1).repeat(times, 2).reshape(-1, *self.shape)

    def pair(self):
        """G and D as Keras models."""
        return new_pair(self.network, self.shape)


def new_pair(network: str, shape: tuple[int, int, int]):
    """G and D with the same initial weights each time."""
    from ganbook import networks

    return networks.build(network, shape, LATENT, seed=SEED)


def new_problem(network: str, batch: int, threads: int, shape: tuple[int, int, int]) -> Problem:
    """Draw the initial weights, in a process that may import TensorFlow."""
    weights = tuple([w.numpy() for w in each.trainable_variables] for each in new_pair(network, shape))
    return Problem(network, batch, threads, shape, weights)


def signed(pixels):
    """Pixels onto [−1, 1]."""
    return pixels / 127.5 - 1.0


class Loop:
    """A contender that is driven batch by batch. Subclasses say what a step is."""

    def __init__(self, problem: Problem):
        self.problem, self.real = problem, problem.images()
        self.rng = np.random.default_rng(1)

    def run(self, steps: int) -> None:
        """Train with data and noise of its own."""
        batch = self.problem.batch
        for _ in range(steps):
            picked = self.real[self.rng.integers(0, len(self.real), batch)]
            noise = self.rng.standard_normal((2, batch, LATENT), dtype=np.float32)
            self.step(picked, noise[0], noise[1])

    def check(self, real: np.ndarray, z: np.ndarray) -> list[tuple[float, float]]:
        """Both losses at each step on these batches, with the same noise in both updates."""
        return [tuple(map(float, self.step(r, n, n))) for r, n in zip(real, z, strict=True)]
