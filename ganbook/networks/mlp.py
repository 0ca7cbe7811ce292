"""Dense layers: 100 → 256 → 512 → 1024 → image and back as in the article, or other widths.

For 28×28 grey images the default layer sizes are the article's. Conditional versions append the class as a one-hot
vector to the input of each network (Mirza & Osindero 2014, arXiv 1411.1784). Images end in tanh; points in the plane,
float32 (B, 2), are linear in the last layer and know no bounds.
"""

from __future__ import annotations

import math

import keras
from keras import layers

from ganbook.networks.layers import Seeds, class_input

HIDDEN = (256, 512, 1024)


def generator(
    shape: tuple[int, ...],
    latent_dim: int,
    *,
    num_classes: int = 0,
    seed: int = 0,
    dtype: str = "float32",
    hidden: tuple[int, ...] = HIDDEN,
    activation: str = "relu",
) -> keras.Model:
    """Z → hidden layers → image through tanh, or point."""
    seeds = Seeds(seed, "generator")
    z = keras.Input((latent_dim,), name="z")
    inputs, x = class_input(z, num_classes)
    for width in hidden:
        x = layers.Dense(width, activation, kernel_initializer=seeds.glorot(), dtype=dtype)(x)
    x = layers.Dense(math.prod(shape), kernel_initializer=seeds.glorot(), dtype=dtype)(x)
    if len(shape) == 1:
        return keras.Model(inputs, layers.Activation("linear", dtype="float32")(x), name="generator")
    x = layers.Activation("tanh", dtype="float32")(x)
    return keras.Model(inputs, layers.Reshape(shape, dtype="float32")(x), name="generator")


def discriminator(
    shape: tuple[int, ...],
    *,
    num_classes: int = 0,
    seed: int = 0,
    dtype: str = "float32",
    hidden: tuple[int, ...] = HIDDEN,
    activation: str = "relu",
) -> keras.Model:
    """Image or point → hidden layers, the last one first → one logit."""
    seeds = Seeds(seed, "discriminator")
    image = keras.Input(shape, name="image")
    inputs, x = class_input(image, num_classes, layers.Flatten(dtype="float32")(image))
    for width in reversed(hidden):
        x = layers.Dense(width, activation, kernel_initializer=seeds.glorot(), dtype=dtype)(x)
    logit = layers.Dense(1, kernel_initializer=seeds.glorot(), dtype="float32")(x)
    return keras.Model(inputs, logit, name="discriminator")
