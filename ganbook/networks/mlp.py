"""The article's pair: dense layers 100 → 256 → 512 → 1024 → image, and back.

For 28×28 grey images the layer sizes are the article's. Conditional versions append the class as a one-hot vector
to the input of each network (Mirza & Osindero 2014, arXiv 1411.1784).
"""

from __future__ import annotations

import math

import keras
from keras import layers

from ganbook.networks.layers import Seeds, class_input


def generator(
    shape: tuple[int, int, int],
    latent_dim: int,
    *,
    num_classes: int = 0,
    seed: int = 0,
    dtype: str = "float32",
) -> keras.Model:
    """Z → 256 → 512 → 1024 → image, ReLU, tanh."""
    seeds = Seeds(seed, "generator")
    z = keras.Input((latent_dim,), name="z")
    inputs, x = class_input(z, num_classes)
    for width in (256, 512, 1024):
        x = layers.Dense(width, "relu", kernel_initializer=seeds.glorot(), dtype=dtype)(x)
    x = layers.Dense(math.prod(shape), kernel_initializer=seeds.glorot(), dtype=dtype)(x)
    x = layers.Activation("tanh", dtype="float32")(x)
    return keras.Model(inputs, layers.Reshape(shape, dtype="float32")(x), name="generator")


def discriminator(
    shape: tuple[int, int, int], *, num_classes: int = 0, seed: int = 0, dtype: str = "float32"
) -> keras.Model:
    """Image → 1024 → 512 → 256 → one logit, ReLU."""
    seeds = Seeds(seed, "discriminator")
    image = keras.Input(shape, name="image")
    inputs, x = class_input(image, num_classes, layers.Flatten(dtype="float32")(image))
    for width in (1024, 512, 256):
        x = layers.Dense(width, "relu", kernel_initializer=seeds.glorot(), dtype=dtype)(x)
    logit = layers.Dense(1, kernel_initializer=seeds.glorot(), dtype="float32")(x)
    return keras.Model(inputs, logit, name="discriminator")
