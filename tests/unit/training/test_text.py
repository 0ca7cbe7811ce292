"""The task `text`: it learns, goes on exactly, and writes lines."""

import json

import keras
import numpy as np
import pytest

import ganbook as gb
from ganbook.training.sampling import write

SMALL = {"batch_size": 32, "hidden": "16,16", "jit": "off", "wait": True}


@pytest.fixture(scope="module")
def run(place):
    return gb.train("sums", name="adder", steps=40, runs_dir=place, **SMALL)


def test_the_task_follows_from_the_data(run):
    config = run.config
    assert (config.task, config.network, config.loss) == ("text", "text", "relativistic")
    assert (config.r1, config.r2) == (1, 1)
    assert run.gan.generator.output_shape == (None, 9, 13)


def test_samples_are_lines(run):
    lines = run.sample(20)
    assert isinstance(lines, list)
    assert all(isinstance(line, str) for line in lines)
    assert lines == run.sample(20)
    assert lines[:5] == run.sample(5)
    assert lines != run.sample(20, seed=1)
    assert set("".join(lines)) <= set("0123456789+=")


def test_both_networks_see_choices(run):
    drawn = run.gan.sample(run.gan.noise(50))
    assert set(np.unique(drawn)) <= {0.0, 1.0}
    np.testing.assert_array_equal(drawn.sum(-1), 1)


def test_an_interrupted_training_ends_in_the_same_weights(run, place):
    short = gb.train("sums", name="adder-interrupted", steps=17, runs_dir=place, **SMALL)
    again = gb.train(resume=short.name, runs_dir=place, steps=40, wait=True)
    for one, other in zip(run.gan.weights, again.gan.weights, strict=True):
        np.testing.assert_array_equal(one.numpy(), other.numpy())


def test_the_preview_and_the_history_are_of_lines(run):
    rows = [line.split("\t") for line in run.folder.previews()[40].read_text("utf-8").splitlines()]
    assert len(rows) == 48
    assert {mark for mark, _ in rows} <= {"new", "known", "again", "wrong"}
    assert [line for _, line in rows[:5]] == run.sample(5)
    measured = run.history[["js_3", "js_3_real"]].dropna()
    assert len(measured)
    assert measured["js_3"].between(0, 1).all()


def test_classes_can_be_asked_for(place):
    names = gb.train("names", name="named", steps=5, conditional=True, runs_dir=place, **SMALL)
    assert names.class_names == ("boy", "girl")
    assert len(names.sample(4, labels="girl")) == 4
    again = gb.load_run("named", place)
    assert again.sample(4, labels="girl") == names.sample(4, labels="girl")


def test_lines_are_written_to_a_file(run, tmp_path):
    write(run, tmp_path / "lines.txt", count=30)
    assert (tmp_path / "lines.txt").read_text("utf-8").split("\n")[:-1] == run.sample(30)
    write(run, tmp_path / "lines.csv", count=3)
    assert (tmp_path / "lines.csv").read_text("utf-8").splitlines()[0] == "line"
    with pytest.raises(ValueError, match=r"\.txt"):
        write(run, tmp_path / "lines.png", count=3)


def test_an_evaluation_begins_with_how_far_the_lines_are(run, tmp_path):
    report = gb.evaluate(run)
    assert report.verdicts[0].kind == "far from real"
    assert report.frame.loc["right", "real"] == 1
    assert "times as far from held-out lines" in repr(report)
    assert "<svg" not in (shown := report._repr_html_())
    assert "data:image/png" in shown
    saved = json.loads(report.to_json(tmp_path / "report.json"))
    assert saved["numbers"]["js_3"]["samples"] > saved["numbers"]["js_3"]["real"]
    real = gb.evaluate(list(run.data.test_lines), "sums")
    assert real.verdicts[0].kind == "close to real"
    assert {v.kind for v in gb.evaluate(["1+1=2", "2+2=4"] * 40, "sums").verdicts} >= {
        "repeats itself",
        "far from real",
    }


def test_runs_are_compared(run, place):
    gb.train("sums", name="other", steps=5, runs_dir=place, **SMALL | {"hidden": "8,8"})
    comparison = gb.compare(run, "other", runs_dir=place)
    assert comparison.frame.loc["js_3", "adder"] > comparison.frame.loc["js_3", "real"]
    assert "hidden" in comparison.options.index
    assert run.sample(1)[0] in repr(comparison)
    assert "data:image/png" in comparison._repr_html_()


def test_networks_of_one_s_own_write_lines(place):
    length, choices = gb.data.load("sums").shape
    z, line = keras.Input((8,)), keras.Input((length, choices))
    soft = keras.layers.Softmax()(keras.layers.Reshape((length, choices))(keras.layers.Dense(length * choices)(z)))
    pair = keras.Model(z, soft), keras.Model(line, keras.layers.Dense(1)(keras.layers.Flatten()(line)))
    run = gb.train("sums", network=pair, steps=3, jit="off", runs_dir=place, wait=True)
    assert run.config.task == "text"
    assert set("".join(run.sample(9))) <= set("0123456789+=")
    assert len(run.history["js_3"].dropna())


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"data": "names", "task": "generate"}, "--task generate does not go with names, which holds lines of text"),
        ({"data": "digits", "task": "text"}, "--task text does not go with digits, which holds images"),
        ({"data": "names", "network": "compact"}, "--network compact goes with --task generate"),
        ({"data": "names", "augment": "flip"}, "--augment goes with images, not with lines of text"),
        ({"data": "names", "image_size": 28}, "image_size goes with images"),
        ({"data": "names", "evaluate_every": 5}, "--evaluate-every goes with images"),
        ({"data": "names", "keep": "best"}, "--keep goes with images, not with lines of text"),
    ],
)
def test_what_does_not_go_with_text_is_one_line(options, words, place):
    with pytest.raises(ValueError, match=words) as told:
        gb.train(**options, steps=1, runs_dir=place)
    assert "\n" not in str(told.value)
    assert not (place / "names-text-1").exists()


def test_what_takes_images_says_so(run):
    with pytest.raises(ValueError, match="takes images, and sums holds lines of text"):
        gb.studies.leaks(run)


def test_lines_are_browsed(run, tmp_path):
    browser = gb.browse(run)
    assert browser.lines(3, 5) == run.sample(8)[3:]
    walk = browser.walk(0, 4, 9)
    assert (walk[0], walk[-1], len(walk)) == (run.sample(1)[0], run.sample(5)[4], 9)
    line = run.data.lines[7]
    assert browser.neighbours(line, 2)[0] == (line, 0)
    browser.star(2).star(4).star(2)
    assert list(browser.favourites) == [run.sample(5)[4]]
    assert browser.export(tmp_path / "kept.txt").read_text("utf-8") == f"{run.sample(5)[4]}\n"
    assert browser.look(seed=5).lines(0, 4) == run.sample(4, seed=5)
    for bad, words in (
        ({"sort": "score"}, "sort is for images"),
        ({"label": 0}, "not conditional"),
        ({"seed": -1}, "seed"),
    ):
        with pytest.raises(ValueError, match=words):
            browser.look(**bad)
    with pytest.raises(ValueError, match="knows its data"):
        gb.browse(run, data="sums")
