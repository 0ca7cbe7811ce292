import warnings

import numpy as np
import pytest

import ganbook as gb
from ganbook.training.monitors import Monitors

SMALL = {"batch_size": 32, "hidden": "16,16", "wait": True}


@pytest.fixture(scope="module")
def run(place):
    return gb.train("ring", name="points", steps=40, runs_dir=place, **SMALL)


def test_points_are_trained_on_with_the_options_that_are_their_defaults(run):
    config = run.config
    assert (config.network, config.latent_dim, config.hidden) == ("mlp", 2, "16,16")
    assert config.augment is None
    assert [layer.units for layer in run.gan.generator.layers if hasattr(layer, "units")] == [16, 16, 2]


def test_samples_are_points_in_the_units_of_the_data(place):
    array = np.random.default_rng(0).normal(size=(400, 2)) * 3 + [1000, -500]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        samples = gb.train(array, name="far", steps=5, runs_dir=place, **SMALL).sample(50)
    assert samples.dtype == np.float32
    assert samples.shape == (50, 2)
    assert np.linalg.norm(samples.mean(0) - [1000, -500]) < 30


def test_an_interrupted_training_on_points_ends_in_the_same_weights(run, place):
    short = gb.train("ring", name="interrupted", steps=17, runs_dir=place, **SMALL)
    again = gb.train(resume=short.name, runs_dir=place, steps=40, wait=True)
    for one, other in zip(run.gan.weights, again.gan.weights, strict=True):
        np.testing.assert_array_equal(one.numpy(), other.numpy())


def test_the_preview_is_a_scatter_plot(run):
    from PIL import Image

    with Image.open(run.folder.preview_path(40)) as picture:
        assert picture.size == (480, 480)
        assert np.asarray(picture)[..., 3].any()


def test_points_are_written_as_an_archive_or_a_scatter_plot(run, tmp_path):
    from ganbook.training.sampling import write

    write(run, tmp_path / "s.npz", count=9)
    with np.load(tmp_path / "s.npz") as arrays:
        np.testing.assert_array_equal(arrays["points"], run.sample(9))
    write(run, tmp_path / "s.png", count=9)
    assert (tmp_path / "s.png").read_bytes().startswith(b"\x89PNG")


def test_uniform_noise_stays_in_its_bounds_in_and_out_of_training(place):
    uniform = gb.train("two-gaussians", name="uniform", steps=2, noise="uniform", latent_dim=1, runs_dir=place, **SMALL)
    z = uniform.gan.noise(1000)
    assert z.shape == (1000, 1)
    assert -1 <= z.min() < -0.9 < 0.9 < z.max() <= 1
    again = gb.load_run(uniform.folder.path)
    np.testing.assert_array_equal(uniform.sample(20), again.sample(20))


def test_classes_of_a_mixture_can_be_learned_on_demand(place):
    run = gb.train("ring", name="classes", steps=3, conditional=True, runs_dir=place, **SMALL)
    assert run.sample(10, labels=3).shape == (10, 2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"hidden": "0"}, "widths are whole numbers from 1 to 4,096"),
        ({"hidden": "8,10000"}, "widths are whole numbers"),
        ({"hidden": ""}, "give 1 to 8 widths"),
        ({"network": "dcgan"}, "draws images"),
        ({"augment": "flip"}, "--augment goes with images"),
        ({"evaluate_every": 1}, "--evaluate-every goes with images"),
        ({"precision": "bfloat16"}, "too coarse"),
        ({"batch_size": 60_000}, "50000 points, fewer than a batch of 60000"),
    ],
)
def test_what_has_no_meaning_for_points_is_refused_in_one_line(place, options, message):
    with pytest.raises(ValueError, match=message):
        gb.train("ring", name="refused", steps=1, runs_dir=place, **options)
    assert not (place / "refused").exists()


def test_widths_go_with_the_dense_network_only(place):
    with pytest.raises(ValueError, match="--hidden goes with --network mlp"):
        gb.train("digits", network="dcgan", hidden="8", name="refused", steps=1, runs_dir=place)


@pytest.mark.parametrize(
    "judge", [gb.browse, gb.evaluate, lambda run: gb.inpaint(np.zeros((28, 28), np.uint8), run=run)]
)
def test_what_takes_images_says_so_of_a_run_on_points(run, judge):
    with pytest.raises(ValueError, match="takes images, and ring holds points"):
        judge(run)


def test_samples_in_two_of_eight_places_are_a_collapse():
    data = gb.data.load("ring")
    monitors = Monitors(data.samples[:128], measure_reach=True)
    two = data.samples[np.isin(data.labels, [0, 4])][:128]
    row = {"d_loss": 1.0, "g_loss": 1.0, "d_real": 0.6, "d_fake": 0.4}
    alarms = []
    for step in range(0, 2000, 100):
        alarms += monitors.update(row | {"step": step} | monitors.measure(two + 1e-4 * step))
    assert [alarm.kind for alarm in alarms] == ["Mode collapse"]
    assert "samples reach only" in str(alarms[0])
    healthy = Monitors(data.samples[:128], measure_reach=True)
    others = data.samples[1000:1128]
    for step in range(0, 2000, 100):
        assert not healthy.update(row | {"step": step} | healthy.measure(others + 1e-4 * step))
