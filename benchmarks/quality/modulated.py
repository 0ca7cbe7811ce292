"""The generator of ``dcgan`` and ``photo`` with maps that z and its class scale and shift, for ``benchmarks.recipe``.

Self-modulation (Chen et al. 2019, arXiv 1810.01365, equation 3), by linear maps that begin at zero.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import keras
from keras import layers

from ganbook.networks.dcgan import WIDEST, WIDTH
from ganbook.networks.layers import Seeds, class_input, cropped, doublings, normalised, widths


def drawing(by: str) -> Callable:
    """Return what takes the place of :func:`ganbook.networks.dcgan.draw`.

    ``all`` maps are modulated, the ``coarse`` ones, which is all but the largest, or all by the ``class`` alone.
    """

    def draw(shape: tuple[int, int, int], latent_dim: int, num_classes: int, seeds: Seeds, dtype: str) -> tuple:
        times = doublings(shape)
        height, width = (math.ceil(side / 2**times) for side in shape[:2])
        *inner, base = widths(WIDTH, times, WIDEST)
        inputs, z = class_input(keras.Input((latent_dim,), name="z"), num_classes)
        told = z[:, latent_dim:] if by == "class" else z
        x = layers.Dense(height * width * base, use_bias=False, kernel_initializer=seeds.glorot(), dtype=dtype)(z)
        x = modulated(layers.Reshape((height, width, base), dtype=dtype)(x), told, dtype)
        for left, channels in reversed(list(enumerate(inner))):
            x = layers.Conv2DTranspose(
                channels, 4, 2, "same", use_bias=False, kernel_initializer=seeds.glorot(), dtype=dtype
            )(x)
            x = normalised(x, dtype) if by == "coarse" and not left else modulated(x, told, dtype)
        x = layers.Conv2DTranspose(shape[2], 4, 2, "same", kernel_initializer=seeds.glorot(), dtype=dtype)(x)
        return inputs, z, cropped(x, shape)

    return draw


def modulated(x: keras.KerasTensor, told: keras.KerasTensor, dtype: str) -> keras.KerasTensor:
    """Batch normalisation, a scale and a shift for each channel that follow from a vector, ReLU."""
    channels = x.shape[-1]
    x = layers.BatchNormalization(momentum=0.9, center=False, scale=False, dtype=dtype)(x)
    scale = layers.Dense(channels, kernel_initializer="zeros", bias_initializer="ones", dtype=dtype)(told)
    shift = layers.Dense(channels, kernel_initializer="zeros", dtype=dtype)(told)
    x = layers.Multiply(dtype=dtype)([x, layers.Reshape((1, 1, channels), dtype=dtype)(scale)])
    x = layers.Add(dtype=dtype)([x, layers.Reshape((1, 1, channels), dtype=dtype)(shift)])
    return layers.ReLU(dtype=dtype)(x)
