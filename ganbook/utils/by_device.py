"""What is chosen by the kind of device that computes. Whoever measures on another kind changes a line here.

The choices for a CPU were measured, see ``benchmarks/RESULTS.md``; those for a GPU are by documentation alone, since no
GPU was at hand: it trains in float32, which TensorFlow multiplies in TensorFloat-32 by itself where the GPU has it
(``tf.config.experimental.enable_tensor_float_32_execution``).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache

from ganbook.utils import backend

# Without hardware for it, bfloat16 is tens of times slower (tensorflow#45441).
SLOW_BFLOAT16 = 3.0


@dataclass(frozen=True)
class Choices:
    """How a step is computed.

    Attributes
    ----------
    xla_for_convolutions
        Whether XLA compiles networks with convolutions; it compiles those without on every device.
    bfloat16
        Whether networks whose samples were judged in bfloat16 train in it, where the device has instructions for it.
    most_steps, most_bytes
        Steps in one graph call that XLA has compiled, and bytes of samples that it takes: fewer steps are padded.
    """

    xla_for_convolutions: bool
    bfloat16: bool
    most_steps: int = 32
    most_bytes: int = 2**26

    def most_steps_of(self, size: int) -> int:
        """Return how many batches of ``size`` bytes a compiled call takes."""
        return max(1, min(self.most_steps, self.most_bytes // size))


CHOICES = {
    # XLA has no convolutions of its own on a CPU that are as fast as oneDNN's: measured.
    "CPU": Choices(xla_for_convolutions=False, bfloat16=True),
    # As Keras does by itself with jit_compile="auto": not measured.
    "GPU": Choices(xla_for_convolutions=True, bfloat16=False),
}


@cache
def kind() -> str:
    """Return the kind of device that TensorFlow computes on: a key of :data:`CHOICES`."""
    import tensorflow as tf

    return "GPU" if tf.config.list_physical_devices("GPU") else "CPU"


def choices() -> Choices:
    """Return what is chosen for this machine."""
    return CHOICES[kind()]


def prefers_bfloat16() -> bool:
    """Return whether networks whose samples were judged in bfloat16 train in it here."""
    return choices().bfloat16 and backend.cpu_has("avx512_bf16", "amx_bf16") and backend.onednn()


@cache
def bfloat16_cost() -> float:
    """Return how much longer a bfloat16 matrix product takes here than a float32 one; far above 1 without hardware."""
    import tensorflow as tf

    def seconds(dtype: tf.DType) -> float:
        a, taken = tf.ones((512, 512), dtype), []
        for _ in range(6):
            began = time.perf_counter()
            tf.matmul(a, a).numpy()
            taken.append(time.perf_counter() - began)
        return min(taken)

    return seconds(tf.bfloat16) / seconds(tf.float32)


@cache
def xla_works() -> bool:
    """Return whether XLA can compile here. On a GPU it needs CUDA's libdevice, which many installations lack.

    See https://github.com/conda-forge/tensorflow-feedstock/issues/420.
    """
    import tensorflow as tf

    if kind() == "CPU":
        return True
    try:
        tf.function(tf.exp, jit_compile=True)(tf.ones(4))
    except tf.errors.OpError:
        return False
    return True
