"""Adaptive augmentation: as much as keeps the discriminator from memorising the training set."""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

# The fraction of real samples that D calls real, minus the fraction it calls fake, should stay at TARGET; p changes
# once every INTERVAL steps and needs at least IMAGES real images to go from 0 to 1. Karras et al. use 0.6, 4 and
# 500,000; a training here sees fewer images.
TARGET, INTERVAL, IMAGES = 0.6, 4, 50_000


class Adaptive(keras.layers.Layer):
    """The probability of each operation, controlled by how much the discriminator overfits.

    Karras et al. 2020, section 3, arXiv 2006.06676.

    Attributes
    ----------
    probability
        p in [0, 1], 0 at first.
    overfitting
        r_t = E[sign D(x)] over the last full interval: 0 where D cannot tell, 1 where it is certain of
        every real sample.
    """

    def __init__(self, **kwargs: Any):
        super().__init__(dtype="float32", **kwargs)
        for name in ("probability", "overfitting", "gathered"):
            setattr(self, name, self.add_weight(shape=(), initializer="zeros", trainable=False, name=name))
        self.built = True

    def update(self, sign: tf.Tensor, step: tf.Tensor, batch: tf.Tensor) -> None:
        """Add the mean sign of D at the real samples of a step; change p if the interval is over."""
        gathered = self.gathered + sign / INTERVAL
        due = tf.cast((step + 1) % INTERVAL == 0, tf.float32)
        signal = self.overfitting + due * (gathered - self.overfitting)
        change = tf.sign(signal - TARGET) * tf.cast(batch * INTERVAL, tf.float32) / IMAGES
        self.probability.assign(tf.clip_by_value(self.probability + due * change, 0.0, 1.0))
        self.overfitting.assign(signal)
        self.gathered.assign((1 - due) * gathered)

    def state(self) -> dict[str, float]:
        """Return its columns of a history row."""
        return {"augment_probability": float(self.probability), "overfitting": float(self.overfitting)}
