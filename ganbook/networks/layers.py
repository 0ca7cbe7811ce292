"""Parts that several networks share: seeded initial weights, the class input, sizes, and D's last layer."""

from __future__ import annotations

import math
import zlib

import keras
from keras import layers


class Seeds:
    """A new, reproducible seed for each layer; Keras' own seeds are global and would touch the user's."""

    def __init__(self, seed: int, network: str):
        self.state = zlib.crc32(f"{network} {seed}".encode())

    def next(self) -> int:
        """Return a seed that was not returned before."""
        self.state = (self.state * 1_103_515_245 + 12_345) % 2**31
        return self.state

    def glorot(self) -> keras.initializers.Initializer:
        """Uniform after Glorot & Bengio 2010."""
        return keras.initializers.GlorotUniform(seed=self.next())


def class_input(
    tensor: keras.KerasTensor, num_classes: int, flat: keras.KerasTensor | None = None
) -> tuple[list[keras.KerasTensor] | keras.KerasTensor, keras.KerasTensor]:
    """Append the one-hot class to ``flat`` (``tensor`` itself unless given); return the inputs and the result."""
    flat = tensor if flat is None else flat
    if not num_classes:
        return tensor, flat
    label = keras.Input((), dtype="int32", name="label")
    one_hot = layers.CategoryEncoding(num_classes, output_mode="one_hot", dtype="float32")(label)
    return [tensor, label], layers.Concatenate(dtype="float32")([flat, one_hot])


def doublings(shape: tuple[int, int, int]) -> int:
    """Return how often a base of about 7 pixels (shorter side) is doubled."""
    return max(1, round(math.log2(min(shape[:2]) / 7)))


def widths(narrowest: int, count: int, widest: int) -> list[int]:
    """Return channels that double at each halving of the image."""
    return [min(narrowest * 2**i, widest) for i in range(count)]


def cropped(x: keras.KerasTensor, shape: tuple[int, int, int]) -> keras.KerasTensor:
    """Cut what the last doubling drew beyond the image, evenly on both sides."""
    beyond = [have - want for have, want in zip(x.shape[1:3], shape[:2], strict=True)]
    if not any(beyond):
        return x
    return layers.Cropping2D([(b // 2, b - b // 2) for b in beyond], dtype="float32")(x)


def to_blocks(x: keras.KerasTensor) -> keras.KerasTensor:
    """(H, W, C) → (H/2, W/2, 4C)."""
    _, height, width, channels = x.shape
    x = layers.Reshape((height // 2, 2, width // 2, 2, channels), dtype=x.dtype)(x)
    x = layers.Permute((1, 3, 2, 4, 5), dtype=x.dtype)(x)
    return layers.Reshape((height // 2, width // 2, 4 * channels), dtype=x.dtype)(x)


def strided_on_blocks(x: keras.KerasTensor, channels: int, seeds: Seeds, dtype: str) -> keras.KerasTensor:
    """A 4×4 convolution at stride 2 as one of 2×2 on blocks of 2×2 pixels: the same arithmetic."""
    x = layers.ZeroPadding2D([(1, 1 + side % 2) for side in x.shape[1:3]], dtype=dtype)(x)
    return layers.Conv2D(channels, 2, kernel_initializer=seeds.glorot(), dtype=dtype)(to_blocks(x))


def halvings(image: keras.KerasTensor, channels: list[int], seeds: Seeds, dtype: str) -> keras.KerasTensor:
    """Convolutions 4×4 at stride 2 with leaky ReLU, one for each number of channels; the first one on blocks."""
    first, *others = channels
    x = layers.LeakyReLU(0.2, dtype=dtype)(strided_on_blocks(image, first, seeds, dtype))
    for width in others:
        x = layers.Conv2D(width, 4, 2, "same", kernel_initializer=seeds.glorot(), dtype=dtype)(x)
        x = layers.LeakyReLU(0.2, dtype=dtype)(x)
    return x


def from_blocks(x: keras.KerasTensor) -> keras.KerasTensor:
    """(H, W, 4C) → (2H, 2W, C)."""
    return shuffled(x, 2)


def shuffled(x: keras.KerasTensor, scale: int) -> keras.KerasTensor:
    """(H, W, scale² C) → (scale H, scale W, C)."""
    _, height, width, channels = x.shape
    channels //= scale * scale
    x = layers.Reshape((height, width, scale, scale, channels), dtype=x.dtype)(x)
    x = layers.Permute((1, 3, 2, 4, 5), dtype=x.dtype)(x)
    return layers.Reshape((scale * height, scale * width, channels), dtype=x.dtype)(x)


def normalised(x: keras.KerasTensor, dtype: str) -> keras.KerasTensor:
    """Batch normalisation, then ReLU; for G alone."""
    x = layers.BatchNormalization(momentum=0.9, dtype=dtype)(x)
    return layers.ReLU(dtype=dtype)(x)


def judged(image: keras.KerasTensor, features: keras.KerasTensor, num_classes: int, seeds: Seeds) -> keras.Model:
    """End D with one logit.

    The conditional version adds ⟨class vector, features⟩ to it (Miyato & Koyama 2018, arXiv 1802.05637).
    """
    logit = layers.Dense(1, kernel_initializer=seeds.glorot(), dtype="float32")(features)
    if not num_classes:
        return keras.Model(image, logit, name="discriminator")
    label = keras.Input((), dtype="int32", name="label")
    one_hot = layers.CategoryEncoding(num_classes, output_mode="one_hot", dtype="float32")(label)
    width = features.shape[-1]
    vector = layers.Dense(width, use_bias=False, kernel_initializer=seeds.glorot(), dtype="float32")(one_hot)
    logit = layers.Add(dtype="float32")([logit, layers.Dot(-1, dtype="float32")([vector, features])])
    return keras.Model([image, label], logit, name="discriminator")
