"""An untrained network fitted to the known pixels: it finds it easier to go on than to break off.

Ulyanov et al. 2018 (arXiv 1711.10925), sections 2 and 3. No data set is needed; each picture and each candidate has a
network of its own, so that this is slow.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ganbook import backend
from ganbook.data.pixels import to_float, to_uint8
from ganbook.inpainting.methods import Filled
from ganbook.inpainting.watch import Watch

WIDTH, SKIP, NOISE = 32, 4, 16  # channels: of each size, handed across, and of the noise that goes in
JITTER = 0.03  # of the noise, anew in each step, so that the fit stays smooth
RATE = 0.01
AVERAGE = 0.98  # of the drawings: each is this share of the one before
STEPS_A_CALL = 20


def fill(pictures: np.ndarray, holes: np.ndarray, asked: Any, watch: Watch, run: Any) -> Filled:
    """Fill by fitting networks; see :mod:`ganbook.inpainting.methods`. The score is the squared error of the fit."""
    backend.tensorflow()
    count = len(pictures) * asked.candidates
    fitted = []
    for index in range(count):
        which, seed = index // asked.candidates, asked.seed + index % asked.candidates
        if watch.stopped and index % asked.candidates == 0:
            break
        with watch.part(index / count, (index + 1) / count):
            fitted.append(_fitted(pictures[which], holes[which], seed, asked.iterations, watch))
    drawn, scores = (np.stack(part) for part in zip(*fitted, strict=True))
    drawn, scores = drawn.reshape(-1, asked.candidates, *drawn.shape[1:]), scores.reshape(-1, asked.candidates)
    order = np.argsort(scores, 1)
    rows = np.arange(len(drawn))[:, None]
    return drawn[rows, order], scores[rows, order]


def _fitted(picture: np.ndarray, hole: np.ndarray, seed: int, steps: int, watch: Watch) -> tuple[np.ndarray, float]:
    import keras
    import tensorflow as tf

    side = 2 ** _sizes(hole.shape)
    beyond = [(0, -length % side) for length in hole.shape]
    known = np.pad(~hole, beyond)[None, :, :, None].astype(np.float32)
    target = np.pad(to_float(picture), [*beyond, (0, 0)])[None]
    rng = np.random.default_rng(seed)
    noise = tf.constant(rng.uniform(0, 0.1, (*target.shape[:3], NOISE)), tf.float32)
    network = _network(target.shape[1:], seed)
    optimizer = keras.optimizers.Adam(RATE)
    optimizer.build(network.trainable_variables)
    average = tf.Variable(tf.zeros(target.shape))

    @tf.function
    def fit() -> Any:
        error = tf.constant(0.0)
        for _ in tf.range(STEPS_A_CALL):
            key = tf.stack([tf.constant(seed), tf.cast(optimizer.iterations, tf.int32)])
            jitter = JITTER * tf.random.stateless_normal(noise.shape, key, alg="philox")
            with tf.GradientTape() as tape:
                drawn = network(noise + jitter, training=True)
                error = tf.reduce_sum(known * tf.square(drawn - target)) / (known.sum() * target.shape[3])
            weights = network.trainable_variables
            optimizer.apply(tape.gradient(error, weights), weights)
            share = tf.where(optimizer.iterations > 1, AVERAGE, 0.0)
            average.assign(share * average + (1 - share) * drawn)
        return error

    error = np.nan
    for done in range(0, steps, STEPS_A_CALL):
        error = float(fit())
        if not np.isfinite(error):
            raise ValueError("the fit of deep-prior is not finite: the picture is not sound")
        if not watch.goes_on(min(1.0, (done + STEPS_A_CALL) / steps)):
            break
    drawn = average.numpy()[0, : hole.shape[0], : hole.shape[1]]
    return to_uint8(drawn), error


def _sizes(shape: tuple[int, int]) -> int:
    """How often the network halves the picture."""
    return int(np.clip(np.log2(min(shape) / 4), 1, 5))


def _network(shape: tuple[int, int, int], seed: int) -> Any:
    """An hourglass with thin paths across, noise → picture in [−1, 1]."""
    import keras
    from keras import layers

    from ganbook.networks.parts import Seeds

    seeds = Seeds(seed, "deep prior")

    def conv(x: Any, width: int, side: int = 3, strides: int = 1) -> Any:
        x = layers.Conv2D(width, side, strides, "same", kernel_initializer=seeds.glorot())(x)
        return layers.LeakyReLU(0.2)(layers.BatchNormalization()(x))

    x = noise = keras.Input((*shape[:2], NOISE))
    across = []
    for _ in range(_sizes(shape[:2])):
        across.append(conv(x, SKIP, 1))
        x = conv(conv(x, WIDTH, 3, 2), WIDTH)
    for path in reversed(across):
        x = layers.UpSampling2D(2, interpolation="bilinear")(x)
        x = conv(conv(layers.Concatenate()([x, path]), WIDTH), WIDTH, 1)
    x = layers.Conv2D(shape[2], 1, activation="tanh", kernel_initializer=seeds.glorot())(x)
    return keras.Model(noise, x, name="deep_prior")
