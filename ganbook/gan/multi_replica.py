"""Many training steps in one graph call on several devices: :mod:`ganbook.gan.multi_step` for replicas.

Each step is ganbook's own, run by every replica on its rows of the batch (``strategy.run``); gradients are added up
between them. Keras' ``fit`` is not used: it returns the losses of the last step of a call alone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import tensorflow as tf

if TYPE_CHECKING:
    from ganbook.gan.model import GAN


def trace(gan: GAN, strategy: tf.distribute.Strategy) -> Callable:
    """Return a function that trains on any number of batches, as ``multi_step.trace`` does.

    It takes samples (n, B, …) and labels int32 (n, B) or None; each replica has an equal part of B.
    """
    replicas_here = len(strategy.extended.worker_devices)
    graph = tf.function(partial(_run, gan, strategy), reduce_retracing=True, autograph=False)

    def run(samples: np.ndarray, labels: np.ndarray | None) -> tuple[tf.Tensor, ...]:
        return graph(len(samples), *(_spread(strategy, array, replicas_here) for array in (samples, labels)))

    return run


def _spread(strategy: tf.distribute.Strategy, array: np.ndarray | None, here: int) -> object:
    """Give each replica its rows of all batches."""
    if array is None:
        return None
    parts = iter(np.split(array, here, axis=1))
    return strategy.experimental_distribute_values_from_function(lambda context: tf.constant(next(parts)))


def _run(gan: GAN, strategy: tf.distribute.Strategy, count: tf.Tensor, samples, labels) -> tuple[tf.Tensor, ...]:
    def replica_step(i, own_samples, own_labels):
        logs = gan.update_once((own_samples[i],) if own_labels is None else (own_samples[i], own_labels[i]))
        return tf.stack([logs[name] for name in gan.means])

    def one_step(i, bad, sums):
        now = tf.cast(gan.step, tf.int64)
        logs = strategy.experimental_local_results(strategy.run(replica_step, (i, samples, labels)))[0]
        finite = tf.math.is_finite(logs[0] + logs[1])
        return i + 1, tf.where(finite, bad, now), sums + logs

    start = (tf.constant(0), tf.constant(-1, tf.int64), tf.zeros(len(gan.means)))
    done, bad, sums = tf.while_loop(lambda i, bad, _: (i < count) & (bad < 0), one_step, start, parallel_iterations=1)
    with tf.control_dependencies([bad]):
        sound = tf.reduce_all(
            [tf.math.is_finite(tf.reduce_sum(tf.cast(w, tf.float32))) for w in gan.trainable_variables]
        )
        bad = tf.where(sound | (bad >= 0), bad, tf.cast(gan.step, tf.int64) - 1)
        return bad, *tf.unstack(sums / tf.cast(done, tf.float32))
