"""Takes frames of a GAN in the plane: samples, D everywhere, gradients, the warped grid of z."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import tensorflow as tf

from ganbook.gan import losses
from ganbook.plane.frame import PROBES, SAMPLES, SEED, Frame, probes, window

if TYPE_CHECKING:
    from ganbook.data.points import PointData
    from ganbook.gan.model import GAN

# On a side: cells of the heat map, arrows of ∇D, lines of the grid of z.
SIDE, FIELD, LINES = 40, 16, 21
NOISE_EXTENT = {"gaussian": 2.0, "uniform": 1.0}  # z of the grid's outermost lines


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
        self._real = tf.constant(data.encode(probes(data)))
        self._z = tf.constant(gan.noise(SAMPLES, SEED))
        self._lattice = tf.constant(_lattice(gan.latent_dim, NOISE_EXTENT[gan.noise_kind]))
        self._cells, field = (tf.constant(data.encode(_centres(self.window, side))) for side in (SIDE, FIELD))
        self._sloping = tf.concat([self._real[:PROBES], field], 0)
        self._look = tf.function(partial(self._forward), autograph=False)
        self._look()  # traced here, so that the first frame does not count as slow

    def take(self, seconds: float) -> Frame:
        """Take a frame of the GAN as it is now."""
        samples, average, slopes, field, steepness, heat, grid = (part.numpy() for part in self._look())
        side = len(grid) // LINES
        return Frame(
            *updates(self._gan), seconds, self._decode(samples), self._decode(average), slopes,
            field.reshape(FIELD, FIELD, 2), steepness, heat.reshape(SIDE, SIDE),
            self._decode(grid).reshape(side, LINES, 2),
        )  # fmt: skip

    def _decode(self, points: np.ndarray) -> np.ndarray:
        return (points * self._scale + self._centre).astype(np.float32)

    def _forward(self) -> tuple[tf.Tensor, ...]:
        gan = self._gan
        both = tf.cast(gan.generator(tf.concat([self._z, self._lattice], 0), training=False), tf.float32)
        samples, grid = both[:SAMPLES], both[SAMPLES:]
        # Only what gradients are taken of is on a tape.
        still = self._judge(tf.concat([self._real, self._cells], 0))
        real, cells = still[:SAMPLES], still[SAMPLES:]
        points = tf.concat([samples, self._sloping], 0)
        with tf.GradientTape() as tape:
            tape.watch(points)
            logits = self._judge(points)
            fake = logits[:SAMPLES]
            g_loss = tf.reduce_sum(losses.LOSSES[self._loss](real, fake)[1])
            total = tf.reduce_sum(logits[SAMPLES:]) - g_loss  # of different points: one backward pass serves both
        rise = tape.gradient(total, points)
        slopes, rise = rise[:SAMPLES], rise[SAMPLES:]
        steepness, field = tf.norm(rise[:PROBES], axis=1), rise[PROBES:]
        average = tf.cast(gan.ema_generator(self._z, training=False), tf.float32)
        heat = opinion(self._loss, cells, real, fake)
        return samples, average, slopes, field, steepness, heat, grid

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


def _centres(window: tuple[float, float, float], side: int) -> np.ndarray:
    """Return the centres of side² cells of the window, float64 (side², 2)."""
    x, y, half = window
    offsets = half * ((np.arange(side) + 0.5) / side * 2 - 1)
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
