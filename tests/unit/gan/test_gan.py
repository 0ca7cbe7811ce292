"""The step: what it computes, that it is exact, and that Keras' own ways of training work on it."""

import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

from ganbook import networks
from ganbook.augmentation.differentiable import Augment
from ganbook.data.batches import Batches
from ganbook.gan import losses, noise
from ganbook.gan.model import GAN

SHAPE = (28, 28, 1)


def small_gan(
    loss="non-saturating", *, conditional=False, jit=False, augment=None, optimizer=None, half_life=1000, **kw
):
    # Few and narrow layers: most of a test's time is the graph of a step, whatever it then computes.
    pair = networks.build("mlp", SHAPE, 10, num_classes=10 if conditional else 0, seed=2, hidden=(32,))
    gan = GAN(*pair, seed=7, augment=augment, ema_half_life=half_life)
    optimizer = optimizer or (lambda: keras.optimizers.Adam(2e-4, beta_1=0.5))
    gan.compile(loss, optimizer(), optimizer(), jit_compile=jit, **kw)
    return gan


@pytest.fixture
def batches(some_digits):
    return Batches(*some_digits, 32, seed=5)


@pytest.mark.parametrize("jit", [False, True])
def test_many_steps_in_one_call_equal_single_steps_bit_for_bit(batches, weights_of, jit):
    one, many = small_gan(jit=jit), small_gan(jit=jit)
    for step in range(36):
        one.train_steps(*batches.block(step, 1))
    many.train_steps(*batches.block(0, 2))
    many.train_steps(*batches.block(2, 34))
    assert int(many.step) == 36
    assert all(np.array_equal(a, b) for a, b in zip(weights_of(one), weights_of(many), strict=True))


