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

# How much longer than in float32 a product takes in bfloat16 for that to be said, and for float32 to be used instead:
# without hardware it takes tens of times as long (tensorflow#45441).
DEAR_BFLOAT16, SLOW_BFLOAT16 = 1.2, 3.0


@dataclass(frozen=True)
class Choices:
    """How a step is computed.

    Attributes
    ----------
    xla_for_convolutions
        Whether XLA compiles networks with convolutions; it compiles those without on every device.
    bfloat16
        Whether networks whose samples were judged in bfloat16 train in it, where the processor multiplies it faster.
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
    """Return whether networks whose samples were judged in bfloat16 train in it here.

    AMD's processors with ``avx512_bf16`` and Intel's with ``amx_bf16`` multiply it 1.6 to 2.7 times as fast as float32,
    those of Intel that have ``avx512_bf16`` alone half as fast: measured, see ``benchmarks/RESULTS.md``.
    """
    fast = backend.cpu_has("amx_bf16") or (backend.cpu_has("AuthenticAMD") and backend.cpu_has("avx512_bf16"))
    return choices().bfloat16 and fast and backend.onednn()


@cache
def bfloat16_cost() -> float:
    """Return how much longer a bfloat16 matrix product takes here than a float32 one; far above 1 without hardware."""
    import tensorflow as tf

    squares = [tf.ones((512, 512), dtype) for dtype in (tf.bfloat16, tf.float32)]
    seconds = []
    for _ in range(6):  # by turns, since other processes come and go
        for square in squares:
            began = time.perf_counter()
            tf.matmul(square, square).numpy()
            seconds.append(time.perf_counter() - began)
    return min(seconds[::2]) / min(seconds[1::2])


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
