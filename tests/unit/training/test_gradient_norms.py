"""The norms of gradients, read from the state of optimisers, are those of the gradients themselves."""

import keras
import numpy as np
import pytest

from ganbook import networks
from ganbook.gan.gradient_descent import GradientDescent
from ganbook.gan.model import GAN
from ganbook.training.gradient_norms import GradientNorms


def compiled(optimizer):
    gan = GAN(*networks.build("mlp", (7, 7, 1), 4, hidden=(16,), activation="relu"))
    gan.compile("non-saturating", optimizer(), optimizer(), r1=1.0, jit_compile=False)
    return gan


def last_gradient(optimizer):
    """Without β₁ Adam's first moment is the last gradient."""
    moments = [np.asarray(v) for v in optimizer.variables if v.path.endswith("momentum")]
    return np.sqrt(sum(np.square(each, dtype=np.float64).sum() for each in moments))


@pytest.fixture(scope="module")
def batches(some_digits):
    return np.ascontiguousarray(some_digits[0][:96, ::4, ::4].reshape(6, 16, 7, 7, 1))


def test_norms_are_those_of_the_gradients_since_the_measurement_before(batches):
    gan = compiled(lambda: keras.optimizers.Adam(1e-3, beta_1=0.0, beta_2=0.999))
    norms = GradientNorms(gan)
    assert norms.measure(gan) == {}, "nothing was learned"
    squares = []
    for i in range(4):
        gan.train_steps(batches[i : i + 1])
        real = last_gradient(gan.d_optimizer), last_gradient(gan.g_optimizer)
        squares.append(np.square(real))
        measured = norms.measure(gan)
        assert (measured["d_gradient_norm"], measured["g_gradient_norm"]) == pytest.approx(real, rel=2e-3)
    over_all = GradientNorms(compiled(lambda: keras.optimizers.Adam(1e-3, beta_1=0.0, beta_2=0.999))).measure(gan)
    assert list(over_all.values()) == pytest.approx(np.sqrt(np.mean(squares, 0)), rel=2e-3)


def test_gradient_descent_is_measured_and_learns_what_keras_does(batches, tmp_path):
    gan, plain = compiled(lambda: GradientDescent(1e-3)), compiled(lambda: keras.optimizers.SGD(1e-3))
    for model in (plain.generator, plain.discriminator):
        model.set_weights(getattr(gan, "generator" if model is plain.generator else "discriminator").get_weights())
    norms, unmeasured = GradientNorms(gan), GradientNorms(plain)
    for i in range(3):
        before = [np.asarray(v) for v in gan.discriminator.trainable_variables]
        gan.train_steps(batches[i : i + 1])
        plain.train_steps(batches[i : i + 1])
        moved = [b - np.asarray(v) for b, v in zip(before, gan.discriminator.trainable_variables, strict=True)]
        norm = np.sqrt(sum(np.square(part, dtype=np.float64).sum() for part in moved)) / 1e-3
        measured = norms.measure(gan)
        assert measured["d_gradient_norm"] == pytest.approx(norm, rel=2e-3)
        assert measured["g_gradient_norm"] > 0
    assert unmeasured.measure(plain) == {}, "it keeps nothing to read"
    for one, other in zip(gan.get_weights(), plain.get_weights(), strict=True):
        assert np.array_equal(one, other)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.models.load_model(tmp_path / "gan.keras")
    assert isinstance(loaded.d_optimizer, GradientDescent)
    assert float(loaded.d_optimizer.squared_norm) == float(gan.d_optimizer.squared_norm) > 0
