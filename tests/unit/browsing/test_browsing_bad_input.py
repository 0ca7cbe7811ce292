"""What cannot be browsed is said in one line: what was given, what is allowed, what to do."""

import shutil

import keras
import numpy as np
import pytest
from keras import layers

import ganbook as gb


@pytest.fixture(scope="module")
def folder(tmp_path_factory, digits):
    options = {
        "network": "dcgan",
        "image_size": 12,
        "steps": 1,
        "batch_size": 8,
        "runs_dir": tmp_path_factory.mktemp("r"),
    }
    return gb.train("digits", name="a", wait=True, **options).folder.path


@pytest.fixture
def browser(folder):
    return gb.browse(folder)


def flat(units=144, shape=(12, 12, 1), size=5):
    return keras.Sequential([keras.Input((size,)), layers.Dense(units), layers.Reshape(shape)], name="flat")


def refused(call, said):
    with pytest.raises((ValueError, FileNotFoundError), match=said) as caught:
        call()
    assert "\n" not in str(caught.value)


def test_a_run_without_checkpoints(folder, tmp_path):
    bare = shutil.copytree(folder, tmp_path / "bare")
    shutil.rmtree(bare / "checkpoints")
    refused(lambda: gb.browse(bare), r"holds no checkpoint.*train it first \(--resume bare\)")
    refused(lambda: gb.browse("nothing"), "no run 'nothing' in")


def test_a_half_written_run(folder, tmp_path):
    half = shutil.copytree(folder, tmp_path / "half")
    newest = max((half / "checkpoints").iterdir())
    arrays = newest / "arrays.npz"
    arrays.write_bytes(arrays.read_bytes()[:5000])
    shutil.copytree(newest, newest.with_name(".step-0000009.123"))  # what a killed process leaves
    browser = gb.browse(half)
    assert browser.gallery(0, 4).steps == (0,) * 4, "the sound checkpoint before it"
    assert 9 not in browser.source.steps()
    for checkpoint in (half / "checkpoints").glob("step-*"):
        (checkpoint / "arrays.npz").write_bytes(b"")
    refused(lambda: gb.browse(half).gallery(), "nothing sound to look at")
    (half / "config.json").unlink()
    refused(lambda: gb.browse(half), "no config.json")


def test_generators_that_are_none(folder, tmp_path):
    picture = keras.Input((28, 28, 1))
    refused(lambda: gb.browse(keras.Model(picture, layers.ReLU()(picture))), "its input must be one vector")
    refused(lambda: gb.browse(keras.Sequential([layers.Dense(4)])), "whose inputs are known")
    refused(lambda: gb.browse(flat(8, (4, 2))), "it must draw images")
    refused(lambda: gb.browse(flat(288, (12, 12, 2))), "it must draw images")
    refused(lambda: gb.browse(3), "a run, its name or folder, or a Keras generator, not int")
    refused(lambda: gb.browse(folder, discriminator=flat()), "has its own discriminator")
    refused(lambda: gb.browse(tmp_path / "no.keras"), "there is no file")
    (tmp_path / "bad.keras").write_text("no model")
    refused(lambda: gb.browse(tmp_path / "bad.keras"), "cannot be read")
    label, z = keras.Input((), dtype="int32"), keras.Input((4,))
    drawn = layers.Reshape((2, 2, 1))(layers.Add()([z, layers.Embedding(3, 4)(label)]))
    refused(lambda: gb.browse(keras.Model([z, label], drawn)), "give data with labels")


def test_data_of_another_shape_is_resized_only_when_asked(folder):
    refused(lambda: gb.browse(folder, data="digits"), r"\(28, 28, 1\) and a draws \(12, 12, 1\): load it in that shape")
    asked = gb.data.load("digits", image_size=(12, 12), channels=1)
    assert gb.browse(folder, data=asked).nearest(0).images.shape == (5, 12, 12, 1)


def test_selections_from_another_run(browser, folder, tmp_path):
    browser.star(1).save(tmp_path / "kept.npz")
    other = gb.browse(flat())
    refused(lambda: other.star_again(tmp_path / "kept.npz"), "favourites of another generator")
    refused(lambda: other.pick(browser.gallery(0, 1)[0]), "a z of length 100, and flat takes 5: it is from another")
    refused(lambda: other.between(0, browser.gallery(0, 1)[0]), "from another generator")
    refused(lambda: browser.star_again(tmp_path / "no.npz"), "there is no file")
    np.savez(tmp_path / "other.npz", a=1)
    refused(lambda: browser.star_again(tmp_path / "other.npz"), "holds no favourites")
    (tmp_path / "text.npz").write_text("no")
    refused(lambda: browser.star_again(tmp_path / "text.npz"), "holds no favourites")


def test_a_film_that_no_program_can_write(browser, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    refused(lambda: browser.save(tmp_path / "film.mp4"), "needs the program ffmpeg.*take gif or webp")


def test_a_fourth_sample_does_not_empty_the_slots(browser):
    for number in range(3):
        browser.combine(number)
    refused(lambda: browser.combine(3), "a, b and c are filled: empty them first")
    browser.empty().combine(3)
    browser.empty()


def test_what_is_not_there(browser, tmp_path):
    refused(lambda: browser.look(label=1), "is not conditional, so it has no classes")
    refused(lambda: browser.look(step=7), "no checkpoint of step 7; it has 0, 1")
    refused(lambda: browser.look(sort="beauty"), "--sort beauty: allowed are drawn, score, nearest")
    refused(lambda: browser.look(truncation=0), "--truncation 0: should be greater than 0")
    refused(lambda: browser.look(seeds=3), "unknown option --seeds; did you mean seed")
    refused(lambda: browser.pick(-1), "a whole number from 0 to 999,899, not -1")
    refused(lambda: browser.sample, "no sample is chosen")
    refused(lambda: browser.steer(1.0), "no sample is chosen")
    refused(lambda: browser.pick(0).steer(*range(9)), "9 moves are more than the 6 directions")
    refused(lambda: browser.between(0, 1, frames=1), "a whole number from 2 to 10,000, not 1")
    refused(lambda: browser.gallery(-1), "a whole number from 0 to 999,899, not -1")
    refused(lambda: browser.star(0, selection="two\nlines"), "one line of 1 to 60 characters")
    refused(lambda: browser.map("umap"), "by pca or tsne, not by 'umap'")
    refused(lambda: browser.nearest(0, space="dreams"), "in pixels or features")
    refused(lambda: browser.save(tmp_path / "x.npz"), "there are no favourites yet")
    refused(lambda: browser.star(0).save(tmp_path / "x.bmp"), "not as 'bmp'")
    refused(lambda: browser.save(tmp_path / "no" / "x.npz"), "there is no folder")


def test_a_bare_generator_has_no_scores_data_or_past():
    browser = gb.browse(flat())
    refused(lambda: browser.look(sort="score"), "has no discriminator to give scores")
    refused(lambda: browser.look(sort="nearest"), "does not know its data")
    refused(lambda: browser.look(weights="raw"), "one set of weights")
    refused(lambda: browser.nearest(0), "does not know its data")
    refused(lambda: browser.film(), "no checkpoints to go through")
