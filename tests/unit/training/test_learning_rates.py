"""Learning rates that change while a run trains: recorded, repeated, and exact after an interruption."""

import json
import shutil

import numpy as np
import pytest

import ganbook as gb
from ganbook.config import learning_rates
from ganbook.config.parser import make
from ganbook.config.train import TrainConfig
from ganbook.training.advice import advised
from ganbook.training.run_folder import RunFolder
from ganbook.training.trainer import newest_state

TINY = {"network": "mlp", "hidden": "16", "latent_dim": 4, "batch_size": 16, "jit": "off", "image_size": 8}


@pytest.fixture
def start(tmp_path):
    """Start small trainings on digits; stop what is left."""
    started = []

    def begin(**options):
        small = {} if "resume" in options else TINY | {"data": "digits", "runs_dir": tmp_path}
        started.append(gb.train(**small | options))
        return started[-1]

    yield begin
    for run in started:
        run.stop()
        run.ended.wait(30)


def wait_until_idle(run, step):
    while not (run.idle and run.steps_done == step):
        run.ended.wait(0.05)


def weights(run):
    saved, notes = newest_state(run.folder)
    assert not notes
    return [np.asarray(variable) for variable in saved.gan.variables]


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def rates_in(run):
    """The learning rates that the optimisers have."""
    return run.with_gan(
        lambda gan: [float(np.asarray(optimizer.learning_rate)) for optimizer in (gan.g_optimizer, gan.d_optimizer)]
    )


def test_a_paused_run_takes_other_rates_and_repeats_them_to_the_bit(start, tmp_path):
    run = start(name="steered", steps=40, checkpoint_every=1e-3, keep_checkpoints=99)
    run.pause()
    run.step(12)
    wait_until_idle(run, 12)
    assert run.set_learning_rates(generator=1e-3) == 12
    assert run.learning_rates == (1e-3, 2e-4)
    run.resume()
    assert run.wait().steps_done == 40
    assert rates_in(run) == pytest.approx([1e-3, 2e-4])
    assert json.loads((run.folder.path / "config.json").read_text())["options"]["rate_changes"] == "0.001/0.0002@12"

    # once more from the beginning, without a pause, and from a checkpoint before the change
    assert same(weights(gb.again(run, wait=True)), weights(run))
    early = RunFolder(shutil.copytree(run.folder.path, tmp_path / "early"))
    early.forget_after(next(each.step for each in early.checkpoints.newest_first() if each.step < 12))
    resumed = start(resume=early.path)
    assert same(weights(resumed.wait()), weights(run))
    # rates that are given are not changed later
    assert gb.again(run, learning_rate=1e-4, name="slower", steps=1, wait=True).config.rate_changes is None
    assert not same(weights(start(name="unsteered", steps=40, wait=True)), weights(run))


def test_rates_change_while_it_trains_and_after_it_ended(start):
    run = start(steps=10**6)
    while run.steps_done < 20:
        run.ended.wait(0.02)
    seen = []
    run.observe(lambda event, value: seen.append(value) if event == "rates" else None)
    step = run.set_learning_rates(1e-3, 2e-3)
    assert seen == [step]
    while run.steps_done <= step:
        run.ended.wait(0.02)
    assert rates_in(run) == pytest.approx([1e-3, 2e-3])
    run.stop()
    run.wait()
    at = run.set_learning_rates(discriminator="3e-3")
    assert at == run.steps_done
    assert run.learning_rates == (1e-3, 3e-3)
    assert len(learning_rates.parse(run.config.rate_changes)) == 2


def test_setting_the_rates_back_at_the_same_step_leaves_nothing(start):
    run = start(steps=4, wait=True)
    before = run.learning_rates
    run.set_learning_rates(0.5, 0.5)
    run.set_learning_rates(*before)
    assert run.config.rate_changes is None
    run.extend(steps=1).wait()
    assert rates_in(run) == pytest.approx(before)


def test_bad_rates_are_refused_in_one_line_and_change_nothing(start):
    run = start(steps=2, wait=True)
    for rate in (0, -1e-3, "fast", 11, float("nan"), True):
        with pytest.raises(ValueError, match=r"the learning rate of the generator is a number above 0 and at most 10"):
            run.set_learning_rates(generator=rate)
    with pytest.raises(ValueError, match="give a learning rate"):
        run.set_learning_rates()
    assert run.config.rate_changes is None


def test_rates_that_follow_a_schedule_cannot_be_set(start):
    run = start(steps=2, rate_half_life=10, wait=True)
    with pytest.raises(ValueError, match=r"follow a schedule \(--rate-half-life 10\)"):
        run.set_learning_rates(1e-3)
    assert run.learning_rates[0] == pytest.approx(2e-4 * 0.5**0.2)
    with pytest.raises(ValueError, match="leave one of them out"):
        start(rate_half_life=10, rate_changes="1e-3/1e-3@5")


def config(**options):
    return make(TrainConfig, data="digits", **options).resolved(10_000, (28, 28, 1))


def test_changes_are_written_in_one_way_and_mistakes_named():
    assert config(rate_changes=" 1e-4 / 4e-4@2000, 3e-5/0.00012345678@4000").rate_changes == (
        "0.0001/0.0004@2000,3e-05/0.00012345678@4000"
    )
    for text, what in {"fast": "as in 1e-4/4e-4@2000", "0/1@5": "above 0", "1/1@5,1/1@5": "steps rise"}.items():
        with pytest.raises(ValueError, match=what):
            config(rate_changes=text)


def test_going_back_and_changing_again_drops_later_changes():
    steered = learning_rates.changed(config(learning_rate=1.0, rate_changes="2/2@10,3/3@20"), 15, 5.0)
    assert steered.rate_changes == "2/2@10,5/2@15"
    assert learning_rates.at(steered, 9)[0] == 1.0
    assert learning_rates.at(steered, 10) == (2.0, 2.0)
    assert learning_rates.steps_until_change(steered, 10) == 5
    assert learning_rates.steps_until_change(steered, 15) is None


def test_advice_starts_from_the_rates_that_hold():
    changes = advised("No progress", config(rate_changes="4e-3/2e-3@10"))
    assert changes == {"learning_rate": 8e-3, "d_learning_rate": 4e-3}


def test_changes_are_said_in_words_up_to_the_step_that_was_reached():
    config = make(TrainConfig, data="digits", learning_rate=2e-4, d_learning_rate=2e-4).resolved()
    assert learning_rates.marks(config, 100) == []
    config = config.model_copy(update={"rate_changes": "5e-5/2e-4@20,1e-4/3e-4@40,1e-4/4e-4@60"})
    assert learning_rates.marks(config, 40) == [
        (20, "learning rate G 5e-05"),
        (40, "learning rate G 0.0001, D 0.0003"),
    ]
    assert learning_rates.marks(config, 60)[-1] == (60, "learning rate D 0.0004")
