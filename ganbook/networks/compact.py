"""A small pair that learns much in a second of CPU time; the default. Its numbers stand in benchmarks/RESULTS.md.

G adds up two paths. The narrow convolutional one draws detail: dense → base of about 7×7 → transposed convolutions →
sub-pixel convolution (Shi et al. 2016, arXiv 1609.05158). The other is the linear one of
:mod:`ganbook.networks.linear`, which starts at the principal components of the data. D halves with narrow convolutions
and ends dense; its first one runs on 2×2 blocks of pixels, the same arithmetic as 4×4 at stride 2, in less time.
"""

from __future__ import annotations

import math

import keras
from keras import layers

from ganbook.networks.layers import (
    Seeds,
    class_input,
    cropped,
    doublings,
    from_blocks,
    halvings,
    judged,
    normalised,
    widths,
)
from ganbook.networks.linear import linear_path, start_from

__all__ = ["discriminator", "generator", "start_from"]

G_WIDTH, D_WIDTH, WIDEST = 24, 16, 256
G_HIDDEN, D_HIDDEN = 384, 256
# The linear path draws images of at most this side, which are then enlarged.
LINEAR_SIDE = 40


def generator(
    shape: tuple[int, int, int],
    latent_dim: int,
    *,
    num_classes: int = 0,
    seed: int = 0,
    dtype: str = "float32",
) -> keras.Model:
    """Z → linear image + convolutional image → tanh."""
    seeds, times = Seeds(seed, "generator"), doublings(shape)
    height, width = (math.ceil(side / 2**times) for side in shape[:2])
    *inner, base = widths(G_WIDTH, times, WIDEST)
    z = keras.Input((latent_dim,), name="z")
    inputs, given = class_input(z, num_classes)
    x = normalised(_dense(given, G_HIDDEN, seeds, dtype), dtype)
    x = _dense(x, height * width * base, seeds, dtype)
    x = normalised(layers.Reshape((height, width, base), dtype=dtype)(x), dtype)
    for channels in reversed(inner):
        x = layers.Conv2DTranspose(
            channels, 4, 2, "same", use_bias=False, kernel_initializer=seeds.glorot(), dtype=dtype
        )(x)
        x = normalised(x, dtype)
    # Zero at first: training begins with the linear path alone.
    x = layers.Conv2D(4 * shape[2], 3, 1, "same", kernel_initializer="zeros", dtype=dtype)(x)
    # The mean of 2×2 pixels takes away the checkerboard that sub-pixel convolutions draw at first.
    x = cropped(layers.AveragePooling2D(2, 1, "same", dtype=dtype)(from_blocks(x)), shape)
    x = layers.Add(dtype="float32")([x, linear_path(given, shape, LINEAR_SIDE, seeds)])
    return keras.Model(inputs, layers.Activation("tanh", dtype="float32")(x), name="generator")


def discriminator(
    shape: tuple[int, int, int], *, num_classes: int = 0, seed: int = 0, dtype: str = "float32"
) -> keras.Model:
    """Image → strided convolutions that halve → dense → one logit, leaky ReLU."""
    seeds = Seeds(seed, "discriminator")
    image = keras.Input(shape, name="image")
    x = halvings(image, widths(D_WIDTH, doublings(shape), WIDEST), seeds, dtype)
    x = layers.Dense(D_HIDDEN, kernel_initializer=seeds.glorot(), dtype=dtype)(layers.Flatten(dtype=dtype)(x))
    features = layers.LeakyReLU(0.2, dtype="float32")(x)
    return judged(image, features, num_classes, seeds)


def _dense(x: keras.KerasTensor, width: int, seeds: Seeds, dtype: str) -> keras.KerasTensor:
    return layers.Dense(width, use_bias=False, kernel_initializer=seeds.glorot(), dtype=dtype)(x)
