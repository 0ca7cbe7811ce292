"""Verdicts say the most important thing first."""

import pytest

from ganbook.evaluation.diagnosis import verdicts

REAL = {"frechet": [0.3, 0.25, 0.35], "kid": [0.001, -0.002, 0.004], "density": 1.0, "nearest": 20.0, "copies": 0.0}


def kinds(samples, floor=REAL, count=10_000):
    return [verdict.kind for verdict in verdicts(REAL | samples, floor, count, 128)]


@pytest.mark.parametrize("times", [3.5, 11, 1000])
def test_far_from_real_comes_first_and_is_never_without_a_fault(times):
    distance = [0.3 * times, 0.29 * times, 0.31 * times]
    [first, *others] = verdicts(REAL | {"frechet": distance}, REAL, 10_000, 128)
    assert str(first).startswith("Far from real: Fréchet distance ")
    assert f"{times:,}× that of real images" in str(first)
    assert "no fault found" not in [verdict.kind for verdict in others]
    assert kinds({"frechet": distance, "density": 0.01})[:2] == ["far from real", "unlike the data"]


def test_without_a_frechet_distance_the_kid_decides():
    few = {key: value for key, value in REAL.items() if key != "frechet"}
    [first, *_] = verdicts(few | {"kid": [0.5, 0.4, 0.6]}, few, 100, 128)
    assert str(first).startswith("Far from real: KID more than 12")


def test_what_chance_explains_is_no_fault():
    assert kinds({}) == ["not distinguishable from real images", "no fault found"]
    assert kinds({"frechet": [0.5, 0.45, 0.55]}) == ["distinguishable from real images", "no fault found"]
    # The interval reaches down to that of real images: too few of them to tell, but nothing to praise either.
    assert kinds({"frechet": [1.2, 0.3, 2.1]}) == ["not distinguishable from real images"]
