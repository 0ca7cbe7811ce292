"""A pair that enlarges images: plain convolutions at the low resolution, and the discriminator of ``compact``.

G computes at the resolution of its input and writes scale² values for each pixel, which are shuffled into the large
image (ESPCN, Shi et al. 2016, arXiv 1609.05158). What it draws is the difference to bicubic interpolation. There is no
normalisation and nothing global: an output pixel depends on no input pixel that is further away than there are
convolutions, and an image may be worked on in tiles.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import layers

from ganbook.networks import compact
from ganbook.networks.layers import Seeds, shuffled

WIDTH, DEPTH = 24, 10  # channels, and convolutions between the first and the last one
SLOPE = 0.1  # of leaky ReLU


def discriminator(shape: tuple[int, int, int], *, scale: int = 2, **options: Any) -> keras.Model:
    """Large image → logit; see :func:`ganbook.networks.compact.discriminator`, whatever the scale."""
    return compact.discriminator(shape, **options)


def generator(
    shape: tuple[int, int, int],
    latent_dim: int = 0,
    *,
    num_classes: int = 0,
    seed: int = 0,
    dtype: str = "float32",
    scale: int = 2,
    width: int = WIDTH,
    depth: int = DEPTH,
) -> keras.Model:
    """Small image (H / scale, W / scale, C) in [−1, 1] → large image (H, W, C), about in [−1, 1].

    ``latent_dim`` and ``num_classes`` are those of networks that draw from noise, and have no part in this one.
    The layer ``residual`` gives the difference to bicubic interpolation.
    """
    seeds, (height, width_, channels) = Seeds(seed, "restorer generator"), shape
    small = keras.Input((height // scale, width_ // scale, channels), name="small")

    def convolution(x: keras.KerasTensor, filters: int, initializer: keras.initializers.Initializer, name: str):
        return layers.Conv2D(filters, 3, 1, "same", kernel_initializer=initializer, dtype=dtype, name=name)(x)

    first = layers.LeakyReLU(SLOPE, dtype=dtype)(convolution(small, width, seeds.glorot(), "conv_0"))
    x = first
    for index in range(depth):
        x = layers.LeakyReLU(SLOPE, dtype=dtype)(convolution(x, width, seeds.glorot(), f"conv_{index + 1}"))
    x = layers.Add(dtype=dtype)([x, first])
    # It starts from bicubic interpolation.
    x = convolution(x, scale * scale * channels, keras.initializers.Zeros(), f"conv_{depth + 1}")
    residual = layers.Activation("linear", dtype="float32", name="residual")(shuffled(x, scale))
    enlarged = small if scale == 1 else layers.UpSampling2D(scale, interpolation="bicubic", dtype="float32")(small)
    return keras.Model(small, layers.Add(dtype="float32")([enlarged, residual]), name="generator")
