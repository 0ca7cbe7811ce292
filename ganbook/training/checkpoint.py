"""A GAN in a checkpoint: what it is as JSON, its variables as plain arrays.

The same content as a ``.keras`` file, written several times faster: Stop waits for it.
"""

from __future__ import annotations

import hashlib
import io
import json
import warnings
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

# Keras knows a class once it is imported, and a process that has trained nothing reads checkpoints, too.
from ganbook.augmentation import differentiable, keras_layer  # noqa: F401
from ganbook.gan.model import GAN
from ganbook.networks import text  # noqa: F401
from ganbook.training.tasks import TASKS
from ganbook.utils import by_device
from ganbook.utils.files import read_text, write_text

DESCRIPTION, ARRAYS = "gan.json", "arrays.npz"

for _task in TASKS.values():
    _task.gan_class()


def write_gan(gan: GAN, folder: Path) -> None:
    """Write a compiled GAN, its average and its optimisers into a folder."""
    write_text(folder / DESCRIPTION, _description(gan))
    _save_arrays(gan, folder / ARRAYS)


def _description(gan: GAN) -> str:
    return json.dumps(keras.saving.serialize_keras_object(gan))


def _save_arrays(gan: GAN, file: Path | io.BytesIO) -> None:
    np.savez(file, *(np.asarray(variable) for variable in _variables(gan)))


def _built(description: str, file: Path | io.BytesIO) -> GAN:
    """Build the GAN that was described, and give its variables the values in ``file``.

    Networks of a CPU that computes bfloat16 quickly go on in float32 on one that does not.
    """
    if "bfloat16" in description and by_device.bfloat16_cost() > by_device.SLOW_BFLOAT16:
        warnings.warn(
            "these networks were trained in bfloat16, which this CPU computes slowly: they go on in float32, and will "
            "differ in the last bits",
            stacklevel=2,
        )
        description = _in_float32(description)
    gan = keras.saving.deserialize_keras_object(json.loads(description), safe_mode=True)
    with np.load(file, allow_pickle=False) as arrays:
        for variable, name in zip(_variables(gan), arrays.files, strict=True):
            variable.assign(arrays[name])
    return gan


def _in_float32(description: str) -> str:
    """Have networks that compute in bfloat16 do so in float32; their weights are float32 either way."""
    return description.replace("mixed_bfloat16", "float32").replace("bfloat16", "float32")


def for_any_machine(network: keras.Model) -> keras.Model:
    """Return a network that computes in float32: itself, or a copy of one that computes in bfloat16."""
    description = json.dumps(keras.saving.serialize_keras_object(network))
    if "bfloat16" not in description:
        return network
    copy = keras.saving.deserialize_keras_object(json.loads(_in_float32(description)), safe_mode=True)
    copy.set_weights(network.get_weights())
    return copy


def pack(gan: GAN) -> tuple[str, bytes]:
    """Return what :func:`write_gan` would write, for :func:`unpack` in another process."""
    arrays = io.BytesIO()
    _save_arrays(gan, arrays)
    return _description(gan), arrays.getvalue()


def unpack(description: str, arrays: bytes, strategy: tf.distribute.Strategy) -> GAN:
    """Build the GAN of :func:`pack` on every replica of a strategy; all processes do so at the same time."""
    with strategy.scope():
        gan = _built(description, io.BytesIO(arrays))
    gan.replicate(strategy)
    return gan


def digest(gan: GAN) -> str:
    """Return the SHA-256 of all variables that training changes."""
    total = hashlib.sha256()
    for variable in _variables(gan):
        total.update(np.ascontiguousarray(variable).tobytes())
    return total.hexdigest()


def read_gan(folder: Path) -> GAN:
    """Read what :func:`write_gan` wrote.

    Raises
    ------
    ValueError
        The files are damaged, or carry code, which is never run.
    """
    file = folder / DESCRIPTION
    try:
        return _built(read_text(file), folder / ARRAYS)
    except Exception as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else repr(error)
        if "safe_mode" in str(error) or "unsafe" in str(error).lower() or "lambda" in str(error).lower():
            raise ValueError(
                f"{file} carries code (a Lambda layer), which ganbook does not run: use layers only"
            ) from None
        raise ValueError(f"{folder} cannot be read: {reason}") from None


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
