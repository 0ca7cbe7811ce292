"""A convolutional pair after DCGAN (Radford et al. 2016, arXiv 1511.06434), small enough for a CPU.

G starts from a small base and doubles it until it covers the image, then crops; D halves. Kernels are 4 wide at
stride 2, so that every output pixel is covered equally often and no checkerboard appears (Odena et al. 2016,
doi 10.23915/distill.00003). Batch normalisation stands in G alone, so that D treats every sample on its own.
"""

from __future__ import annotations

import math

import keras
from keras import layers

from ganbook.networks.layers import Seeds, class_input, cropped, doublings, judged, normalised, widths

WIDTH, WIDEST = 32, 256


def generator(
    shape: tuple[int, int, int],
    latent_dim: int,
    *,
    num_classes: int = 0,
    seed: int = 0,
    dtype: str = "float32",
) -> keras.Model:
    """Z → dense base → transposed convolutions that double → image, ReLU, tanh."""
    inputs, _, x = draw(shape, latent_dim, num_classes, Seeds(seed, "generator"), dtype)
    return keras.Model(inputs, layers.Activation("tanh", dtype="float32")(x), name="generator")


def draw(
    shape: tuple[int, int, int], latent_dim: int, num_classes: int, seeds: Seeds, dtype: str
) -> tuple[list[keras.KerasTensor] | keras.KerasTensor, keras.KerasTensor, keras.KerasTensor]:
    """Return the inputs, z with its one-hot class if conditional, (B, L), and the image before tanh, (B, H, W, C)."""
    times = doublings(shape)
    height, width = (math.ceil(side / 2**times) for side in shape[:2])
    *inner, base = widths(WIDTH, times, WIDEST)
    inputs, z = class_input(keras.Input((latent_dim,), name="z"), num_classes)
    x = layers.Dense(height * width * base, use_bias=False, kernel_initializer=seeds.glorot(), dtype=dtype)(z)
    x = layers.Reshape((height, width, base), dtype=dtype)(x)
    x = normalised(x, dtype)
    for channels in reversed(inner):
        x = layers.Conv2DTranspose(
            channels, 4, 2, "same", use_bias=False, kernel_initializer=seeds.glorot(), dtype=dtype
        )(x)
        x = normalised(x, dtype)
    x = layers.Conv2DTranspose(shape[2], 4, 2, "same", kernel_initializer=seeds.glorot(), dtype=dtype)(x)
    return inputs, z, cropped(x, shape)


def discriminator(
    shape: tuple[int, int, int], *, num_classes: int = 0, seed: int = 0, dtype: str = "float32"
) -> keras.Model:
    """Image → strided convolutions that halve → one logit, leaky ReLU."""
    seeds = Seeds(seed, "discriminator")
    x = image = keras.Input(shape, name="image")
    for channels in widths(WIDTH, doublings(shape), WIDEST):
        x = layers.Conv2D(channels, 4, 2, "same", kernel_initializer=seeds.glorot(), dtype=dtype)(x)
        x = layers.LeakyReLU(0.2, dtype=dtype)(x)
    features = layers.Flatten(dtype="float32")(x)
    return judged(image, features, num_classes, seeds)
