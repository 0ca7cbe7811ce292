"""A GAN in a checkpoint: what it is as JSON, its variables as plain arrays.

The same content as a ``.keras`` file, written several times faster: Stop waits for it.
"""

from __future__ import annotations

import json
from pathlib import Path

import keras
import numpy as np

# Keras knows a class once it is imported, and a process that has trained nothing reads checkpoints, too.
from ganbook.augmentation import differentiable, keras_layer  # noqa: F401
from ganbook.gan.model import GAN
from ganbook.networks import text  # noqa: F401
from ganbook.training.tasks import TASKS
from ganbook.utils.files import read_text, write_text

DESCRIPTION, ARRAYS = "gan.json", "arrays.npz"

for _task in TASKS.values():
    _task.gan_class()


def write_gan(gan: GAN, folder: Path) -> None:
    """Write a compiled GAN, its average and its optimisers into a folder."""
    write_text(folder / DESCRIPTION, json.dumps(keras.saving.serialize_keras_object(gan)))
    np.savez(folder / ARRAYS, *(np.asarray(variable) for variable in _variables(gan)))


def read_gan(folder: Path) -> GAN:
    """Read what :func:`write_gan` wrote.

    Raises
    ------
    ValueError
        The files are damaged, or carry code, which is never run.
    """
    file = folder / DESCRIPTION
    try:
        gan = keras.saving.deserialize_keras_object(json.loads(read_text(file)), safe_mode=True)
        with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
            for variable, name in zip(_variables(gan), arrays.files, strict=True):
                variable.assign(arrays[name])
    except Exception as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else repr(error)
        if "safe_mode" in str(error) or "unsafe" in str(error).lower() or "lambda" in str(error).lower():
            raise ValueError(
                f"{file} carries code (a Lambda layer), which ganbook does not run: use layers only"
            ) from None
        raise ValueError(f"{folder} cannot be read: {reason}") from None
    return gan


def _variables(gan: GAN) -> list[keras.Variable]:
    parts = (gan.generator, gan.discriminator, gan.ema_generator, gan.g_optimizer, gan.d_optimizer, gan.adaptive)
    return [v for part in parts if part is not None for v in part.variables]


def read_networks(folder: Path, gan: GAN) -> dict[str, list[np.ndarray]]:
    """Read the weights of the three networks alone: ``generator``, ``discriminator``, ``ema_generator``.

    ``gan`` is of the same build. Raises ``ValueError`` where the file is gone or damaged.
    """
    try:
        with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
            names = iter(arrays.files)
            return {
                part: [arrays[next(names)] for _ in getattr(gan, part).variables]
                for part in ("generator", "discriminator", "ema_generator")
            }
    except Exception as error:
        raise ValueError(f"{folder} cannot be read: {error}") from None
