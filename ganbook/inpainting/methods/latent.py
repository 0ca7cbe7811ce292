"""Search a trained GAN for the image that agrees with what is known. Yeh et al. 2017 (arXiv 1607.07539).

All starts of all images are one batch; a block of gradient steps is one graph call. The starts of an image are the
best of many random draws; what is drawn in its hole is blended in seamlessly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import tensorflow as tf

from ganbook.data.pixels import to_float, to_uint8
from ganbook.inpainting import blending
from ganbook.inpainting.methods import Filled
from ganbook.utils.progress import Watch

if TYPE_CHECKING:
    from ganbook.gan.model import GAN
    from ganbook.training.run import Run

WINDOW = 7  # pixels around one over which the fraction of hole gives its weight
DRAWS = 1024  # random draws that starts are chosen from
STEPS_A_CALL = 10
VALUES_AT_ONCE = 2**20  # of pixels searched at once
RATE = 0.05  # of Adam, falling to 0
TUNE_RATE = 2e-4  # of Adam, for G's weights
LENGTH_WEIGHT = 0.01  # of ½ mean z², minus the log-density of the noise, which keeps z where G was trained


def fill(images: np.ndarray, holes: np.ndarray, config: Any, watch: Watch, run: Run) -> Filled:
    """Fill from the nearest draws of a GAN; see :mod:`ganbook.inpainting.methods`.

    A candidate's score is its weighted context loss + ``prior`` × its adversarial loss.

    Raises
    ------
    ValueError
        No candidate has a finite score.
    """
    starts = max(config.starts, config.candidates)
    at_once = max(1, VALUES_AT_ONCE // (starts * images[0].size))
    parts = []
    for begin in range(0, len(images), at_once):
        end = min(begin + at_once, len(images))
        with watch.part(begin / len(images), end / len(images)):
            parts.append(_search(images[begin:end], holes[begin:end], starts, config, watch, run))
        if watch.stopped:
            break
    candidates, scores = zip(*parts, strict=True)
    return np.concatenate(candidates), np.concatenate(scores)


def _search(images: np.ndarray, holes: np.ndarray, starts: int, config: Any, watch: Watch, run: Run) -> Filled:
    gan, known, weights = run.gan, to_float(images), context_weights(holes)
    z, labels, usual = _starts(known, weights, starts, config.seed, gan, run.num_classes)
    with watch.part(0.0, 0.5 if config.fine_tune else 1.0):
        z, scores = _descend(
            gan, z, labels, usual, np.repeat(known, starts, 0), np.repeat(weights, starts, 0), config, watch
        )
    scores = scores.reshape(-1, starts)
    if not np.isfinite(scores.min(1)).all():
        raise ValueError("the search found nothing finite: the weights of the run are not sound")
    order = np.argsort(scores, 1)[:, : config.candidates]
    rows = (np.arange(len(images))[:, None] * starts + order).reshape(-1)
    z, labels = z[rows], None if labels is None else labels[rows]
    count = order.shape[1]
    if config.fine_tune:
        with watch.part(0.5, 1.0):
            drawn = _fine_tuned(gan, z, labels, known, weights, config.fine_tune, watch)
    else:
        drawn = gan.sample(z, labels)
    if config.blend == "poisson":
        drawn = blending.poisson(np.repeat(known, count, 0), drawn, np.repeat(holes, count, 0))
    return to_uint8(drawn).reshape(-1, count, *images.shape[1:]), np.take_along_axis(scores, order, 1)


def context_weights(holes: np.ndarray) -> np.ndarray:
    """Return how much each known pixel counts, float32 (N, H, W, 1): the fraction of hole around it.

    The importance weights of Yeh et al. 2017, and a little everywhere, so that what lies far from the hole has a say.
    """
    import cv2

    fraction = [cv2.blur(hole.astype(np.float32), (WINDOW, WINDOW), borderType=cv2.BORDER_REPLICATE) for hole in holes]
    weights = (np.stack(fraction) + 0.1) * ~holes
    return (weights / weights.sum((1, 2), keepdims=True))[..., None].astype(np.float32)


def _starts(
    known: np.ndarray, weights: np.ndarray, starts: int, seed: int, gan: GAN, classes: int
) -> tuple[np.ndarray, np.ndarray | None, tf.Tensor]:
    """Choose the draws nearest to each image; return z, labels, and the usual logit of draws."""
    z = gan.noise(max(DRAWS, starts), seed)
    labels = np.arange(len(z), dtype=np.int32) % classes if classes else None
    drawn = gan.sample(z, labels)
    # Σ w(x − g)² but for what all draws have in common, by two matrix products.
    flat = drawn.reshape(len(drawn), -1)
    weights = np.broadcast_to(weights, known.shape).reshape(len(known), -1)
    distances = weights @ np.square(flat).T - 2 * (weights * known.reshape(len(known), -1)) @ flat.T
    chosen = np.argpartition(distances, starts - 1, 1)[:, :starts].reshape(-1)
    usual = tf.reduce_mean(_logits(gan, tf.constant(drawn), labels))
    return z[chosen], None if labels is None else labels[chosen], usual


def _descend(
    gan: GAN,
    z: np.ndarray,
    labels: np.ndarray | None,
    usual: tf.Tensor,
    target: np.ndarray,
    weight: np.ndarray,
    config: Any,
    watch: Watch,
) -> tuple[np.ndarray, np.ndarray]:
    """Search from every start at once; return the best z of each, and its score."""
    target, weight, start, zero = tf.constant(target), tf.constant(weight), tf.constant(z), tf.zeros_like(z)
    state = (start, tf.fill(len(z), np.float32(np.inf)), start, zero, zero)  # best and its score, z, two moments
    for done in range(0, config.iterations, STEPS_A_CALL):
        rate = RATE * (1 - done / config.iterations)
        pull = tf.constant([rate, config.prior], tf.float32)
        state = _advance(gan, state, target, weight, labels, usual, pull, tf.constant(done))
        if not watch.goes_on(min(1.0, (done + STEPS_A_CALL) / config.iterations)):
            break
    return state[0].numpy(), state[1].numpy()


def _fine_tuned(
    gan: GAN, z: np.ndarray, labels: np.ndarray | None, known: np.ndarray, weights: np.ndarray, steps: int, watch: Watch
) -> np.ndarray:
    """Let a copy of G learn the known pixels of one image after the other, z held (Roich et al. 2021, 2106.05744)."""
    import keras

    drawn, count = [], len(z) // len(known)
    for index, (target, weight) in enumerate(zip(known, weights, strict=True)):
        part = slice(index * count, (index + 1) * count)
        network = keras.models.clone_model(gan.generator)  # the average is not trainable
        network.set_weights(gan.ema_generator.get_weights())
        inputs = tf.constant(z[part]) if labels is None else [tf.constant(z[part]), tf.constant(labels[part])]
        with watch.part(index / len(known), (index + 1) / len(known)):
            if not watch.stopped:
                _learn(network, inputs, target, weight, steps, watch)
        drawn.append(network(inputs, training=False).numpy())
    return np.concatenate(drawn)


def _learn(network: Any, inputs: Any, target: np.ndarray, weight: np.ndarray, steps: int, watch: Watch) -> None:
    import keras

    optimizer = keras.optimizers.Adam(TUNE_RATE)
    optimizer.build(network.trainable_variables)

    @tf.function
    def step() -> None:
        with tf.GradientTape() as tape:
            error = tf.reduce_sum(weight * tf.square(network(inputs, training=False) - target))
        variables = network.trainable_variables
        optimizer.apply(tape.gradient(error, variables), variables)

    for done in range(steps):
        step()
        if done % STEPS_A_CALL == 0 and not watch.goes_on(done / steps):
            break


def _logits(gan: GAN, images: tf.Tensor, labels: np.ndarray | None) -> tf.Tensor:
    inputs = images if labels is None else [images, tf.convert_to_tensor(labels)]
    return tf.reshape(gan.discriminator(inputs, training=False), [-1])


@tf.function(reduce_retracing=True)
def _advance(gan, state, target, weight, labels, usual, pull, done):
    """Take :data:`STEPS_A_CALL` steps of Adam from every start; ``pull`` is its rate, and the weight of the prior."""
    best_z, best, z, mean, square = state
    rate, prior = tf.unstack(pull)
    for step in tf.range(done + 1, done + 1 + STEPS_A_CALL):
        with tf.GradientTape() as tape:
            tape.watch(z)
            images = gan.ema_generator(z if labels is None else [z, labels], training=False)
            context = tf.reduce_sum(weight * tf.abs(images - target), (1, 2, 3)) / images.shape[3]
            score = context + prior * tf.math.softplus(usual - _logits(gan, images, labels))
            total = tf.reduce_sum(score + LENGTH_WEIGHT * tf.reduce_mean(tf.square(z), 1) / 2)
        slope = tape.gradient(total, z)
        slope = tf.where(tf.math.is_finite(slope), slope, 0.0)
        better = score < best
        best_z, best = tf.where(better[:, None], z, best_z), tf.where(better, score, best)
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * tf.square(slope)
        t = tf.cast(step, tf.float32)
        z -= rate * (mean / (1 - 0.9**t)) / (tf.sqrt(square / (1 - 0.99**t)) + 1e-8)
    return best_z, best, z, mean, square
