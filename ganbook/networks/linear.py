"""A linear path from z to a small image, which starts at the principal components of the data.

A generator that adds it to what its convolutions draw begins with blurred images of the right mean and covariance
instead of noise, and its discriminator begins with what is missing from them.
"""

from __future__ import annotations

import math

import keras
import numpy as np
from keras import layers

from ganbook.networks.layers import Seeds, cropped

# The components are those of at most this many images, whose values are scaled to stay away from the ends of tanh.
SAMPLES, SQUEEZE = 4000, 0.97
NAME = "linear"


def linear_path(z: keras.KerasTensor, shape: tuple[int, int, int], side: int, seeds: Seeds) -> keras.KerasTensor:
    """Draw an image before tanh, float32 (B, H, W, C), from z, or z and a one-hot class, (B, L).

    One dense layer draws it at no more than ``side`` pixels on its longer side, H and W divided by one power of two;
    it is then enlarged bilinearly.
    """
    times = 2 ** max(0, math.ceil(math.log2(max(shape[:2]) / side)))
    small = (*_reduced_size(shape, times), shape[2])
    x = layers.Dense(math.prod(small), kernel_initializer=seeds.glorot(), dtype="float32", name=NAME)(z)
    x = layers.Reshape(small, dtype="float32")(x)
    if times == 1:
        return x
    return cropped(layers.UpSampling2D(times, interpolation="bilinear", dtype="float32")(x), shape)


def start_from(generator: keras.Model, samples: np.ndarray, labels: np.ndarray | None = None) -> None:
    """Set the linear path to the principal components of the data, and of its classes' means if conditional.

    Parameters
    ----------
    generator
        A generator with a :func:`linear_path`; changed in place.
    samples
        Pixels uint8 (N, H, W, C), or float32 in [−1, 1].
    labels
        int32 (N,), if conditional.
    """
    path = generator.get_layer(NAME)
    kernel, bias = (np.zeros(weight.shape, np.float32) for weight in path.weights)
    rows = np.linspace(0, len(samples) - 1, min(SAMPLES, len(samples))).astype(int)
    count, times = len(rows), _reduction(samples.shape[1:], len(bias))
    parts = np.array_split(rows, -(-count // 64))  # only a few large images at a time
    images = np.concatenate([_reduced(_signed(samples[part]), times) for part in parts])
    targets = np.arctanh(SQUEEZE * np.clip(images, -1, 1)).reshape(count, -1)
    bias[:] = targets.mean(0)
    targets -= bias
    latent_dim = generator.inputs[0].shape[-1]
    if labels is not None:
        for label in np.unique(labels[rows]):
            of_class = labels[rows] == label
            kernel[latent_dim + label] = targets[of_class].mean(0)
            targets[of_class] -= kernel[latent_dim + label]
    # The eigenvectors of the smaller of the two matrices of products give the components.
    products = targets.T @ targets if count > targets.shape[1] else targets @ targets.T
    values, vectors = np.linalg.eigh(products.astype(np.float64) / count)
    values, vectors = values[::-1][:latent_dim], vectors[:, ::-1][:, :latent_dim]
    if count > targets.shape[1]:
        components = np.sqrt(np.maximum(values, 0))[:, None] * vectors.T
    else:
        components = (vectors.T @ targets) / math.sqrt(count)
    kernel[: len(components)] = components
    path.set_weights([kernel, bias])


def _reduced_size(shape: tuple[int, ...], times: int) -> tuple[int, int]:
    return math.ceil(shape[0] / times), math.ceil(shape[1] / times)


def _reduction(shape: tuple[int, ...], values: int) -> int:
    """Return the power of two by which images of ``values`` values are smaller than those of ``shape``."""
    times = 1
    while math.prod(_reduced_size(shape, times)) * shape[2] > values:
        times *= 2
    return times


def _signed(samples: np.ndarray) -> np.ndarray:
    return samples.astype(np.float32) / 127.5 - 1 if samples.dtype == np.uint8 else samples


def _reduced(images: np.ndarray, times: int) -> np.ndarray:
    """Return means of blocks; edges are repeated where the last block is not full."""
    if times == 1:
        return images
    padding = [(0, -side % times) for side in images.shape[1:3]]
    images = np.pad(images, [(0, 0), *padding, (0, 0)], "edge")
    count, height, width, channels = images.shape
    return images.reshape(count, height // times, times, width // times, times, channels).mean((2, 4))
