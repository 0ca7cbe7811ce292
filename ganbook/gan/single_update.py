"""One update of one network, for those who want to see what each does: ``GAN.update``."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import tensorflow as tf

from ganbook.gan import determinism, noise

if TYPE_CHECKING:
    from ganbook.gan.model import GAN

# Keeps the noise of updates of G alone apart from that of steps, and of its augmentations.
GENERATOR_STREAM = 7


def trace(gan: GAN, network: str, samples: np.ndarray, labels: np.ndarray | None) -> Callable:
    """Return a function that updates one network and returns its losses, traced for batches like this one.

    It takes samples (B, …), and labels int32 (B,) or None.
    """
    update = {"discriminator": _discriminator, "generator": _generator}[network]
    graph = tf.function(partial(update, gan), reduce_retracing=True, autograph=False)
    graph.get_concrete_function(samples, labels)
    return graph


@determinism.in_order()
def _discriminator(gan: GAN, samples: tf.Tensor, labels: tf.Tensor | None = None) -> dict[str, tf.Tensor]:
    """Do what a step does, without its update of G; it counts as a step."""
    step = tf.cast(gan.step, tf.int32)
    noise_key, mix_key, augment_key = tf.unstack(noise.step_keys(gan.seed, step, 3))
    _, real, fake = gan._draw_batch(samples, labels, noise_key, augment_key)
    mix = tf.random.stateless_uniform((tf.shape(real)[0],), mix_key, alg="philox")
    d_loss, g_loss, d_real, d_fake = gan._update_discriminator(real, fake, labels, mix, augment_key, step)[:4]
    return {"d_loss": d_loss, "g_loss": g_loss, "d_real": d_real, "d_fake": d_fake}


@determinism.in_order()
def _generator(gan: GAN, samples: tf.Tensor, labels: tf.Tensor | None = None) -> dict[str, tf.Tensor]:
    """Update G and its average alone. Noise is a function of the seed and of both networks' updates so far."""
    step = tf.cast(gan.step, tf.int32)
    stream = tf.random.fold_in(noise.step_keys(gan.seed, step, 1)[0], GENERATOR_STREAM)
    key = tf.random.fold_in(stream, tf.cast(gan.g_optimizer.iterations, tf.int32))
    noise_key, augment_key = tf.unstack(tf.random.split(key, 2, alg="philox"))
    tape, real, fake = gan._draw_batch(samples, labels, noise_key, augment_key)
    g_loss = gan._learn_from_discriminator(tape, real, fake, labels, step, tf.shape(real)[0])
    return {"g_loss": g_loss}
