"""The GAN with which a training begins: the newest checkpoint's, or a new one, which may start from another run."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ganbook.config.train import TrainConfig
from ganbook.training import start_from
from ganbook.training.run_folder import RunFolder
from ganbook.utils import backend

if TYPE_CHECKING:
    import keras

    from ganbook.data.dataset import Dataset
    from ganbook.gan.model import GAN
    from ganbook.training.cluster import Cluster
    from ganbook.training.trainer import SavedState


def load_tensorflow(folder: RunFolder) -> None:
    """Import TensorFlow as the run had it; warn where that is too late."""
    recorded = folder.config().get("onednn", backend.onednn_by_itself())
    backend.tensorflow(recorded)
    if backend.onednn() != recorded:
        had, has = ("with", "without") if recorded else ("without", "with")
        warnings.warn(
            f"{folder.name} was begun {had} TensorFlow's oneDNN kernels, and this process computes {has} them: "
            "weights will differ in the last bits; to go on exactly, resume it first thing in a new process",
            stacklevel=2,
        )


def begin(
    folder: RunFolder,
    config: TrainConfig,
    data: Dataset,
    pair: tuple[keras.Model, keras.Model] | None,
    cluster: Cluster | None,
    end_soon: Callable[[str], None],
) -> tuple[GAN, SavedState | None]:
    """Return the GAN, on the devices that it trains on, and the checkpoint that it is from, if there is one.

    ``end_soon`` is called with the reason if a worker wants the training to end.

    Raises
    ------
    ValueError
        A batch does not fit the memory, or the user's own pair was to train on several devices.
    """
    from ganbook.training import devices, memory, trainer
    from ganbook.training.build import new_gan

    strategy = None if cluster else devices.strategy_for(config)
    if strategy is not None and pair is not None:
        raise ValueError("your own pair of networks trains on one device: leave --devices out, or give --devices 1")
    if cluster is not None:
        cluster.begin(end_soon)
    with devices.scope(strategy):
        saved, notes = trainer.newest_state(folder)
        gan = saved.gan if saved else new_gan(config, data, pair)
    reached = int(max(folder.history()["step"], default=0))
    if saved and reached > gan.steps_done:
        notes.append(
            f"{folder.name} goes on from step {gan.steps_done:,}, where it was saved last: its process ended at step "
            f"{reached:,} without saving"
        )
    for note in notes:
        warnings.warn(note, stacklevel=2)
    memory.check(gan, config)
    if strategy is not None:
        gan.replicate(strategy)
    if not saved and config.start_from:
        taken = start_from.take(RunFolder(Path(config.start_from)), gan)
        warnings.warn(f"{folder.name} {taken}", stacklevel=2)
    return (cluster.share(gan) if cluster is not None else gan), saved
