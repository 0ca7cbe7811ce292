"""Losses against values computed by hand, penalties against numerical differentiation."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from ganbook.gan import losses

REAL, FAKE = np.array([0.0, 2.0, -1.0]), np.array([0.0, -3.0, 0.5])


def softplus(y):
    return np.log1p(np.exp(y))


BY_HAND = {
    "non-saturating": (softplus(-REAL) + softplus(FAKE), softplus(-FAKE)),
    "minimax": (softplus(-REAL) + softplus(FAKE), np.log(1 - 1 / (1 + np.exp(-FAKE)))),
    "least-squares": ([0.5, 5.0, 2.125], [0.5, 8.0, 0.125]),
    "wasserstein": ([0.0, -5.0, 1.5], [0.0, 3.0, -0.5]),
    "hinge": ([2.0, 0.0, 3.5], [0.0, 3.0, -0.5]),
    "relativistic": (softplus(FAKE - REAL), softplus(REAL - FAKE)),
}


@pytest.mark.parametrize("name", losses.LOSSES)
def test_a_loss_equals_the_value_computed_by_hand(name):
    d, g = losses.LOSSES[name](tf.constant(REAL, tf.float32), tf.constant(FAKE, tf.float32))
    np.testing.assert_allclose(d, BY_HAND[name][0], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(g, BY_HAND[name][1], rtol=1e-5, atol=1e-6)


def test_at_a_discriminator_that_cannot_tell_the_losses_are_those_of_the_paper():
    zero = tf.zeros(4)
    d, g = losses.minimax(zero, zero)
    np.testing.assert_allclose(d, np.log(4), rtol=1e-6)  # Goodfellow et al. 2014, theorem 1
    np.testing.assert_allclose(g, -np.log(2), rtol=1e-6)
    np.testing.assert_allclose(losses.augmented_real(zero), np.log(2), rtol=1e-6)


@pytest.mark.parametrize("name", losses.LOSSES)
def test_beliefs_are_probabilities_and_rise_with_the_logit(name):
    d_real, d_fake = losses.beliefs(name, tf.constant([1.0, 3.0]), tf.constant([-2.0, 0.5]))
    for belief in (d_real.numpy(), d_fake.numpy()):
        assert (belief >= 0).all()
        assert (belief <= 1).all()
        assert belief[1] >= belief[0]


@pytest.fixture
def critic():
    keras.utils.set_random_seed(3)
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, "tanh"), keras.layers.Dense(1)])


def slope_by_differences(critic, x, eps=1e-2):
    slopes = np.zeros_like(x)
    for i in range(x.shape[1]):
        ahead, behind = x.copy(), x.copy()
        ahead[:, i] += eps
        behind[:, i] -= eps
        slopes[:, i] = (np.array(critic(ahead)) - np.array(critic(behind)))[:, 0] / (2 * eps)
    return slopes


@pytest.mark.parametrize("name", losses.PENALTIES)
def test_a_penalty_equals_numerical_differentiation(name, critic):
    rng = np.random.default_rng(0)
    real, fake = (rng.standard_normal((5, 4)).astype("float32") for _ in range(2))
    mix = rng.random(5).astype("float32")
    got = losses.PENALTIES[name](critic, tf.constant(real), tf.constant(fake), tf.constant(mix)).numpy()
    place = {"r1": real, "r2": fake, "gradient_penalty": mix[:, None] * real + (1 - mix[:, None]) * fake}[name]
    squared = np.square(slope_by_differences(critic, place)).sum(1)
    wanted = np.square(np.sqrt(squared) - 1) if name == "gradient_penalty" else 0.5 * squared
    np.testing.assert_allclose(got, wanted, rtol=5e-3, atol=1e-4)


@pytest.mark.parametrize("name", losses.PENALTIES)
def test_the_gradient_of_a_penalty_on_the_weights_equals_numerical_differentiation(name, critic):
    rng = np.random.default_rng(1)
    real, fake = (tf.constant(rng.standard_normal((6, 4)), tf.float32) for _ in range(2))
    mix = tf.constant(rng.random(6), tf.float32)

    def value():
        return tf.reduce_mean(losses.PENALTIES[name](critic, real, fake, mix))

    kernel = critic.trainable_variables[0]
    with tf.GradientTape() as tape:
        total = value()
    got = np.array(tape.gradient(total, kernel))
    direction = rng.standard_normal(got.shape).astype("float32")
    start, eps = kernel.numpy(), 1e-2
    kernel.assign(start + eps * direction)
    ahead = float(value())
    kernel.assign(start - eps * direction)
    slope = (ahead - float(value())) / (2 * eps)
    np.testing.assert_allclose((got * direction).sum(), slope, rtol=2e-2, atol=1e-3)
