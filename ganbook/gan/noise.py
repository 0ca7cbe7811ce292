"""Randomness without a state: every draw is a function of a seed and a step, so that a checkpoint needs none."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

KINDS = ("gaussian", "uniform")


def step_keys(seed: int, step: tf.Tensor, count: int) -> tf.Tensor:
    """Return ``count`` keys, int32 (count, 2), for this step."""
    return tf.random.split(tf.stack([tf.constant(seed, tf.int32), step]), count, alg="philox")


def checked_kind(kind: str) -> str:
    """Return the kind of noise, which is one of :data:`KINDS`."""
    if kind not in KINDS:
        raise ValueError(f"noise {kind!r} is unknown; known are {', '.join(KINDS)}")
    return kind


def step_vectors(kind: str, count: tf.Tensor, size: int, key: tf.Tensor) -> tf.Tensor:
    """Draw the z of a step, float32 (count, size): N(0, 1), or uniform in [−1, 1)."""
    if kind == "uniform":
        return tf.random.stateless_uniform((count, size), key, -1.0, 1.0, alg="philox")
    return tf.random.stateless_normal((count, size), key, alg="philox")


def latent_vectors(count: int, size: int, seed: int, kind: str = "gaussian") -> np.ndarray:
    """Draw z outside of a step, float32 (count, size); the first rows do not depend on ``count``."""
    rng = np.random.default_rng(seed)
    if kind == "uniform":
        return 2 * rng.random((count, size), dtype=np.float32) - 1
    return rng.standard_normal((count, size), dtype=np.float32)
