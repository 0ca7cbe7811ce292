"""A pair that completes images: an encoder and decoder of gated convolutions, and the discriminator of ``compact``.

G is a context encoder (Pathak et al. 2016, arXiv 1604.07379): convolutions that halve, a dense layer through which
information passes between all parts of the image, convolutions that double. The encoder's are gated, so that it learns
where a feature is known (Yu et al. 2019, arXiv 1806.03589), and each of its sizes is passed across to the decoder. It
fills the hole only: known pixels pass through unchanged.
"""

from __future__ import annotations

import keras
from keras import layers

from ganbook.networks import compact
from ganbook.networks.layers import Seeds, cropped, doublings, from_blocks, to_blocks, widths

WIDTH, WIDEST = 32, 128
HIDDEN, CONTEXT = 256, 32  # units of the dense layer, and channels of what it passes to each position

discriminator = compact.discriminator


def generator(
    shape: tuple[int, int, int],
    latent_dim: int = 0,
    *,
    num_classes: int = 0,
    seed: int = 0,
    dtype: str = "float32",
) -> keras.Model:
    """Image that is 0 in the hole, and the mask, 1 in the hole, (H, W, C + 1) → completed image (H, W, C) in [−1, 1].

    ``latent_dim`` and ``num_classes`` are those of networks that draw from noise, and have no part in this one.
    """
    seeds, channels = Seeds(seed, "context generator"), shape[2]
    masked = keras.Input((*shape[:2], channels + 1), name="picture_and_hole")
    beyond = [-side % 2 for side in shape[:2]]
    x = layers.ZeroPadding2D([(0, b) for b in beyond], dtype=dtype)(masked)
    x = to_blocks(x)
    skips: list[keras.KerasTensor] = []
    for width in widths(WIDTH, doublings(shape), WIDEST):
        if skips:
            x = _gated(x, width, seeds, dtype, strides=2)
        x = _gated(x, width, seeds, dtype)
        skips.append(x)
    code = layers.Dense(HIDDEN, "elu", kernel_initializer=seeds.glorot(), dtype=dtype)(layers.Flatten(dtype=dtype)(x))
    height, width = x.shape[1:3]
    context = layers.Dense(height * width * CONTEXT, kernel_initializer=seeds.glorot(), dtype=dtype)(code)
    x = layers.Concatenate(dtype=dtype)([x, layers.Reshape((height, width, CONTEXT), dtype=dtype)(context)])
    x = _plain(x, skips.pop().shape[3], seeds, dtype)
    for skip in reversed(skips):
        x = layers.Conv2DTranspose(
            skip.shape[3], 4, 2, "same", activation="elu", kernel_initializer=seeds.glorot(), dtype=dtype
        )(x)
        x = layers.Concatenate(dtype=dtype)([cropped(x, skip.shape[1:]), skip])
        x = _plain(x, skip.shape[3], seeds, dtype)
    x = layers.Conv2D(4 * channels, 3, 1, "same", kernel_initializer=seeds.glorot(), dtype=dtype)(x)
    drawn = layers.Activation("tanh", dtype="float32")(cropped(from_blocks(x), shape))
    known, hole = _channels(masked, 0, channels), _channels(masked, channels, 1)
    in_hole = layers.Multiply(dtype="float32")([drawn, hole])
    return keras.Model(masked, layers.Add(dtype="float32")([known, in_hole]), name="generator")


def _gated(x: keras.KerasTensor, width: int, seeds: Seeds, dtype: str, strides: int = 1) -> keras.KerasTensor:
    """Multiply features by a gate, which weighs every position of them."""
    side = 4 if strides == 2 else 3
    features, gate = (
        layers.Conv2D(
            width, side, strides, "same", activation=activation, kernel_initializer=seeds.glorot(), dtype=dtype
        )(x)
        for activation in ("elu", "sigmoid")
    )
    return layers.Multiply(dtype=dtype)([features, gate])


def _plain(x: keras.KerasTensor, width: int, seeds: Seeds, dtype: str) -> keras.KerasTensor:
    return layers.Conv2D(width, 3, 1, "same", activation="elu", kernel_initializer=seeds.glorot(), dtype=dtype)(x)


def _channels(x: keras.KerasTensor, start: int, count: int) -> keras.KerasTensor:
    """Take some of the channels, with layers that plain Keras can load."""
    height, width, channels = x.shape[1:]
    x = layers.Reshape((height, width, channels, 1), dtype="float32")(x)
    x = layers.Cropping3D(((0, 0), (0, 0), (start, channels - start - count)), dtype="float32")(x)
    return layers.Reshape((height, width, count), dtype="float32")(x)
