"""An untrained network fitted to the known pixels: it finds it easier to go on than to break off.

Ulyanov et al. 2018 (arXiv 1711.10925), sections 2 and 3. No data set is needed; each image and each candidate has a
network of its own, so that this is slow.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ganbook.data.pixels import to_float, to_uint8
from ganbook.inpainting.methods import Filled
from ganbook.utils import backend
from ganbook.utils.progress import Watch

WIDTH, NOISE = 32, 16  # channels of each size, and of the noise that goes in
JITTER = 0.03  # of the noise, anew in each step, so that the fit stays smooth
RATE = 0.01
AVERAGE = 0.98  # weight of the earlier outputs in their moving average
STEPS_A_CALL = 20


def fill(images: np.ndarray, holes: np.ndarray, config: Any, watch: Watch, run: Any) -> Filled:
    """Fill by fitting networks; see :mod:`ganbook.inpainting.methods`. The score is the squared error of the fit.

    Raises
    ------
    ValueError
        The fit is not finite.
    """
    backend.tensorflow()
    fit, count = _fitter(images.shape[1:], config.seed), len(images) * config.candidates
    fitted = []
    for index in range(count):
        number, k = divmod(index, config.candidates)
        if watch.stopped and k == 0:
            break
        with watch.part(index / count, (index + 1) / count):
            fitted.append(fit(images[number], holes[number], config.seed + k, config.iterations, watch))
    drawn, scores = (np.stack(part) for part in zip(*fitted, strict=True))
    drawn, scores = drawn.reshape(-1, config.candidates, *drawn.shape[1:]), scores.reshape(-1, config.candidates)
    order = np.argsort(scores, 1)
    rows = np.arange(len(drawn))[:, None]
    return drawn[rows, order], scores[rows, order]


def _fitter(shape: tuple[int, int, int], seed: int) -> Callable[..., tuple[np.ndarray, np.float32]]:
    """Return a function that fits a network, the same at first each time, to one image after the other."""
    import keras
    import tensorflow as tf

    side = 2 ** _sizes(shape)
    beyond = [(0, -length % side) for length in shape[:2]]
    padded = [length + more for length, (_, more) in zip(shape, beyond, strict=False)]
    network, optimizer = _network((*padded, shape[2]), seed), keras.optimizers.Adam(RATE)
    weights = network.trainable_variables
    optimizer.build(weights)
    changing = [*network.variables, *optimizer.variables]
    first = [variable.numpy() for variable in changing]
    average = tf.Variable(tf.zeros((1, *padded, shape[2])))

    @tf.function
    def advance(known: Any, target: Any, noise: Any, key: Any) -> Any:
        error = tf.constant(0.0)
        for _ in tf.range(STEPS_A_CALL):
            step = tf.cast(optimizer.iterations, tf.int32)
            jitter = JITTER * tf.random.stateless_normal(noise.shape, tf.stack([key, step]), alg="philox")
            with tf.GradientTape() as tape:
                drawn = network(noise + jitter, training=True)
                error = tf.reduce_sum(known * tf.square(drawn - target)) / (tf.reduce_sum(known) * shape[2])
            optimizer.apply(tape.gradient(error, weights), weights)
            momentum = tf.where(step > 0, AVERAGE, 0.0)
            average.assign(momentum * average + (1 - momentum) * drawn)
        return error

    def fit(image: np.ndarray, hole: np.ndarray, seed: int, steps: int, watch: Watch) -> tuple[np.ndarray, np.float32]:
        for variable, value in zip(changing, first, strict=True):
            variable.assign(value)
        known = tf.constant(np.pad(~hole, beyond)[None, :, :, None].astype(np.float32))
        target = tf.constant(np.pad(to_float(image), [*beyond, (0, 0)])[None])
        noise = np.random.default_rng(seed).uniform(0, 0.1, (1, *padded, NOISE)).astype(np.float32)
        error = np.float32(np.nan)
        for done in range(0, steps, STEPS_A_CALL):
            error = advance(known, target, tf.constant(noise), tf.constant(seed)).numpy()
            if not np.isfinite(error):
                raise ValueError("the fit of deep-prior is not finite")
            if not watch.goes_on(min(1.0, (done + STEPS_A_CALL) / steps)):
                break
        return to_uint8(average.numpy()[0, : shape[0], : shape[1]]), error

    return fit


def _sizes(shape: tuple[int, ...]) -> int:
    """How often the network halves the image."""
    return int(np.clip(np.log2(min(shape[:2]) / 2), 1, 6))


def _network(shape: tuple[int, int, int], seed: int) -> Any:
    """An hourglass, noise → image in [−1, 1]; with paths across, large holes would be filled with noise."""
    import keras
    from keras import layers

    from ganbook.networks.layers import Seeds

    seeds = Seeds(seed, "deep prior")

    def conv(x: Any, width: int, side: int = 3, strides: int = 1) -> Any:
        x = layers.Conv2D(width, side, strides, "same", kernel_initializer=seeds.glorot())(x)
        return layers.LeakyReLU(0.2)(layers.BatchNormalization()(x))

    x = noise = keras.Input((*shape[:2], NOISE))
    for _ in range(_sizes(shape)):
        x = conv(conv(x, WIDTH, 3, 2), WIDTH)
    for _ in range(_sizes(shape)):
        x = conv(conv(layers.UpSampling2D(2, interpolation="bilinear")(x), WIDTH), WIDTH, 1)
    x = layers.Conv2D(shape[2], 1, activation="tanh", kernel_initializer=seeds.glorot())(x)
    return keras.Model(noise, x, name="deep_prior")
