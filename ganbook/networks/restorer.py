"""A pair that enlarges or restores images: plain convolutions at a low resolution, and D of ``compact``.

G computes at the resolution of its input and writes scale² values for each pixel, which are shuffled into the large
image (ESPCN, Shi et al. 2016, arXiv 1609.05158); what it draws is the difference to bicubic interpolation. Where it
enlarges nothing it computes on blocks of 2×2 pixels, at half the resolution (FFDNet, Zhang et al. 2018, arXiv
1710.04026), and draws the difference to its input. There is no normalisation and nothing global: an output pixel
depends on no input pixel that is further away than there are convolutions, and an image may be worked on in tiles.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import layers

from ganbook.networks import compact
from ganbook.networks.layers import Seeds, shuffled, to_blocks

WIDTH, DEPTH = 24, 10  # channels, and convolutions between the first and the last one
SLOPE = 0.1  # of leaky ReLU


def fold_of(scale: int) -> int:
    """Return the side of the blocks of pixels that G computes on."""
    return 2 if scale == 1 else 1


def discriminator(
    shape: tuple[int, int, int], *, scale: int = 2, width: int = WIDTH, depth: int = DEPTH, **options: Any
) -> keras.Model:
    """Large image → logit; see :func:`ganbook.networks.compact.discriminator`, whatever the generator is like."""
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
    level: bool = False,
) -> keras.Model:
    """Small image (H / scale, W / scale, C) in [−1, 1] → large image (H, W, C), about in [−1, 1].

    ``latent_dim`` and ``num_classes`` are those of networks that draw from noise, and have no part in this one.
    The layer ``residual`` gives the difference to bicubic interpolation. With ``level`` there is one more input, a
    number (1,) for each image, for instance of how noisy it is.
    """
    seeds, (height, width_, channels) = Seeds(seed, "restorer generator"), shape
    fold = fold_of(scale)
    small = keras.Input((height // scale, width_ // scale, channels), name="small")
    seen, inputs = small if fold == 1 else to_blocks(small), small
    if level:
        number = keras.Input((1,), name="level")
        everywhere = layers.Reshape((1, 1, 1), dtype=dtype)(number)
        everywhere = layers.UpSampling2D(seen.shape[1:3], dtype=dtype)(everywhere)
        seen, inputs = layers.Concatenate(dtype=dtype)([seen, everywhere]), [small, number]

    def convolution(x: keras.KerasTensor, filters: int, initializer: keras.initializers.Initializer, name: str):
        return layers.Conv2D(filters, 3, 1, "same", kernel_initializer=initializer, dtype=dtype, name=name)(x)

    first = layers.LeakyReLU(SLOPE, dtype=dtype)(convolution(seen, width, seeds.glorot(), "conv_0"))
    x = first
    for index in range(depth):
        x = layers.LeakyReLU(SLOPE, dtype=dtype)(convolution(x, width, seeds.glorot(), f"conv_{index + 1}"))
    x = layers.Add(dtype=dtype)([x, first])
    # It starts from bicubic interpolation.
    x = convolution(x, (scale * fold) ** 2 * channels, keras.initializers.Zeros(), f"conv_{depth + 1}")
    residual = layers.Activation("linear", dtype="float32", name="residual")(shuffled(x, scale * fold))
    enlarged = small if scale == 1 else layers.UpSampling2D(scale, interpolation="bicubic", dtype="float32")(small)
    return keras.Model(inputs, layers.Add(dtype="float32")([enlarged, residual]), name="generator")
