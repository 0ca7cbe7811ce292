"""One training without its thread: what its seconds count, and what its rows are means of."""

import numpy as np
import pytest

from ganbook.config.train import TrainConfig
from ganbook.data import load
from ganbook.gan.model import GAN
from ganbook.training.build import new_gan
from ganbook.training.run_folder import RunFolder
from ganbook.training.trainer import CALL_SECONDS, Trainer


@pytest.fixture
def make(tmp_path):
    """Make trainers of a small network of points, of the same folder."""
    data = load("ring")
    folder = RunFolder(tmp_path / "a")
    folder.create({"options": {}, "data": {}})

    def trainer(**options):
        small = {"network": "mlp", "latent_dim": 2, "hidden": "8", "batch_size": 16, "jit": "off"}
        config = TrainConfig(data="ring", **small | options).resolved()
        return Trainer(new_gan(config, data), data, config, folder)

    return trainer


def test_nothing_is_traced_while_seconds_of_training_are_counted(make, monkeypatch):
    traced, draw_batch = [], GAN._draw_batch

    def note_trace(*args):
        traced.append(args)
        return draw_batch(*args)

    monkeypatch.setattr(GAN, "_draw_batch", note_trace)
    trainer = make(steps=10)
    assert len(traced) == 1
    weights = [w.numpy() for w in trainer.gan.weights]
    assert trainer.gan.steps_done == 0
    trainer.advance()
    assert len(traced) == 1
    assert any(np.any(w.numpy() != old) for w, old in zip(trainer.gan.weights, weights, strict=True))
    update, during = trainer.gan.update, []

    def counted(*args):
        before = len(traced)
        update(*args)
        during.append(len(traced) - before)
        return {}

    monkeypatch.setattr(trainer.gan, "update", counted)
    for network in ("discriminator", "generator", "generator"):
        trainer.update(network)
    assert during == [0, 0, 0]
    assert len(traced) == 3


def test_compiling_trains_nothing(make):
    trainer = make(steps=10)
    gan, (samples, _) = trainer.gan, trainer._batches.block(0, 3)
    before = [w.numpy() for w in (*gan.weights, *gan.g_optimizer.variables, *gan.d_optimizer.variables)]
    gan.jit_compile = True
    gan._blocks.clear()
    gan.prepare(samples)
    after = [w.numpy() for w in (*gan.weights, *gan.g_optimizer.variables, *gan.d_optimizer.variables)]
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))
    gan.train_steps(samples)
    assert gan.steps_done == 3


def test_the_last_row_is_a_mean_over_about_as_many_steps_as_the_others(make, monkeypatch):
    monkeypatch.setattr(Trainer, "_pace", lambda *_: None)
    for steps, rows in {21: [10, 16, 21], 30: [10, 20, 30], 39: [10, 20, 30, 39], 7: [7]}.items():
        trainer = make(steps=steps)
        trainer._steps_a_call = 10
        seen = []
        while trainer.step < steps:
            seen.append(trainer.advance()["step"])
        assert seen == rows
    assert trainer.advance(1)["step"] == 8


def test_the_first_row_of_a_resumed_run_is_a_mean_over_as_many_steps_as_those_before(make):
    trainer = make(steps=1000)
    assert trainer.advance()["step"] == 1
    trainer.folder.append_history({"step": 1, "seconds": 1.0, "images_per_second": 16 * 50 / CALL_SECONDS})
    assert make(steps=1000).advance()["step"] == 50
