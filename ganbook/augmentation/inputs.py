"""Images, labels, masks and ranges as callers of ``augment`` pass them, checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ganbook.utils.errors import one_line
from ganbook.utils.memory import physical_memory

MEMORY_FRACTION = 0.8  # of the machine's, that a result may take
MAX_CLASSES = 10_000
TOLERANCE = 0.01  # of the range, by which arithmetic may leave it


@dataclass(frozen=True)
class Batch:
    """Images with what belongs to them.

    Attributes
    ----------
    images
        uint8 or float (N, H, W, C), C ∈ {1, 3}.
    labels
        As they were passed, (N, …), or None.
    fractions
        Labels as fractions of classes, float32 (N, K), where images are mixed; else None.
    masks
        uint8 (N, H, W), or None.
    mask_dtype
        The dtype in which masks come back.
    value_range
        Black and white, where the images are floats.
    single
        True if one image was passed, not a batch.
    shape
        The shape in which images come back.
    """

    images: np.ndarray
    labels: Any
    fractions: np.ndarray | None
    masks: np.ndarray | None
    mask_dtype: np.dtype | None
    value_range: tuple[float, float]
    single: bool
    shape: tuple[int, ...]

    def levels(self, part: slice) -> np.ndarray:
        """Return a copy of some images as levels 0 to 255, uint8 or float32."""
        images = self.images[part]
        if images.dtype == np.uint8:
            return images.copy()
        low, high = self.value_range
        levels = (images.astype(np.float64) - low) * (255 / (high - low))
        margin = 255 * TOLERANCE
        if not (levels.min() >= -margin and levels.max() <= 255 + margin):
            raise ValueError(
                f"images go from {images.min():g} to {images.max():g}, not from {low:g} to {high:g}: give value_range"
            )
        return levels.astype(np.float32)

    def values(self, levels: np.ndarray) -> np.ndarray:
        """Return levels in the range of the images."""
        if self.images.dtype == np.uint8:
            return levels
        low, high = self.value_range
        return (levels.clip(0, 255) * np.float64((high - low) / 255) + low).clip(low, high)

    def shaped(self, images: np.ndarray) -> np.ndarray:
        """Return a result in the shape that was passed."""
        return images.reshape(self.shape)


def checked_first(first: Any) -> int:
    """Return the number of the first image; ``ValueError`` unless it is a whole number from 0 on."""
    if isinstance(first, bool) or not isinstance(first, int | np.integer) or not 0 <= first < 2**62:
        raise ValueError(f"first is {first!r}: it is a whole number from 0 on, the number of the first image")
    return int(first)


def checked(images: Any, labels: Any, masks: Any, value_range: Any, *, mixes: bool) -> Batch:
    """Check what is to be augmented.

    Raises
    ------
    ValueError, MemoryError
        As :func:`ganbook.augmentation.augment` says.
    """
    array = _array(images, "images")
    allowed = "give uint8 or floats (N, H, W, 1) or (N, H, W, 3), or one image (H, W) or (H, W, C)"
    single = array.ndim == 2 or (array.ndim == 3 and array.shape[2] in (1, 3))
    if (not single and (array.ndim != 4 or array.shape[3] not in (1, 3))) or not array.size:
        raise ValueError(f"images have shape {array.shape}: {allowed}")
    if array.dtype != np.uint8 and not np.issubdtype(array.dtype, np.floating):
        raise ValueError(f"images are {array.dtype}: {allowed}")
    batch = array.reshape(1, *array.shape[:2], -1) if single else array
    _check_memory(batch)
    labels, fractions = _labels(labels, len(batch), single, mixes)
    numbers, mask_dtype = _masks(masks, batch.shape[:3], single)
    return Batch(batch, labels, fractions, numbers, mask_dtype, _range(batch, value_range), single, array.shape)


def _array(values: Any, what: str) -> np.ndarray:
    if isinstance(values, np.ma.MaskedArray):
        raise ValueError(f"{what} are a masked array, and augment would ignore its mask: use .filled(…) first")
    if what == "images" and hasattr(values, "getbands"):  # a Pillow image, of which np.asarray would give raw numbers
        return _opaque(values)
    try:
        return np.asarray(values)
    except (ValueError, TypeError, RuntimeError, OverflowError):
        raise ValueError(f"{what} are no array of numbers, or of different shapes: give one array") from None


def _opaque(image: Any) -> np.ndarray:
    """Return the pixels of a Pillow image of any mode, uint8 (H, W, C)."""
    from ganbook.data.image_file import eight_bit

    try:
        whole = eight_bit(image)
    except Exception as error:
        raise ValueError(f"the image cannot be read: {one_line(error)}") from None
    if whole.mode == "RGBA":
        raise ValueError("the image has transparency: bring it onto a ground first, such as image.convert('RGB')")
    return np.array(whole, dtype=np.uint8).reshape(whole.height, whole.width, -1)


def _check_memory(batch: np.ndarray) -> None:
    if batch.nbytes > MEMORY_FRACTION * physical_memory():
        raise MemoryError(
            f"the result takes {batch.nbytes / 2**30:.1f} GB, more than this machine's memory: write it to a folder "
            "(ganbook augment --out DIR), or augment parts with first="
        )


def _range(batch: np.ndarray, value_range: Any) -> tuple[float, float]:
    if batch.dtype == np.uint8:
        return 0.0, 255.0
    if value_range is None:
        low, high = float(batch.min()), float(batch.max())
        if not (np.isfinite(low) and np.isfinite(high)):
            raise ValueError("images have NaN or infinite values: replace those first")
        if -1 - 2 * TOLERANCE <= low < 0 and high <= 1 + 2 * TOLERANCE:
            return -1.0, 1.0
        raise ValueError(
            f"images are floats from {low:g} to {high:g}: say what black and white are, as in value_range=(0, 1)"
        )
    try:
        low, high = (float(end) for end in value_range)
    except (TypeError, ValueError):
        low = high = float("nan")
    if not (np.isfinite(low) and np.isfinite(high) and low < high and np.isfinite(high - low)):
        raise ValueError(f"value_range is {value_range!r}: give black and white, two numbers, as in (0, 1)")
    if max(-low, high) > (most := float(np.finfo(batch.dtype).max)):
        raise ValueError(f"value_range is {value_range!r}, and {batch.dtype} ends at {most:g}: give a wider dtype")
    return low, high


def _labels(labels: Any, count: int, single: bool, mixes: bool) -> tuple[Any, np.ndarray | None]:
    """Return labels as a batch, and as fractions of classes float32 (N, K) if images are mixed."""
    if labels is None:
        if mixes:
            raise ValueError("mixup and cutmix mix labels as well: give labels")
        return None, None
    if single:
        labels = _array(labels, "labels")[None]
    elif not hasattr(labels, "__len__") or getattr(labels, "shape", None) == ():
        raise ValueError(f"labels are {labels!r}: give one label an image, {count} in all")
    if len(labels) != count:
        raise ValueError(f"there are {count} images but {len(labels)} labels: give one label an image")
    return labels, _fractions(_array(labels, "labels")) if mixes else None


def _fractions(labels: np.ndarray) -> np.ndarray:
    allowed = "to mix images, give class numbers (N,) from 0 on, or fractions of classes (N, K)"
    if labels.dtype.kind not in "buif":
        hint = "; np.unique(labels, return_inverse=True)[1] numbers names" if labels.dtype.kind in "USO" else ""
        raise ValueError(f"labels are {_kind(labels)}: {allowed}{hint}")
    if labels.ndim == 2 and labels.shape[1] == 1:  # keras.datasets has labels as a column
        labels = labels[:, 0]
    if labels.ndim not in (1, 2) or not labels.size:
        raise ValueError(f"labels have shape {labels.shape}: {allowed}")
    if labels.ndim == 2:
        if not np.isfinite(labels).all() or labels.min() < 0:
            raise ValueError(f"labels have fractions that are negative or not finite: {allowed}")
        return labels.astype(np.float32)
    if labels.dtype.kind == "f":
        raise ValueError(f"labels are {labels.dtype}: {allowed}; labels.astype(int) makes whole numbers")
    low, high = int(labels.min()), int(labels.max())
    if low < 0 or high >= MAX_CLASSES:
        raise ValueError(f"labels go from {low} to {high}: class numbers go from 0 to {MAX_CLASSES - 1:,}")
    return np.eye(high + 1, dtype=np.float32)[labels.astype(int)]


def _kind(array: np.ndarray) -> str:
    return {"U": "text", "S": "text", "O": "Python objects"}.get(array.dtype.kind, str(array.dtype))


def _masks(masks: Any, shape: tuple[int, ...], single: bool) -> tuple[np.ndarray | None, np.dtype | None]:
    if masks is None:
        return None, None
    array = _array(masks, "masks")
    allowed = "give (N, H, W), whole numbers from 0 to 255"
    batch = array[None] if single and array.ndim == 2 else array
    if batch.ndim == 4 and batch.shape[3] == 1:
        raise ValueError(f"masks have shape {array.shape}, with an axis of channels: {allowed}, as masks[..., 0] is")
    if batch.shape != shape:
        raise ValueError(f"masks have shape {array.shape} and images {shape}: {allowed}")
    if batch.dtype.kind not in "buif":
        raise ValueError(f"masks are {_kind(batch)}: {allowed}")
    with np.errstate(invalid="ignore"):
        low, high = batch.min(), batch.max()
        whole = batch.dtype.kind != "f" or bool((batch == np.rint(batch)).all())
    if not whole or not 0 <= low <= high <= 255:
        what = f"go from {low} to {high}" if whole else "are not whole numbers"
        raise ValueError(f"masks {what}: {allowed}; augment would change other values")
    return batch.astype(np.uint8), batch.dtype
