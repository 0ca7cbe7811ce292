"""Bring images to one size and number of channels: crop, resize, composite on white."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ganbook.utils.progress import bar as progress_bar

if TYPE_CHECKING:
    from PIL.Image import Image

    from ganbook.data.image_data import ImageData

# What becomes of images of another aspect than the one wanted.
CROPS = {
    "center": "the box around the middle is cut out",
    "random": "a box at a random place is cut out, the same each time for a file of this name",
    "none": "the whole image is squeezed",
}

_CHUNK = 1024  # images converted at a time: the wide temporaries of a whole data set would not fit in memory


def checked_size(image_size: int | tuple[int, int] | None) -> tuple[int, int] | None:
    """(height, width) of an ``image_size`` option: a number is a square; ValueError for anything else."""
    if image_size is None:
        return None
    pair = (image_size, image_size) if isinstance(image_size, int | np.integer) else image_size
    try:
        height, width = pair
        if isinstance(height, bool) or int(height) != height or int(width) != width or min(height, width) < 1:
            raise ValueError
    except (TypeError, ValueError):
        raise ValueError(
            f"image_size is {image_size!r}; allowed is a whole number from 1 on (a square) or (height, width)"
        ) from None
    return int(height), int(width)


def checked_channels(channels: int | None) -> int | None:
    """`channels` itself; ValueError unless it is None, 1 or 3."""
    if channels not in (None, 1, 3) or isinstance(channels, bool):
        raise ValueError(f"channels is {channels!r}; allowed are 1 (grey) and 3 (RGB)")
    return channels


def resize(image: Image, height: int, width: int, crop: str | None = None, name: str = "") -> Image:
    """Cut out the largest box of the target's aspect and resize it (Lanczos, antialiased).

    ``crop`` is a key of :data:`CROPS`, ``center`` unless given; the random place follows from ``name``.
    """
    from PIL import Image

    if image.size == (width, height):
        return image
    if crop == "none":
        return image.resize((width, height), Image.Resampling.LANCZOS)
    scale = min(image.width / width, image.height / height)
    place = _place(name) if crop == "random" else 0.5
    left, top = (image.width - width * scale) * place, (image.height - height * scale) * place
    # min/max: rounding may push the box outside by 1e-13, which Pillow refuses
    left, top = max(0.0, left), max(0.0, top)
    right, bottom = min(image.width, left + width * scale), min(image.height, top + height * scale)
    return image.resize((width, height), Image.Resampling.LANCZOS, box=(left, top, right, bottom))


def checked_crop(crop: str | None, size: tuple[int, int] | None) -> str | None:
    """`crop` itself, None for the default; ValueError unless it is a key of :data:`CROPS` and goes with the size."""
    if crop is None or crop == "center":
        return None
    if crop not in CROPS:
        raise ValueError(f"crop is {crop!r}; allowed are {', '.join(CROPS)}, and a side in pixels")
    if size is None:
        raise ValueError(f"crop {crop} is how images come to a size: give --image-size, too")
    return crop


def kept_area(height: Any, width: Any, wanted_height: int, wanted_width: int) -> Any:
    """Return the fraction of an image's area inside the largest box of the wanted aspect; of arrays of sizes, too."""
    own, wanted = height / width, wanted_height / wanted_width
    return np.minimum(own, wanted) / np.maximum(own, wanted)


def _place(name: str) -> float:
    """Return a number in [0, 1) that follows from a name, on every machine the same."""
    normal = unicodedata.normalize("NFC", name).encode("utf-8", "surrogateescape")
    return int.from_bytes(hashlib.blake2b(normal, digest_size=6).digest()) / 2**48


def fit(data: ImageData, size: tuple[int, int] | None, channels: int | None, crop: str | None = None) -> ImageData:
    """Bring the images of `data` to a size and number of channels; the same object if nothing changes."""
    if (size or data.shape[:2]) == data.shape[:2] and (channels or data.shape[2]) == data.shape[2]:
        return data
    chosen = data.crop if data.crop in CROPS else None
    images, test_images = (fit_images(split, size, channels, crop) for split in (data.images, data.test_images))
    return replace(data, images=images, test_images=test_images, known_fingerprint=None, crop=crop or chosen)


def fit_images(
    images: np.ndarray, size: tuple[int, int] | None, channels: int | None, crop: str | None = None
) -> np.ndarray:
    """Images uint8 (N, H, W, C), C in {1, 3, 4}, to (N, *size, channels); alpha is composited on white.

    The random place of a crop follows from the image's number.
    """
    if images.shape[3] == 4:
        images = _converted(images, 3, _on_white)
    if channels == 1 and images.shape[3] == 3:
        images = _converted(images, 1, _to_grey)
    if size is not None and size != images.shape[1:3]:
        images = _resized(images, *size, crop)
    if channels == 3 and images.shape[3] == 1:
        images = images.repeat(3, axis=3)
    return images


def _converted(images: np.ndarray, channels: int, convert: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    result = np.empty((*images.shape[:3], channels), np.uint8)
    for start in range(0, len(images), _CHUNK):
        result[start : start + _CHUNK] = convert(images[start : start + _CHUNK])
    return result


def _on_white(rgba: np.ndarray) -> np.ndarray:
    colour, alpha = rgba[..., :3].astype(np.uint32), rgba[..., 3:].astype(np.uint32)
    return (colour * alpha + 255 * (255 - alpha) + 127) // 255


def _to_grey(rgb: np.ndarray) -> np.ndarray:
    # ITU-R 601 luma in 16-bit fixed point, the same as Pillow's convert("L")
    return (rgb.astype(np.uint32) @ np.array([[19595], [38470], [7471]], np.uint32) + 0x8000) >> 16


def _resized(images: np.ndarray, height: int, width: int, crop: str | None) -> np.ndarray:
    from PIL import Image

    result = np.empty((len(images), height, width, images.shape[3]), np.uint8)
    for i, pixels in enumerate(progress_bar(images, desc="resizing", unit="image", delay=1)):
        image = Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else np.ascontiguousarray(pixels))
        result[i] = np.asarray(resize(image, height, width, crop, str(i))).reshape(height, width, -1)
    return result
