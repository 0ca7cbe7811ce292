"""A task is one entry: a third one is trained, previewed and resumed by code that does not know it."""

import sys
from types import ModuleType

import keras
import numpy as np
import pytest
import tensorflow as tf

import ganbook as gb
from ganbook.config import presets
from ganbook.config.train import TrainConfig
from ganbook.gan.model import GAN
from ganbook.networks import mlp
from ganbook.training import tasks


@keras.saving.register_keras_serializable("tests")
class DenoisingGAN(GAN):
    """The generator removes noise of a fixed level from images."""

    input_rank = 4

    def __init__(self, *networks, level, **options):
        super().__init__(*networks, **options)
        self.level = level

    def _generator_inputs(self, real, key):
        return real + self.level * tf.random.stateless_normal(tf.shape(real), key, alg="philox")

    def preview_inputs(self, count, seed, samples):
        clean = samples[np.arange(count) % len(samples)].astype(np.float32) / 127.5 - 1
        return clean + self.level * np.random.default_rng(seed).standard_normal(clean.shape, dtype=np.float32)

    def get_config(self):
        return super().get_config() | {"level": self.level}


def denoiser(shape, latent_dim, *, seed, **options):
    noisy = keras.Input(shape)
    initializer = keras.initializers.GlorotUniform(seed)
    return keras.Model(noisy, keras.layers.Dense(shape[2], "tanh", kernel_initializer=initializer)(noisy))


@pytest.fixture
def denoise(monkeypatch):
    """A task and its network: one entry each in two tables, and their code."""
    network = ModuleType("ganbook.networks.denoiser")
    network.generator, network.discriminator = denoiser, mlp.discriminator
    monkeypatch.setitem(sys.modules, network.__name__, network)
    defaults = presets.NETWORKS["mlp"].defaults | {"batch_size": 16}
    monkeypatch.setitem(presets.NETWORKS, "denoiser", presets.NetworkPreset("removes noise", defaults, "denoise"))
    monkeypatch.setitem(presets.TASKS, "denoise", presets.TaskPreset("remove noise", "denoiser", refused=("augment",)))
    entry = tasks.Task(f"{__name__}:DenoisingGAN", lambda config: {"level": 0.5})
    monkeypatch.setitem(tasks.TASKS, "denoise", entry)
    monkeypatch.setitem(sys.modules, __name__, sys.modules[DenoisingGAN.__module__])


def test_a_task_of_another_file_is_trained_previewed_and_resumed(denoise, some_digits, tmp_path, weights_of):
    options = {"task": "denoise", "image_size": 12, "jit": "off", "runs_dir": tmp_path, "wait": True}
    images = some_digits[0]
    whole = gb.train(images, name="whole", steps=6, **options)
    gb.train(images, name="half", steps=3, **options)
    half = gb.train(images, resume="half", steps=6, runs_dir=tmp_path, wait=True)
    assert type(whole.gan) is DenoisingGAN
    assert whole.config.network == "denoiser"
    assert whole.gan.generator.input_shape == (None, 12, 12, 1)
    assert whole.folder.previews()
    assert np.isfinite(whole.history["g_loss"]).all()
    assert all(np.array_equal(a, b) for a, b in zip(weights_of(whole.gan), weights_of(half.gan), strict=True))


