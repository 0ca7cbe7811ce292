"""Degradations inside the training step: a function of the images and a key."""

from __future__ import annotations

from functools import partial

import tensorflow as tf

from ganbook.data import degradations
from ganbook.data.resampling import shrinking_weights
from ganbook.utils import replicas


def degrade(images: tf.Tensor, policy: tuple[degradations.Degradation, ...], key: tf.Tensor) -> tf.Tensor:
    """Apply degradations, one after the other, each with values of its own for each image.

    Parameters
    ----------
    images
        float32 (B, H, W, C) in [−1, 1], C 1 or 3.
    policy
        As :func:`ganbook.data.degradations.parse` returns it.
    key
        int32 (2,), of which the result is a function.

    Returns
    -------
    Tensor
        float32 (B, H / scale, W / scale, C), at the 256 levels of files.
    """
    for index, degradation in enumerate(policy):
        values_key, noise_key = tf.unstack(tf.random.split(tf.random.fold_in(key, index), 2, alg="philox"))
        ends = degradation.low, max(degradation.high, degradation.low + 1e-6)
        values = replicas.draw(tf.shape(images)[0], partial(_uniform, key=values_key, ends=ends))
        if degradation.kind == "blur":
            images = _blurred(images, values, degradation.high)
        elif degradation.kind == "downscale":
            images = _shrunk(images, int(degradation.low))
        elif degradation.kind == "noise":
            shape = tf.shape(images)
            noise = replicas.draw(shape[0], partial(_normal, shape=shape[1:], key=noise_key))
            images += noise * values[:, None, None, None] / 127.5
        else:
            images = _compressed(images, values)
    return _eight_bit(images)


def _uniform(count: tf.Tensor, key: tf.Tensor, ends: tuple[float, float]) -> tf.Tensor:
    return tf.random.stateless_uniform((count,), key, *ends, alg="philox")


def _normal(count: tf.Tensor, shape: tf.Tensor, key: tf.Tensor) -> tf.Tensor:
    return tf.random.stateless_normal(tf.concat([[count], shape], 0), key, alg="philox")


def _eight_bit(images: tf.Tensor) -> tf.Tensor:
    return tf.round(tf.clip_by_value((images + 1) * 127.5, 0, 255)) / 127.5 - 1


def _shrunk(images: tf.Tensor, scale: int) -> tf.Tensor:
    """Shrink by bicubic interpolation with antialiasing, as :func:`ganbook.data.resampling.shrink` does."""
    if scale == 1:
        return images
    taps, weights = shrinking_weights(scale)
    before, after = -int(taps[0]), int(taps[-1]) - scale + 1
    padded = tf.pad(images, [(0, 0), (before, after), (before, after), (0, 0)], "SYMMETRIC")
    for shape, strides in (((-1, 1, 1, 1), (1, scale, 1, 1)), ((1, -1, 1, 1), (1, 1, scale, 1))):
        parts = [tf.nn.conv2d(channel, weights.reshape(shape), strides, "VALID") for channel in _channels(padded)]
        padded = tf.concat(parts, -1)
    return padded


def _channels(images: tf.Tensor) -> list[tf.Tensor]:
    return tf.split(images, images.shape[-1], -1)


def _blurred(images: tf.Tensor, sigmas: tf.Tensor, strongest: float) -> tf.Tensor:
    """Blur each image with a Gaussian of its own, as a weighted sum of shifted images."""
    radius = max(1, round(3 * strongest))
    offsets = tf.range(-radius, radius + 1, dtype=tf.float32)
    weights = tf.exp(-0.5 * tf.square(offsets[None] / tf.maximum(sigmas, 1e-3)[:, None]))
    weights /= tf.reduce_sum(weights, 1, keepdims=True)
    for axis in (1, 2):
        length = images.shape[axis]
        paddings = [(radius, radius) if a == axis else (0, 0) for a in range(4)]
        padded = tf.pad(images, paddings, "SYMMETRIC")
        images = tf.add_n([
            weights[:, index, None, None, None] * tf.gather(padded, tf.range(index, index + length), axis=axis)
            for index in range(2 * radius + 1)
        ])  # fmt: skip
    return images


def _compressed(images: tf.Tensor, qualities: tf.Tensor) -> tf.Tensor:
    """Compress each image as a JPEG of a quality of its own."""

    def compressed(image_and_quality):
        image, quality = image_and_quality
        return tf.image.adjust_jpeg_quality(image, quality)

    levels = tf.clip_by_value((images + 1) / 2, 0, 1)
    whole = tf.cast(tf.round(qualities), tf.int32)
    result = tf.map_fn(compressed, (levels, whole), fn_output_signature=tf.TensorSpec(images.shape[1:], tf.float32))
    return result * 2 - 1
