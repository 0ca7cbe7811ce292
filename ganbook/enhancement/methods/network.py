"""The network ``restorer`` as the numbers that it is made of, from an array file or a run.

A restorer is a stack of 3×3 convolutions with leaky ReLU, the first one's output added before the last one, and a
shuffle of values into pixels (:mod:`ganbook.networks.restorer`). What it draws is the difference to bicubic
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
STRONG = 50.0  # σ, in grey levels, that a network which removes noise is told as 1
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
    fold
        Side of the blocks of input pixels that it computes on.
    """

    kernels: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray, ...]
    scale: int
    fold: int = 1

    @property
    def channels(self) -> int:
        """Channels of the images that it takes: 1, luma, or 3."""
        return len(self.biases[-1]) // (self.scale * self.fold) ** 2

    @property
    def takes_level(self) -> bool:
        """Whether it is told a number beside the image, for instance how noisy it is."""
        return self.kernels[0].shape[2] > self.fold**2 * self.channels

    @property
    def reach(self) -> int:
        """Input pixels away from which a pixel still depends on its surroundings: its block, and one a convolution."""
        return len(self.kernels) * self.fold + self.fold - 1

    @functools.cached_property
    def _weights(self) -> tuple[list[Any], list[Any]]:
        """Kernels and biases as tensors, rounded so that sums are exact."""
        tf = backend.tensorflow()
        kernels = [tf.constant(np.rint(kernel / GRID) * GRID, tf.float32) for kernel in self.kernels]
        return kernels, [tf.constant(np.rint(bias / GRID**2) * GRID**2, tf.float32) for bias in self.biases]

    def residual(self, image: np.ndarray, level: float = 0.0) -> np.ndarray:
        """Return the difference to bicubic interpolation.

        Parameters
        ----------
        image
            float32 (H, W, channels) in [−1, 1].
        level
            The number that it is told, if it :attr:`takes_level`.

        Returns
        -------
        ndarray
            float32 (scale H, scale W, channels).
        """
        height, width = image.shape[:2]
        beyond = [(0, -length % self.fold) for length in (height, width)]
        if any(after for _, after in beyond):
            image = np.pad(image, [*beyond, (0, 0)], "edge")
        traced = _traced(tuple(kernel.shape for kernel in self.kernels), self.scale, self.fold, self.takes_level)
        residual = traced(image[None], np.float32(level), *self._weights)
        return residual[0, : height * self.scale, : width * self.scale].numpy()


