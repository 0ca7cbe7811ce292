"""Metrics in a word."""

import math

import pytest

from ganbook.evaluation.grades import grade

NAN = math.nan


@pytest.mark.parametrize(
    ("ideal", "samples", "real", "word"),
    [
        ("lower", [1.2, 1.1, 1.3], [1.0, 0.9, 1.05], "good"),
        ("lower", [2.5, 2.4, 2.6], [1.0, 0.9, 1.1], "fair"),
        ("lower", [11.0, 10.0, 12.0], [1.0, 0.9, 1.1], "poor"),
        ("lower", [5.0, 0.5, 9.0], [1.0, 0.9, 1.1], "good"),  # the intervals overlap: chance explains it
        ("lower", [0.3, NAN, NAN], [0.0, NAN, NAN], "poor"),  # copies
        ("lower", [0.005, NAN, NAN], [0.0, NAN, NAN], "good"),
        ("lower", [0.5, 0.4, 0.6], [-0.001, -0.01, 0.004], "poor"),  # a KID
        ("higher", [0.88, NAN, NAN], [0.9, NAN, NAN], "good"),
        ("higher", [0.6, NAN, NAN], [0.9, NAN, NAN], "fair"),
        ("higher", [0.1, NAN, NAN], [0.9, NAN, NAN], "poor"),
        ("higher", [-100.0, NAN, NAN], [-90.0, NAN, NAN], "poor"),  # a log-likelihood
        ("≈ 1", [1.1, NAN, NAN], [1.0, NAN, NAN], "good"),
        ("≈ 1", [0.6, NAN, NAN], [1.0, NAN, NAN], "fair"),
        ("≈ real", [0.0, NAN, NAN], [2.3, NAN, NAN], "poor"),
        ("≈ real", [4.0, NAN, NAN], [20.0, NAN, NAN], "poor"),
        ("higher", [NAN, NAN, NAN], [0.9, NAN, NAN], ""),
    ],
)
def test_a_metric_is_good_fair_or_poor_against_real_data(ideal, samples, real, word):
    assert grade(ideal, samples, real) == word
