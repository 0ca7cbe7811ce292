"""Adversarial losses and penalties.

A loss takes the logits of D for real and for generated samples, float32 ``(B,)`` each, and returns what D and
what G minimise, per sample, ``(B,)`` each. A penalty takes the discriminator and both batches and returns
``(B,)``; its weight belongs to the caller. With D(x) = σ(logit) and softplus(−y) = −log σ(y).
"""

from __future__ import annotations

from collections.abc import Callable

import tensorflow as tf

Pair = tuple[tf.Tensor, tf.Tensor]
softplus, sigmoid = tf.math.softplus, tf.math.sigmoid


def non_saturating(real: tf.Tensor, fake: tf.Tensor) -> Pair:
    """D: −log D(x) − log(1 − D(G(z))) · G: −log D(G(z)).

    Goodfellow et al. 2014, section 3 (arXiv 1406.2661).
    """
    return softplus(-real) + softplus(fake), softplus(-fake)


def minimax(real: tf.Tensor, fake: tf.Tensor) -> Pair:
    """D: −log D(x) − log(1 − D(G(z))) · G: log(1 − D(G(z))).

    Goodfellow et al. 2014, equation 1. The term of augmented real images is :func:`augmented_real`.
    """
    return softplus(-real) + softplus(fake), -softplus(fake)


def augmented_real(augmented: tf.Tensor) -> tf.Tensor:
    """D: −log D(y), y real images seen through the augmentation; the λ-term that extends :func:`minimax`."""
    return softplus(-augmented)


def least_squares(real: tf.Tensor, fake: tf.Tensor) -> Pair:
    """D: ½(D(x) − 1)² + ½D(G(z))² · G: ½(D(G(z)) − 1)², D linear.

    Mao et al. 2017, equation 9 (arXiv 1611.04076).
    """
    return 0.5 * tf.square(real - 1.0) + 0.5 * tf.square(fake), 0.5 * tf.square(fake - 1.0)


def wasserstein(real: tf.Tensor, fake: tf.Tensor) -> Pair:
    """D: D(G(z)) − D(x) · G: −D(G(z)), D a critic kept near 1-Lipschitz by a penalty.

    Arjovsky et al. 2017, algorithm 1 (arXiv 1701.07875).
    """
    return fake - real, -fake


def hinge(real: tf.Tensor, fake: tf.Tensor) -> Pair:
    """D: max(0, 1 − D(x)) + max(0, 1 + D(G(z))) · G: −D(G(z)).

    Lim & Ye 2017 (arXiv 1705.02894); Miyato et al. 2018, equations 16–17 (arXiv 1802.05957).
    """
    return tf.nn.relu(1.0 - real) + tf.nn.relu(1.0 + fake), -fake


def relativistic(real: tf.Tensor, fake: tf.Tensor) -> Pair:
    """D: −log σ(D(x) − D(G(z))) · G: −log σ(D(G(z)) − D(x)), pair by pair (RpGAN).

    Jolicoeur-Martineau 2018 (arXiv 1807.00734); Huang et al. 2024, equation 2 (arXiv 2501.05441).
    """
    return softplus(fake - real), softplus(real - fake)


LOSSES: dict[str, Callable[[tf.Tensor, tf.Tensor], Pair]] = {
    "non-saturating": non_saturating,
    "minimax": minimax,
    "least-squares": least_squares,
    "wasserstein": wasserstein,
    "hinge": hinge,
    "relativistic": relativistic,
}
# G's loss depends on D(x) as well, so D must see the real batch again in G's update.
G_NEEDS_REAL = {"relativistic"}


def beliefs(name: str, real: tf.Tensor, fake: tf.Tensor) -> Pair:
    """Return the discriminator's outputs D(x) and D(G(z)) in [0, 1], ``(B,)`` each.

    Where a logit alone has no meaning (a critic, hinge, relativistic), it is compared with the mean logit of the
    other kind, as in the relativistic average discriminator (arXiv 1807.00734, equation 6).
    """
    if name in ("non-saturating", "minimax"):
        return sigmoid(real), sigmoid(fake)
    if name == "least-squares":
        return tf.clip_by_value(real, 0.0, 1.0), tf.clip_by_value(fake, 0.0, 1.0)
    return sigmoid(real - tf.reduce_mean(fake)), sigmoid(fake - tf.reduce_mean(real))


def overfitting(name: str, real: tf.Tensor, fake: tf.Tensor) -> tf.Tensor:
    """E[sign D(x)]: 0 where D cannot tell real samples, 1 where it is sure of each one.

    Karras et al. 2020, equation 1 (arXiv 2006.06676), on the training set. Where no logit means even odds by itself,
    they are midway between the mean logits of the two kinds.
    """
    even = 0.0 if name in ("non-saturating", "minimax", "hinge") else (tf.reduce_mean(real) + tf.reduce_mean(fake)) / 2
    return tf.reduce_mean(tf.sign(real - even))


Critic = Callable[[tf.Tensor], tf.Tensor]


def squared_norm(slope: tf.Tensor) -> tf.Tensor:
    """‖slope‖² for each sample, float32 (B,), of slopes (B, …)."""
    slope = tf.cast(slope, tf.float32)
    return tf.reduce_sum(tf.square(slope), axis=list(range(1, slope.shape.rank)))


def _squared_slope(critic: Critic, x: tf.Tensor) -> tf.Tensor:
    """‖∇ₓD(x)‖² for each sample."""
    with tf.GradientTape() as tape:
        tape.watch(x)
        logits = critic(x)
    return squared_norm(tape.gradient(logits, x))


def r1(critic: Critic, real: tf.Tensor, fake: tf.Tensor, mix: tf.Tensor) -> tf.Tensor:
    """½‖∇D(x)‖² at real samples. Mescheder et al. 2018, equation 9 (arXiv 1801.04406)."""
    return 0.5 * _squared_slope(critic, real)


def r2(critic: Critic, real: tf.Tensor, fake: tf.Tensor, mix: tf.Tensor) -> tf.Tensor:
    """½‖∇D(G(z))‖² at generated samples. Mescheder et al. 2018, equation 10 (arXiv 1801.04406)."""
    return 0.5 * _squared_slope(critic, fake)


def gradient_penalty(critic: Critic, real: tf.Tensor, fake: tf.Tensor, mix: tf.Tensor) -> tf.Tensor:
    """(‖∇D(x̂)‖ − 1)², x̂ = mix·x + (1 − mix)·G(z), ``mix`` uniform in [0, 1), ``(B,)``.

    Gulrajani et al. 2017, equation 3 (arXiv 1704.00028).
    """
    mix = tf.reshape(mix, [-1] + [1] * (real.shape.rank - 1))
    between = mix * real + (1.0 - mix) * fake
    # The square root has no slope at 0.
    return tf.square(tf.sqrt(_squared_slope(critic, between) + 1e-12) - 1.0)


PENALTIES = {"r1": r1, "r2": r2, "gradient_penalty": gradient_penalty}
