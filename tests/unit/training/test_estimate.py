"""The estimate of training time: real steps at the sizes that suit the files, and one size to begin with."""

import dataclasses

import numpy as np
import pytest
from PIL import Image

import ganbook as gb
from ganbook.training.estimate import Estimate, SizeEstimate, sizes_for


@pytest.fixture(scope="module")
def photographs():
    """40 pieces of a photograph, uint8 (40, 48, 64, 3)."""
    from skimage import data

    image = data.astronaut()
    return np.stack([image[y : y + 48, x : x + 64] for y in range(0, 320, 64) for x in range(0, 440, 55)])


def save(images, folder):
    folder.mkdir()
    for i, image in enumerate(images):
        Image.fromarray(image).save(folder / f"{i:02}.png")
    return folder


def test_it_times_the_default_networks_and_says_what_to_begin_with(photographs):
    found = gb.estimate(photographs, [16, 24])
    assert [size.image_size for size in found.sizes] == [(16, 16), (24, 24)]
    assert all(size.seconds > 0 and size.network == "photo" and size.batch_size == 32 for size in found.sizes)
    assert found.lines[0].startswith("16×16: ")
    assert found.lines[-2] == f"Begin with --image-size {found.suggested.image_size[0]}."
    assert found.lines[-1].startswith("What to expect: ")
    assert found.lines[-1] in found._repr_html_()
    assert found.expectation.html in found._repr_html_()
    assert str(found).startswith("array: training time on this machine")


@pytest.mark.parametrize(("cut", "sizes"), [((48, 64), [(32, 32)]), ((16, 16), [(16, 16)])])
def test_sizes_are_those_that_files_have(cut, sizes, photographs, tmp_path):
    folder = save(photographs[:3, : cut[0], : cut[1]], tmp_path / "photos")
    assert sizes_for(gb.data.load(folder, 64)) == sizes


def test_arrays_are_measured_at_their_own_size_and_below(photographs):
    assert sizes_for(gb.data.load(photographs)) == [(32, 32), (48, 64)]


def test_the_largest_size_that_takes_no_more_than_ten_minutes_is_suggested():
    sizes = tuple(
        SizeEstimate((side, side), "photo", 32, seconds) for side, seconds in ((32, 20), (64, 190), (128, 900))
    )
    found = Estimate("photos", sizes, 6000, 3)
    assert found.suggested.image_size == (64, 64)
    assert found.lines[2] == "128×128: 15 min for 1,000 steps, 45 min for the usual 3,000 (photo, batch 32)"
    fast = dataclasses.replace(found, sizes=(*sizes[:2], SizeEstimate((128, 128), "photo", 32, 100)))
    assert fast.suggested.image_size == (64, 64)  # nothing was measured of larger ones
    slow = dataclasses.replace(found, sizes=sizes[2:])
    assert slow.suggested.image_size == (128, 128)


@pytest.mark.parametrize(
    ("data", "sizes", "reason"),
    [
        ("ring", None, "an estimate is about images, and ring is points"),
        ("digits", [], "image_sizes is empty"),
        ("digits", [0], "image_size is 0"),
        (np.zeros((1, 8, 8), np.uint8), None, "array holds one image"),
    ],
)
def test_what_cannot_be_estimated_is_one_line(data, sizes, reason):
    with pytest.raises(ValueError, match=reason):
        gb.estimate(data, sizes)
