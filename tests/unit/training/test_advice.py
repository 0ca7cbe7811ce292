"""What to change when a fault shows, and a run once more with it."""

import numpy as np
import pytest

import ganbook as gb
from ganbook.config.parser import make
from ganbook.config.train import TrainConfig
from ganbook.training.advice import CHANGES, NON_FINITE, advised, in_words
from ganbook.training.monitors import FAULTS
from ganbook.training.train import options_of

TINY = {"network": "mlp", "hidden": "8", "latent_dim": 4, "batch_size": 16, "jit": "off", "steps": 6}


def config(**options):
    return make(TrainConfig, data="digits", **options).resolved(10_000, (28, 28, 1))


def test_every_fault_has_advice_that_is_a_valid_option():
    assert set(CHANGES) == {fault.kind for fault in FAULTS} | {"Getting worse", NON_FINITE}
    for loss in ("relativistic", "wasserstein"):
        for kind in CHANGES:
            now = config(loss=loss)
            changes = advised(kind, now)
            assert changes
            for name, value in changes.items():
                assert value != getattr(now, name)
            config(loss=loss, **changes)
    assert advised("of another kind", config()) == {}


def test_a_penalty_grows_and_then_rates_fall():
    assert advised("Mode collapse", config(r1=0.0)) == {"r1": 1.0}
    assert advised("Mode collapse", config(r1=1.0)) == {"r1": 10.0}
    rates = config(r1=10.0, learning_rate=4e-3, d_learning_rate=2e-3)
    assert advised("Mode collapse", rates) == {"learning_rate": 1e-3, "d_learning_rate": 5e-4}
    assert in_words(advised("Mode collapse", rates)) == "--learning-rate 0.001 --d-learning-rate 0.0005"


def test_again_repeats_a_run_but_for_what_is_given(tmp_path, some_digits):
    first = gb.train(some_digits[0], runs_dir=tmp_path, wait=True, **TINY)
    same, other = gb.again(first, wait=True), gb.again(first, r1=2.5, seconds=0.5, wait=True)
    assert len({run.name for run in (first, same, other)}) == 3
    assert {run.folder.path.parent for run in (same, other)} == {tmp_path}
    for a, b in zip(first.gan.variables, same.gan.variables, strict=True):
        assert np.array_equal(a.numpy(), b.numpy())
    assert (other.config.r1, other.config.steps, other.config.seconds) == (2.5, None, 0.5)
    # what was switched off stays so: of few images this network's default is to augment
    plain = gb.train(some_digits[0], runs_dir=tmp_path, network="compact", augment="none", steps=1, batch_size=16)
    assert options_of(plain)["augment"] == "none"
    assert gb.again(plain, wait=True).config.augment is None
    with pytest.raises(ValueError, match="r1"):
        gb.again(first, r1=-1)
    with pytest.raises(ValueError, match="for other data call gb.train"):
        gb.again(first, data="digits")


@pytest.mark.parametrize(
    "changes",
    [
        {"loss": "wasserstein"}, {"network": "dcgan"}, {"network": "compact", "loss": "hinge"}, {"learning_rate": 1e-3},
        {"task": "inpaint"}, {"adaptive": True}, {"keep": "best"}, {},
    ],
)  # fmt: skip
@pytest.mark.parametrize("own", [{}, {"r1": 0.5, "beta_1": 0.1, "augment": "flip"}])
@pytest.mark.parametrize(
    "first", [{}, {"loss": "wasserstein"}, {"network": "dcgan"}, {"network": "mlp", "hidden": "32"}, {"seconds": 9.0}]
)
def test_what_follows_from_an_option_follows_from_the_new_one_and_what_was_chosen_stays(first, own, changes):
    images, shape = 2000, (28, 28, 1)
    run = make(TrainConfig, data="digits", **first | own).resolved(images, shape)
    chosen = run.chosen(images, shape)
    if {"task", "network"} & set(changes) and "hidden" in first:
        chosen = {name: value for name, value in chosen.items() if name not in ("hidden", "network")}
    first = {name: value for name, value in first.items() if name in chosen}
    again = make(TrainConfig, **{"data": "digits"} | chosen | changes).resolved(images, shape)
    assert again == make(TrainConfig, data="digits", **first | own | changes).resolved(images, shape)


def test_penalties_and_rates_follow_the_loss_and_the_network_of_a_run_once_more(tmp_path, some_digits):
    first = gb.train(some_digits[0], runs_dir=tmp_path, **TINY | {"network": "mlp", "r1": 0.0}, wait=True)
    critic = gb.again(first, loss="wasserstein", steps=1, wait=True).config
    assert (critic.gradient_penalty, critic.critic_steps, critic.latent_dim) == (10.0, 5, 4)
    assert gb.again(first, loss="wasserstein", critic_steps=2, steps=1, wait=True).config.critic_steps == 2
