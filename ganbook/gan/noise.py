"""Randomness without a state: every draw is a function of a seed and a step, so that a checkpoint needs none."""

from __future__ import annotations

import numpy as np
import tensorflow as tf


def step_keys(seed: int, step: tf.Tensor, count: int) -> tf.Tensor:
    """Return ``count`` keys, int32 (count, 2), for this step and this replica."""
    key = tf.stack([tf.constant(seed, tf.int32), step])
    replica = tf.distribute.get_replica_context()
    if replica is not None and replica.num_replicas_in_sync > 1:
        key = tf.random.fold_in(key, replica.replica_id_in_sync_group)
    return tf.random.split(key, count, alg="philox")


def latent_vectors(count: int, size: int, seed: int) -> np.ndarray:
    """Draw z ~ N(0, 1), float32 (count, size); the first rows do not depend on ``count``."""
    return np.random.default_rng(seed).standard_normal((count, size), dtype=np.float32)
