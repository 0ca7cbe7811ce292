"""The numbers of an evaluation beside independent implementations, closed forms and published values."""

import numpy as np
import pytest
from scipy.linalg import sqrtm
from scipy.spatial.distance import cdist
from scipy.special import logsumexp
from sklearn.metrics.pairwise import polynomial_kernel
from sklearn.neighbors import NearestNeighbors

from ganbook.metrics.frechet import frechet, frechet_distance
from ganbook.metrics.jackknife import GROUPS
from ganbook.metrics.kid import kid
from ganbook.metrics.memorisation import memorisation
from ganbook.metrics.modes import diversity, modes, stacked
from ganbook.metrics.nearest import nearest, radii
from ganbook.metrics.parzen import parzen
from ganbook.metrics.prdc import prdc


@pytest.fixture(scope="module")
def two():
    """Two sets of features: correlated, apart, of different sizes."""
    rng = np.random.default_rng(7)
    mix = rng.standard_normal((16, 16))
    a, b = rng.standard_normal((400, 16)) @ mix, rng.standard_normal((300, 16)) @ mix * 0.9
    return a, b + 0.5


def test_frechet_distance_agrees_with_scipy_to_nine_digits(two):
    a, b = two
    root = sqrtm(np.cov(a, rowvar=False) @ np.cov(b, rowvar=False)).real
    expected = np.sum((a.mean(0) - b.mean(0)) ** 2) + np.trace(
        np.cov(a, rowvar=False) + np.cov(b, rowvar=False) - 2 * root
    )
    assert frechet_distance(a, b) == pytest.approx(expected, rel=1e-9)
    assert frechet(a, b).value == pytest.approx(expected, rel=1e-9)


def brute_kid(a, b):
    within_a, within_b, across = (polynomial_kernel(x, y, degree=3, coef0=1) for x, y in ((a, a), (b, b), (a, b)))
    n, m = len(a), len(b)
    return (
        (within_a.sum() - np.trace(within_a)) / (n * (n - 1))
        + (within_b.sum() - np.trace(within_b)) / (m * (m - 1))
        - 2 * across.mean()
    )


def test_kid_agrees_with_scikit_learn_to_nine_digits(two):
    assert kid(*two).value == pytest.approx(brute_kid(*two), rel=1e-9)


@pytest.mark.parametrize(("estimate", "number"), [(kid, brute_kid), (frechet, frechet_distance)])
def test_intervals_are_those_of_leaving_out_each_group(two, estimate, number):
    variance = 0.0
    for which in (0, 1):
        cuts = np.array_split(np.arange(len(two[which])), GROUPS)
        left_out = []
        for cut in cuts:
            pair = list(two)
            pair[which] = np.delete(pair[which], cut, 0)
            left_out.append(number(*pair))
        variance += (GROUPS - 1) / GROUPS * np.sum((left_out - np.mean(left_out)) ** 2)
    found = estimate(*two)
    assert found.high - found.value == pytest.approx(2.093 * np.sqrt(variance), rel=1e-6)
    assert found.value - found.low == pytest.approx(2.093 * np.sqrt(variance), rel=1e-6)


def test_kid_intervals_hold_the_closed_form_of_two_gaussians_as_often_as_they_say():
    shift = 0.5
    # Moments of N(0, 1): 0, 1, 0; of N(s, 1): s, s² + 1, s³ + 3s. The kernel is 1 + 3u + 3u² + u³, u = xy.
    of_y = 1 + 3 * shift**2 + 3 * (shift**2 + 1) ** 2 + (shift**3 + 3 * shift) ** 2
    truth = 4 + of_y - 2 * (1 + 3 * (shift**2 + 1))
    rng = np.random.default_rng(0)
    found = [kid(rng.standard_normal((200, 1)), rng.standard_normal((200, 1)) + shift) for _ in range(200)]
    assert 0.90 < np.mean([each.low < truth < each.high for each in found]) < 0.99
    assert np.mean([each.value for each in found]) == pytest.approx(truth, rel=0.1)


def test_precision_recall_density_and_coverage_agree_with_scikit_learn(two):
    real, fake = two
    k = 5

    def reach(x):
        return NearestNeighbors(n_neighbors=k + 1).fit(x).kneighbors(x)[0][:, k]

    gaps = np.linalg.norm(real[:, None] - fake[None], axis=2)
    inside = gaps < reach(real)[:, None]
    found = prdc(real, fake, k)
    assert found.precision == inside.any(0).mean()
    assert found.recall == (gaps < reach(fake)).any(1).mean()
    assert found.density == pytest.approx(inside.sum() / (k * len(fake)), rel=1e-12)
    assert found.coverage == inside.any(1).mean()


def test_density_and_coverage_of_equal_distributions_are_the_published_expectations():
    rng = np.random.default_rng(0)
    found = prdc(rng.standard_normal((2000, 8)), rng.standard_normal((2000, 8)), 5)
    assert found.density == pytest.approx(1, abs=0.03)
    assert found.coverage == pytest.approx(1 - 0.5**5, abs=0.015)
    fewer = prdc(rng.standard_normal((2000, 8)), rng.standard_normal((500, 8)), 5)
    expected = 1 - np.prod([(2000 - i) / (2500 - i) for i in range(1, 6)])
    assert fewer.coverage == pytest.approx(expected, abs=0.03)


def test_an_outlier_fools_precision_but_not_density():
    rng = np.random.default_rng(0)
    real = np.concatenate([rng.standard_normal((500, 4)), 40 * np.ones((1, 4))])
    found = prdc(real, 20 + rng.standard_normal((500, 4)))
    assert found.precision > 0.95
    assert found.density < 0.3
    assert found.coverage < 0.02


