"""How a photograph lies in its file, and upright: the EXIF orientation."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

SIDEWAYS = (5, 6, 7, 8)  # orientations that swap width and height


def orientation_of(image: "Image") -> int:
    """Return the EXIF orientation of a Pillow image, 1 to 8; 1 is upright, and where nothing is said."""
    if image.format == "PNG" and "exif" not in image.info:
        image.load()  # outside the try: a PNG cut short is an error, not an image without EXIF data
    try:
        orientation = int(image.getexif().get(0x0112, 1))
    except Exception:  # damaged EXIF data does not spoil the pixels
        return 1
    return orientation if 1 <= orientation <= 8 else 1


def turned(image: "Image", orientation: int) -> "Image":
    """Turn an image upright."""
    if orientation == 1:
        return image
    from PIL.Image import Transpose

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    return image.transpose(turns[orientation])


def turned_array(pixels: np.ndarray, orientation: int) -> np.ndarray:
    """Turn pixels (H, W, C) as :func:`turned` turns an image."""
    if orientation in SIDEWAYS:
        pixels = pixels.swapaxes(0, 1)
    rows = -1 if orientation in (3, 4, 7, 8) else 1
    columns = -1 if orientation in (2, 3, 6, 7) else 1
    return np.ascontiguousarray(pixels[::rows, ::columns])
