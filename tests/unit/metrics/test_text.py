"""Measures of lines against independent implementations, on fixed lists."""

import math
from collections import Counter

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon

from ganbook.data import load
from ganbook.data.ngrams import END, START, counts, jensen_shannon
from ganbook.metrics.ngram_model import ADD, NgramModel
from ganbook.metrics.text import measure, nearest

A = ["anna", "ann", "hanna", "otto", "bob", "anna"]
B = ["hannah", "bo", "otis", "anne", "anna", "toto"]


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_jensen_shannon_as_scipy_has_it(n):
    def frequencies(lines, keys):
        marked = [("^" if n > 1 else "") + line + "$" for line in lines]
        found = Counter(line[i : i + n] for line in marked for i in range(len(line) - n + 1))
        return [found[key] for key in keys]

    everything = ["^" + line + "$" for line in A + B] if n > 1 else [line + "$" for line in A + B]
    keys = sorted({line[i : i + n] for line in everything for i in range(len(line) - n + 1)})
    expected = jensenshannon(frequencies(A, keys), frequencies(B, keys), base=2)
    assert jensen_shannon(counts(A, n), counts(B, n)) == pytest.approx(expected, abs=1e-12)
    assert jensen_shannon(counts(A, n), counts(A, n)) == 0
    apart = jensen_shannon(counts(A, n), counts(["xyz"] * 3, n))
    assert apart == pytest.approx(1) if n > 1 else 0 < apart < 1  # the ends of lines are alike


def test_nothing_is_as_far_as_can_be():
    assert jensen_shannon(Counter(), counts(A, 2)) == 1


def test_the_model_of_n_grams_by_hand():
    model = NgramModel(["ab", "aa"], 2, "ab")
    total = 2 + 4 + 3 * ADD  # a three times, b once, the end twice
    p0 = {"a": (3 + ADD) / total, "b": (1 + ADD) / total, END: (2 + ADD) / total}
    # after a: b once, a once, the end once: three kinds
    after_a = {c: (1 + 3 * p0[c]) / (3 + 3) for c in ("a", "b", END)}
    start = {"a": (2 + 1 * p0["a"]) / (2 + 1)}
    np.testing.assert_allclose(model.probabilities(("a",)), [after_a[c] for c in ("a", "b", END)])
    expected = (math.log(start["a"]) + math.log(after_a[END])) / 2
    assert model.log_likelihood(["a"]) == pytest.approx(expected)
    assert model.probabilities((START,)).sum() == pytest.approx(1)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_what_a_model_of_n_grams_draws_is_as_likely_as_it_says(n):
    model = NgramModel(A + B, n, sorted(set("".join(A + B))))
    drawn = model.sample(3000, longest=50, seed=1)
    firsts = Counter(line[0] if line else END for line in drawn)
    p = model.probabilities((START,) * (n - 1))
    assert firsts["a"] / 3000 == pytest.approx(p[0], abs=0.03)
    cold = model.sample(200, temperature=0.1, longest=50, seed=1)
    likeliest = max(p[:-1])
    assert Counter(line[0] for line in cold if line).most_common(1)[0][1] / 200 > likeliest + 0.1


def distance(a, b):
    """Edit distance after Wagner and Fischer, in plain Python."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def test_the_nearest_line_by_edits():
    for line, (closest, edits) in zip(B, nearest(B, A), strict=True):
        assert edits == min(distance(line, other) for other in A) == distance(line, closest)


def test_measures_count_what_they_say():
    row = measure(["1+1=2", "1+1=2", "2+2=5", "3+4=7"], ["5+5=10", "1+0=1"], ["1+1=2", "9+9=18"], rule="sums")
    assert row["unique"] == 0.75
    assert row["novel"] == 0.5
    assert row["right"] == 0.75
    assert row["edits"] == (0 + 0 + distance("2+2=5", "1+1=2") + distance("3+4=7", "1+1=2")) / 4
    assert row["js_3"] == jensen_shannon(counts(["1+1=2"] * 2 + ["2+2=5", "3+4=7"], 3), counts(["5+5=10", "1+0=1"], 3))


def test_noise_copies_and_repeats_are_told_from_real_lines():
    data = load("names")
    reference, real = data.test_lines[:700], data.test_lines[700:1400]
    rng = np.random.default_rng(0)
    noise = ["".join(rng.choice(list(data.characters), len(line))) for line in real]
    good, bad = measure(real, reference, data.lines), measure(noise, reference, data.lines)
    same = measure([real[0]] * len(real), reference, data.lines)
    copies = measure(data.lines[: len(real)], reference, data.lines)
    for key in ("js_1", "js_2", "js_3", "js_4"):
        assert good[key] < bad[key] <= 1
        assert good[key] < same[key]
    assert good["quality"] > bad["quality"]
    assert good["diversity"] > max(bad["diversity"], same["diversity"])
    assert copies["novel"] == 0 < good["novel"] == 1
    assert same["unique"] < 0.01
