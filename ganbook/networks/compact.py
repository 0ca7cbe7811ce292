"""A small pair that learns much in a second of CPU time; the default. Its numbers stand in benchmarks/RESULTS.md.

G adds up two paths. The narrow convolutional one draws detail: dense → base of about 7×7 → transposed convolutions →
sub-pixel convolution (Shi et al. 2016, arXiv 1609.05158). The linear one goes from z straight to the image;
:func:`start_from` sets it to the principal components of the data, so that training begins with blurred images of
the right mean and covariance instead of noise. D halves with narrow convolutions and ends dense; its first one runs
on 2×2 blocks of pixels, the same arithmetic as 4×4 at stride 2, in less time.
"""

from __future__ import annotations

import math

import keras
import numpy as np
from keras import layers

from ganbook.networks.layers import (
    Seeds,
    class_input,
    cropped,
    doublings,
    from_blocks,
    judged,
    normalised,
    to_blocks,
    widths,
)

G_WIDTH, D_WIDTH, WIDEST = 24, 16, 256
G_HIDDEN, D_HIDDEN = 384, 256
# The linear path draws images of at most this side, which are then enlarged.
LINEAR_SIDE = 40
# Principal components are computed from this many images, whose values are kept this far from the ends of tanh.
STUDIED, SQUEEZE = 4000, 0.97


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
    x = layers.Add(dtype="float32")([x, _linear(given, shape, seeds)])
    return keras.Model(inputs, layers.Activation("tanh", dtype="float32")(x), name="generator")


def discriminator(
    shape: tuple[int, int, int], *, num_classes: int = 0, seed: int = 0, dtype: str = "float32"
) -> keras.Model:
    """Image → strided convolutions that halve → dense → one logit, leaky ReLU."""
    seeds = Seeds(seed, "discriminator")
    image = keras.Input(shape, name="image")
    first, *others = widths(D_WIDTH, doublings(shape), WIDEST)
    x = layers.ZeroPadding2D([(1, 1 + side % 2) for side in shape[:2]], dtype=dtype)(image)
    x = layers.Conv2D(first, 2, kernel_initializer=seeds.glorot(), dtype=dtype)(to_blocks(x))
    x = layers.LeakyReLU(0.2, dtype=dtype)(x)
    for channels in others:
        x = layers.Conv2D(channels, 4, 2, "same", kernel_initializer=seeds.glorot(), dtype=dtype)(x)
        x = layers.LeakyReLU(0.2, dtype=dtype)(x)
    x = layers.Dense(D_HIDDEN, kernel_initializer=seeds.glorot(), dtype=dtype)(layers.Flatten(dtype=dtype)(x))
    features = layers.LeakyReLU(0.2, dtype="float32")(x)
    return judged(image, features, num_classes, seeds)


def start_from(network: keras.Model, samples: np.ndarray, labels: np.ndarray | None = None) -> None:
    """Set G's linear path to the principal components of the data, and of its classes' means if conditional.

    Parameters
    ----------
    network
        What :func:`generator` built.
    samples
        Pixels uint8 (N, H, W, C), or float32 in [−1, 1].
    labels
        int32 (N,), if conditional.
    """
    path = network.get_layer("linear")
    kernel, bias = (np.zeros(weight.shape, np.float32) for weight in path.weights)
    picked = np.linspace(0, len(samples) - 1, min(STUDIED, len(samples))).astype(int)
    count, times = len(picked), _reduction(samples.shape[1:])
    parts = np.array_split(picked, -(-count // 64))  # large images only a few at a time
    pictures = np.concatenate([_reduced(_signed(samples[part]), times) for part in parts])
    wanted = np.arctanh(SQUEEZE * np.clip(pictures, -1, 1)).reshape(count, -1)
    bias[:] = wanted.mean(0)
    wanted -= bias
    latent = network.inputs[0].shape[-1]
    if labels is not None:
        for label in np.unique(labels[picked]):
            of_class = labels[picked] == label
            kernel[latent + label] = wanted[of_class].mean(0)
            wanted[of_class] -= kernel[latent + label]
    # The eigenvectors of the smaller of the two matrices of products give the components.
    products = (wanted.T @ wanted if count > wanted.shape[1] else wanted @ wanted.T).astype(np.float64) / count
    values, vectors = np.linalg.eigh(products)
    values, vectors = values[::-1][:latent], vectors[:, ::-1][:, :latent]
    if count > wanted.shape[1]:
        components = np.sqrt(np.maximum(values, 0))[:, None] * vectors.T
    else:
        components = (vectors.T @ wanted) / math.sqrt(count)
    kernel[: len(components)] = components
    path.set_weights([kernel, bias])


def _linear(given: keras.KerasTensor, shape: tuple[int, int, int], seeds: Seeds) -> keras.KerasTensor:
    """Z → picture, enlarged if need be."""
    times = _reduction(shape)
    small = (*(math.ceil(side / times) for side in shape[:2]), shape[2])
    x = layers.Dense(math.prod(small), kernel_initializer=seeds.glorot(), dtype="float32", name="linear")(given)
    x = layers.Reshape(small, dtype="float32")(x)
    if times == 1:
        return x
    return cropped(layers.UpSampling2D(times, interpolation="bilinear", dtype="float32")(x), shape)


def _reduction(shape: tuple[int, int, int]) -> int:
    """Return the factor, a power of two, by which the image of the linear path is smaller."""
    return 2 ** max(0, math.ceil(math.log2(max(shape[:2]) / LINEAR_SIDE)))


def _signed(samples: np.ndarray) -> np.ndarray:
    return samples.astype(np.float32) / 127.5 - 1 if samples.dtype == np.uint8 else samples


def _reduced(pictures: np.ndarray, times: int) -> np.ndarray:
    """Means of blocks; edges are repeated where the last block is not full."""
    if times == 1:
        return pictures
    missing = [(0, -side % times) for side in pictures.shape[1:3]]
    count, height, width, channels = (pictures := np.pad(pictures, [(0, 0), *missing, (0, 0)], "edge")).shape
    return pictures.reshape(count, height // times, times, width // times, times, channels).mean((2, 4))


def _dense(x: keras.KerasTensor, width: int, seeds: Seeds, dtype: str) -> keras.KerasTensor:
    return layers.Dense(width, use_bias=False, kernel_initializer=seeds.glorot(), dtype=dtype)(x)
