"""A convolutional pair after DCGAN (Radford et al. 2016, arXiv 1511.06434), small enough for a CPU.

G starts from a small base and doubles it until it covers the image, then crops; D halves. Kernels are 4 wide at
stride 2, so that every output pixel is covered equally often and no checkerboard appears (Odena et al. 2016,
doi 10.23915/distill.00003). Batch normalisation stands in G alone, so that D treats every sample on its own.
"""

from __future__ import annotations

import math

import keras
from keras import layers

from ganbook.networks.inputs import Seeds, class_input

WIDTH, WIDEST = 64, 512


def _doublings(shape: tuple[int, int, int]) -> int:
    """How often the base is doubled, so that its shorter side is about 7 pixels."""
    return max(1, round(math.log2(min(shape[:2]) / 7)))


def _widths(doublings: int) -> list[int]:
    """Channels after each halving in D: 64, 128, 256 and so on."""
    return [min(WIDTH * 2**i, WIDEST) for i in range(doublings)]


def generator(
    shape: tuple[int, int, int],
    latent_dim: int,
    *,
    num_classes: int = 0,
    seed: int = 0,
    dtype: str = "float32",
) -> keras.Model:
    """Z → dense base → transposed convolutions that double → image, ReLU, tanh."""
    seeds, doublings = Seeds(seed, "generator"), _doublings(shape)
    height, width = (math.ceil(side / 2**doublings) for side in shape[:2])
    *inner, base = _widths(doublings)
    z = keras.Input((latent_dim,), name="z")
    inputs, x = class_input(z, num_classes)
    x = layers.Dense(height * width * base, use_bias=False, kernel_initializer=seeds.glorot(), dtype=dtype)(x)
    x = layers.Reshape((height, width, base), dtype=dtype)(x)
    x = _normalised(x, dtype)
    for channels in reversed(inner):
        x = layers.Conv2DTranspose(
            channels, 4, 2, "same", use_bias=False, kernel_initializer=seeds.glorot(), dtype=dtype
        )(x)
        x = _normalised(x, dtype)
    x = layers.Conv2DTranspose(shape[2], 4, 2, "same", kernel_initializer=seeds.glorot(), dtype=dtype)(x)
    x = _cropped(x, shape)
    return keras.Model(inputs, layers.Activation("tanh", dtype="float32")(x), name="generator")


def discriminator(
    shape: tuple[int, int, int], *, num_classes: int = 0, seed: int = 0, dtype: str = "float32"
) -> keras.Model:
    """Image → strided convolutions that halve → one logit, leaky ReLU.

    The conditional version adds ⟨class vector, features⟩ to the logit (Miyato & Koyama 2018, arXiv 1802.05637).
    """
    seeds = Seeds(seed, "discriminator")
    x = image = keras.Input(shape, name="image")
    for channels in _widths(_doublings(shape)):
        x = layers.Conv2D(channels, 4, 2, "same", kernel_initializer=seeds.glorot(), dtype=dtype)(x)
        x = layers.LeakyReLU(0.2, dtype=dtype)(x)
    features = layers.Flatten(dtype="float32")(x)
    logit = layers.Dense(1, kernel_initializer=seeds.glorot(), dtype="float32")(features)
    if not num_classes:
        return keras.Model(image, logit, name="discriminator")
    label = keras.Input((), dtype="int32", name="label")
    one_hot = layers.CategoryEncoding(num_classes, output_mode="one_hot", dtype="float32")(label)
    projection = layers.Dense(features.shape[-1], use_bias=False, kernel_initializer=seeds.glorot(), dtype="float32")(
        one_hot
    )
    logit = layers.Add(dtype="float32")([logit, layers.Dot(-1, dtype="float32")([projection, features])])
    return keras.Model([image, label], logit, name="discriminator")


def _normalised(x: keras.KerasTensor, dtype: str) -> keras.KerasTensor:
    x = layers.BatchNormalization(momentum=0.9, dtype=dtype)(x)
    return layers.ReLU(dtype=dtype)(x)


def _cropped(x: keras.KerasTensor, shape: tuple[int, int, int]) -> keras.KerasTensor:
    """Cut what the last doubling drew beyond the image, evenly on both sides."""
    beyond = [have - want for have, want in zip(x.shape[1:3], shape[:2], strict=True)]
    if not any(beyond):
        return x
    return layers.Cropping2D([(b // 2, b - b // 2) for b in beyond], dtype="float32")(x)
