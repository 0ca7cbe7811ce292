"""The pairs of networks, and what is said of pairs that do not fit."""

import keras
import numpy as np
import pytest
from keras import layers

from ganbook import networks
from ganbook.config.presets import NETWORKS
from ganbook.gan.model import GAN
from ganbook.networks import checks

FROM_NOISE = [name for name, preset in NETWORKS.items() if preset.task == "generate" and not preset.hidden]
SHAPES = [(28, 28, 1), (32, 32, 3), (30, 45, 3), (5, 4, 1), (64, 64, 3), (128, 128, 3)]


def dense_sizes(network):
    return [layer.units for layer in network.layers if isinstance(layer, layers.Dense)]


def test_mlp_has_the_layer_sizes_of_the_article():
    generator, discriminator = networks.build("mlp", (28, 28, 1), 100)
    assert dense_sizes(generator) == [256, 512, 1024, 784]
    assert dense_sizes(discriminator) == [1024, 512, 256, 1]
    assert generator.input_shape == (None, 100)
    assert discriminator.output_shape == (None, 1)


@pytest.mark.parametrize("classes", [0, 3])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("family", FROM_NOISE)
def test_a_family_draws_any_size_within_range(family, shape, classes):
    generator, discriminator = networks.build(family, shape, 16, num_classes=classes)
    z = np.random.default_rng(0).standard_normal((3, 16)).astype("float32")
    label = [np.array([0, 1, 2], "int32")] if classes else []
    images = np.array(generator([z, *label] if classes else z))
    assert images.shape == (3, *shape)
    assert images.dtype == np.float32
    assert np.abs(images).max() <= 1
    assert np.array(discriminator([images, *label] if classes else images)).shape == (3, 1)


@pytest.mark.parametrize("family", FROM_NOISE)
def test_the_class_changes_the_picture_and_the_verdict(family):
    generator, discriminator = networks.build(family, (12, 12, 1), 8, num_classes=4, seed=1)
    z = np.ones((2, 8), "float32")
    labels = np.array([0, 3], "int32")
    images = np.array(generator([z, labels]))
    assert not np.allclose(images[0], images[1])
    logits = np.array(discriminator([images[[0, 0]], labels]))
    assert not np.isclose(logits[0, 0], logits[1, 0])


@pytest.mark.parametrize("shape", [(32, 32, 3), (64, 48, 1)])
def test_photo_computes_what_dcgan_does(shape):
    dcgan, photo = (networks.build(name, shape, 8, seed=1) for name in ("dcgan", "photo"))
    weights = dcgan[1].get_weights()
    kernel = weights[0].reshape(2, 2, 2, 2, *weights[0].shape[2:]).transpose(0, 2, 1, 3, 4, 5)
    photo[1].set_weights([kernel.reshape(photo[1].get_weights()[0].shape), *weights[1:]])
    images = np.random.default_rng(0).uniform(-1, 1, (4, *shape)).astype("float32")
    assert np.allclose(np.array(dcgan[1](images)), np.array(photo[1](images)), atol=1e-5)
    assert all(np.array_equal(a, b) for a, b in zip(dcgan[0].get_weights(), photo[0].get_weights(), strict=True))


@pytest.mark.parametrize("family", FROM_NOISE)
def test_the_seed_decides_the_weights(family):
    first, again, other = (networks.build(family, (8, 8, 1), seed=s)[0].get_weights() for s in (4, 4, 5))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0], other[0])


@pytest.mark.parametrize("shape", [(28, 28, 1), (30, 45, 3), (96, 80, 1)])
def test_compact_starts_from_the_principal_components_of_the_data(shape):
    rng = np.random.default_rng(0)
    mean, direction = rng.uniform(-0.3, 0.3, (2, *shape))
    pictures = np.tanh(mean + direction * rng.standard_normal((500, 1, 1, 1))).astype("float32")
    generator, _ = networks.build("compact", shape, 4)
    networks.start_from("compact", generator, pictures)
    z = rng.standard_normal((2000, 4)).astype("float32")
    drawn = np.array(generator(z))
    assert np.abs(drawn.mean(0) - pictures.mean(0)).mean() < (0.03 if max(shape) <= 40 else 0.2)
    # One direction of variation is in the data, and z's first component is it.
    across = np.corrcoef(drawn.reshape(len(z), -1)[:, 5], z[:, 0])[0, 1]
    assert abs(across) > 0.99


def test_compact_starts_each_class_at_its_mean(some_digits):
    images, labels = some_digits
    generator, _ = networks.build("compact", (28, 28, 1), 20, num_classes=10)
    networks.start_from("compact", generator, images, labels)
    drawn = np.array(generator([np.zeros((2, 20), "float32"), np.array([0, 1], "int32")]))
    means = [images[labels == label].mean(0) / 127.5 - 1 for label in (0, 1)]
    for own, other in ((0, 1), (1, 0)):
        assert np.abs(drawn[own] - means[own]).mean() < 0.6 * np.abs(drawn[own] - means[other]).mean()


def test_the_pixels_a_compact_discriminator_sees_are_all_of_the_picture():
    _, discriminator = networks.build("compact", (13, 9, 1), 4)
    x = keras.ops.zeros((1, 13, 9, 1))
    base = np.array(discriminator(x))
    for row, column in ((0, 0), (12, 8), (12, 0), (0, 8), (6, 4)):
        dot = np.zeros((1, 13, 9, 1), "float32")
        dot[0, row, column] = 1
        assert not np.allclose(np.array(discriminator(dot)), base, atol=1e-7)


@pytest.mark.parametrize("family", ["compact", "dcgan"])
def test_bfloat16_pairs_take_and_give_float32(family):
    generator, discriminator = networks.build(family, (28, 28, 1), 8, dtype="mixed_bfloat16")
    images = generator(np.zeros((2, 8), "float32"))
    assert images.dtype == "float32"
    assert discriminator(images).dtype == "float32"


def pair(draws=(8, 8, 1), takes=(8, 8, 1), out=1, z=(16,)):
    generator = keras.Sequential(
        [keras.Input(z), layers.Flatten(), layers.Dense(int(np.prod(draws))), layers.Reshape(draws)]
    )
    discriminator = keras.Sequential([keras.Input(takes), layers.Flatten(), layers.Dense(out)])
    return generator, discriminator


@pytest.mark.parametrize(
    ("networks_given", "said"),
    [
        (pair(takes=(9, 9, 1)), r"draws \(8, 8, 1\) but the discriminator takes \(9, 9, 1\)"),
        (pair(out=2), r"must return one logit"),
        (pair(z=(4, 4)), r"must be a vector"),
        (
            (keras.Sequential([layers.Dense(3)]), pair()[1]),
            r"the generator must be a Keras model whose inputs are known",
        ),
        ((pair()[0], "D"), r"the discriminator must be a Keras model"),
        ((networks.build("mlp", (8, 8, 1), 16, num_classes=3)[0], pair()[1]), r"2 inputs and the discriminator 1"),
    ],
)
def test_networks_that_do_not_fit_are_told_so(networks_given, said):
    with pytest.raises(ValueError, match=said):
        GAN(*networks_given)


def test_what_layers_allow_is_seen_through_nested_models():
    inner = keras.Sequential([keras.Input((8, 8, 1)), layers.Conv2D(2, 3), layers.BatchNormalization()])
    outer = keras.Sequential([keras.Input((8, 8, 1)), inner, layers.Flatten(), layers.Dense(1)])
    assert checks.has_convolutions(outer)
    assert checks.mixes_samples(outer)
    assert not checks.has_convolutions(*pair())
    assert not checks.mixes_samples(pair()[1])
