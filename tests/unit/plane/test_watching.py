"""A playground that is watched, begun anew, and taken away as a line for a notebook."""

import time

import numpy as np
import pytest
from PIL import Image

import ganbook as gb
from ganbook.config.parser import make
from ganbook.config.train import TrainConfig
from ganbook.data import load
from ganbook.notebook import arguments
from ganbook.notebook.panels.playground import messages
from ganbook.notebook.parsing import from_line
from ganbook.plane import recorder
from ganbook.plane.lessons import LESSONS
from ganbook.training.checks import check

SMALL = {"batch_size": 32, "hidden": "16,16"}


@pytest.fixture
def p(tmp_path):
    p = gb.playground("ring", runs_dir=tmp_path, **SMALL)
    yield p
    p.run.stop()
    p.run.wait()


def until(condition, seconds=300):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not after {seconds} s"
        time.sleep(0.01)


def test_frames_and_scores_come_while_someone_watches(p, tmp_path):
    news = []
    leave = p.watch(lambda kind, value: news.append(kind))
    p.train(steps=40)
    frames = p.recorder.frames
    assert [f.step for f in frames] == sorted({f.step for f in frames})
    until(lambda: p.recorder.latest.step == 40)
    np.testing.assert_allclose(p.recorder.latest.average, p.samples(500), atol=1e-5)
    until(lambda: p.recorder.scores and p.recorder.scores[-1]["step"] == 40)
    scores = p.scores()
    assert all(p.recorder.scores[-1][name] == value for name, (value, _) in scores.items())
    assert {"state", "report", "frame", "scores"} <= set(news)
    # a page that connects only now gets what came before
    history = messages.everything(p)[0]["sides"][0]["history"]
    assert history[-1]["step"] == 40
    assert history[-1]["d_loss"] == pytest.approx(p.run.history["d_loss"].iloc[-1])
    # an update of G alone is no step, but there is something new to see
    seen = p.recorder.latest
    p.step("generator")
    until(lambda: p.recorder.latest is not seen)
    assert (p.recorder.latest.step, p.recorder.latest.g_updates) == (40, 41)
    now = {name: value for name, (value, _) in p.scores().items()}
    until(lambda: now.items() <= p.recorder.scores[-1].items())
    for name in ("film.gif", "film.webp"):
        with Image.open(p.save_film(tmp_path / name)) as film:
            assert 1 < film.n_frames <= len(p.recorder.frames)
    leave()
    assert p.recorder is None
    with pytest.raises(ValueError, match="there is no film yet"):
        p.save_film(tmp_path / "none.gif")


def test_frames_that_nobody_sees_come_seldom(p):
    p.watch(lambda kind, value: None)
    intervals = p.run._worker._intervals  # of training, between two reports
    assert intervals == [recorder.SEEN_SECONDS]
    p.seen = False
    assert intervals == [recorder.UNSEEN_SECONDS]
    p.restart(seed=1)
    assert p.run._worker._intervals == [recorder.UNSEEN_SECONDS]
    p.seen = True
    assert p.run._worker._intervals == [recorder.SEEN_SECONDS]


def test_a_moment_of_the_past_brings_the_paths_that_lead_to_it(p):
    p.watch(lambda kind, value: None)
    for _ in range(4):
        p.step()
    frames = p.recorder.frames
    _, buffers = messages.past_frame(frames, 2)
    trail = np.frombuffer(buffers[-1], "<f4").reshape(3, 2, 70, 2)
    for k, frame in enumerate(frames[:3]):
        np.testing.assert_array_equal(trail[k, 0], frame.samples[:70])
        np.testing.assert_array_equal(trail[k, 1], frame.average[:70])


def test_a_long_film_keeps_every_second_frame(p, monkeypatch):
    monkeypatch.setattr(recorder, "MOST_FRAMES", 10)
    p.watch(lambda kind, value: None)
    for _ in range(30):
        p.step("discriminator")
    steps = [frame.step for frame in p.recorder.frames]
    assert len(steps) <= 10
    assert len(set(np.diff(steps))) == 1


def test_options_change_one_at_a_time_and_bad_ones_change_nothing(p):
    p.train(steps=3)
    before, folder = p.run, p.run.folder.path
    with pytest.raises(ValueError, match="learning-rate"):
        p.restart(learning_rate=-1)
    with pytest.raises(ValueError, match="holds images"):
        p.restart("digits")
    assert p.run is before
    assert p.step().run.steps_done == 4
    p.restart("moons", loss="hinge")
    assert (p.run.steps_done, p.run.folder.path) == (0, folder)
    assert (p.run.config.loss, p.run.config.hidden, p.run.data.name) == ("hinge", "16,16", "moons")
    p.restart(loss="wasserstein")
    assert (p.run.config.gradient_penalty, p.run.config.critic_steps, p.run.config.r1) == (0.1, 5, 0.0)
    p.restart(loss="relativistic")
    assert (p.run.config.gradient_penalty, p.run.config.critic_steps) == (0.0, 1)
    assert p.run.data.name == "moons"


def test_a_lesson_leaves_nothing_of_what_was_chosen_before(p):
    folder = p.run.folder.path
    p.restart(seed=5, activation="tanh")
    p.lesson("collapse")
    assert (p.run.config.seed, p.run.config.activation, p.run.config.beta_1) == (0, "relu", 0.9)
    assert p.run.folder.path == folder
    p.lesson("grid")
    assert (p.run.data.name, p.run.config.beta_1) == ("grid", 0.0)
    with pytest.raises(ValueError, match="did you mean collapse"):
        p.lesson("colapse")


def test_a_run_that_was_given_is_never_overwritten(p, tmp_path):
    p.train(steps=2)
    p.run.stop()
    p.run.wait()
    again = gb.playground(p.run)
    again.restart(loss="hinge")
    assert again.run.folder.path != p.run.folder.path
    assert p.run.steps_done == 2
    assert again.run.config.hidden == "16,16"


def test_steps_are_saved_once_no_more_follow(p):
    p.train(steps=2)
    p.step()
    p.step()
    assert p.run.folder.checkpoints.newest().step < 4
    until(lambda: p.run.folder.checkpoints.newest().step == 4, 20)
    assert p.run.state == "paused"


@pytest.mark.parametrize(
    "options",
    [
        {"data": "ring"},
        {"data": "ring:modes=6", "loss": "hinge", "r1": 0.0, "d_learning_rate": 3e-4, "seed": 7, "noise": "uniform"},
        {"data": "moons", "optimizer": "sgd", "rate_half_life": 500},
        {"data": "grid", "loss": "wasserstein", "critic_steps": 2, "hidden": "32"},
    ],
)
def test_its_line_for_a_notebook_means_the_same_options(tmp_path, options):
    run = gb.playground(**options, runs_dir=tmp_path).run
    from ganbook.plane.command import train_command

    values = from_line(arguments.parser("gan_train"), train_command(run).removeprefix("%gan_train "))
    data = load(values["data"])
    again = make(TrainConfig, **values).resolved(len(data), data.shape)
    left_out = {"data", "steps", "seconds", "name", "runs_dir"}
    assert again.model_dump(exclude=left_out) == run.config.model_dump(exclude=left_out)
    assert data.fingerprint == run.data.fingerprint


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_has_options_that_go_together(name):
    options = dict(LESSONS[name].options)
    data = load(options.pop("data", "ring"))
    config = make(TrainConfig, data=data.name, **options).resolved(len(data), data.shape)
    check(config, data, None)
    assert set(LESSONS[name].layers) <= {"slopes", "grid", "paths", "field", "steepness"}
