"""Two recipes side by side: in step, from the same seed, each as it would be alone."""

import threading
import time

import numpy as np
import pytest
from PIL import Image

import ganbook as gb
from ganbook.notebook.panels.playground import messages

SMALL = {"batch_size": 32, "hidden": "16,16"}


@pytest.fixture(scope="module")
def pair(place):
    p = gb.playground("ring", loss="non-saturating", r1=0.0, runs_dir=place, **SMALL)
    q = p.beside(r1=0.5)
    yield p, q
    p.alone()
    for run in gb.active_runs():
        run.stop()
        run.wait()


def until(condition, seconds=300):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not after {seconds} s"
        time.sleep(0.01)


def weights(playground):
    return [w.numpy() for w in playground.run.gan.weights]


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_both_train_the_same_steps_and_each_learns_what_it_would_alone(pair, tmp_path):
    p, q = pair
    assert (q.run.config.r1, q.run.config.loss, q.run.config.seed) == (0.5, "non-saturating", p.run.config.seed)
    assert same(weights(p.begin()), weights(q.begin()))  # from the same beginning
    p.train(steps=25)
    p.step("generator").step("both")
    assert (p.run.steps_done, q.run.steps_done) == (26, 26)
    assert not same(weights(p), weights(q))
    alone = gb.playground("ring", loss="non-saturating", r1=0.5, runs_dir=tmp_path, **SMALL)
    alone.train(steps=25).step("generator").step("both")
    assert same(weights(q), weights(alone))
    alone.run.stop()
    alone.run.wait()
    p.train(seconds=0.2)
    assert p.run.steps_done == q.run.steps_done > 26


def test_a_second_recipe_catches_up_and_goes_its_way_again(tmp_path):
    p = gb.playground("ring", runs_dir=tmp_path, **SMALL).train(steps=5)
    q = p.beside(r1=0.0)
    assert (p.run.steps_done, q.run.steps_done) == (5, 0)
    p.train(steps=5)
    assert (p.run.steps_done, q.run.steps_done) == (10, 10)
    p.restart("moons", seed=3, r1=1.0)  # points and seed belong to both, the penalty to one
    assert (q.run.data.name, q.run.config.seed, q.run.config.r1) == ("moons", 3, 0.0)
    assert (p.run.steps_done, q.run.steps_done) == (0, 0)
    assert p.beside(loss="hinge", r1=0.2) is q
    assert (q.run.config.loss, q.run.config.r1, p.run.config.loss) == ("hinge", 0.2, "relativistic")
    p.alone().train(steps=3)
    assert (p.run.steps_done, q.run.steps_done, p.second) == (3, 0, None)
    with pytest.raises(ValueError, match="learning-rate"):
        p.beside(learning_rate=-1)
    assert p.second is None
    p.run.stop()
    p.run.wait()


def test_both_are_seen_in_the_film_and_the_figure(pair, tmp_path):
    p, q = pair
    states = []
    leave = p.watch(lambda kind, value: states.append(value) if kind == "state" else None)
    q.watch(lambda kind, value: None)
    p.train(steps=10)
    steps = p.train(steps=10).run.steps_done
    until(lambda: p.recorder.latest.step == q.recorder.latest.step == steps)
    assert set(states) <= {"training", "paused"}
    assert len(p.plot().axes) == 2
    with Image.open(p.save_film(tmp_path / "both.gif")) as film:
        assert film.width > 1.9 * film.height
    leave()


def test_where_one_diverges_both_stop_and_it_catches_up(pair):
    p, q = pair

    def spoil():  # while training: at rest it would be found out when it is saved, after a while
        until(lambda: p.state == "training")
        q.run.with_gan(lambda gan: gan.discriminator.weights[0].assign(gan.discriminator.weights[0] * np.nan))

    thread = threading.Thread(target=spoil)
    thread.start()
    with pytest.raises(FloatingPointError, match="went back to step"):
        p.train(steps=10**6)
    thread.join()
    assert p.state == "failed"
    assert messages.now(p)["error"].startswith("Not a number: ")
    assert p.run.steps_done > q.run.steps_done
    p.train(steps=1)
    assert p.run.steps_done == q.run.steps_done
