"""Whether a training step fits the memory, before one is taken: the system would end the process rather than refuse."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING

from ganbook.config.train import TrainConfig
from ganbook.networks import checks
from ganbook.utils import memory

if TYPE_CHECKING:
    import keras

    from ganbook.gan.model import GAN

# In 21 runs (compact, photo, dcgan, mlp, context and restorer; 28 to 128 pixels, batches of 32 to 16,384; float32, a
# CPU) the memory of the process grew by at least 1.1 times the batch's `bytes_of_one`, and at most by MOST times that
# and FIXED: code that is compiled, optimisers, threads.
MOST = 2.0
FIXED = 400 * 2**20


def check(gan: GAN, config: TrainConfig) -> None:
    """Warn that a step of this batch may not fit the memory that is left.

    Raises
    ------
    ValueError
        It cannot fit. The message says which batch does.
    """
    import tensorflow as tf

    if tf.config.list_physical_devices("GPU"):  # whose memory is another
        return
    batch = math.ceil(config.batch_size / max(1, len(config.addresses)))
    one, left = bytes_of_one(gan), memory.available()
    if batch * one * MOST + FIXED <= left:
        return
    share = int((left - FIXED) / (one * MOST)) * max(1, len(config.addresses))
    fitting = 2 ** int(math.log2(share)) if share >= 1 else 0
    if fitting >= config.batch_size:
        fitting = config.batch_size // 2
    advice = (
        f"--batch-size {fitting} fits"
        if fitting
        else "give a smaller --batch-size or --image-size, or close what else takes memory"
    )
    takes = f"takes about {_gigabytes(batch * one)} to {_gigabytes(batch * one * MOST + FIXED)} GB of memory"
    message = f"a step with a batch of {batch} {takes}, and {_gigabytes(left)} are left: {advice}"
    if batch * one > left:
        raise ValueError(message)
    warnings.warn(message, stacklevel=3)


def bytes_of_one(gan: GAN) -> int:
    """Return the least that a step keeps for each example: G's layer outputs once, D's twice, real and generated."""
    return _outputs(gan.generator) + 2 * _outputs(gan.discriminator)


def _outputs(network: keras.Model) -> int:
    """Return the bytes of all layer outputs for one example."""
    import keras

    total = 0
    for layer in checks.leaves(network):
        if isinstance(layer, keras.Model | keras.layers.InputLayer):
            continue
        try:
            outputs = keras.tree.flatten(layer.output)
        except (AttributeError, ValueError):  # used several times, or inside another layer
            continue
        for output in outputs:
            values = math.prod(side or 1 for side in output.shape[1:])
            total += values * (2 if keras.backend.standardize_dtype(output.dtype).endswith("16") else 4)
    return total


def _gigabytes(amount: float) -> str:
    return f"{amount / 2**30:.1f}" if amount < 100 * 2**30 else f"{amount / 2**30:,.0f}"
