"""Training images set aside, on which options are chosen."""

import numpy as np
import pytest

import ganbook as gb
from ganbook.data.load import load, load_recorded
from ganbook.metrics.frechet_probe import FrechetProbe


def test_what_is_held_out_is_not_learned_and_the_test_images_are_left_alone(digits):
    part = load("digits", hold_out=300)
    assert (len(part), len(part.test_images), part.held_out) == (len(digits) - 300, 300, 300)
    together = np.concatenate([part.images, part.test_images]).reshape(len(digits), -1)
    assert sorted(map(bytes, together)) == sorted(map(bytes, digits.images.reshape(len(digits), -1)))
    assert part.fingerprint != digits.fingerprint
    assert load_recorded(part.record()).fingerprint == part.fingerprint
    assert load(part, hold_out=300) is part


def test_a_run_measures_its_distance_on_them_however_few(tmp_path):
    probe = FrechetProbe(load("digits", image_size=8, hold_out=300))
    assert probe.count == 300
    run = gb.train("digits", image_size=8, network="mlp", hidden="8", jit="off", hold_out=300, steps=1, wait=True)
    assert run.data.held_out == 300


@pytest.mark.parametrize(
    ("data", "count", "message"),
    [("digits", 6000, "50 to 5,000 can be set aside"), ("digits", 3, "50 to 5,000"), ("ring", 300, "goes with images")],
)
def test_mistakes_are_one_clear_line(data, count, message):
    with pytest.raises(ValueError, match=message):
        load(data, hold_out=count)
