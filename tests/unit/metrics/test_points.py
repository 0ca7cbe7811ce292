import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon
from scipy.stats import wasserstein_distance

from ganbook import data
from ganbook.metrics.points import Judge, captured, js_divergence, score, sliced_wasserstein


@pytest.mark.parametrize(("name", "count"), [("ring", 8), ("grid", 25)])
def test_the_true_mixture_has_all_modes_and_98_9_percent_good_points(name, count):
    points = data.load(name)
    found = captured(points.points[:20_000], points.modes, points.sigma)
    assert found.modes == count
    assert found.high_quality == pytest.approx(1 - np.exp(-4.5), abs=0.003)


def test_points_far_from_modes_or_not_finite_are_not_good():
    points = data.load("ring")
    mixed = np.concatenate([np.tile(points.modes[0], (10, 1)), np.full((5, 2), 9.0), np.full((5, 2), np.nan)])
    found = captured(mixed, points.modes, points.sigma)
    assert (found.modes, found.high_quality) == (1, 0.5)


def test_the_modes_are_those_of_the_literature():
    np.testing.assert_allclose(np.linalg.norm(data.load("ring").modes, axis=1), 1)
    assert sorted({x for x, _ in data.load("grid").modes.tolist()}) == [-4, -2, 0, 2, 4]


@pytest.mark.parametrize("counts", [(400, 400), (400, 150), (77, 300)])
def test_sliced_wasserstein_is_the_mean_of_scipys_distances_along_directions(counts):
    rng = np.random.default_rng(0)
    one, other = rng.normal(size=(counts[0], 2)), rng.normal(size=(counts[1], 2)) * [1, 3] + 0.5
    axes = [(np.cos(a), np.sin(a)) for a in np.pi * np.arange(64) / 64]
    expected = np.mean([wasserstein_distance(one @ axis, other @ axis) for axis in axes])
    assert sliced_wasserstein(one, other) == pytest.approx(expected, rel=1e-9)


def test_js_divergence_is_that_of_scipy_on_numpys_histograms():
    rng = np.random.default_rng(0)
    real = rng.uniform(-1, 1, size=(500, 2))
    one, other = rng.normal(size=(400, 2)) * 0.5, real
    low, high = real.min(0), real.max(0)
    margin = (high - low) / 10
    edges = [np.linspace(a, b, 25) for a, b in zip(low - margin, high + margin, strict=True)]

    def histogram(points):
        inside = np.histogram2d(*points.T, bins=edges)[0].ravel()
        return np.append(inside, len(points) - inside.sum())

    expected = jensenshannon(histogram(one), histogram(other), base=2) ** 2
    assert js_divergence(one, other, real) == pytest.approx(expected, rel=1e-9)
    assert js_divergence(np.full((9, 2), np.nan), other, real) == 1


def test_real_points_score_their_floor_and_a_collapse_scores_worse():
    ring = data.load("ring")
    judge = Judge(ring)
    real = judge(ring.points[:2500])
    collapsed = judge(ring.points[ring.labels < 2][:2500])
    for name in ("sliced_wasserstein", "js_divergence"):
        floor, spread = getattr(judge.floor, name), getattr(judge.spread, name)
        assert abs(getattr(real, name) - floor) < 5 * spread
        assert getattr(collapsed, name) > floor + 20 * spread
    assert (real.modes, collapsed.modes) == (8, 2)


def test_each_number_stands_beside_its_floor():
    grid = data.load("grid")
    scores = score(grid.points[:1000], grid)
    assert list(scores) == ["modes", "high_quality", "sliced_wasserstein", "js_divergence"]
    assert list(score(data.load("moons").points[:500], data.load("moons"))) == ["sliced_wasserstein", "js_divergence"]
    with pytest.raises(ValueError, match=r"give \(N, 2\)"):
        score(np.ones((3, 3)), grid)
