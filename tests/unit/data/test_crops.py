"""Images are cut into squares at their full resolution."""

import warnings

import numpy as np
import pytest
from PIL import Image
from skimage import data as photographs

import ganbook as gb
from ganbook.data.crops import crops_of
from ganbook.data.load import load_recorded


def test_crops_are_the_very_pixels_and_do_not_overlap():
    image = photographs.astronaut()[:100, :70]
    crops = crops_of(image, 32, 100)
    assert crops.shape == (6, 32, 32, 3)
    assert np.array_equal(crops[0], image[2:34, 3:35])
    assert np.array_equal(crops[3], image[34:66, 35:67])
    assert np.array_equal(crops_of(image, 32, 2), crops[[0, 5]])


@pytest.fixture
def photos(tmp_path):
    """A folder of images of several sizes with a test split; one is too small."""
    sizes = {"train/a.png": (100, 70), "train/b.jpg": (64, 64), "train/small.png": (20, 90), "test/c.png": (40, 50)}
    for name, (height, width) in sizes.items():
        file = tmp_path / "photos" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(photographs.coffee()[:height, :width]).save(file)
    return tmp_path / "photos"


def test_a_folder_of_any_sizes_is_cut_and_loaded_again_from_its_record(photos):
    with pytest.warns(UserWarning, match="small.png") as said:
        data = gb.data.load(photos, crop=32)
    assert "smaller than a crop of 32×32" in str(said[0].message)
    assert data.images.shape == (6 + 4, 32, 32, 3)
    assert data.test_images.shape == (1, 32, 32, 3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        again = load_recorded(data.record())
    assert again.fingerprint == data.fingerprint
    assert again.crop == 32
    assert gb.data.load(data, crop=32) is data


def test_images_of_one_size_are_cut_too():
    data = gb.data.load("emoji", crop=16)
    whole = gb.data.load("emoji")
    assert data.shape == (16, 16, 3)
    assert len(data) == 4 * len(whole)
    assert np.array_equal(data.images[3], whole.images[0, 16:, 16:])


@pytest.mark.parametrize(
    ("source", "options", "said"),
    [
        ("digits", {"crop": 64}, "smaller than a crop of 64×64"),
        ("digits", {"crop": 16, "image_size": 28}, "give one of the two"),
        ("digits", {"crop": 3}, "a whole number from 8 to 1,024"),
        ("ring", {"crop": 16}, "crop goes with images"),
    ],
)
def test_crops_that_cannot_be_cut_are_one_line(source, options, said):
    with pytest.raises(ValueError, match=said) as error:
        gb.data.load(source, **options)
    assert "\n" not in str(error.value)


def test_a_folder_whose_images_are_all_smaller_is_refused(photos):
    with pytest.raises(ValueError, match="smaller than a crop of 128×128"):
        gb.data.load(photos, crop=128)
