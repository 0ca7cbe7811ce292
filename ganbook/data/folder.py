"""Folders of pictures, of any number: decoded into memory, or once into a memory-mapped cache."""

import functools
import os
import warnings
from collections.abc import Callable, Iterator
from typing import TypeVar

import numpy as np

from ganbook.data import cache
from ganbook.data.image_data import ImageData, array_digest, join_digests
from ganbook.data.image_file import Header, UnreadablePictureError, decode, read_header
from ganbook.data.labels import number_labels
from ganbook.data.listing import Listing, PictureFile, list_pictures
from ganbook.data.threads import in_order

IN_MEMORY_BYTES = 256 * 2**20  # decoded data sets above this size go to the cache
MIXED_SIZE = (64, 64)  # of folders with pictures of several sizes, unless told otherwise

Result = TypeVar("Result", Header, np.ndarray)


def load_folder(folder: str, size: tuple[int, int] | None = None, channels: int | None = None) -> ImageData:
    """Load a folder of pictures; see :func:`ganbook.data.load` for what it may hold.

    Raises
    ------
    ValueError
        If there is no picture in it, none that can be read, or no space to decode them.
    """
    folder = os.path.abspath(folder)
    listing = list_pictures(folder)
    place = cache.place(listing, size, channels)
    decoded = cache.find(place)
    if decoded is None:
        with warnings.catch_warnings():
            # Pillow warns from half of the size on that pictures are refused at; those below are welcome
            warnings.filterwarnings("ignore", message=".*decompression bomb.*")
            decoded = _decode_all(listing, size, channels, place)
    _report(listing, decoded.skipped)
    return _assemble(listing, decoded)


def _decode_all(listing: Listing, size: tuple[int, int] | None, channels: int | None, place: str) -> cache.Decoded:
    skipped: dict[str, str] = {}
    if size is None or channels is None:
        size, channels = _common_shape(listing, size, channels, skipped)
    shape = (*size, channels)
    read = functools.partial(decode, height=size[0], width=size[1], channels=channels)
    splits = {}
    for name in ("train", "test"):
        readable = [picture for picture in listing.split(name) if picture.path not in skipped]
        rows = _read_each(read, listing.folder, readable, "decoding pictures", skipped)
        splits[name] = cache.Rows(len(readable), (pixels for _, pixels in rows))
    if sum(rows.count for rows in splits.values()) * size[0] * size[1] * channels > IN_MEMORY_BYTES:
        return cache.fill(place, splits, shape, skipped)
    train, test = (_in_memory(rows, shape) for rows in splits.values())
    return cache.Decoded(train, test, skipped)


def _in_memory(rows: cache.Rows, shape: tuple[int, int, int]) -> np.ndarray:
    images = np.empty((rows.count, *shape), np.uint8)
    kept = 0
    for pixels in rows.pixels:
        images[kept] = pixels
        kept += 1
    return images[:kept]


def _common_shape(
    listing: Listing, size: tuple[int, int] | None, channels: int | None, skipped: dict[str, str]
) -> tuple[tuple[int, int], int]:
    """Size and channels that follow from the headers; unreadable pictures are added to `skipped`."""
    sizes, grey = set(), True
    for _, header in _read_each(read_header, listing.folder, listing.pictures, "reading headers", skipped):
        sizes.add((header.height, header.width))
        grey = grey and header.grey
    common = sizes.pop() if len(sizes) == 1 else MIXED_SIZE
    return size or common, channels or (1 if grey else 3)


def _read_each(
    read: Callable[[str], Result],
    folder: str,
    pictures: list[PictureFile],
    description: str,
    skipped: dict[str, str],
) -> Iterator[tuple[PictureFile, Result]]:
    def attempt(picture: PictureFile) -> Result | UnreadablePictureError:
        try:
            return read(os.path.join(folder, picture.path))
        except UnreadablePictureError as error:
            return error

    results = in_order(attempt, pictures, total=len(pictures), description=description)
    for picture, result in zip(pictures, results, strict=True):
        if isinstance(result, UnreadablePictureError):
            skipped[picture.path] = str(result)
        else:
            yield picture, result


def _report(listing: Listing, skipped: dict[str, str]) -> None:
    left_out = [*sorted(skipped.items()), *listing.other]
    if not left_out:
        return
    path, reason = left_out[0]
    more = f" and {len(left_out) - 1} more" if len(left_out) > 1 else ""
    if all(picture.path in skipped for picture in listing.split("train")):
        raise ValueError(f"no picture in {listing.folder!r} can be read: {path!r} ({reason}){more}; give some that can")
    total = len(listing.pictures) + len(listing.other)
    warnings.warn(
        f"skipped {len(left_out)} of {total} pictures in {listing.folder!r}: {path!r} ({reason}){more}; see .skipped",
        stacklevel=4,
    )


def _assemble(listing: Listing, decoded: cache.Decoded) -> ImageData:
    train, test = (
        [picture.label for picture in listing.split(name) if picture.path not in decoded.skipped]
        for name in ("train", "test")
    )
    labels, test_labels, class_names = number_labels(
        train if None not in train else None,
        len(train),
        test if test and None not in test and None not in train else None,
        len(test),
    )
    fingerprint = None
    if decoded.digests is not None:
        parts = [None if part is None else array_digest(part) for part in (labels, test_labels)]
        fingerprint = join_digests([decoded.digests[0], parts[0], decoded.digests[1], parts[1]])
    return ImageData(
        images=decoded.train,
        labels=labels,
        test_images=decoded.test,
        test_labels=test_labels,
        class_names=class_names,
        name=os.path.basename(listing.folder) or "pictures",
        source=listing.folder,
        skipped=(*sorted(decoded.skipped.items()), *listing.other),
        known_fingerprint=fingerprint,
    )
