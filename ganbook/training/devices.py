"""The devices that share a training's batches: GPUs, or parts of the processor, by ``tf.distribute.MirroredStrategy``.

Each step is ganbook's own, see :mod:`ganbook.gan.multi_replica`; what is learned depends in the last bits only on how
many devices there are, where neither or both are compiled by XLA. Several devices are not compiled, and XLA draws other
random numbers from the same key: against one device that compiles, as ``mlp`` does by default, all noise is another.
"""

from __future__ import annotations

import contextlib
import warnings
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from ganbook.config.train import TrainConfig

if TYPE_CHECKING:
    import tensorflow as tf

# One for each number of devices: in one process, two strategies would mix up each other's sums.
_made: dict[int, Any] = {}


def strategy_for(config: TrainConfig) -> tf.distribute.Strategy | None:
    """Return what splits batches among devices; None where one device does it all.

    Raises
    ------
    ValueError
        There are not as many devices, or the processor cannot be divided any more.
    """
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    if config.devices is None:
        count = _fitting(len(gpus), config)
        if 1 < len(gpus) != count:
            warnings.warn(
                f"{max(1, count)} of {len(gpus)} GPUs share the training: a batch of {config.batch_size} does not "
                "divide among more, or an option does not go with several; see --devices",
                stacklevel=2,
            )
    else:
        count = max(1, len(gpus)) if config.devices == "all" else int(config.devices)
        if gpus and count > len(gpus):
            raise ValueError(f"--devices {count}: there are {len(gpus)} GPUs; give that or less")
    if count < 2:
        return None
    if count not in _made:
        _made[count] = _new_strategy(count, bool(gpus))
    return _made[count]


def _fitting(count: int, config: TrainConfig) -> int:
    """Return the largest number of devices, at most ``count``, that can share a training."""
    if obstacle(config):
        return min(1, count)
    return next((n for n in range(count, 1, -1) if config.batch_size % n == 0), min(1, count))


def obstacle(config: TrainConfig) -> str:
    """Return the option that several devices cannot do, as users write it; empty if there is none."""
    if config.adaptive:
        return "--adaptive"
    return f"--critic-steps {config.critic_steps}" if (config.critic_steps or 1) > 1 else ""


def check(config: TrainConfig) -> None:
    """Raise ``ValueError`` if resolved options do not go with the devices that are asked for. Needs no TensorFlow."""
    if config.devices in (None, "1"):
        return
    if option := obstacle(config):
        raise ValueError(f"{option} does not go with several --devices: leave one of them out")
    if config.devices != "all" and config.batch_size % int(config.devices):
        count = int(config.devices)
        nearest = max(count, round(config.batch_size / count) * count)
        raise ValueError(
            f"--devices {count}: a batch of {config.batch_size} does not divide among them; give --batch-size {nearest}"
        )


def _new_strategy(count: int, on_gpus: bool) -> tf.distribute.Strategy:
    import tensorflow as tf

    if on_gpus:
        return tf.distribute.MirroredStrategy([f"GPU:{number}" for number in range(count)])
    processor = tf.config.list_physical_devices("CPU")[0]
    if len(tf.config.get_logical_device_configuration(processor) or [0]) < count:
        try:
            parts = [tf.config.LogicalDeviceConfiguration() for _ in range(count)]
            tf.config.set_logical_device_configuration(processor, parts)
        except RuntimeError:
            raise ValueError(
                f"--devices {count}: TensorFlow has computed in this process already, and divides the processor only "
                "before that: use a new process, or restart the kernel"
            ) from None
    # Sums in one order, so that a training can be repeated to the bit.
    return tf.distribute.MirroredStrategy(
        [f"CPU:{number}" for number in range(count)], cross_device_ops=tf.distribute.ReductionToOneDevice()
    )


def scope(strategy: tf.distribute.Strategy | None) -> AbstractContextManager:
    """Build networks inside of this, so that every device has its copy."""
    return contextlib.nullcontext() if strategy is None else strategy.scope()