@pytest.mark.parametrize("loss", losses.LOSSES)
def test_every_loss_trains_both_networks(loss, batches):
    gan = small_gan(loss, r1=0.1, r2=0.1, gradient_penalty=1.0)
    before = [v.numpy() for v in (gan.generator.weights[0], gan.discriminator.weights[0])]
    means, bad = gan.train_steps(*batches.block(0, 3))
    assert bad is None
    assert all(np.isfinite(list(means.values())))
    assert all(0 <= means[name] <= 1 for name in ("d_real", "d_fake"))
    after = [v.numpy() for v in (gan.generator.weights[0], gan.discriminator.weights[0])]
    assert not any(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def test_the_discriminator_learns_to_tell_real_from_fake(batches):
    gan = small_gan(optimizer=lambda: keras.optimizers.Adam(1e-3))
    first, _ = gan.train_steps(*batches.block(0, 1))
    last, _ = gan.train_steps(*batches.block(1, 30))
    assert last["d_real"] - last["d_fake"] > 0.3
    assert last["d_loss"] < first["d_loss"]


def reference_step(gan, real, z, *, simultaneous):
    """Plain SGD on both networks, written out without sharing anything; returns the new weights."""
    g, d = gan.generator, gan.discriminator
    x = tf.cast(real, tf.float32) / 127.5 - 1
    loss = losses.LOSSES[gan._objective["loss"]]

    def logits(images):
        return tf.reshape(d(images, training=True), [-1])

    def generator_grads():
        with tf.GradientTape() as tape:
            value = tf.reduce_mean(loss(logits(x), logits(g(z, training=True)))[1])
        return tape.gradient(value, g.trainable_variables)

    with tf.GradientTape() as tape:
        value = tf.reduce_mean(loss(logits(x), logits(g(z, training=True)))[0])
    d_grads = tape.gradient(value, d.trainable_variables)
    early = generator_grads()
    for grad, weight in zip(d_grads, d.trainable_variables, strict=True):
        weight.assign_sub(0.1 * grad)
    for grad, weight in zip(early if simultaneous else generator_grads(), g.trainable_variables, strict=True):
        weight.assign_sub(0.1 * grad)


@pytest.mark.parametrize("loss", ["non-saturating", "minimax", "wasserstein", "relativistic"])
@pytest.mark.parametrize("one_backward", [False, True])
def test_the_shared_passes_compute_what_separate_ones_do(loss, one_backward, batches):
    gan = small_gan(loss, one_backward=one_backward, optimizer=lambda: keras.optimizers.SGD(0.1))
    other = small_gan(loss, optimizer=lambda: keras.optimizers.SGD(0.1))
    z = tf.random.stateless_normal((32, 10), noise.step_keys(7, tf.constant(0), 3)[0], alg="philox")
    images, _ = batches.block(0, 1)
    gan.train_steps(images)
    reference_step(other, images[0], z, simultaneous=one_backward)
    for mine, wanted in zip(gan.generator.weights + gan.discriminator.weights,
                            other.generator.weights + other.discriminator.weights, strict=True):  # fmt: skip
        np.testing.assert_allclose(mine.numpy(), wanted.numpy(), rtol=1e-4, atol=2e-6)


def test_one_backward_is_refused_where_it_is_not_exact(batches):
    for loss, kw in (("hinge", {}), ("least-squares", {}), ("wasserstein", {"critic_steps": 5})):
        with pytest.raises(ValueError, match="one_backward is not exact"):
            small_gan(loss, one_backward=True, **kw)
    generator, _ = networks.build("mlp", SHAPE, 10, hidden=(32,))
    layers = [keras.Input(SHAPE), keras.layers.Flatten(), keras.layers.BatchNormalization(), keras.layers.Dense(1)]
    gan = GAN(generator, keras.Sequential(layers))
    with pytest.raises(ValueError, match="mixes the samples"):
        gan.compile(one_backward=True)
    gan.compile(jit_compile=False)  # fine without
    assert gan.train_steps(batches.block(0, 2)[0])[1] is None


def test_critic_steps_train_g_once_in_so_many_steps(batches):
    gan = small_gan("wasserstein", critic_steps=3, gradient_penalty=10.0)
    g_weights, moved = gan.generator.weights[0], []
    for step in range(6):
        before = g_weights.numpy()
        gan.train_steps(*batches.block(step, 1))
        moved.append(not np.array_equal(before, g_weights.numpy()))
    assert moved == [False, False, True, False, False, True]


def test_a_penalty_now_and_then_counts_so_many_times_as_much(batches, weights_of):
    sgd = lambda: keras.optimizers.SGD(0.01)  # noqa: E731
    lazy = small_gan(r1=0.2, r2=0.1, penalty_every=2, optimizer=sgd)
    every = small_gan(r1=0.4, r2=0.2, optimizer=sgd)
    never = small_gan(optimizer=sgd)
    for gan in (lazy, every, never):
        gan.train_steps(*batches.block(0, 1))
    for one, other in zip(weights_of(lazy), weights_of(every), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-7)
    for gan in (lazy, never):
        gan.set_weights(every.get_weights())
        gan.train_steps(*batches.block(1, 1))
    for one, other in zip(weights_of(lazy), weights_of(never), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-7)


def test_the_average_has_the_half_life_it_is_given(batches):
    gan = small_gan(half_life=1e9, optimizer=lambda: keras.optimizers.SGD(0.0))
    gan.train_steps(*batches.block(0, 1))
    average, weight = gan.ema_generator.weights[0], gan.generator.weights[0]
    start = average.numpy()
    weight.assign(start + 1.0)
    gan.train_steps(*batches.block(1, 1))
    # Half-life ramps up: 5 % of the 64 images seen; 32 of them pass in a step.
    np.testing.assert_allclose(average.numpy() - start, 1 - 0.5 ** (32 / 3.2), rtol=1e-3)


def test_augment_weight_adds_the_term_of_the_article(batches):
    images, _ = batches.block(0, 1)
    plain = small_gan("minimax").train_steps(images)[0]["d_loss"]
    shift = Augment("translation")
    gan = small_gan("minimax", augment=shift, augment_weight=0.5)
    seen = shift(tf.cast(images[0], tf.float32) / 127.5 - 1, seed=noise.step_keys(7, tf.constant(0), 3)[2])
    term = float(tf.reduce_mean(losses.augmented_real(tf.reshape(gan.discriminator(seen), [-1]))))
    assert gan.train_steps(images)[0]["d_loss"] == pytest.approx(plain + 0.5 * term, rel=1e-4)
    for kw in ({"loss": "hinge", "augment": shift}, {"loss": "minimax"}):
        with pytest.raises(ValueError, match="augment_weight"):
            small_gan(augment_weight=0.5, **kw)


def test_a_gan_saves_to_one_file_and_goes_on_as_if_it_had_not(tmp_path, batches, weights_of):
    gan = small_gan("minimax", conditional=True, augment=Augment("translation"), augment_weight=0.3, r1=0.1)
    gan.train_steps(*batches.block(0, 3))
    gan.save(tmp_path / "gan.keras")
    loaded = keras.models.load_model(tmp_path / "gan.keras")
    assert int(loaded.step) == 3
    for one in (gan, loaded):
        one.train_steps(*batches.block(3, 2))
    assert all(np.array_equal(a, b) for a, b in zip(weights_of(gan), weights_of(loaded), strict=True))


def test_plain_fit_with_the_usual_callbacks(tmp_path, digits):
    gan = small_gan()
    images = digits.images[:256]
    data = tf.data.Dataset.from_tensor_slices(images).shuffle(256, seed=1).batch(32)
    saved = tmp_path / "best.keras"
    callbacks = [
        keras.callbacks.EarlyStopping("d_loss", patience=0, min_delta=1e9, mode="min", verbose=0),
        keras.callbacks.ModelCheckpoint(saved, monitor="g_loss", mode="min"),
        keras.callbacks.TensorBoard(tmp_path / "logs"),
    ]
    history = gan.fit(data, epochs=4, callbacks=callbacks, verbose=0)
    assert set(history.history) == {"d_loss", "g_loss", "d_real", "d_fake"}
    assert len(history.history["d_loss"]) == 2  # stopped early
    assert keras.models.load_model(saved).step.dtype == gan.step.dtype
    assert list((tmp_path / "logs").rglob("events*"))


def test_fit_and_train_steps_do_the_same_step(some_digits, weights_of):
    images = some_digits[0][:96]
    fitted, stepped = small_gan(), small_gan()
    fitted.fit(tf.data.Dataset.from_tensor_slices(images).batch(32), verbose=0)
    stepped.train_steps(images.reshape(3, 32, *SHAPE))
    for a, b in zip(weights_of(fitted), weights_of(stepped), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)


MIRRORED = """
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
from ganbook import GAN, data, networks
strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
with strategy.scope():
    gan = GAN(*networks.build("mlp", (28, 28, 1), 10, hidden=(32,)))
    gan.compile(jit_compile=False)
start = gan.generator.weights[0].numpy()
gan.fit(tf.data.Dataset.from_tensor_slices(data.load("digits").images[:256]).batch(64), verbose=0)
assert (gan.generator.weights[0].numpy() != start).any()
for variable in (*gan.trainable_variables, *gan.ema_generator.variables):
    one, other = (copy.numpy() for copy in variable.value.values)
    assert (one == other).all(), variable.path
print("equal replicas")
"""


def test_under_a_strategy_of_tensorflow_both_replicas_train_and_stay_equal():
    done = subprocess.run([sys.executable, "-c", MIRRORED], capture_output=True, text=True, timeout=500)
    assert "equal replicas" in done.stdout, done.stderr[-2000:]


def test_nothing_is_trained_after_a_step_that_is_not_finite(batches):
    gan = small_gan()
    gan.train_steps(*batches.block(0, 2))
    last_bias = gan.discriminator.weights[-1]
    last_bias.assign(np.full(last_bias.shape, np.nan))
    _, bad = gan.train_steps(*batches.block(2, 10))
    assert bad == 2
    assert int(gan.step) == 3


def test_a_lost_weight_is_found_though_the_losses_look_sound(batches):
    gan = small_gan()
    kernel = gan.generator.weights[0]
    kernel.assign(np.where(np.arange(kernel.shape[1]) == 3, np.nan, kernel.numpy()))  # ReLU hides it
    _, bad = gan.train_steps(*batches.block(0, 4))
    assert bad is not None
    assert bad < 4


def test_other_shapes_than_pictures_are_trained(tmp_path):
    """2-D points: no images anywhere."""
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(16, "relu"), keras.layers.Dense(2)])
    discriminator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(16, "relu"), keras.layers.Dense(1)])
    gan = GAN(generator, discriminator)
    gan.compile("relativistic", r1=0.1, r2=0.1, jit_compile=False)
    points = np.random.default_rng(0).standard_normal((512, 2)).astype("float32") * 0.1 + 3
    batches = Batches(points, None, 64, 0)
    _, bad = gan.train_steps(batches.block(0, 50)[0])
    assert bad is None
    assert gan.sample(gan.noise(7)).shape == (7, 2)


