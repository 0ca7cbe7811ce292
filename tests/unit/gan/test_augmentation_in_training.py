"""Augmentation inside the step: what D sees, what reaches G, and what steers it."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import ganbook as gb
from ganbook import networks
from ganbook.augmentation import OPERATIONS
from ganbook.augmentation.differentiable import Augment
from ganbook.augmentation.policy import Policy
from ganbook.config.train import TrainConfig
from ganbook.data.batches import Batches
from ganbook.gan import adaptive, losses, noise
from ganbook.gan.adaptive import Adaptive
from ganbook.gan.model import GAN

SEED = tf.constant([3, 9])
DIFFERENTIABLE = [name for name, kind in OPERATIONS.items() if kind.differentiable]


@pytest.fixture(scope="module")
def emoji():
    return gb.data.load("emoji").images[:16].astype("float32") / 127.5 - 1


def gan_with(augment, loss="non-saturating", *, adaptive=False, optimizer=None, **options):
    pair = networks.build("mlp", (28, 28, 1), 10, seed=2, hidden=(32,))
    gan = GAN(*pair, seed=7, augment=augment, adaptive=adaptive)
    optimizer = optimizer or (lambda: keras.optimizers.Adam(2e-4, beta_1=0.5))
    gan.compile(loss, optimizer(), optimizer(), jit_compile=False, **options)
    return gan


@pytest.fixture
def batches(some_digits):
    return Batches(*some_digits, 32, seed=5)


@pytest.mark.parametrize("loss", ["non-saturating", "relativistic"])
@pytest.mark.parametrize("one_backward", [False, True])
def test_both_networks_learn_from_what_the_discriminator_sees_of_both_kinds(loss, one_backward, batches):
    """One step of plain SGD, written out: T on real and fake in D's update and in G's, gradients through T."""
    policy = Augment("DiffAugment,rotation@0.5")
    gan = gan_with(policy, loss, one_backward=one_backward, optimizer=lambda: keras.optimizers.SGD(0.1))
    other = gan_with(None, loss, optimizer=lambda: keras.optimizers.SGD(0.1))
    images, _ = batches.block(0, 1)
    gan.train_steps(images)

    noise_key, _, augment_key = noise.step_keys(7, tf.constant(0), 3)
    z = tf.random.stateless_normal((32, 10), noise_key, alg="philox")
    x = tf.cast(images[0], tf.float32) / 127.5 - 1
    g, d = other.generator, other.discriminator

    def both_losses():
        seen = policy(tf.concat([x, g(z, training=True)], 0), seed=augment_key)
        real, fake = tf.split(tf.reshape(d(seen, training=True), [-1]), 2)
        return [tf.reduce_mean(each) for each in losses.LOSSES[loss](real, fake)]

    with tf.GradientTape(persistent=True) as tape:
        d_loss, g_loss = both_losses()
    d_grads, g_grads = tape.gradient(d_loss, d.trainable_variables), tape.gradient(g_loss, g.trainable_variables)
    for grad, weight in zip(d_grads, d.trainable_variables, strict=True):
        weight.assign_sub(0.1 * grad)
    if not one_backward:
        with tf.GradientTape() as tape:
            g_loss = both_losses()[1]
        g_grads = tape.gradient(g_loss, g.trainable_variables)
    for grad, weight in zip(g_grads, g.trainable_variables, strict=True):
        weight.assign_sub(0.1 * grad)
    mine, wanted = gan.generator.weights + gan.discriminator.weights, g.weights + d.weights
    for a, b in zip(mine, wanted, strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-4, atol=2e-6)


@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_gradients_through_an_operation_are_what_a_small_change_shows(name, emoji):
    layer = Augment(f"{name}@0.7")
    images, direction = tf.constant(emoji), tf.random.stateless_normal(emoji.shape, (1, 2))
    onto = tf.random.stateless_normal(emoji.shape, (3, 4))
    with tf.GradientTape() as tape:
        tape.watch(images)
        value = tf.reduce_sum(onto * layer(images, seed=SEED))
    slope = float(tf.reduce_sum(tape.gradient(value, images) * direction))
    difference = layer(images + direction, seed=SEED) - layer(images - direction, seed=SEED)
    assert slope == pytest.approx(float(tf.reduce_sum(onto * difference)) / 2, rel=1e-3, abs=0.5)


@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_an_operation_changes_pictures_and_at_no_strength_or_probability_none(name, emoji):
    changed = Augment(name)(emoji, seed=SEED).numpy()
    assert (np.abs(changed - emoji).max((1, 2, 3)) > 0.01).mean() > 0.7
    np.testing.assert_allclose(Augment(f"{name}@0")(emoji, seed=SEED), emoji, atol=1e-5)
    if name not in ("flip", "flip_vertical", "greyscale", "inversion"):
        np.testing.assert_allclose(Augment(f"{name}:0")(emoji, seed=SEED), emoji, atol=1e-5)


def test_diff_augment_has_the_ranges_of_the_paper():
    spot = np.full((400, 16, 16, 1), -1, "float32")
    spot[:, 8, 8] = 1
    moved = Augment("translation:0.125")(spot, seed=SEED).numpy()
    places = [np.unravel_index(picture.argmax(), (16, 16)) for picture in moved[..., 0]]
    assert {int(y) for y, _ in places} == {int(x) for _, x in places} == {6, 7, 8, 9, 10}
    holes = (Augment("cutout:0.5")(spot, seed=SEED).numpy() == 0).sum((1, 2, 3))
    assert holes.max() == 64
    assert holes.min() == 16  # half of its height and width may lie outside
    lighter = Augment("brightness:0.5")(spot, seed=SEED).numpy()[:, 0, 0, 0] + 1
    assert -0.5 <= lighter.min() < -0.45
    assert 0.45 < lighter.max() <= 0.5
    assert str(Policy.parse("DiffAugment")) == "DiffAugment"


def test_the_same_seed_draws_the_same_and_each_picture_its_own(emoji):
    layer = Augment("DiffAugment,rotation,hue@0.5")
    same = np.repeat(emoji[:1], 64, 0)
    first, again = (layer(same, seed=SEED).numpy() for _ in range(2))
    assert np.array_equal(first, again)
    assert len(np.unique(first.round(4), axis=0)) == 64
    other = layer(same, seed=SEED + 1).numpy()
    assert not np.array_equal(first, other)


def test_a_probability_of_half_augments_about_half(emoji):
    same = np.repeat(emoji[:1], 1000, 0)
    shown = Augment("inversion")(same, seed=SEED, probability=tf.constant(0.5)).numpy()
    assert 0.45 < (np.abs(shown - same).max((1, 2, 3)) > 0.1).mean() < 0.55


def test_the_probability_follows_the_sign_of_d_and_stays_between_0_and_1():
    steered = Adaptive()
    batch, span = 64, adaptive.IMAGES // 64
    update = tf.function(steered.update, autograph=False)

    def feed(sign, steps, start=0):
        for step in range(start, start + steps):
            update(tf.constant(sign), tf.constant(step), tf.constant(batch))
        return float(steered.probability)

    assert feed(0.9, 3) == 0  # an interval is not full yet
    assert feed(0.9, 1, 3) == pytest.approx(4 * batch / adaptive.IMAGES)
    assert feed(0.9, span // 2 - span // 2 % 4) == pytest.approx(0.5, abs=0.02)
    assert feed(0.9, span) == 1
    assert float(steered.overfitting) == pytest.approx(0.9)
    assert 0.4 < feed(0.1, span // 2 - span // 2 % 4) < 0.6
    assert feed(0.1, span) == 0


@pytest.mark.parametrize("name", losses.LOSSES)
def test_overfitting_is_one_for_a_sure_discriminator_and_none_for_one_that_cannot_tell(name):
    sure = losses.overfitting(name, tf.constant([4.0, 5.0, 6.0, 5.0]), tf.constant([-4.0, -5.0, -6.0, -5.0]))
    lost = losses.overfitting(name, tf.constant([-1.0, 1.0, 2.0, -2.0]), tf.constant([1.0, -1.0, 3.0, -3.0]))
    assert (float(sure), float(lost)) == (1, 0)


@pytest.mark.slow
def test_an_adaptive_run_reports_and_keeps_its_probability(tmp_path, some_digits):
    options = {
        "data": some_digits,
        "network": "mlp",
        "hidden": "256,128",
        "runs_dir": tmp_path,
        "adaptive": True,
        "name": "ada",
        "jit": "off",
    }
    run = gb.train(**options, steps=120, learning_rate=1e-5, d_learning_rate=2e-3, wait=True)
    history = run.history
    assert run.config.augment == "DiffAugment"
    assert history["augment_probability"].between(0, 1).all()
    last = history["augment_probability"].iloc[-1]
    assert last > 0.1  # D learns far faster than G here
    assert history["overfitting"].max() > adaptive.TARGET
    again = gb.train(resume=run.folder.path, data=some_digits, steps=124, wait=True)
    step = 4 * run.config.batch_size / adaptive.IMAGES
    assert abs(again.history["augment_probability"].iloc[-1] - last) == pytest.approx(step, rel=1e-3)


def test_an_adaptive_gan_saves_to_one_file_and_goes_on_as_if_it_had_not(tmp_path, batches, weights_of):
    gan = gan_with(Augment("DiffAugment"), "relativistic", adaptive=True)
    gan.train_steps(*batches.block(0, 6))
    gan.save(tmp_path / "gan.keras")
    loaded = keras.models.load_model(tmp_path / "gan.keras")
    for each in (gan, loaded):
        each.train_steps(*batches.block(6, 6))
    assert all(np.array_equal(a, b) for a, b in zip(weights_of(gan), weights_of(loaded), strict=True))


def test_a_policy_reads_what_it_writes():
    text = "flip@0.5,translation:0.2,cutout,hue:0.3@0.25"
    assert str(Policy.parse(text)) == text
    assert Policy.parse(" flip@0.5, translation:0.2 ,cutout,hue:0.3@0.25") == Policy.parse(text)


MISTAKES = {
    "rotatoin": "unknown policy or operation 'rotatoin'; did you mean rotation?",
    "Diffaugment": "did you mean DiffAugment?",
    "flip@2": "probability of flip is 2.0: it goes from 0 to 1",
    "zoom:-1": "strength of zoom is -1.0: it goes from 0 to 1",
    "zoom:nan": "strength of zoom is nan: it goes from 0 to 1",
    "zoom:much": "strength 'much' in 'zoom:much' is no number",
    "flip,,zoom": "'' is no operation",
    "zoom:0.1:0.2": "'zoom:0.1:0.2' is no operation",
    "flip,equalise": "no gradient passes through equalise; a GAN can be trained through flip, ",
    "RandAugment": "no gradient passes through 2 of 11 operations",
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_policy_that_is_none_is_refused_in_one_line(text, tmp_path):
    with pytest.raises(ValueError, match="operation|probability|strength|gradient") as caught:
        gb.train("digits", augment=text, name="x", runs_dir=tmp_path)
    assert MISTAKES[text] in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "x").exists()


def test_adaptive_and_augment_weight_exclude_each_other(tmp_path):
    with pytest.raises(ValueError, match="leave one of them out"):
        gb.train("digits", loss="minimax", augment_weight=1, adaptive=True, runs_dir=tmp_path)
    with pytest.raises(ValueError, match="probability of --augment, which is none"):
        gb.train("digits", adaptive=True, augment="none", runs_dir=tmp_path)
    with pytest.raises(ValueError, match="adaptive steers an augmentation"):
        gan_with(None, adaptive=True)


def test_few_images_are_augmented_for_the_default_network_unless_told_otherwise():
    assert TrainConfig().resolved(1706).augment == "translation,cutout"
    assert TrainConfig().resolved(60_000).augment is None
    assert TrainConfig(network="mlp").resolved(1706).augment is None
    assert TrainConfig(augment="none").resolved(1706).augment is None
    assert TrainConfig(augment="flip").resolved(1706).augment == "flip"
