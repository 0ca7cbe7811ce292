"""A batch that does not fit the memory is said before training starts, with what fits."""

import re
import warnings

import numpy as np
import pytest

import ganbook as gb
from ganbook.config.train import TrainConfig
from ganbook.training import memory
from ganbook.training.build import new_gan
from ganbook.utils import memory as machine

SMALL = {"network": "dcgan", "batch_size": 64, "steps": 1}


@pytest.fixture(scope="module")
def one(some_digits):
    """The least that a step of this network keeps for a digit, in bytes."""
    data = gb.data.load(some_digits[0])
    return memory.bytes_of_one(new_gan(TrainConfig(**SMALL).resolved(len(data), data.shape), data))


def test_layer_outputs_are_counted(one):
    pixels = 28 * 28 * 4
    assert 20 * pixels < one < 1000 * pixels


@pytest.mark.parametrize(
    ("left", "message"),
    [
        (0.9, "give a smaller --batch-size or --image-size, or close what else takes memory"),
        (63, "--batch-size 16 fits"),
    ],
)
def test_what_cannot_fit_is_refused_and_leaves_nothing(some_digits, tmp_path, monkeypatch, one, left, message):
    monkeypatch.setattr(memory, "FIXED", 0)
    monkeypatch.setattr(machine, "available", lambda: left * one)
    with pytest.raises(ValueError, match=re.escape(message)) as error:
        gb.train(some_digits[0], name="large", runs_dir=tmp_path, wait=True, **SMALL)
    assert str(error.value).startswith("a step with a batch of 64 takes about ")
    monkeypatch.undo()
    assert gb.train(some_digits[0], name="large", runs_dir=tmp_path, wait=True, **SMALL).steps_done == 1


def test_what_may_not_fit_is_warned_of_and_what_fits_is_not(some_digits, monkeypatch, one):
    data = gb.data.load(some_digits[0])
    config = TrainConfig(**SMALL).resolved(len(data), data.shape)
    gan = new_gan(config, data)
    monkeypatch.setattr(machine, "available", lambda: 65 * one + memory.FIXED)
    with pytest.warns(
        UserWarning,
        match=r"a step with a batch of 64 takes about .* GB of memory, and .* are left: --batch-size 32 fits",
    ):
        memory.check(gan, config)
    monkeypatch.setattr(machine, "available", lambda: 64 * one * memory.MOST + memory.FIXED)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        memory.check(gan, config)
        monkeypatch.setattr(machine, "available", lambda: np.inf)
        memory.check(gan, config)
