"""What a frame shows, against the same computed by NumPy alone."""

import numpy as np
import pytest

import ganbook as gb
from ganbook.config.parser import make
from ganbook.config.train import TrainConfig
from ganbook.data import load
from ganbook.plane.frame import probes, window
from ganbook.training.build import new_gan


def gan_and_view(loss, **options):
    from ganbook.plane.view import View

    data = load("moons")
    config = make(TrainConfig, data="moons", loss=loss, hidden="16,8", activation="tanh", **options)
    gan = new_gan(config.resolved(len(data), data.shape), data, None)
    return gan, data, View(gan, data, loss)


def network(model, x):
    """Run dense layers with tanh between them, float64."""
    arrays = [w.numpy().astype(np.float64) for w in model.weights]
    for i in range(0, len(arrays), 2):
        x = x @ arrays[i] + arrays[i + 1]
        if i + 2 < len(arrays):
            x = np.tanh(x)
    return x


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def test_samples_and_the_grid_are_what_g_makes_of_their_z():
    gan, data, view = gan_and_view("non-saturating")
    frame = view.take(1.5)
    assert (frame.step, frame.g_updates, frame.seconds) == (0, 0, 1.5)
    z = gan.noise(500, 0).astype(np.float64)
    np.testing.assert_allclose(frame.samples, network(gan.generator, z) * data.scale + data.centre, atol=1e-5)
    np.testing.assert_allclose(frame.average, frame.samples, atol=1e-6)  # before the first step
    corner = network(gan.generator, np.array([[-2.0, 2.0]])) * data.scale + data.centre
    np.testing.assert_allclose(frame.grid[0, -1], corner[0], atol=1e-5)


@pytest.mark.parametrize("loss", ["non-saturating", "least-squares", "hinge", "wasserstein"])
def test_the_heat_map_is_d_at_the_centres_of_the_cells_lowest_row_first(loss):
    gan, data, view = gan_and_view(loss)
    frame = view.take(0.0)
    x, y, half = window(data)
    side = len(frame.heat)
    cells = half * ((np.arange(side) + 0.5) / side * 2 - 1)
    plane = np.array([[x + dx, y + dy] for dy in cells for dx in cells])
    logits = network(gan.discriminator, (plane - data.centre) / data.scale)[:, 0]
    rows = np.random.default_rng(0).permutation(len(data.samples))[:500]
    real = network(gan.discriminator, data.samples[rows].astype(np.float64)).mean()
    fake = network(gan.discriminator, (frame.samples - data.centre) / data.scale).mean()
    distances = logits - (real + fake) / 2
    expected = {
        "non-saturating": sigmoid(logits),
        "least-squares": np.clip(logits, 0, 1),
        "hinge": sigmoid(distances),
        "wasserstein": 0.5 + 0.5 * distances / np.abs(distances).max(),
    }[loss]
    np.testing.assert_allclose(frame.heat.ravel(), expected, atol=1e-4)


def test_arrows_point_where_the_loss_of_g_falls_fastest():
    gan, data, view = gan_and_view("non-saturating")
    frame = view.take(0.0)
    samples = (frame.samples.astype(np.float64) - data.centre) / data.scale

    def g_loss(points):  # −log D
        return -np.log(sigmoid(network(gan.discriminator, points)[:, 0]))

    h = 1e-4
    steps = [np.array([h, 0]), np.array([0, h])]
    slopes = np.column_stack([-(g_loss(samples + s) - g_loss(samples - s)) / (2 * h) for s in steps])
    np.testing.assert_allclose(frame.slopes, slopes, atol=1e-4)


def test_the_slope_of_d_is_its_own_in_the_plane_and_at_real_points():
    gan, data, view = gan_and_view("hinge")
    frame = view.take(0.0)
    x, y, half = window(data)
    cells = half * ((np.arange(16) + 0.5) / 16 * 2 - 1)
    plane = np.array([[x + dx, y + dy] for dy in cells for dx in cells])

    def slope(points, h=1e-4):
        points = (points - data.centre) / data.scale
        logit = [[network(gan.discriminator, points + sign * step)[:, 0] for sign in (1, -1)] for step in h * np.eye(2)]
        return np.column_stack([(up - down) / (2 * h) for up, down in logit])

    np.testing.assert_allclose(frame.field.reshape(-1, 2), slope(plane), atol=1e-4)
    np.testing.assert_allclose(frame.steepness, np.linalg.norm(slope(probes(data)[:150]), axis=1), atol=1e-4)


def test_a_single_dimension_of_noise_is_a_thread():
    _, _, view = gan_and_view("hinge", latent_dim=1)
    assert view.take(0.0).grid.shape == (1, 21, 2)


def test_classes_are_refused_in_one_line(tmp_path):
    p = gb.playground("ring", conditional=True, hidden="8", runs_dir=tmp_path)
    p.begin()
    from ganbook.plane.view import View

    with pytest.raises(ValueError, match="leave out --conditional"):
        View(p.run.gan, p.run.data, "hinge")
    p.run.stop()
    p.run.wait()
