import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import ganbook as gb

SMALL = {"batch_size": 32, "hidden": "16,16"}
# Between the run and the code that it wrote, in units of the plane, after 60 steps.
ROUNDING = 1e-4


@pytest.fixture(scope="module", autouse=True)
def no_run_stays_behind():
    """What is played with rests between two calls, as an active run; tests of other files count those."""
    yield
    for run in gb.active_runs():
        run.stop()
        run.wait()


@pytest.fixture(scope="module")
def p(place):
    return gb.playground("ring", name="played", runs_dir=place, **SMALL)


def weights(network):
    return [w.numpy() for w in network.weights]


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_it_can_be_sampled_before_it_is_trained(p):
    samples = p.samples(2500)
    assert p.run.steps_done == 0
    assert (samples.shape, samples.dtype) == ((2500, 2), np.float32)


def test_one_network_is_updated_alone(p):
    gan = p.begin().run.gan
    g, d, steps = weights(gan.generator), weights(gan.discriminator), p.run.steps_done
    p.step("generator")
    assert same(d, weights(gan.discriminator))
    assert not same(g, weights(gan.generator))
    assert p.run.steps_done == steps
    g = weights(gan.generator)
    p.step("discriminator", 2)
    assert same(g, weights(gan.generator))
    assert not same(d, weights(gan.discriminator))
    assert p.run.steps_done == steps + 2
    p.step("both")
    assert not same(g, weights(gan.generator))
    assert p.run.steps_done == steps + 3
    assert p.run.state == "paused"


def test_a_step_that_is_asked_for_while_networks_are_built_is_done(place):
    p = gb.playground("ring", name="hasty", runs_dir=place, **SMALL)
    building = threading.Thread(target=p.begin)
    building.start()
    while p.run.state == "stopped":
        time.sleep(0.001)
    p.step()
    building.join()
    assert p.run.steps_done == 1
    p.run.stop()
    p.run.wait()


def test_training_waits_for_its_steps_or_seconds(p):
    steps, seconds = p.run.steps_done, p.run.seconds
    assert p.train(steps=20).run.steps_done == steps + 20
    p.train(seconds=0.3)
    assert p.run.idle
    assert p.run.seconds >= seconds + 0.3
    assert len(p.history) >= 2
    with pytest.raises(ValueError, match="either steps or seconds"):
        p.train()


def test_every_score_stands_beside_that_of_real_points(p):
    scores = p.scores()
    assert set(scores) == {"modes", "high_quality", "sliced_wasserstein", "js_divergence"}
    assert scores["modes"][1] == 8
    assert scores["high_quality"][1] > 0.98


def test_single_updates_repeat_bit_for_bit_after_a_return_to_the_checkpoint(place):
    one = gb.playground("ring", name="one-go", runs_dir=place, **SMALL)
    for network in ("both", "generator", "discriminator", "generator", "generator", "both"):
        one.step(network)
    two = gb.playground("ring", name="two-goes", runs_dir=place, **SMALL)
    for network in ("both", "generator", "discriminator", "generator"):
        two.step(network)
    two.run.stop()
    two.run.wait()
    again = gb.playground(gb.load_run("two-goes", runs_dir=place))
    for network in ("generator", "both"):
        again.step(network)
    assert same(weights(one.run.gan), weights(again.run.gan))


RECIPES = {
    "defaults": {},
    "lazy penalties": {"loss": "non-saturating", "r1": 1.0, "r2": 0.5, "penalty_every": 3, "noise": "uniform"},
    "critic": {"loss": "wasserstein", "data": "moons", "rate_half_life": 40},
    "sgd": {"optimizer": "sgd", "learning_rate": 0.05, "rate_half_life": 40},
}
EACH_IN_ITS_FOLDER = """
import os, runpy, sys
sys.modules["ganbook"] = None
for folder in sys.argv[1:]:
    os.chdir(folder)
    runpy.run_path("played.py")
"""


def test_its_code_gives_the_same_points_where_ganbook_cannot_be_imported(place, tmp_path):
    played = {}
    for name, recipe in RECIPES.items():
        options = {"data": "ring"} | recipe
        played[name] = gb.playground(options.pop("data"), runs_dir=place, **SMALL, **options).train(steps=60)
        (tmp_path / name).mkdir()
        (tmp_path / name / "played.py").write_text(played[name].code())
    program = [sys.executable, "-I", "-c", EACH_IN_ITS_FOLDER, *(tmp_path / name for name in RECIPES)]
    subprocess.run(program, check=True, capture_output=True)
    for name, p in played.items():
        samples = np.load(tmp_path / name / "samples.npy")
        np.testing.assert_allclose(samples, p.samples(), atol=ROUNDING, err_msg=name)


def test_its_code_and_command_repeat_learning_rates_that_were_changed(place, tmp_path):
    p = gb.playground("ring", runs_dir=place, **SMALL).train(steps=20)
    p.run.set_learning_rates(generator=5e-3)
    p.train(steps=10)
    assert "--rate-changes" in p.command()
    (tmp_path / "played.py").write_text(p.code())
    subprocess.run([sys.executable, "-I", "played.py"], cwd=tmp_path, check=True, capture_output=True)
    np.testing.assert_allclose(np.load(tmp_path / "samples.npy"), p.samples(), atol=ROUNDING)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda p: p.step("critic"), "network is one of both, discriminator, generator, not 'critic'"),
        (lambda p: p.train(steps=0), "steps, how many to train"),
        (lambda p: gb.playground("digits"), "takes points in the plane, and digits holds images"),
        (lambda p: gb.playground(p.run, r1=1.0), "options r1 belong to a new run"),
    ],
)
def test_bad_input_is_refused_in_one_line(p, call, message):
    with pytest.raises(ValueError, match=message):
        call(p)
