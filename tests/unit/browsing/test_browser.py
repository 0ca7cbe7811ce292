"""Looking around in a generator, without a notebook."""

import io
import shutil
import subprocess
import time
import zipfile

import keras
import numpy as np
import pytest
from PIL import Image

import ganbook as gb
from ganbook.browsing import interpolation
from ganbook.browsing.nearest import Neighbours
from ganbook.data import ImageData
from ganbook.notebook.panels.browsing import messages


@pytest.fixture(scope="module")
def run(tmp_path_factory, digits):
    """A short conditional training with some checkpoints."""
    return gb.train(
        (digits.images[:400], digits.labels[:400]), network="dcgan", image_size=12, batch_size=16, steps=60,
        name="small", conditional=True, checkpoint_every=0.001, keep_checkpoints=50,
        runs_dir=tmp_path_factory.mktemp("runs"), wait=True,
    )  # fmt: skip


@pytest.fixture
def browser(run):
    return gb.browse(run)


def same(a, b):
    return np.array_equal(a, b)


def test_the_gallery_is_what_the_run_samples_and_goes_on_without_end(browser, run):
    assert same(browser.gallery(0, 130).images, run.sample(130))
    assert same(browser.gallery(1000, 20).images, run.sample(1020)[1000:])
    assert same(browser.look(seed=4, truncation=0.5).gallery(0, 8).images, run.sample(8, seed=4, truncation=0.5))
    assert same(browser.look(weights="raw").gallery(0, 8).images, run.sample(8, 4, truncation=0.5, weights="raw"))
    threes = browser.look(label=3).gallery(0, 8)
    assert set(threes.labels) == {3}
    assert same(threes.images, run.sample(8, 4, 3, 0.5, "raw"))


def test_an_order_changes_places_and_nothing_else(browser):
    drawn = browser.gallery(0, 180)
    for sort, by in (("score", lambda s: -s.scores), ("nearest", lambda s: browser.reals.search().distances(s.images))):
        found = browser.look(sort=sort).gallery(0, 180)
        assert sorted(found.titles) == sorted(drawn.titles)
        assert (np.diff(by(found)) >= 0).all()
        for place in (0, 100):
            assert same(found.images[place], drawn.images[int(found.titles[place])])
        assert same(browser.gallery(170, 20).images[:10], found.images[170:])


def test_a_score_is_the_discriminator_s_logit(browser, run):
    samples = browser.gallery(0, 8)
    drawn = run.gan.sample(samples.z, samples.labels)
    logits = run.gan.discriminator([drawn, samples.labels], training=False)
    np.testing.assert_allclose(samples.scores, np.ravel(logits), rtol=1e-4, atol=1e-4)


def test_steering_adds_directions_to_z_and_every_change_can_be_undone(browser):
    browser.pick(5)
    start = browser.sample
    assert same(start.image, browser.gallery(5, 1).images[0])
    moved = browser.steer(1.5, -2.0).sample
    np.testing.assert_allclose(moved.z - start.z, 1.5 * browser.directions[0] - 2 * browser.directions[1], atol=1e-5)
    assert not same(moved.image, start.image)
    for way in np.linspace(0, 1, 5):
        browser.look(truncation=0.5 + way, lasting=False)
    browser.look(truncation=0.6).star()
    browser.look(truncation=0.6).steer(1.5, -2.0)  # as it is: nothing to undo
    assert len(browser.selected) == 1
    assert len(browser.undo().selected) == 0
    assert browser.undo().view.look.truncation == 1.0, "a slider's way is one change"
    assert same(browser.undo().sample.z, start.z)
    assert browser.undo().view.at is None


def test_directions_are_those_along_which_pictures_change_most(browser):
    directions = browser.directions
    np.testing.assert_allclose(directions @ directions.T, np.eye(6), atol=1e-5)
    random = np.random.default_rng(0).standard_normal((50, directions.shape[1])).astype(np.float32)
    random /= np.linalg.norm(random, axis=1, keepdims=True)
    networks, now = browser.source.networks(), browser.drawing.snapshot(None, "ema")
    z, labels = browser.drawing.points(browser.view.look, range(16))
    before = networks.draw(now, z, labels).astype(float)

    def change(direction):
        return np.square(networks.draw(now, z + direction, labels) - before).mean()

    assert change(directions[0]) > 1.3 * np.mean([change(direction) for direction in random])


def test_directions_of_a_known_generator_are_its_principal_ones():
    # Four stripes, each moved by one axis of z, with strengths 4 > 2 > 1 > .5.
    z = keras.Input((4,))
    stretched = keras.layers.Dense(4, use_bias=False, name="stretch")(z)
    wide = keras.layers.UpSampling2D(4)(keras.layers.Reshape((2, 2, 1))(stretched))
    generator = keras.Model(z, keras.layers.Activation("tanh")(wide))
    generator.get_layer("stretch").set_weights([np.diag([1.0, 4.0, 0.5, 2.0]).astype("float32")])
    browser = gb.browse(generator)
    found = np.abs(browser.directions)
    assert found.argmax(1).tolist() == [1, 3, 0, 2]
    assert found.max(1).min() > 0.98
    from ganbook.browsing.directions import find

    networks, now = browser.source.networks(), browser.source.snapshot(None, "ema")
    assert find(networks, now, 2, layer="stretch").argmax(1).tolist() == [1, 3]
    axes = browser.look(directions="z").directions
    assert axes.argmax(1).tolist() == [1, 3, 0, 2]
    assert set(axes.ravel()) == {0, 1}


