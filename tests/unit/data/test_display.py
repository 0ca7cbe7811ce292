"""Pixels, grids, and how a data set shows itself."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from ganbook.data import load
from ganbook.data.grid import image_grid
from ganbook.data.pixels import to_float, to_uint8

LEVELS = np.arange(256, dtype=np.uint8)


def test_pixels_survive_the_way_to_float_and_back():
    scaled = to_float(LEVELS.reshape(4, 8, 8, 1))
    assert scaled.dtype == np.float32
    assert (scaled.min(), scaled.max()) == (-1.0, 1.0)
    assert np.array_equal(to_uint8(scaled).ravel(), LEVELS)


def test_floats_are_rounded_and_clipped_and_their_array_is_left_alone():
    values = np.array([-7.0, -1.0, -0.999, 0.0, 0.5, 1.0, 1.5, np.inf, -np.inf, np.nan], np.float32)
    before = values.copy()
    assert to_uint8(values).tolist() == [0, 0, 0, 128, 191, 255, 255, 255, 0, 128]
    assert np.array_equal(values, before, equal_nan=True)
    images = LEVELS.copy()
    to_float(images)
    assert np.array_equal(images, LEVELS)


def test_a_grid_holds_every_picture_in_reading_order():
    images = np.zeros((5, 2, 3, 1), np.uint8)
    images[:] = np.arange(5).reshape(5, 1, 1, 1)
    grid = image_grid(images, columns=3, gap=1)
    assert grid.mode == "L"
    assert grid.size == (3 * 3 + 2, 2 * 2 + 1)
    pixels = np.asarray(grid)
    assert [pixels[0, 0], pixels[0, 4], pixels[0, 8], pixels[3, 0], pixels[3, 4]] == [0, 1, 2, 3, 4]
    assert pixels[2, 0] == pixels[0, 3] == pixels[4, 10] == 128  # the gaps and the place left over


def test_a_grid_is_about_square_and_keeps_colours():
    images = np.full((9, 4, 4, 3), (10, 20, 30), np.uint8)
    grid = image_grid(images, gap=0)
    assert grid.mode == "RGB"
    assert grid.size == (12, 12)
    assert grid.getpixel((5, 5)) == (10, 20, 30)
    assert image_grid(images[:1]).size == (4, 4)


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((2, 4, 4), np.uint8),
        np.zeros((2, 4, 4, 1), np.float32),
        np.zeros((0, 4, 4, 1), np.uint8),
        np.zeros((1, 4, 4, 2), np.uint8),
    ],
)
def test_a_grid_of_anything_but_pictures_is_refused(images):
    with pytest.raises(ValueError, match=r"allowed is uint8 \(N, H, W, 1\)"):
        image_grid(images)


def test_a_grid_without_columns_is_refused():
    with pytest.raises(ValueError, match="columns=0, gap=2; allowed are columns >= 1"):
        image_grid(np.zeros((1, 4, 4, 1), np.uint8), columns=0)


def test_the_repr_is_one_informative_line():
    expected = "ImageData('digits': 10,000 training + 2,000 test images, 28×28 grey, 10 classes)"
    assert repr(load("digits")) == expected
    assert "no labels" in repr(load(np.zeros((2, 3, 3, 3), np.uint8)))


def pictures_in(text):
    return [
        Image.open(io.BytesIO(base64.b64decode(code)))
        for code in re.findall(r'src="data:image/png;base64,([^"]+)"', text)
    ]


def test_the_html_shows_samples_of_each_class_without_a_colour_of_its_own():
    text = load("emoji")._repr_html_()
    assert len(pictures_in(text)) == 9
    assert all(picture.size == (10 * 33 - 1, 32) for picture in pictures_in(text))
    assert "image-rendering:pixelated" in text
    assert "Animals &amp; Nature" in text
    assert not re.search(r"(?<![-\w])(color|background)", text.replace("base64", ""))


def test_the_html_of_large_unlabelled_or_many_classed_data_stays_small():
    large = load(np.random.default_rng(0).integers(0, 256, (50, 300, 200, 3), dtype=np.uint8))
    (sheet,) = pictures_in(large._repr_html_())
    assert sheet.size[0] <= 10 * 65
    many = load(np.zeros((300, 4, 4), np.uint8), labels=np.arange(300))
    assert len(pictures_in(many._repr_html_())) == 12
    assert "and 288 more classes" in many._repr_html_()


def test_the_html_escapes_names_which_are_untrusted():
    evil = '<script>alert("x")</script>'
    text = load(np.zeros((2, 4, 4), np.uint8), labels=[evil, "b"])._repr_html_()
    assert "<script" not in text
    assert 'alert("x")' not in text
    assert "&lt;script&gt;" in text