def test_combined_is_a_view_on_the_same_weights(batches):
    gan = small_gan()
    z = gan.noise(4, seed=1)
    gan.train_steps(*batches.block(0, 2))
    wanted = gan.discriminator(gan.generator(z))
    np.testing.assert_allclose(gan.combined(z), wanted, rtol=1e-5)


def test_the_first_samples_do_not_depend_on_how_many_are_drawn():
    gan = small_gan()
    assert np.array_equal(gan.noise(5, 3), gan.noise(700, 3)[:5])
    many = gan.sample(gan.noise(300, 3))
    np.testing.assert_allclose(gan.sample(gan.noise(5, 3)), many[:5], atol=1e-6)
    assert gan.sample(gan.noise(1)[:0]).shape == (0, *SHAPE)
    assert gan(gan.noise(2)).shape == (2, *SHAPE)


def test_an_unknown_loss_is_refused():
    with pytest.raises(ValueError, match="loss 'hing' is unknown"):
        small_gan("hing")


def test_reused_logits_change_the_discriminators_update_by_rounding_alone(batches):
    def updated(reuse):
        gan = small_gan("relativistic", r1=1.0, r2=0.5, reuse_logits=reuse, optimizer=lambda: keras.optimizers.SGD(0.1))
        before = gan.discriminator.get_weights()
        gan.train_steps(*batches.block(0, 1))
        return [after - b for after, b in zip(gan.discriminator.get_weights(), before, strict=True)]

    for plain, reusing in zip(updated(False), updated(True), strict=True):
        assert np.linalg.norm(plain - reusing) <= 1e-4 * np.linalg.norm(plain) + 1e-7