def test_a_walk_stays_on_the_sphere_and_ends_where_it_should(browser):
    strip = browser.between(3, 4, frames=7)
    assert same(strip.images[[0, -1]], browser.gallery(3, 2).images)
    a, b = np.eye(2, 50, dtype=np.float32) * [[2], [4]]
    walk = interpolation.slerp(a, b, np.array([0, 0.5, 1]))
    np.testing.assert_allclose(walk[[0, 2]], [a, b], atol=1e-6)
    np.testing.assert_allclose(walk[1], 3 * (a / 2 + b / 4) / np.sqrt(2), atol=1e-5)
    np.testing.assert_allclose(interpolation.slerp(a, -a, np.array([0.5])), 0, atol=1e-6)
    np.testing.assert_allclose(interpolation.slerp(a, a, np.array([0.3]))[0], a, atol=1e-6)


def test_mixing_is_arithmetic_at_the_usual_length(browser):
    a, b, c = browser.gallery(0, 3)
    mixed = browser.mix(a, b, c)
    total = a.z - b.z + c.z
    assert np.corrcoef(mixed.z, total)[0, 1] > 0.9999
    assert np.isclose(np.linalg.norm(mixed.z), np.mean([np.linalg.norm(s.z) for s in (a, b, c)]))
    assert mixed.label == c.label
    assert same(browser.mix(a, a, a).image, a.image)


def test_slots_and_what_is_combined_from_them_show_one_set_of_weights(browser, run):
    browser.combine(4).combine(9)
    before = messages.shown(browser)
    for step in (0, None):
        browser.look(step=step)
        parts = messages.changes(browser, before)
        slots, strip = parts["slots"][1], parts["strip"][1]
        assert same(slots, strip[[0, -1]])
        assert same(slots, browser.gallery(4, 6).images[[0, -1]])
        before = messages.shown(browser)
    assert same(slots, run.sample(10)[[4, 9]])
    assert "slots" not in messages.changes(browser.pick(3), before)


def test_neighbours_are_exact(digits):
    few = ImageData(images=digits.images[:3000], test_images=digits.images[:0], name="few")
    search = Neighbours(few)
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (3, 28, 28, 1), np.uint8)
    for image in (*digits.images[5000:5005], *noise):
        found = search.nearest(image, 5)
        every = np.sqrt(np.square((few.images.astype(np.float32) - image) / 127.5).sum((1, 2, 3)))
        np.testing.assert_allclose(found.distances * search.usual, np.sort(every)[:5], rtol=1e-4)
    copy = search.nearest(few.images[17])
    assert (copy.indices[0], copy.distances[0], copy.copied) == (17, 0.0, True)
    assert not search.nearest(noise[0]).copied
    assert (search.distances(few.images[:50]) < 1e-3).all()


def test_a_copy_is_called_one_in_features_too(run):
    browser = gb.browse(run)
    search = browser.reals.search("features")
    assert "classifier" in search.space
    assert search.nearest(browser.reals.data.images[7]).indices[0] == 7
    assert browser.nearest(0, space="features").images.shape == (5, 12, 12, 1)


def test_through_training_is_the_same_noise_at_each_checkpoint(browser, run):
    steps = browser.source.steps()
    assert len(steps) >= 3
    frames = browser.through_training(2)
    assert list(frames.steps) == steps
    assert same(frames.images[-1], run.sample(3)[2])
    assert not same(frames.images[0], frames.images[-1])
    assert browser.film(9).shape == (len(steps), 9, 12, 12, 1)
    assert same(browser.look(step=steps[0]).gallery(2, 1).images[0], frames.images[0])


