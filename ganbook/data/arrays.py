"""Arrays of images, as people have them, to :class:`ImageData`."""

import warnings
from collections.abc import Mapping, Sequence

import numpy as np

from ganbook.data.array_name import array_name
from ganbook.data.as_array import as_array
from ganbook.data.axes import as_nhwc
from ganbook.data.image_data import ImageData
from ganbook.data.image_file import VISIBLE
from ganbook.data.labels import number_labels
from ganbook.data.parts import from_mapping, from_sequence
from ganbook.data.resize import fit_images
from ganbook.utils.arrays import size_in_words
from ganbook.utils.errors import counted

_TOLERANCE = 1e-3  # what resizing and float32 arithmetic leave beyond a range's ends
_DARK = 31  # levels of 0..255 that are nearly black; a whole data set of them is a mistake
_CHUNK = 1024  # images scaled at a time, to keep float temporaries small


def from_array(
    source: object,
    labels: object | None = None,
    *,
    size: tuple[int, int] | None = None,
    channels: int | None = None,
    crop: str | None = None,
) -> ImageData:
    """Make data of images, of pairs of images and labels, or of a dictionary of arrays."""
    parts = None
    if isinstance(source, Mapping):
        parts = from_mapping(source)
    elif isinstance(source, tuple | list):
        parts = from_sequence(source)
    if parts is None:
        parts = {"images": source, "labels": labels}
    elif labels is not None:
        raise ValueError("labels are given twice: in the pair (images, labels) and as labels=; drop one of them")
    return assemble(**parts, name=array_name(), size=size, channels=channels, crop=crop)


def assemble(
    images: object,
    labels: object | None = None,
    test_images: object | None = None,
    test_labels: object | None = None,
    *,
    name: str,
    source: str | None = None,
    class_names: Sequence[str] | None = None,
    size: tuple[int, int] | None = None,
    channels: int | None = None,
    crop: str | None = None,
) -> ImageData:
    """Check images and labels of both splits and make :class:`ImageData` of them.

    Raises
    ------
    ValueError
        If a shape, dtype or range is none of those :func:`ganbook.data.load` lists, or the splits do not fit
        together.
    """
    if test_images is None and test_labels is not None:
        raise ValueError("test labels without test images: give both or none")
    splits = {"images": as_nhwc(as_array(images, "images", size, crop), "images", labels)}
    if len(splits["images"]) == 0:
        raise ValueError("images: none at all; give at least one")
    if test_images is not None:
        splits["test images"] = as_nhwc(as_array(test_images, "test images", size, crop), "test images", test_labels)
    levels = _as_uint8(splits)
    _warn_of_transparent_images(dict(zip(splits, levels, strict=True)))
    fitted = [fit_images(split, size, channels, crop) for split in levels]
    train = fitted[0]
    test = fitted[1] if len(fitted) > 1 else np.empty((0, *train.shape[1:]), np.uint8)
    if test.shape[1:] != train.shape[1:]:
        raise ValueError(
            f"test images are {_size(test)} but images are {_size(train)}: give image_size and channels to fit both"
        )
    numbers, test_numbers, names = number_labels(
        labels, len(train), test_labels, len(test), class_names if labels is not None else None
    )
    if numbers is None and test_numbers is not None:
        raise ValueError("test labels without labels: give both or none")
    return ImageData(
        images=train,
        labels=numbers,
        test_images=test,
        test_labels=test_numbers,
        class_names=names,
        name=name,
        source=source,
        crop=crop,
    )


def _as_uint8(splits: dict[str, np.ndarray]) -> list[np.ndarray]:
    # the splits share one range: a test split that happens to have no negative value is still in [-1, 1]
    ranges = {what: _range(split, what) for what, split in splits.items() if split.dtype.kind in "iuf" and split.size}
    floats = [ends for what, ends in ranges.items() if splits[what].dtype.kind == "f"]
    scale, offset = 1.0, 0.0
    if floats:
        low, high = min(ends[0] for ends in floats), max(ends[1] for ends in floats)
        scale, offset = _scale(low, high)
    for what, (low, high) in ranges.items():
        if splits[what].dtype.kind != "f":
            _check_integers(low, high, what)
    _warn_of_dark_images(splits, ranges, scale)
    return [_converted(split, scale, offset) for split in splits.values()]


def _range(array: np.ndarray, what: str) -> tuple[float, float]:
    low, high = array.min(), array.max()  # NaN and infinity both show in the ends
    if not (np.isfinite(low) and np.isfinite(high)):
        raise ValueError(f"{what}: NaN or infinite values in them; allowed are finite numbers: replace those first")
    return float(low), float(high)


def _scale(low: float, high: float) -> tuple[float, float]:
    if low >= -_TOLERANCE and high <= 1 + _TOLERANCE:
        return 255.0, 0.0
    if low >= -1 - _TOLERANCE and high <= 1 + _TOLERANCE:
        return 127.5, 127.5
    if low >= -_TOLERANCE and high <= 255 + _TOLERANCE:
        return 1.0, 0.0
    raise ValueError(
        f"images: float values from {low:.4g} to {high:.4g}; allowed are [0, 1], [-1, 1] or [0, 255]: "
        "rescale them first"
    )


def _check_integers(low: float, high: float, what: str) -> None:
    if low < 0 or high > 255:
        raise ValueError(
            f"{what}: whole numbers from {low:.0f} to {high:.0f}; allowed are 0 to 255: rescale them first"
        )


def _warn_of_dark_images(splits: dict[str, np.ndarray], ranges: dict[str, tuple[float, float]], scale: float) -> None:
    """Say that levels 0 to 1, or 0 to 15, are nearly black among 0 to 255."""
    for what, (_, high) in ranges.items():
        is_float = splits[what].dtype.kind == "f"
        if 0 < high <= _DARK and (scale == 1.0 or not is_float):
            cure = "for black and white give images.astype(bool)" if high == 1 else f"for [0, 1] give images / {high:g}"
            numbers = "values" if is_float else "whole numbers"
            between = "0 and 1" if high == 1 else f"from 0 to {high:g}"
            warnings.warn(
                f"{what}: {numbers} {between} are read as levels of 0..255, so nearly black; {cure}", stacklevel=4
            )


def _warn_of_transparent_images(splits: dict[str, np.ndarray]) -> None:
    """Say that images of which nothing is visible become white."""
    for what, images in splits.items():
        if images.shape[3] == 4 and (count := int((images[..., 3].max(axis=(1, 2)) < VISIBLE).sum())):
            warnings.warn(
                f"{what}: {counted(count)} transparent all over, read as white; for their colours give images[..., :3]",
                stacklevel=4,
            )


def _converted(array: np.ndarray, scale: float, offset: float) -> np.ndarray:
    if array.dtype == np.uint8:
        return array
    if array.dtype.kind == "b":
        return array.astype(np.uint8) * np.uint8(255)
    if array.dtype.kind in "iu":
        return array.astype(np.uint8)
    result = np.empty(array.shape, np.uint8)
    for start in range(0, len(array), _CHUNK):
        levels = array[start : start + _CHUNK].astype(np.float32) * scale + offset
        result[start : start + _CHUNK] = np.clip(np.rint(levels), 0, 255)
    return result


def _size(images: np.ndarray) -> str:
    return size_in_words(images.shape[1:])
