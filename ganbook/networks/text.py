"""From z to a line, place by place, and with dense layers from a line to one logit."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

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


@keras.saving.register_keras_serializable("ganbook")
class Places(layers.Layer):
    """What z became (B, D) → a line, one-hot (B, L, V), of which each place sees the choices before it.

    Each place has its own weights. No slope runs through a choice to the places before it: what comes later in a line
    learns to fit what is there, and not the other way round. Without this a generator has to make all choices of a
    line at once, and where one decides about another, as in a sum, they seldom fit.

    Parameters
    ----------
    places, choices
        L and V.
    widths
        Of the hidden layers of a place.
    activation
        Of the hidden layers.
    seed
        Of the initial weights, uniform after Glorot & Bengio 2010.
    """

    def __init__(
        self, places: int, choices: int, widths: Sequence[int], activation: str, seed: int, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self._config: dict[str, Any] = {
            "places": places, "choices": choices, "widths": list(widths), "activation": activation, "seed": seed,
        }  # fmt: skip
        self._activation, self._choice = keras.activations.get(activation), Choice(dtype="float32")

    def build(self, shape: tuple[int | None, ...]) -> None:
        """Make the weights of all places, one array for each kind."""
        own = self._config
        places, choices, first = own["places"], own["choices"], own["widths"][0]
        seeds = Seeds(own["seed"], "places")

        def kernel(name: str, count: int, fan_in: int, fan_out: int) -> keras.Variable:
            limit = math.sqrt(6 / (fan_in + fan_out))
            uniform = keras.initializers.RandomUniform(-limit, limit, seeds.next())
            return self.add_weight(shape=(count, fan_in, fan_out), initializer=uniform, name=name)

        def bias(name: str, width: int) -> keras.Variable:
            return self.add_weight(shape=(places, width), initializer="zeros", name=name)

        self.from_z = kernel("from_z", places, shape[-1] or 0, first), bias("bias_0", first)
        if places > 1:
            self.seen = kernel("seen", places - 1, choices, first)
            self.from_seen = kernel("from_seen", places - 1, first, first)
        self.hidden = [
            (kernel(f"kernel_{i}", places, *pair), bias(f"bias_{i}", pair[1]))
            for i, pair in enumerate(itertools.pairwise(own["widths"]), 1)
        ]
        self.logits = kernel("logits", places, own["widths"][-1], choices), bias("logits_bias", choices)
        super().build(shape)

    def call(self, z: tf.Tensor) -> tf.Tensor:
        """Choose from the first place to the last."""
        # Arrays are taken apart once: the slope of an array that is indexed at each place would be as many arrays.
        biases_of_z = tf.unstack(self.from_z[1])
        from_z = [z @ kernel + bias for kernel, bias in zip(tf.unstack(self.from_z[0]), biases_of_z, strict=True)]
        seen, from_seen = (tf.unstack(self.seen), tf.unstack(self.from_seen)) if len(from_z) > 1 else ([], [])
        hidden = [(tf.unstack(kernel), tf.unstack(bias)) for kernel, bias in self.hidden]
        kernels, biases = map(tf.unstack, self.logits)
        known: tf.Tensor | float = 0.0
        line: list[tf.Tensor] = []
        for place, x in enumerate(from_z):
            if place:
                known += tf.cast(tf.stop_gradient(line[-1]), x.dtype) @ seen[place - 1]
                x += known @ from_seen[place - 1]
            x = self._activation(x)
            for inner, inner_biases in hidden:
                x = self._activation(x @ inner[place] + inner_biases[place])
            line.append(self._choice(tf.cast(x @ kernels[place] + biases[place], tf.float32)))
        return tf.stack(line, 1)

    def get_config(self) -> dict[str, Any]:
        """Return what it was made with."""
        return super().get_config() | self._config


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
    """Z → one layer → at each place hidden layers, all half as wide as ``hidden`` says → line, one-hot (L, V)."""
    seeds = Seeds(seed, "generator")
    inputs, x = class_input(keras.Input((latent_dim,), name="z"), num_classes)
    widths = [max(1, width // 2) for width in hidden]
    x = layers.Dense(widths[0], activation, kernel_initializer=seeds.glorot(), dtype=dtype)(x)
    return keras.Model(
        inputs, Places(*shape, widths, activation, seeds.next(), dtype=dtype, name="line")(x), name="generator"
    )


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
