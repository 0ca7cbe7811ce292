"""Folders of images, of any number: decoded into memory, or once into a memory-mapped cache."""

import functools
import itertools
import math
import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TypeVar

import numpy as np

from ganbook.data import cache
from ganbook.data.image_data import ImageData, array_digest, join_digests
from ganbook.data.image_file import Header, ImageContent, UnreadableImageError, decode_content, read_header
from ganbook.data.labels import class_name, number_labels
from ganbook.data.listing import ImageFile, Listing, list_images
from ganbook.data.reader_processes import ReaderProcesses
from ganbook.data.remarks import Remarks
from ganbook.data.splits import split_name
from ganbook.data.threads import in_order
from ganbook.data.walk import skipped_line
from ganbook.utils.arrays import size_in_words
from ganbook.utils.errors import few
from ganbook.utils.memory import physical_memory

IN_MEMORY_BYTES = 256 * 2**20  # decoded data sets above this size go to the cache
MEMORY_FRACTION = 0.25  # of the machine's memory, which larger ones may take if the cache cannot be written
MANY_FILES = 4000  # from which on processes are started to read them, which takes half a second
CHUNK, CHUNK_BYTES = 64, 2**20  # files that a process reads at a time, and bytes of what it makes of them
MIXED_SIZE = (64, 64)  # of folders with images of several sizes, unless told otherwise

# What was last decoded into memory, by its place in the cache, which changes with the files: in a notebook one cell
# looks at a folder, the next trains on it and another augments it.
_last_decoded: dict[str, cache.Decoded] = {}

Result = TypeVar("Result", Header, ImageContent)


def load_folder(
    folder: str, size: tuple[int, int] | None = None, channels: int | None = None, crop: str | None = None
) -> ImageData:
    """Load a folder of images; see :func:`ganbook.data.load` for what it may hold.

    Raises
    ------
    ValueError
        If there is no image in it, none that can be read, or no space to decode them.
    """
    folder = os.path.abspath(folder)
    listing = list_images(folder)
    entry = cache.place(listing, size, channels, crop)
    decoded = cache.find(entry) or _last_decoded.get(entry)
    if decoded is None:
        _last_decoded.clear()
        decoded = _decode_all(listing, size, channels, crop, entry)
        if decoded.digests is None and decoded.train.nbytes + decoded.test.nbytes <= IN_MEMORY_BYTES:
            _last_decoded[entry] = decoded
    report(listing, decoded, crop)
    return _assemble(listing, decoded, crop)


def _decode_all(
    listing: Listing, size: tuple[int, int] | None, channels: int | None, crop: str | None, entry: str | None
) -> cache.Decoded:
    """Decode into the cache if the pixels are many, else, or without an ``entry``, into memory."""
    with closing(ReaderProcesses()) as processes:
        return _decoded(listing, size, channels, crop, entry, processes)


def _decoded(
    listing: Listing,
    size: tuple[int, int] | None,
    channels: int | None,
    crop: str | None,
    entry: str | None,
    processes: ReaderProcesses,
) -> cache.Decoded:
    skipped: dict[str, str] = {}
    if size is None or channels is None:
        size, channels = common_shape(listing, size, channels, skipped, processes)
    shape, remarks = (*size, channels), Remarks()
    read = functools.partial(decode_content, height=size[0], width=size[1], channels=channels, crop=crop)
    splits = {}
    for name in ("train", "test"):
        readable = [file for file in listing.split(name) if file.path not in skipped]
        contents = read_each(read, listing.folder, readable, "decoding images", skipped, processes, math.prod(shape))
        splits[name] = cache.Rows(len(readable), _noted_pixels(contents, remarks))
    needed = sum(rows.count for rows in splits.values()) * size[0] * size[1] * channels
    if entry is not None and needed > IN_MEMORY_BYTES:
        try:
            return cache.fill(entry, splits, shape, skipped, remarks, listing.folder)
        except cache.UnwritableError as error:
            if needed > MEMORY_FRACTION * physical_memory():
                raise
            warnings.warn(f"{error}. This time the images are decoded into memory", stacklevel=4)
        return _decoded(listing, size, channels, crop, None, processes)
    train, test = (_in_memory(rows, shape) for rows in splits.values())
    return cache.Decoded(train, test, skipped, remarks)


def _noted_pixels(contents: Iterator[tuple[ImageFile, ImageContent]], remarks: Remarks) -> Iterator[np.ndarray]:
    for file, content in contents:
        remarks.note(file.path, content)
        yield content.pixels


