"""What stands under a hole before it is filled."""

import numpy as np
import pytest

from ganbook.inpainting.mean_colour import without_hole


@pytest.mark.parametrize("channels", [1, 3])
def test_a_hole_has_the_mean_colour_of_what_is_known_and_hides_what_lay_under_it(some_digits, channels):
    image = np.repeat(some_digits[0][0].reshape(28, 28, 1), channels, 2)[:, ::-1]
    hole = np.zeros((28, 28), bool)
    hole[5:20, 8:12] = True
    plain = without_hole(image, hole)
    assert plain.dtype == np.uint8
    assert np.array_equal(plain[~hole], image[~hole])
    assert (plain[hole] == np.rint(image[~hole].mean(0))).all()
    other = image.copy()
    other[hole] = 255 - other[hole]
    assert np.array_equal(without_hole(other, hole), plain)
