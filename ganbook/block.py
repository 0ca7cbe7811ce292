"""Many training steps in one graph call, ended by the first that is not finite."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import tensorflow as tf

if TYPE_CHECKING:
    from ganbook.gan import GAN


def trace(gan: GAN, shape: tuple[int, ...], dtype: np.dtype) -> Callable:
    """Return the graph that trains on batches of this shape, (B, …), traced once for any number of them.

    It takes samples (n, B, …), and labels int32 (n, B) if the GAN is conditional, and returns the step that was not
    finite (−1 if all were) and the running means of the GAN.
    """
    signature = [tf.TensorSpec([None, *shape], dtype)]
    if gan.conditional:
        signature.append(tf.TensorSpec([None, shape[0]], tf.int32))
    # TensorFlow counts traces by code and warns of many: a partial is counted for itself.
    return tf.function(partial(_run, gan), input_signature=signature)


def _run(gan: GAN, samples: tf.Tensor, labels: tf.Tensor | None = None) -> tuple[tf.Tensor, ...]:
    step = tf.function(gan.train_step, jit_compile=gan.jit_compile)

    def one(i, bad):
        here = tf.cast(gan.step, tf.int64)
        logs = step((samples[i],) if labels is None else (samples[i], labels[i]))
        finite = tf.math.is_finite(logs["d_loss"] + logs["g_loss"])
        return i + 1, tf.where(finite, bad, here)

    _, bad = tf.while_loop(
        lambda i, bad: (i < tf.shape(samples)[0]) & (bad < 0),
        one,
        (tf.constant(0), tf.constant(-1, tf.int64)),
        parallel_iterations=1,
    )
    with tf.control_dependencies([bad]):
        # ReLU turns NaN into 0, so weights can be lost while the losses look sound.
        sums = [tf.reduce_sum(tf.cast(w, tf.float32)) for w in gan.trainable_variables]
        sound = tf.reduce_all(tf.math.is_finite(tf.stack(sums)))
        bad = tf.where(sound | (bad >= 0), bad, tf.cast(gan.step, tf.int64) - 1)
        return bad, *(tf.identity(mean.result()) for mean in gan.means.values())
