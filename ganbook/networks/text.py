"""Dense layers from z to a line, and from a line to one logit."""

from __future__ import annotations

import math
from collections.abc import Callable

import keras
import tensorflow as tf
from keras import layers

from ganbook.networks.layers import Seeds, class_input


@keras.saving.register_keras_serializable("ganbook")
class Choice(layers.Layer):
    """The likeliest of V choices as a one-hot vector, logits (…, V) → (…, V).

    Its slope is that of the softmax: straight-through estimator, Bengio et al. 2013 (arXiv 1308.3432).
    """

    def call(self, logits: tf.Tensor) -> tf.Tensor:
        """Choose."""
        return _chosen(logits)


@tf.custom_gradient
def _chosen(logits: tf.Tensor) -> tuple[tf.Tensor, Callable[[tf.Tensor], tf.Tensor]]:
    """One-hot vectors to the bit, as real ones are: hard + soft − soft would differ from them by a rounding."""

    def slope(upstream: tf.Tensor) -> tf.Tensor:
        soft = tf.nn.softmax(logits)
        return soft * (upstream - tf.reduce_sum(upstream * soft, -1, keepdims=True))

    return tf.one_hot(tf.argmax(logits, -1), logits.shape[-1], dtype=logits.dtype), slope


def generator(
    shape: tuple[int, int],
    latent_dim: int,
    *,
    num_classes: int = 0,
    seed: int = 0,
    dtype: str = "float32",
    hidden: tuple[int, ...],
    activation: str,
) -> keras.Model:
    """Z → hidden layers → line, one-hot (L, V)."""
    seeds = Seeds(seed, "generator")
    inputs, x = class_input(keras.Input((latent_dim,), name="z"), num_classes)
    for width in hidden:
        x = layers.Dense(width, activation, kernel_initializer=seeds.glorot(), dtype=dtype)(x)
    x = layers.Dense(math.prod(shape), kernel_initializer=seeds.glorot(), dtype="float32")(x)
    line = Choice(dtype="float32", name="line")(layers.Reshape(shape, dtype="float32")(x))
    return keras.Model(inputs, line, name="generator")


def discriminator(
    shape: tuple[int, int],
    *,
    num_classes: int = 0,
    seed: int = 0,
    dtype: str = "float32",
    hidden: tuple[int, ...],
    activation: str,
) -> keras.Model:
    """One-hot characters (L, V) → hidden layers, the last one first → one logit; ``relu`` is leaky here, slope 0.2."""
    seeds = Seeds(seed, "discriminator")
    line = keras.Input(shape, name="line")
    inputs, x = class_input(line, num_classes, layers.Flatten(dtype="float32")(line))
    for width in reversed(hidden):
        x = layers.Dense(width, kernel_initializer=seeds.glorot(), dtype=dtype)(x)
        x = layers.LeakyReLU(0.2, dtype=dtype)(x) if activation == "relu" else layers.Activation(activation)(x)
    logit = layers.Dense(1, kernel_initializer=seeds.glorot(), dtype="float32")(x)
    return keras.Model(inputs, logit, name="discriminator")
