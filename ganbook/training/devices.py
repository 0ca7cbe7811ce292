"""The devices that share a training's batches: GPUs, or parts of the processor, by ``tf.distribute.MirroredStrategy``.

Each step is ganbook's own, see :mod:`ganbook.gan.multi_replica`; what is learned depends in the last bits only on how
many devices there are, where neither or both are compiled by XLA. Several devices are not compiled, and XLA draws other
random numbers from the same key: against one device that compiles, as ``mlp`` does by default, all noise is another.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from ganbook.config.train import TrainConfig

if TYPE_CHECKING:
    import tensorflow as tf

# One for each number of devices: in one process, two strategies would mix up each other's sums.
_made: dict[int, Any] = {}
_of_workers: dict[tuple, Any] = {}  # at most one in a process


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
    workers = len(config.addresses)
    if workers and config.devices is not None:
        raise ValueError("--workers have one device each: leave out --devices, and start a worker for each GPU")
    if not workers and config.devices in (None, "1"):
        return
    asked = "--workers" if workers else "--devices"
    if option := obstacle(config):
        raise ValueError(f"{option} does not go with several {asked}: leave one of them out")
    count = workers or (0 if config.devices == "all" else int(config.devices))
    if count and config.batch_size % count:
        nearest = max(count, round(config.batch_size / count) * count)
        raise ValueError(
            f"{count} {asked}: a batch of {config.batch_size} does not divide among them; give --batch-size {nearest}"
            if workers
            else f"--devices {count}: a batch of {config.batch_size} does not divide among them; give --batch-size "
            f"{nearest}"
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


def strategy_of_workers(addresses: Sequence[str], index: int) -> tf.distribute.Strategy:
    """Return what shares batches among processes on any number of machines; waits until all have started TensorFlow.

    Parameters
    ----------
    addresses
        ``host:port`` of every process, which TensorFlow listens on.
    index
        Which of them this one is. Each has one device, its first GPU or its processor.

    Raises
    ------
    ValueError
        TensorFlow has computed in this process before.
    """
    import tensorflow as tf

    key = tuple(addresses), index
    if key not in _of_workers:
        try:
            if _of_workers:
                raise RuntimeError
            _of_workers[key] = tf.distribute.MultiWorkerMirroredStrategy(
                tf.distribute.cluster_resolver.SimpleClusterResolver(
                    tf.train.ClusterSpec({"worker": list(addresses)}),
                    task_type="worker",
                    task_id=index,
                    num_accelerators={"GPU": 1} if tf.config.list_physical_devices("GPU") else {},
                    rpc_layer="grpc",
                )
            )
        except RuntimeError:
            raise ValueError(
                "--workers: TensorFlow has computed in this process already, and meets other processes only before "
                "that: use a new process, or restart the kernel"
            ) from None
    return _of_workers[key]


def abort_collectives(reason: str) -> None:
    """Have operations that wait for other processes fail, in whatever thread they wait."""
    if not _of_workers:
        return
    import tensorflow as tf
    from tensorflow.python.eager import context

    context.context().abort_collective_ops(tf.errors.UNAVAILABLE, reason)


def scope(strategy: tf.distribute.Strategy | None) -> AbstractContextManager:
    """Build networks inside of this, so that every device has its copy."""
    return contextlib.nullcontext() if strategy is None else strategy.scope()
