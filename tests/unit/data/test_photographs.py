"""Photographs are told from drawings by their pixels."""

import numpy as np
import pytest
from skimage import data as pictures

import ganbook as gb
from ganbook.data.photographs import are_photographs


def cut(picture, side):
    height, width = (length // side * side for length in picture.shape[:2])
    tiles = picture[:height, :width].reshape(height // side, side, width // side, side, 3)
    return tiles.transpose(0, 2, 1, 3, 4).reshape(-1, side, side, 3)


@pytest.mark.parametrize("side", [32, 64])
@pytest.mark.parametrize("name", ["astronaut", "chelsea", "coffee"])
def test_photographs(name, side):
    images = cut(getattr(pictures, name)(), side)
    assert are_photographs(images)
    assert gb.data.load(images).photographs
    assert not are_photographs(images // 64 * 64), "areas of one colour: a drawing"


@pytest.mark.parametrize("name", ["emoji", "digits", "fashion", "ring", "names"])
def test_others(name):
    assert not gb.data.load(name).photographs


def test_next_to_nothing():
    assert not are_photographs(np.zeros((0, 8, 8, 3), np.uint8))
    assert not are_photographs(np.zeros((2, 8, 1, 3), np.uint8))