def _in_memory(rows: cache.Rows, shape: tuple[int, int, int]) -> np.ndarray:
    try:
        images = np.empty((rows.count, *shape), np.uint8)
    except MemoryError:
        raise ValueError(f"not enough memory for {rows.count:,} images of {size_in_words(shape[:2])}") from None
    count = 0
    for pixels in rows.pixels:
        images[count] = pixels
        count += 1
    images.flags.writeable = False  # they may be handed out again
    return images[:count]


def common_shape(
    listing: Listing,
    size: tuple[int, int] | None,
    channels: int | None,
    skipped: dict[str, str],
    processes: ReaderProcesses | None = None,
) -> tuple[tuple[int, int], int]:
    """Size and channels that follow from the headers; unreadable images are added to `skipped`."""
    sizes, grey = set(), True
    for _, header in read_each(read_header, listing.folder, listing.files, "reading headers", skipped, processes):
        sizes.add((header.height, header.width))
        grey = grey and header.grey
    common = sizes.pop() if len(sizes) == 1 else MIXED_SIZE
    return size or common, channels or (1 if grey else 3)


def read_each(
    read: Callable[[str], Result],
    folder: str,
    files: list[ImageFile],
    description: str,
    skipped: dict[str, str],
    processes: ReaderProcesses | None = None,
    result_bytes: int = 0,
) -> Iterator[tuple[ImageFile, Result]]:
    """Read files with all cores; yield what could be read, and add the reason to `skipped` for what could not.

    Many files are read in `processes`, if there are some; a result has about so many bytes.
    """

    def attempt(path: str) -> Result | UnreadableImageError:
        try:
            return read(path)
        except UnreadableImageError as error:
            return error

    def attempt_chunk(chunk: list[str]) -> list[Result | UnreadableImageError]:
        results = processes.results(read, chunk)
        return [attempt(path) if result is None else result for path, result in zip(chunk, results, strict=True)]

    paths = [os.path.join(folder, file.path) for file in files]
    options = {"total": len(files), "description": description}
    if processes is None or processes.count < 2 or len(files) < MANY_FILES:
        reading = in_order(attempt, paths, **options)
        results: Iterator[Result | UnreadableImageError] = reading
    else:
        size = max(1, min(CHUNK, CHUNK_BYTES // max(1, result_bytes)))
        chunks = [paths[start : start + size] for start in range(0, len(paths), size)]
        reading = in_order(attempt_chunk, chunks, workers=processes.count, count=len, **options)
        results = itertools.chain.from_iterable(reading)
    with closing(reading):
        for file, result in zip(files, results, strict=True):
            if isinstance(result, UnreadableImageError):
                skipped[file.path] = str(result)
            else:
                yield file, result


def report(listing: Listing, decoded: cache.Decoded, crop: str | None = None) -> None:
    """Warn, in one line for each kind, of what is left out or doubtful; ValueError if no training image is left."""
    left_out = {**listing.left_out, **decoded.skipped}
    if left_out:
        if all(file.path in decoded.skipped for file in listing.split("train")):
            path, reason = next(iter(sorted(decoded.skipped.items())))
            more = f" and {len(left_out) - 1:,} more" if len(left_out) > 1 else ""
            raise ValueError(
                f"no image in {listing.shown!r} can be read: {path!r} ({reason}){more}; give some that can"
            )
        total = len(listing.files) + len(listing.left_out)
        warnings.warn(f"{skipped_line(left_out, listing.shown, total)}; see .skipped", stacklevel=4)
    lost = {file.label for file in listing.files if file.label} - {
        file.label for file in listing.files if file.path not in decoded.skipped
    }
    without_image = sorted({*listing.without_image, *lost})
    if without_image:
        warnings.warn(f"{listing.shown}: no image in {few(without_image)}, so no class", stacklevel=4)
    for line in decoded.remarks.lines(listing.shown, crop):
        warnings.warn(line, stacklevel=4)


def _name(folder: str) -> str:
    """Return the name of a folder, or of the one around it where that is a split, as ``train`` in ``cifar/train``."""
    around, name = os.path.split(folder)
    if (split := split_name(name)) and not split[1]:
        name = os.path.basename(around) or name
    return class_name(name) or "images"


def _assemble(listing: Listing, decoded: cache.Decoded, crop: str | None) -> ImageData:
    train, test = (
        [file.label for file in listing.split(name) if file.path not in decoded.skipped] for name in ("train", "test")
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
    skipped = {**listing.left_out, **listing.unused, **decoded.skipped}
    return ImageData(
        images=decoded.train,
        labels=labels,
        test_images=decoded.test,
        test_labels=test_labels,
        class_names=class_names,
        name=_name(listing.folder),
        source=listing.folder,
        skipped=tuple(sorted(skipped.items())),
        known_fingerprint=fingerprint,
        crop=crop,
    )
