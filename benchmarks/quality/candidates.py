"""Networks that ``benchmarks.search`` tries on photographs: one generator and one discriminator with many switches.

``photo`` came from here; the switches stay, so that the tables can be made again.
"""

from __future__ import annotations

import math

import keras
from keras import layers, ops

from ganbook.networks.layers import Seeds, class_input, cropped, from_blocks, judged, normalised, strided_on_blocks
from ganbook.networks.linear import linear_path


def _level(side: int, base: int) -> int:
    return max(1, round(math.log2(side / base)))


def transposed_in_blocks(x, channels, seeds, dtype, bias=False):
    """A transposed 4×4 convolution at stride 2 as a 2×2 one that draws blocks of 2×2 pixels."""
    x = layers.ZeroPadding2D(1, dtype=dtype)(x)
    x = layers.Conv2D(4 * channels, 2, use_bias=False, kernel_initializer=seeds.glorot(), dtype=dtype)(x)
    x = layers.Cropping2D(1, dtype=dtype)(from_blocks(x))
    return Bias(dtype=dtype)(x) if bias else x


class Bias(layers.Layer):
    """One number for each channel, added."""

    def build(self, shape):
        self.bias = self.add_weight(shape=(shape[-1],), initializer="zeros", name="bias")

    def call(self, x):
        return x + self.bias


class Doubled(layers.Layer):
    """Each pixel twice in both directions, by broadcasting."""

    def call(self, x):
        _, height, width, channels = x.shape
        x = ops.reshape(x, (-1, height, 1, width, 1, channels))
        x = ops.broadcast_to(x, (ops.shape(x)[0], height, 2, width, 2, channels))
        return ops.reshape(x, (-1, 2 * height, 2 * width, channels))


def generator(
    shape: tuple[int, int, int],
    latent_dim: int,
    *,
    num_classes: int = 0,
    seed: int = 0,
    dtype: str = "float32",
    base: int = 4,
    width: int = 32,
    widest: int = 256,
    up: str = "nearest",
    residual: bool = False,
    skip: bool = False,
    low: bool = False,
    linear: int = 0,
    last: str = "conv",
) -> keras.Model:
    """Z → dense base → doublings → image; the switches are those of the tables.

    Parameters
    ----------
    base
        Side of the smallest map, about, in pixels.
    width, widest
        Channels at full size, doubled at each halving, and at most.
    up
        ``nearest`` or ``bilinear`` enlarging before 3×3 convolutions, or ``transposed`` 4×4 convolutions.
    residual
        Blocks of two convolutions, with a shortcut.
    skip
        Each size draws an image, enlarged and added up (StyleGAN2, arXiv 1912.04958).
    low
        Convolutions before enlarging instead of after.
    linear
        Side of a linear path from the principal components; 0 for none.
    last
        How the last size is drawn: ``conv``, ``transposed``, or ``blocks`` of 2×2 pixels.
    """
    seeds, times = Seeds(seed, "generator"), _level(min(shape[:2]), base)
    height, across = (math.ceil(side / 2**times) for side in shape[:2])

    def conv(x, channels, size=3, bias=False, zeros=False, stride=1):
        return layers.Conv2D(
            channels, size, stride, "same", use_bias=bias,
            kernel_initializer="zeros" if zeros else seeds.glorot(), dtype=dtype,
        )(x)  # fmt: skip

    def act(x):
        return normalised(x, dtype)

    def doubled(x):
        if up == "bilinear":
            return layers.UpSampling2D(2, interpolation="bilinear", dtype=dtype)(x)
        return Doubled(dtype=dtype)(x)

    widths = [min(width * 2**i, widest) for i in range(times, -1, -1)]  # base … full
    z = keras.Input((latent_dim,), name="z")
    inputs, given = class_input(z, num_classes)
    x = given
    x = layers.Dense(height * across * widths[0], use_bias=False, kernel_initializer=seeds.glorot(), dtype=dtype)(x)
    x = layers.Reshape((height, across, widths[0]), dtype=dtype)(x)
    if not residual:
        x = act(x)
    image = None
    for i, channels in enumerate(widths[1:]):
        full = i == times - 1
        if full and last == "blocks":  # the last doubling: colours of 2×2 pixels
            x = act(x) if residual else x
            blocks = conv(x, 4 * shape[2], bias=True, zeros=skip)
            drawn = from_blocks(blocks)
        elif full and last == "in blocks":
            drawn = transposed_in_blocks(x, shape[2], seeds, dtype, bias=True)
        elif full and last == "transposed":
            x = act(x) if residual else x
            drawn = layers.Conv2DTranspose(
                shape[2], 4, 2, "same", kernel_initializer="zeros" if skip else seeds.glorot(), dtype=dtype
            )(x)
        else:
            if residual:
                short = x
                y = act(x)
                y = conv(doubled(y), channels)
                y = conv(act(y), channels)
                if short.shape[-1] != channels:
                    short = conv(short, channels, 1)
                x = layers.Add(dtype=dtype)([doubled(short), y])
            elif up == "in blocks":
                x = act(transposed_in_blocks(x, channels, seeds, dtype))
            elif up == "transposed":
                x = layers.Conv2DTranspose(
                    channels, 4, 2, "same", use_bias=False, kernel_initializer=seeds.glorot(), dtype=dtype
                )(x)
                x = act(x)
            elif low:  # convolved before it is enlarged: a quarter of the work
                x = doubled(act(conv(x, channels)))
            else:
                x = act(conv(doubled(x), channels))
            drawn = None
        if drawn is None and (full or skip):
            y = act(x) if residual else x
            drawn = conv(y, shape[2], 3, bias=True, zeros=skip)
        if skip and drawn is not None:
            drawn = layers.Activation("linear", dtype="float32")(drawn)
            if image is not None:
                image = layers.UpSampling2D(2, interpolation="bilinear", dtype="float32")(image)
                image = layers.Add(dtype="float32")([image, drawn])
            else:
                image = drawn
        elif full:
            image = drawn
    image = cropped(image, shape)
    if linear:
        image = layers.Add(dtype="float32")([image, linear_path(given, shape, linear, seeds)])
    return keras.Model(inputs, layers.Activation("tanh", dtype="float32")(image), name="generator")