def test_what_was_kept_comes_back_as_a_table_as_images_and_from_files(browser, run, tmp_path):
    browser.star(3, 8, selection="round ones").star(11, selection="thin").pick(8).steer(2.0).star()
    table = browser.selected
    assert table["selection"].tolist() == ["round ones", "round ones", "thin", "thin"]
    assert table["sample"].tolist() == ["3", "8", "11", "8, steered"]
    assert table["label"].tolist() == [3, 8, 1, 8]
    assert same(np.stack(table["image"])[:2], run.sample(9)[[3, 8]])
    assert same(browser.picked_images("thin"), np.stack(table["image"])[2:])
    redrawn = run.gan.sample(np.stack(table["z"]), table["label"].to_numpy(np.int32))
    assert same(gb.data.pixels.to_uint8(redrawn), browser.picked_images())

    for kind in ("png", "zip", "npz", "gif", "webp"):
        browser.save(tmp_path / f"kept.{kind}")
    with zipfile.ZipFile(tmp_path / "kept.zip") as archive:
        assert archive.namelist() == ["001.png", "002.png", "003.png", "004.png", "samples.csv"]
        assert same(np.array(Image.open(io.BytesIO(archive.read("001.png")))), run.sample(4)[3, :, :, 0])
    for kind in ("gif", "webp"):
        with Image.open(tmp_path / f"kept.{kind}") as film:
            assert 2 <= film.n_frames <= len(browser.source.steps()), "equal frames may be joined"
    again = gb.browse(run).star_again(tmp_path / "kept.npz").selected
    assert again.drop(columns=["z", "image"]).equals(table.drop(columns=["z", "image"]))
    assert same(np.stack(again["z"]), np.stack(table["z"]))
    assert len(browser.unstar().selected) == 3


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="MP4 needs ffmpeg")
def test_a_film_is_written_as_mp4(browser, tmp_path):
    film = browser.film()
    command = ["ffmpeg", "-i", browser.save(tmp_path / "film.mp4"), "-f", "rawvideo", "-pix_fmt", "gray", "-"]
    pixels = np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, np.uint8)
    side = 3 * (6 * 14 - 2)
    seen = pixels.reshape(len(film), side, side)[:, 1:36:3, 1:36:3]
    assert np.abs(seen.astype(int) - film[:, 0, :, :, 0]).mean() < 8


def test_the_map_puts_real_images_and_samples_into_one_plane(browser):
    found = browser.map(count=120)
    assert found.places.shape == (120, 2)
    assert np.abs(np.concatenate([found.places, found.real_places])).max() == pytest.approx(1)
    flat = browser.reals.data.images.reshape(400, -1) / 127.5
    first = np.linalg.svd(flat - flat.mean(0), full_matrices=False)[2][0]
    shown = found.real_images.reshape(len(found.real_images), -1) / 127.5
    assert abs(np.corrcoef(shown @ first, found.real_places[:, 0])[0, 1]) > 0.999


def test_t_sne_keeps_classes_together_that_pca_mixes(browser, digits):
    from ganbook.browsing import projection

    few = [digits.images[digits.labels == label][:40] for label in (3, 5, 8)]
    components = Neighbours(ImageData(images=np.concatenate(few), test_images=few[0][:0], name="few")).components

    def apart(how):
        _, places = projection.places(few[0][:5], np.concatenate(few), components, how)
        nearest = np.square(places[:, None] - places).sum(-1) + 9 * np.eye(120)
        return np.mean(nearest.argmin(1) // 40 == np.arange(120) // 40)

    assert apart("tsne") > max(0.75, apart("pca") + 0.1)


def test_a_training_run_can_be_browsed_and_its_checkpoints_stay_at_hand(tmp_path, some_digits):
    run = gb.train(
        some_digits[0], network="mlp", hidden="16", jit="off", image_size=12, batch_size=16, steps=100_000_000,
        runs_dir=tmp_path,
        checkpoint_every=0.2, keep_checkpoints=2,
    )  # fmt: skip
    try:
        browser = gb.browse(run)  # perhaps before there is any checkpoint
        first = browser.gallery(0, 4)
        seen = first.steps[0]
        while run.folder.checkpoints.newest_first()[-1].step <= seen:
            assert run.active
            time.sleep(0.05)
        later = browser.gallery(0, 4)
        assert later.steps[0] > seen
        assert not same(later.images, first.images)
        assert seen in browser.source.steps()
        assert same(browser.look(step=seen).gallery(0, 4).images, first.images)
    finally:
        run.stop()
        run.ended.wait(300)


def test_a_gallery_is_drawn_from_one_checkpoint_though_others_are_saved_meanwhile(browser, monkeypatch):
    steps = browser.source.steps()
    asked = []

    def growing():
        asked.append(1)
        return steps[: len(asked)]

    monkeypatch.setattr(browser.source, "steps", growing)
    samples = browser.gallery(0, 130)
    assert len(set(samples.steps)) == 1
    assert same(samples.images, browser.look(step=samples.steps[0]).gallery(0, 130).images)


def test_any_keras_generator_can_be_browsed(digits):
    z, label = keras.Input((3,)), keras.Input((), dtype="int32")
    x = keras.layers.Concatenate()([z, keras.layers.CategoryEncoding(10, output_mode="one_hot")(label)])
    x = keras.layers.Reshape((28, 28, 3))(keras.layers.Dense(28 * 28 * 3, "sigmoid")(x))
    generator = keras.Model([z, label], x, name="mine")
    data = (digits.images[:300].repeat(3, -1), digits.labels[:300])
    browser = gb.browse(generator, data=data).look(label=4)
    samples = browser.gallery(0, 5)
    drawn = generator([samples.z, np.full(5, 4)]).numpy()
    assert np.abs(samples.images / 255.0 - drawn).max() < 0.003, "a sigmoid's values are from 0 to 1"
    assert samples.scores is None
    assert browser.pick(1).steer(1.0).sample.image.shape == (28, 28, 3)
    assert browser.nearest().images.shape == (5, 28, 28, 3)

    gan = gb.GAN(*gb.networks.build("mlp", (28, 28, 1)))
    assert gb.browse(gan).look(sort="score").gallery(0, 5).scores is not None
