"""What to expect: the run that is nearest to the images, its picture, and a plain word where nothing was measured."""

import io

import pytest
from PIL import Image

from ganbook.config.train import DEFAULT_STEPS
from ganbook.training.expectations import ALL, PICTURES, expectation


@pytest.mark.parametrize(
    ("traits", "name"),
    [
        ((28, 1, 500, False), "grey-28"),
        ((32, 3, 500, False), "drawings-32"),
        ((64, 3, 500, False), "drawings-64"),
        ((32, 3, 500, True), "few-photographs-32"),
        ((32, 3, 10_000, True), "photographs-32"),
        ((32, 3, 10_000, False), "photographs-32"),
        ((64, 3, 500, True), "photographs-64"),
    ],
)
def test_it_is_that_of_the_images_most_like_these(traits, name):
    found = expectation(*traits)
    assert found.name == name
    assert str(found).startswith(f"What to expect: {DEFAULT_STEPS:,} steps on {found.images:,} ")


@pytest.mark.parametrize(("side", "channels"), [(128, 3), (64, 1)])
def test_what_was_not_measured_is_not_promised(side, channels):
    found = expectation(side, channels, 10_000)
    assert "nothing was measured" in str(found)
    assert (found.picture, found.html) == (None, "")


def test_each_has_a_row_of_eight_samples_of_its_size():
    for each in ALL:
        width, height = Image.open(io.BytesIO(each.picture)).size
        assert (width, height) == (8 * (each.image_size + 2) - 2, each.image_size)
        assert each.html.startswith("<img alt=")
    assert {file.stem for file in PICTURES.glob("*.png")} == {each.name for each in ALL}
