"""Enlarge and shrink images by whole numbers: nearest, bicubic and Lanczos, as MATLAB's ``imresize`` computes them.

The weights of an output pixel depend on its phase alone, never on where in the image it lies, so that a part of an
image gives exactly that part of the result. Borders are mirrored (the edge pixel is repeated once).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

METHODS = ("nearest", "bicubic", "lanczos")


def cubic(x: np.ndarray) -> np.ndarray:
    """Evaluate the cubic convolution kernel with a = −0.5 (Keys 1981), which is 0 from a distance of 2 on."""
    x = np.abs(x)
    near = (1.5 * x - 2.5) * x * x + 1
    far = ((-0.5 * x + 2.5) * x - 4) * x + 2
    return np.where(x <= 1, near, np.where(x < 2, far, 0.0))


def lanczos3(x: np.ndarray) -> np.ndarray:
    """Evaluate the windowed sinc of three lobes (Duchon 1979), which is 0 from a distance of 3 on."""
    return np.where(np.abs(x) < 3, np.sinc(x) * np.sinc(x / 3), 0.0)


_KERNELS: dict[str, tuple[Callable[[np.ndarray], np.ndarray], int]] = {"bicubic": (cubic, 2), "lanczos": (lanczos3, 3)}


def reach(method: str) -> int:
    """Return how many input pixels away an enlarged pixel still depends on its surroundings."""
    return 0 if method == "nearest" else _KERNELS[method][1]


def enlarge(image: np.ndarray, scale: int, method: str = "bicubic") -> np.ndarray:
    """Enlarge an image.

    Parameters
    ----------
    image
        (H, W, C), of any number type.
    scale
        From 1 on.
    method
        One of :data:`METHODS`.

    Returns
    -------
    ndarray
        float32 (scale H, scale W, C); not rounded, and it may overshoot the range of the image.
    """
    image = np.asarray(image, np.float32)
    if scale == 1:
        return image
    if method == "nearest":
        return image.repeat(scale, 0).repeat(scale, 1)
    for axis in (0, 1):
        image = _enlarged(image, axis, scale, *_KERNELS[method])
    return image


def _enlarged(
    image: np.ndarray, axis: int, scale: int, kernel: Callable[[np.ndarray], np.ndarray], radius: int
) -> np.ndarray:
    length = image.shape[axis]
    padded = _mirrored(image, axis, radius)
    shape = list(image.shape)
    shape[axis] = length * scale
    result = np.empty(shape, np.float32)
    for phase in range(scale):
        # The centre of the output pixel, counted from the centre of the input pixel that holds it.
        centre = (phase + 0.5) / scale - 0.5
        weights = kernel(np.arange(-radius, radius + 1) - centre)
        weights = (weights / weights.sum()).astype(np.float32)
        total = np.zeros(image.shape, np.float32)
        for tap, weight in enumerate(weights):
            if weight:
                total += weight * _part(padded, axis, slice(tap, tap + length))
        result[_index(axis, slice(phase, None, scale), result.ndim)] = total
    return result


def shrink(image: np.ndarray, scale: int, method: str = "bicubic") -> np.ndarray:
    """Shrink an image, antialiased: the kernel is as many times as wide.

    Parameters
    ----------
    image
        (H, W, C), of any number type; H and W multiples of ``scale``.
    scale
        From 1 on.
    method
        ``bicubic`` or ``lanczos``.

    Returns
    -------
    ndarray
        float32 (H / scale, W / scale, C), not rounded.

    Raises
    ------
    ValueError
        The sides are no multiples of ``scale``.
    """
    image = np.asarray(image, np.float32)
    if image.shape[0] % scale or image.shape[1] % scale:
        raise ValueError(f"the image is {image.shape[1]}×{image.shape[0]}: cut its sides to multiples of {scale}")
    if scale == 1:
        return image
    radius = _KERNELS[method][1]
    for axis in (0, 1):
        taps, weights = shrinking_weights(scale, method)
        padded, length = _mirrored(image, axis, (radius + 1) * scale), image.shape[axis] // scale
        total = np.zeros([length if a == axis else side for a, side in enumerate(image.shape)], np.float32)
        for tap, weight in zip(taps, weights, strict=True):
            if weight:
                start = tap + (radius + 1) * scale
                total += weight * _part(padded, axis, slice(start, start + (length - 1) * scale + 1, scale))
        image = total
    return image


def shrinking_weights(scale: int, method: str = "bicubic") -> tuple[np.ndarray, np.ndarray]:
    """Return which input pixels make an output pixel, counted from the first one under it, and float32 weights."""
    kernel, radius = _KERNELS[method]
    taps = np.arange(-radius * scale, (radius + 1) * scale)
    weights = kernel((taps - (scale - 1) / 2) / scale)
    return taps, (weights / weights.sum()).astype(np.float32)


def _mirrored(image: np.ndarray, axis: int, by: int) -> np.ndarray:
    widths = [(by, by) if a == axis else (0, 0) for a in range(image.ndim)]
    return np.pad(image, widths, "symmetric")


def _part(image: np.ndarray, axis: int, part: slice) -> np.ndarray:
    return image[_index(axis, part, image.ndim)]


def _index(axis: int, part: slice, ndim: int) -> tuple[slice, ...]:
    return tuple(part if a == axis else slice(None) for a in range(ndim))
