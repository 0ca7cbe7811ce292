"""What is chosen by the kind of device that computes. Whoever measures on another kind changes a line here.

The choices for a CPU were measured, see ``benchmarks/RESULTS.md``; those for a GPU are by documentation alone, since no
GPU was at hand. Both train in float32: on a GPU that has it TensorFlow multiplies in TensorFloat-32 by itself
(``tf.config.experimental.enable_tensor_float_32_execution``), and bfloat16 waits until samples have been judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Choices:
    """How a step is computed.

    Attributes
    ----------
    xla_for_convolutions
        Whether XLA compiles networks with convolutions; it compiles those without on every device.
    most_steps, most_bytes
        Steps in one graph call that XLA has compiled, and bytes of samples that it takes: fewer steps are padded.
    """

    xla_for_convolutions: bool
    most_steps: int = 32
    most_bytes: int = 2**26

    def most_steps_of(self, size: int) -> int:
        """Return how many batches of ``size`` bytes a compiled call takes."""
        return max(1, min(self.most_steps, self.most_bytes // size))


CHOICES = {
    # XLA has no convolutions of its own on a CPU that are as fast as oneDNN's: measured.
    "CPU": Choices(xla_for_convolutions=False),
    # As Keras does by itself with jit_compile="auto": not measured.
    "GPU": Choices(xla_for_convolutions=True),
}


@cache
def kind() -> str:
    """Return the kind of device that TensorFlow computes on: a key of :data:`CHOICES`."""
    import tensorflow as tf

    return "GPU" if tf.config.list_physical_devices("GPU") else "CPU"


def choices() -> Choices:
    """Return what is chosen for this machine."""
    return CHOICES[kind()]


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
