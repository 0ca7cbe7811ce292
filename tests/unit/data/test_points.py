import numpy as np
import pandas as pd
import pytest

from ganbook import data
from ganbook.config.train import TrainConfig
from ganbook.data.point_shapes import SHAPES
from ganbook.data.points import REAL_COLOUR, SAMPLE_COLOUR, PointData, scatter
from ganbook.data.text_sets import TEXT_SETS


@pytest.mark.parametrize("name", SHAPES)
def test_a_named_distribution_is_the_same_points_each_time_with_labels_that_fit(name):
    points, again = data.load(name), data.load(name)
    assert points.points.dtype == np.float32
    assert points.points.shape == (50_000, 2)
    assert points.fingerprint == again.fingerprint
    assert np.isfinite(points.points).all()
    if points.labels is not None:
        assert set(np.unique(points.labels)) == set(range(points.num_classes))


@pytest.mark.parametrize("name", ["ring", "grid"])
def test_points_lie_around_the_mode_of_their_label_with_the_sigma_that_is_claimed(name):
    points = data.load(name)
    gaps = points.points - points.modes[points.labels]
    np.testing.assert_allclose(gaps.std(0), points.sigma, rtol=0.02)
    np.testing.assert_allclose(gaps.mean(0), 0, atol=points.sigma / 50)


def test_options_after_the_name_change_the_distribution():
    points = data.load("ring:modes=3,radius=2,sigma=0.1")
    assert len(points.modes) == points.num_classes == 3
    assert np.linalg.norm(points.points, axis=1).mean() == pytest.approx(2, abs=0.02)
    assert points.source == "ring:modes=3,radius=2,sigma=0.1"


def test_the_dark_squares_are_filled_evenly_and_the_others_empty():
    for side in (3, 4):
        cells = np.floor((data.load(f"checkerboard:side={side}").points + 1) / 2 * side).astype(int)
        counts = np.zeros((side, side))
        np.add.at(counts, tuple(np.clip(cells, 0, side - 1).T), 1)
        dark = (np.add.outer(range(side), range(side)) % 2) == 0
        assert counts[~dark].sum() < 10  # on an edge, by rounding
        assert counts[dark].min() > 0.5 * counts[dark].max() / (2 if side % 2 else 1)


def test_arrays_tables_and_pairs_are_points_and_a_tenth_of_them_is_held_out():
    array = np.random.default_rng(0).normal(size=(300, 2)) * 40 + 1000
    from_array = data.load(array)
    assert isinstance(from_array, PointData)
    assert (len(from_array), len(from_array.test_points)) == (270, 30)
    assert data.load(pd.DataFrame(array, columns=["x", "y"])).fingerprint == from_array.fingerprint
    with_labels = data.load((array, np.arange(300) % 3))
    assert with_labels.num_classes == 3
    assert data.load(from_array) is from_array


def test_networks_see_points_around_0_with_deviation_1_and_decoding_gives_them_back():
    array = np.random.default_rng(0).normal(size=(500, 2)) * [3, 40] + [1000, -5]
    points = data.load(array)
    assert points.samples.dtype == np.float32
    np.testing.assert_allclose(points.samples.mean(0), 0, atol=1e-3)
    assert np.sqrt(np.mean(points.samples**2)) == pytest.approx(1, rel=1e-4)
    np.testing.assert_allclose(points.decode(points.samples, points.record()), points.points, atol=1e-3)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (np.ones((50, 3)), "3 columns; a point in the plane has two"),
        (pd.DataFrame({"a": [1.0, 2], "b": [1.0, 2], "c": [0, 0]}), "3 columns (a, b, c)"),
        (pd.DataFrame({"a": [1.0, 2], "b": ["x", "y"]}), "text or missing values"),
        (np.ones((50, 2)), "all 50 are equal"),
        (np.ones((1, 2)), "1 in all"),
        (np.array([[0, 0], [np.nan, 1], [2, 2]]), "1 of 3 have NaN"),
        (np.array([[0, 0], [np.inf, 1], [2, 2]]), "1 of 3 have NaN or infinite"),
        (np.array([[1e9, 0], [1e9 + 1, 0]]), "lost in float32"),
        ("ring:mods=6", "did you mean modes?"),
        ("ring:sigma=0", "a number above 0"),
        ("ring:modes=2.5", "a whole number from 1 to 100"),
        ("ring:modes", "ring takes modes=8"),
    ],
)
def test_points_that_cannot_be_learned_are_refused_in_one_line(source, message):
    with pytest.raises(ValueError, match=".") as error:
        data.load(source)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("option", [{"image_size": 8}, {"channels": 1}])
def test_options_of_images_are_refused(option):
    with pytest.raises(ValueError, match="goes with images"):
        data.load("ring", **option)


def test_the_help_of_data_names_every_distribution():
    named = TrainConfig.model_fields["data"].description.split("(")
    assert named[1].partition(")")[0].split(", ") == list(SHAPES)
    assert named[2].split(", ")[: len(TEXT_SETS)] == list(TEXT_SETS)


def test_images_are_wanted_where_only_images_have_a_meaning():
    with pytest.raises(ValueError, match="takes images, and ring holds points"):
        data.load_images("ring")


def test_a_scatter_plot_shows_each_point_at_its_place():
    real = np.array([[-1.0, -1], [1, 1]])
    picture = np.asarray(scatter(real, np.array([[1.0, -1], [np.nan, 0]])))
    low, high = 480 * (1 - 1 / 1.24) / 2, 480 * (1 + 1 / 1.24) / 2
    alpha = picture[..., 3]
    assert alpha[round(high), round(low)] > 100  # lower left, real
    assert alpha[round(low), round(high)] > 100  # upper right, real
    assert alpha[round(high), round(high)] > 100  # lower right, the sample
    assert picture[round(high), round(high), 2] > 150  # in blue
    assert alpha[round(low), round(low)] == 0


def test_the_scatter_plot_names_its_two_colours():
    real = np.array([[0.0, 0.0], [1.0, 1.0]])
    both, alone = (np.asarray(scatter(points, real)) for points in (real, real[:0]))
    corner = (slice(0, 24), slice(0, 120))
    colours = {tuple(colour) for colour in both[corner].reshape(-1, 4)}
    assert {(*REAL_COLOUR[:3], 255), (*SAMPLE_COLOUR[:3], 255)} <= colours
    assert not alone[corner].any()
