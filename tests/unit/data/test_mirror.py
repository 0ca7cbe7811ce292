"""Images and their mirror images: told apart where one is not like the other."""

import numpy as np
import pytest

from ganbook.data import load
from ganbook.data.mirror import LIMIT, told_apart


@pytest.mark.parametrize(("name", "least"), [("digits", 0.9), ("fashion", 0.75), ("emoji", 0.6)])
def test_digits_clothes_and_emoji_are_told_from_their_mirror_images(name, least):
    images = load(name).images
    assert told_apart(images) > max(least, LIMIT)
    assert told_apart(images) == told_apart(images[:, :, ::-1]) == told_apart(255 - images)


@pytest.mark.parametrize("name", ["digits", "emoji"])
def test_images_half_of_which_are_mirrored_are_not(name):
    images = load(name).images.copy()
    mirrored = np.random.default_rng(3).random(len(images)) < 0.5
    images[mirrored] = images[mirrored][:, :, ::-1]
    assert 0.42 < told_apart(images) < LIMIT


@pytest.mark.parametrize("shape", [(33, 49, 3), (5, 7, 1), (1, 2, 1), (64, 1, 3), (70, 33, 1)])
def test_images_of_any_size(shape):
    noise = np.random.default_rng(0).integers(0, 256, (1500, *shape), np.uint8)
    assert 0.42 < told_apart(noise) < LIMIT
    assert told_apart(np.full((500, *shape), 7, np.uint8)) == pytest.approx(0.5)
    if shape[1] > 1:
        noise[:, :, 0] //= 2
        assert told_apart(noise) > 0.6
