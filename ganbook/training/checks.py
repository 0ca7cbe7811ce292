"""Which options, data and networks make a training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ganbook.augmentation.policy import Policy
from ganbook.config import presets
from ganbook.config.parser import check_kinds, flag
from ganbook.config.train import TrainConfig
from ganbook.data.dataset import Dataset
from ganbook.gan import objective
from ganbook.training import devices
from ganbook.training.tasks import TASKS

if TYPE_CHECKING:
    import keras


def check(config: TrainConfig, data: Dataset, pair: tuple[keras.Model, keras.Model] | None = None) -> None:
    """Raise ``ValueError`` if these resolved options, data and networks cannot make a training.

    Nothing of it needs TensorFlow, so that bad input is said at once.
    """
    _check_task(config, data)
    _check_data(config, data)
    if config.augment:
        Policy.parse(config.augment).check_differentiable()
    objective.check(config.model_dump(), augment=bool(config.augment), adaptive=config.adaptive, spell=flag)
    devices.check(config)
    if config.rate_changes and config.rate_half_life:
        raise ValueError("--rate-changes and --rate-half-life both decide the learning rates: leave one of them out")
    if pair is not None:
        _check_pair(config, data, pair)


def _check_task(config: TrainConfig, data: Dataset) -> None:
    if config.task not in (able := presets.tasks_of(data.kind)):
        raise ValueError(
            f"--task {config.task} does not go with {data.name}, which holds {data.holds}: give --task "
            f"{' or '.join(able)}, or other data"
        )
    task, network = presets.TASKS[config.task], presets.NETWORKS[config.network]
    if network.task != config.task and not (config.network == "custom" and task.own_pair):
        fitting = [
            name for name, preset in presets.NETWORKS.items() if preset.task == config.task and not preset.hidden
        ]
        raise ValueError(
            f"--network {config.network} goes with --task {network.task}; --task {config.task} takes "
            f"{' or '.join(fitting)}"
        )
    for option, field in type(config).model_fields.items():
        tasks = presets.tasks_with(option)
        value = getattr(config, option)
        if config.task not in tasks and value != field.default and value is not False:  # 0 is given, False is "no"
            how = f"does not go with --task {config.task}" if option in task.refused else f"goes with --task {tasks[0]}"
            raise ValueError(f"{flag(option)} {how}: leave it out")
    TASKS[config.task].check(config, data)


def _check_data(config: TrainConfig, data: Dataset) -> None:
    count, batch_size = len(data), config.batch_size or 1
    if count < 2:
        raise ValueError(f"{data.name} holds one {data.noun}; a GAN needs at least two, and hundreds to be of use")
    if count < batch_size:
        raise ValueError(
            f"{data.name} holds {count} {data.noun}s, fewer than a batch of {batch_size}: give --batch-size {count} or "
            f"less, or more {data.noun}s"
        )
    for option in ("hidden", "activation", "width", "depth"):
        if option not in presets.NETWORKS[config.network].defaults and getattr(config, option):
            able = " or ".join(name for name, preset in presets.NETWORKS.items() if option in preset.defaults)
            raise ValueError(f"{flag(option)} goes with --network {able}, not with {config.network}: leave it out")
    _check_kind(config, data)
    if config.conditional and data.labels is None:
        raise ValueError(f"--conditional needs labels and {data.name} has none: give labels, or subfolders as classes")


def _check_kind(config: TrainConfig, data: Dataset) -> None:
    """Raise ``ValueError`` for options that mean nothing for this kind of data."""
    if data.networks is not None and config.network not in data.networks:
        raise ValueError(f"--network {config.network} draws images; points in the plane take mlp, or your own pair")
    check_kinds(config, data.kind, data.holds)
    if data.few_values and config.precision == "bfloat16":
        raise ValueError("--precision bfloat16 is too coarse for points in the plane: leave it out")


def _check_pair(config: TrainConfig, data: Dataset, pair: tuple[keras.Model, keras.Model]) -> None:
    generator, _ = pair
    drawn = tuple(generator.output_shape[1:])
    if drawn != data.shape:
        raise ValueError(
            f"your generator draws {drawn}, but the {data.noun}s of {data.name} are {data.shape}: make them equal"
        )
    if config.conditional != (len(generator.inputs) == 2):
        raise ValueError("networks with a second input for labels go with --conditional, others without it")
