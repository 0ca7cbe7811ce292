"""Takes frames of a GAN in the plane: samples, D everywhere, gradients, the warped grid of z."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import tensorflow as tf

from ganbook.gan import losses
from ganbook.plane.frame import Frame, window

if TYPE_CHECKING:
    from ganbook.data.points import PointData
    from ganbook.gan.model import GAN

SAMPLES, SIDE, LINES = 500, 48, 21  # points; cells of the heat map on a side; lines of the grid of z on a side
NOISE_EXTENT = {"gaussian": 2.0, "uniform": 1.0}  # z of the grid's outermost lines
SEED = 0


class View:
    """Takes frames of one GAN.

    Parameters
    ----------
    gan
        Compiled, unconditional.
    data
        What it learns.
    loss
        Its loss.

    Raises
    ------
    ValueError
        The GAN is conditional.
    """

    def __init__(self, gan: GAN, data: PointData, loss: str):
        if gan.conditional:
            raise ValueError("the playground shows GANs without classes: leave out --conditional")
        self._gan, self._loss, self._record = gan, loss, data.record()
        self._scale, self._centre = data.scale, data.centre
        self.window = window(data)
        rows = np.random.default_rng(SEED).permutation(len(data.samples))
        self._real = tf.constant(np.resize(data.samples[rows[:SAMPLES]], (SAMPLES, 2)))
        self._z = tf.constant(gan.noise(SAMPLES, SEED))
        self._lattice = tf.constant(_lattice(gan.latent_dim, NOISE_EXTENT[gan.noise_kind]))
        self._cells = tf.constant(data.encode(_centres(self.window)))
        self._look = tf.function(partial(self._forward), autograph=False)
        self._look()  # traced here, so that the first frame does not count as slow

    def take(self, seconds: float) -> Frame:
        """Take a frame of the GAN as it is now."""
        samples, average, slopes, heat, grid = (part.numpy() for part in self._look())
        side = len(grid) // LINES
        return Frame(
            *updates(self._gan), seconds, self._decode(samples), self._decode(average), slopes,
            heat.reshape(SIDE, SIDE), self._decode(grid).reshape(side, LINES, 2),
        )  # fmt: skip

    def _decode(self, points: np.ndarray) -> np.ndarray:
        return (points * self._scale + self._centre).astype(np.float32)

    def _forward(self) -> tuple[tf.Tensor, ...]:
        gan = self._gan
        both = tf.cast(gan.generator(tf.concat([self._z, self._lattice], 0), training=False), tf.float32)
        samples, grid = both[:SAMPLES], both[SAMPLES:]
        with tf.GradientTape() as tape:
            tape.watch(samples)
            logits = self._judge(tf.concat([samples, self._real, self._cells], 0))
            fake, real, cells = logits[:SAMPLES], logits[SAMPLES : 2 * SAMPLES], logits[2 * SAMPLES :]
            g_loss = tf.reduce_sum(losses.LOSSES[self._loss](real, fake)[1])
        slopes = -tape.gradient(g_loss, samples)
        average = tf.cast(gan.ema_generator(self._z, training=False), tf.float32)
        return samples, average, slopes, opinion(self._loss, cells, real, fake), grid

    def _judge(self, points: tf.Tensor) -> tf.Tensor:
        return tf.reshape(tf.cast(self._gan.discriminator(points, training=False), tf.float32), [-1])


def updates(gan: GAN) -> tuple[int, int]:
    """Return the number of updates of D and of G so far."""
    return int(gan.step), int(gan.g_optimizer.iterations)


def opinion(loss: str, logits: tf.Tensor, real: tf.Tensor, fake: tf.Tensor) -> tf.Tensor:
    """Return D's opinion in [0, 1] of points whose logits are given, as :attr:`Frame.heat` has it.

    ``real`` and ``fake`` are the logits of real and generated samples.
    """
    if loss in ("non-saturating", "minimax"):
        return losses.sigmoid(logits)
    if loss == "least-squares":
        return tf.clip_by_value(logits, 0.0, 1.0)
    distances = logits - (tf.reduce_mean(real) + tf.reduce_mean(fake)) / 2
    if loss == "wasserstein":
        return 0.5 + 0.5 * distances / tf.maximum(tf.reduce_max(tf.abs(distances)), 1e-12)
    return losses.sigmoid(distances)


def _centres(window: tuple[float, float, float]) -> np.ndarray:
    """Return the centres of the heat map's cells, float64 (SIDE², 2)."""
    x, y, half = window
    offsets = half * ((np.arange(SIDE) + 0.5) / SIDE * 2 - 1)
    ys, xs = np.meshgrid(y + offsets, x + offsets, indexing="ij")
    return np.column_stack([xs.ravel(), ys.ravel()])


def _lattice(latent_dim: int, extent: float) -> np.ndarray:
    """Return a square grid in the first two dimensions of z, float32 (LINES² or LINES, latent_dim)."""
    line = np.linspace(-extent, extent, LINES, dtype=np.float32)
    if latent_dim == 1:
        return line[:, None]
    z = np.zeros((LINES * LINES, latent_dim), np.float32)
    z[:, :2] = np.stack(np.meshgrid(line, line, indexing="ij"), -1).reshape(-1, 2)
    return z
