"""The axes of an array of images: (N, H, W, C), or a line that says how to get there."""

import math
import warnings

import numpy as np

_SMALLEST_IMAGE = 8  # an array (40, 30, 3) is one image; one of (40, 3, 3) may be forty of 3×3


def as_nhwc(array: np.ndarray, what: str, labels: object | None = None) -> np.ndarray:
    """Return images as (N, H, W, C), C 1, 3 or 4.

    Parameters
    ----------
    array : ndarray
        Images (N, H, W) or (N, H, W, C).
    what : str
        "images" or "test images", for messages.
    labels : array-like, optional
        Whatever belongs to the images; their number can tell which axis counts images.

    Raises
    ------
    ValueError
        For another rank, other channels, one image instead of many, or no pixel; the message says what to do.
    """
    if array.ndim not in (3, 4):
        hint = _rows_hint(array)
        raise ValueError(f"{what}: shape {array.shape}; allowed is (N, H, W) or (N, H, W, C) with C 1, 3 or 4{hint}")
    count = _length(labels)
    if array.ndim == 3:
        if count != len(array):
            _check_stack(array.shape, what, count)
        array = array[..., np.newaxis]
    elif array.shape[3] not in (1, 3, 4):
        raise ValueError(
            f"{what}: {array.shape[3]} channels in shape {array.shape}; allowed are 1, 3 or 4"
            f"{_channels_hint(array.shape)}"
        )
    elif array.shape[2] in (1, 3, 4) and array.shape[0] == array.shape[1] >= _SMALLEST_IMAGE and count != len(array):
        warnings.warn(
            f"{what}: shape {array.shape} is read as {array.shape[0]} images of {array.shape[2]}×{array.shape[1]}; if "
            "images lie on the last axis, use images.transpose(3, 0, 1, 2)",
            stacklevel=4,
        )
    if 0 in array.shape[1:]:
        raise ValueError(f"{what}: shape {array.shape} holds no pixel; give images of 1×1 or more")
    return array


def _check_stack(shape: tuple[int, ...], what: str, count: int | None) -> None:
    """Refuse one colour image, and warn of grey images that lie on the last axis."""
    number, height, width = shape
    if width in (3, 4) and height >= _SMALLEST_IMAGE and number > 0:
        raise ValueError(
            f"{what}: shape {shape} is one colour image; give many as (N, H, W, C). For one use images[np.newaxis], "
            f"and for {number} grey images of {width}×{height} images[..., np.newaxis]"
        )
    if number == 3 and min(height, width) >= _SMALLEST_IMAGE and count is None and what == "images":
        warnings.warn(
            f"{what}: shape {shape} is read as 3 grey images; if it is one image whose channels come first, use "
            "images.transpose(1, 2, 0)[np.newaxis]",
            stacklevel=5,
        )
    hint = "if images lie on the last axis, use images.transpose(2, 0, 1)"
    if count == width != number:
        raise ValueError(f"{what}: shape {shape} and {count} labels; {hint}")
    stacked = number == height != width or (width >= 4 * height and width > number)
    if number >= _SMALLEST_IMAGE <= height and stacked:
        warnings.warn(f"{what}: shape {shape} is read as {number} images of {width}×{height}; {hint}", stacklevel=5)


def _channels_hint(shape: tuple[int, ...]) -> str:
    for axis, order in ((1, (0, 2, 3, 1)), (2, (3, 0, 1, 2)), (0, (3, 1, 2, 0))):
        if shape[axis] in (1, 3, 4):
            where = {1: "come second", 2: "come third and images last", 0: "come first and images last"}[axis]
            return f"; if channels {where}, use images.transpose{order}"
    return ""


def _rows_hint(array: np.ndarray) -> str:
    """Say how rows of pixels become images, where their length has a square's."""
    if array.ndim != 2:
        return ""
    pixels = array.shape[1]
    for extra, column in ((0, ""), (1, "[:, 1:]")):  # tables often begin with a column of labels
        side, colour_side = math.isqrt(pixels - extra), math.isqrt((pixels - extra) // 3)
        if side >= 4 and side * side == pixels - extra:
            return f"; for rows of {side}×{side} pixels use images{column}.reshape(-1, {side}, {side})"
        if colour_side >= 4 and 3 * colour_side**2 == pixels - extra:
            return (
                f"; for rows of {colour_side}×{colour_side} colours use images{column}.reshape(-1, {colour_side}, "
                f"{colour_side}, 3), or, if channels come first, .reshape(-1, 3, {colour_side}, {colour_side})"
                ".transpose(0, 2, 3, 1)"
            )
    return "; for one grey image use images[np.newaxis]" if min(array.shape) > 1 else ""


def _length(labels: object | None) -> int | None:
    try:
        return max(np.shape(labels)) if labels is not None else None
    except Exception:  # labels of another kind are reported where they are read
        return None