@functools.lru_cache(maxsize=16)
def _traced(shapes: tuple[tuple[int, ...], ...], scale: int, fold: int, takes_level: bool) -> Callable[..., Any]:
    """Trace what all networks of these kernels compute: images, level, kernels, biases → residual."""
    tf = backend.tensorflow()
    from ganbook.networks.restorer import SLOPE  # and Keras with it

    def rounded(x):
        return tf.round(x * (1 / GRID)) * GRID

    signature = [
        tf.TensorSpec((None, None, None, shapes[-1][3] // (scale * fold) ** 2)),
        tf.TensorSpec(()),
        [tf.TensorSpec(shape) for shape in shapes],
        [tf.TensorSpec(shape[3:]) for shape in shapes],
    ]

    @tf.function(input_signature=signature, autograph=False)
    def residual(images, level, kernels, biases):
        def convolved(x, index):
            return tf.nn.bias_add(tf.nn.conv2d(x, kernels[index], 1, "SAME"), biases[index])

        seen = images if fold == 1 else tf.nn.space_to_depth(images, fold)
        if takes_level:
            seen = tf.concat([seen, tf.fill((*tf.unstack(tf.shape(seen)[:3]), 1), level)], -1)
        first = x = rounded(tf.nn.leaky_relu(convolved(rounded(seen), 0), SLOPE))
        for index in range(1, len(kernels) - 1):
            x = rounded(tf.nn.leaky_relu(convolved(x, index), SLOPE))
        x = convolved(x + first, len(kernels) - 1)
        shuffle = scale * fold
        return x if shuffle == 1 else tf.nn.depth_to_space(x, shuffle)

    return residual


def enlarger(net: Restorer) -> Callable[[np.ndarray], np.ndarray]:
    """Return work that enlarges or restores uint8 or uint16 (h, w, C), C 1 or 3, with a network.

    A network of luma adds what it draws to all three channels of a colour image: chroma is that of bicubic
    interpolation, to which the eye is less sensitive.
    """

    def work(image: np.ndarray) -> np.ndarray:
        half, seen = _seen(image)
        if net.channels == 1 and seen.shape[2] == 3:
            seen = (LUMA[0] * seen[..., 0] + LUMA[1] * seen[..., 1] + LUMA[2] * seen[..., 2])[..., None]
        elif net.channels == 3 and seen.shape[2] == 1:
            seen = seen.repeat(3, 2)
        drawn = net.residual(seen)
        if net.channels == 3 and image.shape[2] == 1:
            drawn = drawn.mean(2, keepdims=True)
        plain = image if net.scale == 1 else enlarge(image, net.scale)
        return to_type(plain + half * drawn, image.dtype)

    return work


def remover(net: Restorer, sigma: float) -> Callable[[np.ndarray], np.ndarray]:
    """Return work that removes noise from uint8 or uint16 (h, w, C), C 1 or 3, with a network of one channel.

    Brightness and the two differences of colours (the opponent colours of BM3D, Dabov et al. 2007) are each an image to
    it: noise that is independent in R, G and B is so in these, and weaker by √3 in the mean of the three.

    Parameters
    ----------
    sigma
        Standard deviation of the noise in grey levels of 255.
    """

    def work(image: np.ndarray) -> np.ndarray:
        half, seen = _seen(image)
        if image.shape[2] == 1:
            return to_type(image + half * net.residual(seen, told_level(sigma)), image.dtype)
        red, green, blue = (seen[..., channel, None] for channel in range(3))
        third, half_root, sixth_root = np.float32(1 / 3), np.float32(0.5**0.5), np.float32(1 / 6**0.5)
        mean, difference = (red + green + blue) * third, (red - blue) * half_root
        curve = (red - 2 * green + blue) * sixth_root
        a = net.residual(mean, told_level(sigma * 3**-0.5))
        b, c = (net.residual(part, told_level(sigma)) for part in (difference, curve))
        drawn = np.concatenate([
            a + half_root * b + sixth_root * c, a - 2 * sixth_root * c, a - half_root * b + sixth_root * c
        ], 2)  # fmt: skip
        return to_type(image + half * drawn, image.dtype)

    return work


def _seen(image: np.ndarray) -> tuple[np.float32, np.ndarray]:
    """Return half of the range of whole numbers, and the image as float32 in [−1, 1]."""
    half = np.float32(np.iinfo(image.dtype).max / 2)
    return half, image.astype(np.float32) / half - 1


def told_level(sigma: float) -> float:
    """Return what a network that removes noise is told of noise of this σ, in grey levels of 255."""
    return sigma / STRONG


def names() -> frozenset[str]:
    """Return the networks that come with ganbook: ``x2`` enlarges twice, ``x2-crisp`` with texture it invents."""
    return frozenset(file.stem for file in WEIGHTS.glob("*.npz"))


def shipped(name: str) -> Restorer:
    """Return one of :func:`names`."""
    return load(WEIGHTS / f"{name}.npz")


def scales() -> dict[int, bool]:
    """Return the scales for which a network comes with ganbook, and whether there is a crisp one."""
    available = names()
    networks = {scale: f"x{scale}-crisp" in available for scale in (2, 3, 4) if f"x{scale}" in available}
    return {4: networks[2]} | networks if 2 in networks else networks  # that for 2 is used twice


def enlarging(scale: int, crispness: float = 0.0) -> tuple[Restorer, ...]:
    """Return the networks that enlarge so many times, one after the other; ``scale`` is one of :func:`scales`."""
    name, times = (f"x{scale}", 1) if f"x{scale}" in names() else ("x2", 2)
    net = shipped(name)
    return ((between(net, shipped(f"{name}-crisp"), crispness) if crispness else net),) * times


@functools.lru_cache(maxsize=4)
def between(faithful: Restorer, crisp: Restorer, crispness: float) -> Restorer:
    """Interpolate the weights of two networks of the same layers (Wang et al. 2018, ESRGAN, arXiv 1809.00219)."""
    kernels, biases = (
        tuple((1 - crispness) * one + crispness * other for one, other in zip(ones, others, strict=True))
        for ones, others in ((faithful.kernels, crisp.kernels), (faithful.biases, crisp.biases))
    )
    return Restorer(kernels, biases, faithful.scale, faithful.fold)


def of_generator(generator: Any) -> Restorer:
    """Return the network ``restorer`` that a Keras model is.

    Raises
    ------
    ValueError
        It is another network.
    """
    from ganbook.networks.restorer import fold_of

    layers = [layer for layer in generator.layers if layer.name.startswith("conv_")]
    if not layers or "residual" not in {layer.name for layer in generator.layers}:
        raise ValueError("the generator is no restorer: train with --network restorer")
    kernels, biases = zip(*[layer.get_weights() for layer in layers], strict=True)
    scale = generator.output_shape[1] // generator.input_shape[1]
    return Restorer(kernels, biases, scale, fold_of(scale))


@functools.lru_cache(maxsize=8)
def load(path: Path) -> Restorer:
    """Read weights, ``kernel_0``, ``bias_0``, …, ``scale`` and ``fold``; no code is run."""
    with np.load(path, allow_pickle=False) as file:
        count = sum(name.startswith("kernel_") for name in file.files)
        kernels = tuple(file[f"kernel_{index}"].astype(np.float32) for index in range(count))
        biases = tuple(file[f"bias_{index}"].astype(np.float32) for index in range(count))
        fold = int(file["fold"]) if "fold" in file.files else 1
        return Restorer(kernels, biases, int(file["scale"]), fold)


def save(path: Path, restorer: Restorer) -> None:
    """Write what :func:`load` reads, in half precision."""
    arrays: dict[str, Any] = {"scale": np.int32(restorer.scale), "fold": np.int32(restorer.fold)}
    arrays |= {f"kernel_{index}": kernel.astype(np.float16) for index, kernel in enumerate(restorer.kernels)}
    arrays |= {f"bias_{index}": bias.astype(np.float16) for index, bias in enumerate(restorer.biases)}
    np.savez_compressed(path, **arrays)
