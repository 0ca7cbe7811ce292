"""The network ``restorer`` as the numbers that it is made of, from an array file or a run.

A restorer is a stack of 3×3 convolutions with leaky ReLU, the first one's output added before the last one, and a
shuffle of scale² values into pixels (:mod:`ganbook.networks.restorer`). What it draws is the difference to bicubic
interpolation.

Weights and features are rounded to multiples of a power of two, so coarse that sums of their products are exact in
float32. Then no order of summation matters: a tile gives bit for bit what the whole image does, on any machine and
with any number of threads.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ganbook.data.resampling import enlarge
from ganbook.enhancement.methods.interpolation import to_type
from ganbook.utils import backend

LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # of RGB, ITU-R 601
GRID = 2.0**-10  # of weights and of features; sums below 2²⁴ GRID² = 16 are exact
WEIGHTS = Path(__file__).parent.parent / "weights"


@dataclass(frozen=True, eq=False)
class Restorer:
    """Weights of a network.

    Attributes
    ----------
    kernels
        float32 (3, 3, in, out) of each convolution.
    biases
        float32 (out,) of each convolution.
    scale
        Times that it enlarges.
    """

    kernels: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray, ...]
    scale: int

    @property
    def channels(self) -> int:
        """Channels of the images that it takes: 1, luma, or 3."""
        return self.kernels[0].shape[2]

    @property
    def reach(self) -> int:
        """Input pixels away from which a pixel still depends on its surroundings: one for each convolution."""
        return len(self.kernels)

    @functools.cached_property
    def _traced(self):
        tf = backend.tensorflow()
        from ganbook.networks.restorer import SLOPE  # and Keras with it

        kernels = [tf.constant(np.rint(kernel / GRID) * GRID, tf.float32) for kernel in self.kernels]
        biases = [tf.constant(np.rint(bias / GRID**2) * GRID**2, tf.float32) for bias in self.biases]

        def convolved(x, index):
            return tf.nn.bias_add(tf.nn.conv2d(x, kernels[index], 1, "SAME"), biases[index])

        def rounded(x):
            return tf.round(x * (1 / GRID)) * GRID

        @tf.function(input_signature=[tf.TensorSpec((None, None, None, self.channels), tf.float32)], autograph=False)
        def residual(images):
            first = x = rounded(tf.nn.leaky_relu(convolved(rounded(images), 0), SLOPE))
            for index in range(1, len(kernels) - 1):
                x = rounded(tf.nn.leaky_relu(convolved(x, index), SLOPE))
            x = convolved(x + first, len(kernels) - 1)
            return x if self.scale == 1 else tf.nn.depth_to_space(x, self.scale)

        return residual

    def residual(self, image: np.ndarray) -> np.ndarray:
        """Return the difference to bicubic interpolation.

        Parameters
        ----------
        image
            float32 (H, W, channels) in [−1, 1].

        Returns
        -------
        ndarray
            float32 (scale H, scale W, channels).
        """
        return self._traced(image[None])[0].numpy()


def enlarger(net: Restorer) -> Callable[[np.ndarray], np.ndarray]:
    """Return work that enlarges uint8 or uint16 (h, w, C), C 1 or 3, with a network.

    A network of luma adds what it draws to all three channels of a colour image: chroma is that of bicubic
    interpolation, to which the eye is less sensitive.
    """

    def work(image: np.ndarray) -> np.ndarray:
        half = np.float32(np.iinfo(image.dtype).max / 2)
        seen = image.astype(np.float32) / half - 1
        if net.channels == 1 and seen.shape[2] == 3:
            seen = (LUMA[0] * seen[..., 0] + LUMA[1] * seen[..., 1] + LUMA[2] * seen[..., 2])[..., None]
        elif net.channels == 3 and seen.shape[2] == 1:
            seen = seen.repeat(3, 2)
        drawn = net.residual(seen)
        if net.channels == 3 and image.shape[2] == 1:
            drawn = drawn.mean(2, keepdims=True)
        return to_type(enlarge(image, net.scale) + half * drawn, image.dtype)

    return work


def scales() -> tuple[int, ...]:
    """Return the scales for which a network comes with ganbook; one of 2 serves for 4, used twice."""
    own = {int(file.stem[1:]) for file in WEIGHTS.glob("x[2-4].npz")}
    return tuple(sorted(own | {4} if 2 in own else own))


def shipped(scale: int) -> tuple[Restorer, ...]:
    """Return the networks that enlarge so many times, one after the other; ``scale`` is one of :func:`scales`."""
    file = WEIGHTS / f"x{scale}.npz"
    return (load(file),) if file.exists() else (load(WEIGHTS / "x2.npz"),) * 2


def of_generator(generator: Any) -> Restorer:
    """Return the network ``restorer`` that a Keras model is.

    Raises
    ------
    ValueError
        It is another network.
    """
    layers = [layer for layer in generator.layers if layer.name.startswith("conv_")]
    if not layers or "residual" not in {layer.name for layer in generator.layers}:
        raise ValueError("the generator is no restorer: train with --network restorer")
    kernels, biases = zip(*[layer.get_weights() for layer in layers], strict=True)
    return Restorer(kernels, biases, generator.output_shape[1] // generator.input_shape[1])


@functools.lru_cache(maxsize=8)
def load(path: Path) -> Restorer:
    """Read weights, ``kernel_0``, ``bias_0``, … and ``scale``; no code is run."""
    with np.load(path, allow_pickle=False) as file:
        count = sum(name.startswith("kernel_") for name in file.files)
        kernels = tuple(file[f"kernel_{index}"].astype(np.float32) for index in range(count))
        biases = tuple(file[f"bias_{index}"].astype(np.float32) for index in range(count))
        return Restorer(kernels, biases, int(file["scale"]))


def save(path: Path, restorer: Restorer) -> None:
    """Write what :func:`load` reads, in half precision."""
    arrays: dict[str, Any] = {"scale": np.int32(restorer.scale)}
    arrays |= {f"kernel_{index}": kernel.astype(np.float16) for index, kernel in enumerate(restorer.kernels)}
    arrays |= {f"bias_{index}": bias.astype(np.float16) for index, bias in enumerate(restorer.biases)}
    np.savez_compressed(path, **arrays)
