"""An image as callers pass it: a path, a Pillow image or an array."""

from __future__ import annotations

import os
import warnings
from typing import Any

import numpy as np

from ganbook.data.image_file import FIRST_FRAME, UnreadableImageError, pixels_of, read_content
from ganbook.utils.errors import one_line


def read_image(path: str | os.PathLike) -> np.ndarray:
    """Read an image file as :func:`ganbook.data.image_file.read` does; warn of one that is animated.

    Raises
    ------
    ValueError, FileNotFoundError
        It cannot be read, or is not there; the message names it.
    """
    path = os.path.expanduser(path)
    if not os.path.isfile(path):
        raise FileNotFoundError(f"there is no image {str(path)!r}")
    try:
        content = read_content(os.fspath(path))
    except UnreadableImageError as error:
        raise ValueError(f"{str(path)!r} cannot be read: {error}") from None
    if content.animated:
        warnings.warn(f"{os.path.basename(path)}: {FIRST_FRAME}", stacklevel=3)
    return content.pixels


def without_pillow(image: Any) -> Any:
    """Return the pixels of a Pillow image, whatever its mode; anything else as it is."""
    if not hasattr(image, "getbands") or image.mode in ("F", "I"):
        return image
    try:
        return pixels_of(image)
    except Exception as error:
        raise ValueError(f"the image cannot be read: {one_line(error)}") from None


def as_array(image: Any, allowed: str) -> np.ndarray:
    """Return an image, or several, as uint8 or uint16 of native byte order, of whatever shape.

    Parameters
    ----------
    image
        A path, a Pillow image or an array.
    allowed
        What to give instead, for the message.

    Raises
    ------
    ValueError, FileNotFoundError
        It is none of these.
    """
    image = without_pillow(read_image(image) if isinstance(image, str | os.PathLike) else image)
    try:
        array = np.asarray(image)
    except (ValueError, TypeError):
        raise ValueError(f"the image is no array, or of rows of different lengths; {allowed}") from None
    if array.dtype not in (np.uint8, np.uint16):
        raise ValueError(f"the image is {array.dtype}; {allowed}")
    return array.astype(array.dtype.newbyteorder("="), copy=False)
