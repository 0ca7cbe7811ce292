"""Many training steps in one graph call, ended by the first that is not finite."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import tensorflow as tf
from tensorflow.python.eager import context

from ganbook.networks import checks
from ganbook.utils import by_device

if TYPE_CHECKING:
    from ganbook.gan.model import GAN


def trace(gan: GAN, shape: tuple[int, ...], dtype: np.dtype) -> Callable:
    """Return a function that trains on any number of batches of this shape, (B, …), traced once.

    It takes samples (n, B, …), and labels int32 (n, B) or None. It returns the first step whose losses were not finite
    (−1 if all were) and the running means of the GAN. With n = 0 it is compiled and trains nothing.
    """
    most = by_device.choices().most_steps_of(math.prod(shape) * dtype.itemsize) if gan.jit_compile else None
    signature = [tf.TensorSpec([], tf.int32), tf.TensorSpec([most, *shape], dtype)]
    if gan.conditional:
        signature.append(tf.TensorSpec([most, shape[0]], tf.int32))
    # TensorFlow counts traces by code and warns of many: a partial is counted for itself. Without AutoGraph, which
    # Keras does without as well, tracing takes half as long.
    graph = tf.function(partial(_run, gan), input_signature=signature, jit_compile=gan.jit_compile, autograph=False)

    def run(samples: np.ndarray, labels: np.ndarray | None) -> tuple[tf.Tensor, ...]:
        arrays = [samples, labels] if gan.conditional and labels is not None else [samples]
        at_once = most or max(1, len(samples))
        for start in range(0, max(1, len(samples)), at_once):
            part = [array[start : start + at_once] for array in arrays]
            count = len(part[0])
            result = graph(count, *(_padded(array, at_once) for array in part))
            if result[0] >= 0:
                break
        return result

    return run


def _padded(batches: np.ndarray, count: int) -> np.ndarray:
    if len(batches) == count:
        return batches
    return np.concatenate([batches, np.zeros((count - len(batches), *batches.shape[1:]), batches.dtype)])


def _run(gan: GAN, count: tf.Tensor, samples: tf.Tensor, labels: tf.Tensor | None = None) -> tuple[tf.Tensor, ...]:
    # Small operations are done by one thread, in their order: to hand them to others costs more than they take.
    small = not gan.jit_compile and not checks.has_convolutions(gan.generator, gan.discriminator)
    step = tf.function(gan.train_step, autograph=False, experimental_attributes={"_noinline": True} if small else None)

    def one_step(i, bad):
        now = tf.cast(gan.step, tf.int64)
        with context.function_executor_type("SINGLE_THREADED_EXECUTOR" if small else ""):
            logs = step((samples[i],) if labels is None else (samples[i], labels[i]))
        finite = tf.math.is_finite(logs["d_loss"] + logs["g_loss"])
        return i + 1, tf.where(finite, bad, now)

    for mean in gan.means.values():  # in the graph: from Python it takes as long as a step of a small network
        mean.reset_state()
    _, bad = tf.while_loop(
        lambda i, bad: (i < count) & (bad < 0),
        one_step,
        (tf.constant(0), tf.constant(-1, tf.int64)),
        parallel_iterations=1,
    )
    with tf.control_dependencies([bad]):
        # ReLU turns NaN into 0, so weights can be lost while the losses look sound.
        sums = [tf.reduce_sum(tf.cast(w, tf.float32)) for w in gan.trainable_variables]
        sound = tf.reduce_all(tf.math.is_finite(tf.stack(sums)))
        bad = tf.where(sound | (bad >= 0), bad, tf.cast(gan.step, tf.int64) - 1)
        return bad, *(tf.identity(mean.result()) for mean in gan.means.values())
