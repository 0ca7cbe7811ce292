"""The networks of the task `text`: the generator writes place by place."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from ganbook.networks import build

LINE = 5, 7


@pytest.fixture
def generator():
    return build("text", LINE, 8, hidden=(32, 32), activation="relu", seed=3)[0]


@pytest.fixture
def z():
    return tf.random.stateless_normal((200, 8), (1, 2))


def test_a_place_sees_the_choices_before_it(generator, z):
    before = generator(z).numpy().argmax(-1)
    _, bias = generator.get_layer("line").logits
    forced = bias.numpy()
    forced[1, 4] = 1e3  # the second place always chooses 4
    bias.assign(forced)
    after = generator(z).numpy().argmax(-1)
    assert (after[:, 1] == 4).all()
    np.testing.assert_array_equal(after[:, 0], before[:, 0])
    changed = (after[:, 2] != before[:, 2])[before[:, 1] != 4]
    assert changed.any()
    assert not changed.all()
    np.testing.assert_array_equal(after[before[:, 1] == 4], before[before[:, 1] == 4])


def test_no_slope_runs_back_through_a_choice(generator, z):
    kernel, _ = generator.get_layer("line").logits
    with tf.GradientTape() as tape:
        score = tf.reduce_sum(generator(z)[:, 3] * tf.range(7.0))
    slope = np.abs(tape.gradient(score, kernel.value).numpy()).sum((1, 2))
    assert slope[3] > 0
    assert slope[[0, 1, 2, 4]].tolist() == [0, 0, 0, 0]


def test_a_generator_is_the_same_when_it_was_saved(generator, z, tmp_path):
    generator.save(tmp_path / "generator.keras")
    again = keras.saving.load_model(tmp_path / "generator.keras")
    np.testing.assert_array_equal(again(z), generator(z))


@pytest.mark.parametrize("hidden", [(32,), (32, 16, 8)])
@pytest.mark.parametrize("places", [1, 3])
def test_lines_are_choices(hidden, places):
    generator, discriminator = build("text", (places, 4), 8, hidden=hidden, activation="tanh", num_classes=2)
    inputs = [tf.random.stateless_normal((50, 8), (1, 2)), tf.range(50) % 2]
    line = generator(inputs)
    assert line.shape == (50, places, 4)
    np.testing.assert_array_equal(np.sort(line, -1), np.broadcast_to([0, 0, 0, 1], line.shape))
    assert discriminator([line, inputs[1]]).shape == (50, 1)