def test_the_terminal_and_the_magics_offer_it(denoise, capsys):
    from ganbook.cli import main
    from ganbook.config.parser import choices

    assert "denoise" in choices(TrainConfig.model_fields["task"])
    assert main(["train", "--data", "digits", "--task", "denoise", "--augment", "flip"]) == 2
    assert "--augment does not go with --task denoise: leave it out" in capsys.readouterr().err
    assert main(["train", "--data", "digits", "--task", "denoise", "--masks", "half"]) == 2
    assert "--masks goes with --task inpaint: leave it out" in capsys.readouterr().err
    assert main(["train", "--data", "digits", "--task", "denoise", "--network", "compact"]) == 2
    assert "--network compact goes with --task generate; --task denoise takes denoiser" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "data", "network"),
    [
        ({}, (60_000, (28, 28, 1)), "compact"),
        ({}, (14_000, (32, 32, 3)), "photo"),
        ({}, (5000, (128, 96, 3)), "photo"),
        ({}, (4999, (32, 32, 3)), "compact"),
        ({}, (500, (32, 32, 3), True), "photo"),
        ({}, (10_000, (2,)), "mlp"),
        ({}, (), "compact"),
        ({"network": "compact"}, (14_000, (32, 32, 3), True), "compact"),
        ({"task": "inpaint"}, (14_000, (32, 32, 3), True), "context"),
    ],
)
def test_auto_is_the_network_that_suits_the_data(options, data, network):
    assert TrainConfig(**options).resolved(*data).network == network


@pytest.mark.parametrize(
    ("options", "data", "conditional"),
    [
        ({}, (14_000, (32, 32, 3), True, 1400), True),
        ({}, (14_000, (32, 32, 3), True, 99), False),
        ({}, (14_000, (32, 32, 3), True, 0), False),
        ({"conditional": False}, (14_000, (32, 32, 3), True, 1400), False),
        ({"network": "dcgan"}, (14_000, (32, 32, 3), True, 1400), False),
        ({"network": "dcgan", "conditional": True}, (14_000, (32, 32, 3), True, 1400), True),
        ({}, (14_000, (28, 28, 1), False, 1400), False),
        ({"task": "inpaint"}, (14_000, (32, 32, 3), True, 1400), False),
        ({}, (), False),
    ],
)
def test_classes_of_photographs_are_learned_each_by_itself_if_there_are_enough(options, data, conditional):
    resolved = TrainConfig(**options).resolved(*data)
    assert resolved.conditional is conditional
    assert resolved.chosen(*data).get("conditional") == options.get("conditional")


def test_a_class_that_is_rare_is_not_learned_by_itself(some_digits):
    images, labels = some_digits
    assert gb.data.load((images, labels)).each_class == np.bincount(labels).min() > 0
    assert gb.data.load(images).each_class == 0
    for others, least in ((40, 4), (41, 0)):
        few_and_many = np.repeat([0, 1], [4, others])
        assert gb.data.load((images[: 4 + others], few_and_many)).each_class == least


def test_a_weight_of_0_is_given_and_refused_by_a_task_that_has_none(tmp_path, some_digits):
    with pytest.raises(ValueError, match="--reconstruction goes with --task inpaint: leave it out"):
        gb.train(some_digits, reconstruction=0, runs_dir=tmp_path)
    with pytest.raises(ValueError, match="--conditional does not go with --task inpaint: leave it out"):
        gb.train(some_digits, task="inpaint", conditional=True, runs_dir=tmp_path)


def test_what_is_on_by_default_can_be_switched_off_in_the_terminal(capsys, tmp_path):
    from ganbook.cli import main

    command = ["train", "--data", "digits", "--network", "nets", "--runs-dir", str(tmp_path)]
    assert main([*command, "--no-conditional"]) == 2
    assert "--network nets" in capsys.readouterr().err
    assert main([*command, "--no-wait"]) == 2
    assert "--no-wait" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "shape", "rates"),
    [
        ({}, (32, 32, 3), (1e-3, 1e-3)),
        ({"learning_rate": 3e-4}, (64, 64, 3), (3e-4, 3e-4)),
        ({"d_learning_rate": 3e-4}, (64, 64, 3), (1e-3, 3e-4)),
        ({"network": "dcgan"}, (64, 64, 3), (2e-3, 2e-3)),
    ],
)
def test_photographs_are_learned_at_the_rate_that_holds_for_long(options, shape, rates):
    config = TrainConfig(**options).resolved(14_000, shape)
    assert (config.learning_rate, config.d_learning_rate) == rates
