"""Random shifts, drawn statelessly: the augmentation behind the λ-term of the loss ``minimax``."""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable("ganbook")
class RandomShift(keras.layers.Layer):
    """Shift each image by up to ``ratio`` of its sides, edges repeated; differentiable.

    The translation of DiffAugment (Zhao et al. 2020, arXiv 2006.10738), except that the border repeats the edge
    instead of showing zeros, so that no frame is learnt.
    """

    def __init__(self, ratio: float = 0.125, **kwargs: Any):
        super().__init__(**kwargs)
        self.ratio = ratio

    def call(self, images: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
        """Shift images (B, H, W, C); ``seed`` is int32 (2,)."""
        batch = tf.shape(images)[0]
        for axis, key in ((1, seed), (2, seed + 1)):
            side = images.shape[axis]
            reach = max(1, int(side * self.ratio + 0.5))
            shift = tf.random.stateless_uniform((batch, 1), key, -reach, reach + 1, tf.int32, alg="philox")
            source = tf.clip_by_value(tf.range(side)[None, :] + shift, 0, side - 1)
            images = (
                tf.gather(images, source, axis=axis, batch_dims=1)
                if axis == 1
                else tf.transpose(
                    tf.gather(tf.transpose(images, (0, 2, 1, 3)), source, axis=1, batch_dims=1), (0, 2, 1, 3)
                )
            )
        return images

    def get_config(self) -> dict[str, Any]:
        """The ratio."""
        return super().get_config() | {"ratio": self.ratio}