def test_with_reused_logits_a_step_judges_fewer_samples(batches, monkeypatch):
    def judged(reuse):
        gan, counts = small_gan("relativistic", r1=1.0, reuse_logits=reuse), []
        judge = gan._judge
        monkeypatch.setattr(gan, "_judge", lambda x, labels: (counts.append(len(x)), judge(x, labels))[1])
        gan.train_step((tf.constant(batches.block(0, 1)[0][0]),))
        return sum(counts)

    assert judged(reuse=False) == 4 * 32  # real with its slope, fake, both again for G
    assert judged(reuse=True) == 3 * 32  # real with its slope, fake, fake again for G


def test_logits_are_not_reused_by_one_backward_pass():
    with pytest.raises(ValueError, match="reuse_logits has no part in one_backward"):
        small_gan("relativistic", r1=1.0, reuse_logits=True, one_backward=True)


def test_a_penalty_is_the_same_by_a_pass_of_its_own_and_with_the_logits(batches):
    def total(**options):
        gan = small_gan("relativistic", r1=1.0, r2=0.5, optimizer=lambda: keras.optimizers.SGD(0.0), **options)
        return gan.train_steps(*batches.block(0, 1))[0]["d_loss"]

    assert total() == pytest.approx(total(one_backward=True), rel=1e-5)
    assert total() > small_gan("relativistic").train_steps(*batches.block(0, 1))[0]["d_loss"]
