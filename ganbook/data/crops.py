"""Images cut into squares at their full resolution, for networks that learn detail rather than whole images."""

from __future__ import annotations

import functools
import os
from contextlib import closing
from dataclasses import replace

import numpy as np

from ganbook.data import cache
from ganbook.data.folder import common_shape, read_each, report
from ganbook.data.image_data import ImageData
from ganbook.data.image_file import ImageContent, UnreadableImageError, decode_content, read_header
from ganbook.data.labels import class_name
from ganbook.data.listing import list_images
from ganbook.data.reader_processes import ReaderProcesses
from ganbook.data.remarks import Remarks

MOST = 20_000  # crops of a split; of each image as many, evenly over it


def crops_of(image: np.ndarray, side: int, most: int) -> np.ndarray:
    """Cut (H, W, C) into squares around its middle, which do not overlap: (n, side, side, C), n up to ``most``."""
    rows, columns = (length // side for length in image.shape[:2])
    top, left = (image.shape[0] - rows * side) // 2, (image.shape[1] - columns * side) // 2
    part = image[top : top + rows * side, left : left + columns * side]
    squares = part.reshape(rows, side, columns, side, -1).swapaxes(1, 2).reshape(rows * columns, side, side, -1)
    if len(squares) > most:
        squares = squares[np.linspace(0, len(squares) - 1, most).astype(int)]
    return squares


def load_folder_crops(folder: str, side: int, channels: int | None = None) -> ImageData:
    """Load crops of the images of a folder, see :func:`ganbook.data.load`; classes do not matter.

    Raises
    ------
    ValueError
        If there is no image in it that can be read and is large enough.
    """
    folder = os.path.abspath(folder)
    listing, skipped, remarks = list_images(folder), {}, Remarks()
    splits = {}
    with closing(ReaderProcesses()) as processes:
        _, channels = common_shape(listing, (side, side), channels, skipped, processes)
        for name in ("train", "test"):
            files = [file for file in listing.split(name) if file.path not in skipped]
            most = max(1, MOST // max(1, len(files)))
            read = functools.partial(_read, side=side, channels=channels, most=most)
            crops = [np.empty((0, side, side, channels), np.uint8)]
            options = (listing.folder, files, "cutting images", skipped, processes, side * side * channels * most)
            for file, content in read_each(read, *options):
                remarks.note(file.path, content)
                crops.append(content.pixels)
            splits[name] = np.concatenate(crops)
    report(listing, cache.Decoded(splits["train"], splits["test"], skipped, remarks))
    return ImageData(
        images=splits["train"],
        test_images=splits["test"],
        name=class_name(os.path.basename(folder)) or "images",
        source=folder,
        skipped=tuple(sorted({**listing.left_out, **listing.unused, **skipped}.items())),
        crop=side,
    )


def cut(data: ImageData, side: int) -> ImageData:
    """Cut the images of a data set, which are of one size, into crops.

    Raises
    ------
    ValueError
        They are smaller.
    """
    height, width, channels = data.shape
    if min(height, width) < side:
        raise ValueError(f"the images of {data.name} are {width}×{height}, smaller than a crop of {side}×{side}")
    train, test = (
        np.concatenate([
            np.empty((0, side, side, channels), np.uint8),
            *(crops_of(image, side, max(1, MOST // len(images))) for image in images[:MOST]),
        ])
        for images in (data.images, data.test_images)
    )  # fmt: skip
    return replace(
        data, images=train, test_images=test, labels=None, test_labels=None, class_names=(), known_fingerprint=None,
        crop=side,
    )  # fmt: skip


def _read(path: str, side: int, channels: int, most: int) -> ImageContent:
    header = read_header(path)
    if min(header.height, header.width) < side:
        raise UnreadableImageError(f"{header.width}×{header.height}, smaller than a crop of {side}×{side}")
    content = decode_content(path, header.height, header.width, channels)
    return replace(content, pixels=crops_of(content.pixels, side, most))