def discriminator(
    shape: tuple[int, int, int],
    *,
    num_classes: int = 0,
    seed: int = 0,
    dtype: str = "float32",
    base: int = 4,
    width: int = 32,
    widest: int = 256,
    first: str = "conv4",
    down: str = "strided",
    residual: bool = False,
    head: str = "flatten",
) -> keras.Model:
    """Image → halvings → one logit; the switches are those of the tables.

    Parameters
    ----------
    base
        Side of the last map, about, in pixels.
    width, widest
        Channels after the first halving, doubled at each further one, and at most.
    first
        The first halving: ``conv4`` at stride 2, or ``blocks2``, 2×2 convolutions on blocks of 2×2 pixels.
    down
        The others: ``strided`` 4×4 convolutions, or 3×3 ones and mean ``pool``.
    residual
        Blocks of two convolutions, with a shortcut.
    head
        ``flatten``, or ``conv`` for another 3×3 convolution before.
    """
    seeds, times = Seeds(seed, "discriminator"), _level(min(shape[:2]), base)
    widths = [min(width * 2**i, widest) for i in range(times)]
    x = image = keras.Input(shape, name="image")

    def conv(x, channels, size=3, stride=1, bias=True):
        return layers.Conv2D(
            channels, size, stride, "same", use_bias=bias, kernel_initializer=seeds.glorot(), dtype=dtype
        )(x)

    def act(x):
        return layers.LeakyReLU(0.2, dtype=dtype)(x)

    def halved(x):
        return layers.AveragePooling2D(2, padding="same", dtype=dtype)(x)

    for i, channels in enumerate(widths):
        if (i == 0 and first == "blocks2") or down == "in blocks":
            x = act(strided_on_blocks(x, channels, seeds, dtype))
        elif i == 0 or (down == "strided" and not residual):
            x = act(conv(x, channels, 4, 2))
        elif residual:
            shortcut = halved(x)
            if x.shape[-1] != channels:
                shortcut = conv(shortcut, channels, 1, bias=False)
            y = act(conv(x, channels))
            y = conv(halved(y), channels) if down == "pool" else conv(y, channels, 4, 2)
            x = act(layers.Add(dtype=dtype)([shortcut, y]))
        else:
            x = halved(act(conv(x, channels)))
    if head == "conv":
        x = act(conv(x, widths[-1]))
    x = layers.Flatten(dtype="float32")(x)
    return judged(image, x, num_classes, seeds)
