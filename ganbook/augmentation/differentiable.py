"""A policy inside a graph: through it gradients reach the images (DiffAugment, Zhao et al. 2020, arXiv 2006.10738).

Built for a step on a CPU. Neighbours that move pixels become one matrix for each image; without turns and slants
rows and columns are then moved on their own, as two matrix products with the weights of linear interpolation, forwards
and backwards several times faster than gathering. Neighbours that change colours become one product.
"""

from __future__ import annotations

import itertools
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from ganbook.augmentation.catalogue import Kind
from ganbook.augmentation.effects import colour, geometry
from ganbook.augmentation.policy import Policy

Drawn = list[tuple[Kind, dict[str, tf.Tensor], tf.Tensor | None]]


@keras.saving.register_keras_serializable("ganbook")
class Augment(keras.layers.Layer):
    """Do a policy's operations to samples in [−1, 1]; what they do is a function of the seed.

    Parameters
    ----------
    policy
        A :class:`~ganbook.augmentation.Policy`, or its text.

    Raises
    ------
    ValueError
        The policy does what gradients do not pass through.
    """

    def __init__(self, policy: Policy | str, **kwargs: Any):
        super().__init__(**kwargs)
        self.policy = Policy.parse(policy) if isinstance(policy, str) else policy
        self.policy.check_differentiable()

    def call(
        self,
        images: tf.Tensor,
        seed: tf.Tensor,
        probability: tf.Tensor | None = None,
        places: tuple[tf.Tensor, tf.Tensor] | None = None,
    ) -> tf.Tensor:
        """Augment images float32 (B, H, W, C).

        Parameters
        ----------
        images
            In [−1, 1]; what leaves that range is not cut off.
        seed
            int32 (2,).
        probability
            Multiplies the probability of every operation; 1 unless given.
        places
            Of a part of a larger batch, int32 (B,): where each image is in the whole, and how many images that has.
        """
        shape, batch = images.shape[1:], tf.shape(images)[0]
        operations = [o for o in self.policy.operations if shape[2] > 1 or not o.kind.colour_only]
        if not operations:
            return images
        draws = sum(operation.kind.draws + 1 for operation in operations)
        numbers = tf.random.stateless_uniform((draws, batch if places is None else places[1]), seed, alg="philox")
        u = iter(tf.unstack(numbers if places is None else tf.gather(numbers, places[0], axis=1)))
        for family, together in itertools.groupby(operations, key=lambda operation: operation.kind.family):
            drawn: Drawn = []
            for operation in together:
                kind, chance, likely = operation.kind, next(u), operation.probability
                parameters = kind.draw(tf, [next(u) for _ in range(kind.draws)], operation.strength, shape)
                always = likely == 1 and probability is None
                done = (
                    None
                    if always
                    else tf.cast(chance < likely * (1 if probability is None else probability), tf.float32)
                )
                drawn.append((kind, parameters, done))
            images = _FAMILIES[family](images, drawn)
        return images

    def get_config(self) -> dict[str, Any]:
        """The policy, as text."""
        return super().get_config() | {"policy": str(self.policy)}


def _move(images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
    matrices = geometry.composed(tf, tf.zeros(tf.shape(images)[:1]), drawn)
    return (_resample if all(kind.separable for kind, *_ in drawn) else _sample)(images, matrices)


def _resample(images: tf.Tensor, matrix: tf.Tensor) -> tf.Tensor:
    """Move rows and columns on their own: two products with the weights of linear interpolation."""
    (height, width, channels), batch = images.shape[1:], tf.shape(images)[0]
    from_columns = _weights(matrix[:, 0, 0], matrix[:, 0, 2], width)
    from_rows = _weights(matrix[:, 1, 1], matrix[:, 1, 2], height)
    turned = tf.reshape(tf.transpose(images, (0, 2, 1, 3)), (batch, width, height * channels))
    turned = tf.reshape(from_columns @ turned, (batch, width, height, channels))
    rows = from_rows @ tf.reshape(tf.transpose(turned, (0, 2, 1, 3)), (batch, height, width * channels))
    return tf.reshape(rows, (batch, height, width, channels))


def _weights(scale: tf.Tensor, offset: tf.Tensor, side: int) -> tf.Tensor:
    """Weights (B, side, side) of each old pixel in each new one."""
    middle, place = (side - 1) / 2, np.arange(side, dtype=np.float32)
    at = _mirrored(scale[:, None] * (place - middle) + offset[:, None] + middle, side)
    return tf.nn.relu(1 - tf.abs(at[:, :, None] - place))


def _mirrored(at: tf.Tensor, side: int) -> tf.Tensor:
    """Places between 0 and side − 1 for any; the outermost pixels are not repeated."""
    period = max(1, 2 * (side - 1))
    at = tf.abs(at) % period
    return tf.minimum(at, period - at)


def _sample(images: tf.Tensor, matrix: tf.Tensor) -> tf.Tensor:
    """Look up every pixel's four neighbours."""
    (height, width, channels), batch = images.shape[1:], tf.shape(images)[0]
    y, x = np.mgrid[:height, :width].reshape(2, -1).astype(np.float32)
    places = np.stack([x - (width - 1) / 2, y - (height - 1) / 2, np.ones_like(x)])
    at = tf.unstack(matrix @ places, axis=1)
    x = _mirrored(at[0] / at[2] + (width - 1) / 2, width)
    y = _mirrored(at[1] / at[2] + (height - 1) / 2, height)
    left, top = tf.floor(x), tf.floor(y)
    flat, result = tf.reshape(images, (batch, height * width, channels)), 0.0
    for row, down in ((top, 1 - (y - top)), (tf.minimum(top + 1, height - 1), y - top)):
        for column, across in ((left, 1 - (x - left)), (tf.minimum(left + 1, width - 1), x - left)):
            index = tf.cast(row * width + column, tf.int32)
            result += (down * across)[:, :, None] * tf.gather(flat, index, batch_dims=1)
    return tf.reshape(result, (batch, height, width, channels))


def _recolour(images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
    linear, shift = colour.composed(tf, tf.reduce_mean(images, (1, 2))[:, :, None], drawn)
    if images.shape[3] == 1:
        return images * linear[:, :, :, None] + shift[:, :, :, None]
    pixels = tf.reshape(images, (-1, images.shape[1] * images.shape[2], images.shape[3]))
    pixels = tf.matmul(pixels, linear, transpose_b=True) + tf.transpose(shift, (0, 2, 1))
    return tf.reshape(pixels, tf.shape(images))


def _box(images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
    for _, box, done in drawn:
        row, column = (tf.range(side, dtype=tf.float32)[None] for side in images.shape[1:3])
        inside_rows = (row >= box["top"][:, None]) & (row < box["bottom"][:, None])
        inside_columns = (column >= box["left"][:, None]) & (column < box["right"][:, None])
        inside = tf.cast(inside_rows[:, :, None] & inside_columns[:, None, :], tf.float32)
        images *= 1 - (inside if done is None else inside * done[:, None, None])[..., None]
    return images


_FAMILIES = {"geometry": _move, "colour": _recolour, "box": _box}
