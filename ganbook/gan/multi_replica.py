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
    graph: Callable | None = None

    def run(samples: np.ndarray, labels: np.ndarray | None) -> tuple[tf.Tensor, ...]:
        nonlocal graph
        arrays = [samples] if labels is None else [samples, labels]
        if graph is None:
            signature = [tf.TensorSpec([], tf.int32), *(_of_any_number(strategy, array) for array in arrays)]
            graph = tf.function(partial(_run, gan, strategy), input_signature=signature, autograph=False)
        return graph(len(samples), *(_spread(strategy, array) for array in arrays))

    return run


def _of_any_number(strategy: tf.distribute.Strategy, array: np.ndarray) -> tf.TypeSpec:
    """Return the type of any number of such batches, so that they are traced once."""
    one, two = (tf.type_spec_from_value(_spread(strategy, np.repeat(array[:1], count, axis=0))) for count in (1, 2))
    return one.most_specific_common_supertype([two])


def _spread(strategy: tf.distribute.Strategy, array: np.ndarray) -> tf.distribute.DistributedValues:
    """Give each replica of this process its rows of all batches."""
    parts = np.split(array, strategy.num_replicas_in_sync, axis=1)
    return strategy.experimental_distribute_values_from_function(
        lambda context: tf.constant(parts[context.replica_id_in_sync_group])
    )


def _run(gan: GAN, strategy: tf.distribute.Strategy, count: tf.Tensor, samples, labels=None) -> tuple[tf.Tensor, ...]:
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