def test_neighbours_are_those_of_scikit_learn(two):
    a, b = two
    distances, indices = NearestNeighbors(n_neighbors=3).fit(b).kneighbors(a)
    found = nearest(a, b, 3)
    np.testing.assert_allclose(found[0], distances, rtol=1e-4)
    np.testing.assert_array_equal(found[1], indices)
    np.testing.assert_allclose(radii(b, 2), NearestNeighbors(n_neighbors=3).fit(b).kneighbors(b)[0][:, 2], rtol=1e-4)


def test_parzen_agrees_with_scipy_to_a_thousandth_of_a_nat(digits):
    centres, known, unseen = digits.images[:400], digits.images[400:500], digits.test_images[:200]
    flat, *others = (part.reshape(len(part), -1) / 255 for part in (centres, known, unseen))

    def log_density(points, sigma):
        gaps = cdist(points, flat, "sqeuclidean")
        return logsumexp(-gaps / (2 * sigma**2), axis=1) - np.log(400) - 392 * np.log(2 * np.pi * sigma**2)

    sigma = max(np.logspace(-1, 0, 10), key=lambda each: log_density(others[0], each).mean())
    each = log_density(others[1], sigma)
    found = parzen(centres, known, unseen)
    assert found.sigma == pytest.approx(sigma)
    assert found.mean == pytest.approx(each.mean(), abs=1e-3)
    assert found.error == pytest.approx(each.std(ddof=1) / np.sqrt(len(each)), rel=1e-4)


def test_parzen_of_one_centre_is_a_gaussian():
    point, size = np.full((1, 4, 4, 1), 0.5, np.float32), 16
    found = parzen(point, point, np.concatenate([point, point + 0.25]), sigmas=[0.5])
    log_density = -size / 2 * np.log(2 * np.pi * 0.25) - np.array([0, size * 0.25**2 / (2 * 0.25)])
    assert found.mean == pytest.approx(log_density.mean(), abs=1e-5)


def test_copies_are_found_with_what_they_copy_and_new_images_are_none(digits):
    train, held_out = digits.images[:1000], digits.test_images[:300]
    copied = np.random.default_rng(0).integers(0, len(train), 50)
    noisy = np.clip(train[copied] + np.random.default_rng(1).normal(0, 4, (50, 28, 28, 1)), 0, 255).astype(np.uint8)
    for rivals in (held_out, None):
        found = memorisation(noisy, train, rivals)
        assert found.copies == 1
        np.testing.assert_array_equal(found.indices, copied)
        assert found.distances.max() < 8
        assert memorisation(digits.test_images[300:600], train, rivals).copies < 0.01
    assert memorisation(train[copied], train, held_out).ratios.max() == 0


def test_unseen_images_are_as_near_to_held_out_ones_as_to_training_images(digits):
    found = memorisation(digits.test_images[:1000], digits.images[:2000], digits.test_images[1000:])
    assert found.nearer == pytest.approx(0.5, abs=0.06)
    assert memorisation(digits.images[:300], digits.images[:2000], digits.test_images[:1000]).nearer > 0.6


def test_large_pictures_are_compared_when_averaged_down():
    rng = np.random.default_rng(0)
    train = rng.integers(0, 256, (60, 70, 80, 3), np.uint8)
    assert memorisation(train[:10], train, rng.integers(0, 256, (60, 70, 80, 3), np.uint8)).copies == 1


def test_modes_of_closed_cases():
    data = np.arange(1000) % 10
    one = modes(np.full(50, 3), data, 10)
    assert (one.captured, one.entropy, one.least) == (1, 0, 0)
    assert one.kl == pytest.approx(np.log(10))
    same = modes(data, data, 10)
    assert (same.captured, same.least) == (10, 1)
    assert same.kl == pytest.approx(0, abs=1e-12)
    assert same.entropy == pytest.approx(np.log(10))
    assert modes(np.array([4]), np.array([3]), 5).kl == np.inf


def test_three_digits_make_a_thousand_modes():
    digits = np.random.default_rng(0).integers(0, 10, (25_600, 3))
    found = stacked(digits, 10)
    np.testing.assert_array_equal(found, digits @ [100, 10, 1])
    spread = modes(found, np.arange(1000), 1000)
    assert spread.captured == 1000
    # The plug-in KL of n draws from an even distribution of K is about (K − 1) / 2n.
    assert spread.kl == pytest.approx(999 / 51_200, rel=0.15)


def test_diversity_of_halved_features_is_a_half_and_of_one_output_0():
    rng = np.random.default_rng(0)
    data, classes = rng.standard_normal((600, 8)), np.arange(600) % 3
    found = diversity(data / 2 + 5, classes, data, classes, 3)
    np.testing.assert_allclose(found, 0.5, rtol=1e-12)
    one = diversity(np.ones((40, 8)), np.zeros(40, int), data, classes, 3)
    assert one[0] == 0
    assert np.isnan(one[1:]).all()


@pytest.mark.parametrize("measure", [kid, frechet])
@pytest.mark.parametrize(("a", "b"), [((39, 3), (50, 3)), ((50, 3), (50, 4)), ((50,), (50,))])
def test_features_without_an_interval_are_refused(measure, a, b):
    with pytest.raises(ValueError, match="at least 40"):
        measure(np.zeros(a), np.zeros(b))


def test_points_without_enough_neighbours_are_refused():
    with pytest.raises(ValueError, match="give more than 5"):
        prdc(np.zeros((5, 2)), np.zeros((9, 2)))
