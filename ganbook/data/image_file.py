"""One picture file: what its header says, and its pixels at a wanted size."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ganbook.data.resize import resize

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
MAX_PIXELS = 178_956_970  # half a gigabyte as RGB; a header that claims more is damaged or a decompression bomb
_LARGE = 16_000_000  # pictures above this are decoded one at a time, so that threads do not add up to gigabytes
_one_large = threading.Lock()

_SIXTEEN_BIT = ("I;16", "I;16L", "I;16B", "I;16N", "I")  # "I" is what older Pillows make of a 16-bit PNG
_GREY = ("1", "L", "LA", "La", *_SIXTEEN_BIT)
_TURNED = (5, 6, 7, 8)  # EXIF orientations that swap width and height


class UnreadablePictureError(ValueError):
    """A picture file that cannot be read; the message is the reason, in one line."""


@dataclass(frozen=True, slots=True)
class Header:
    """What is known of a picture before decoding it: upright height and width, and whether it is grey."""

    height: int
    width: int
    grey: bool


def read_header(path: str) -> Header:
    """Read a picture's header; UnreadablePictureError if it is none or claims more than MAX_PIXELS."""
    with _opened(path) as picture:
        width, height = picture.size
        # Pillow looks for EXIF data behind a PNG's pixels by decoding them: a header must stay cheap
        cheap = picture.format != "PNG" or "exif" in picture.info
        if cheap and _orientation(picture) in _TURNED:
            width, height = height, width
        return Header(height, width, _is_grey(picture))


def decode(path: str, height: int, width: int, channels: int) -> np.ndarray:
    """Decode upright, on white, cut to the wanted aspect and resized: uint8 (height, width, channels).

    Raises
    ------
    UnreadablePictureError
        If it cannot be decoded, or its header claims more than MAX_PIXELS (found before decoding).
    """
    with _opened(path) as picture:
        large = picture.width * picture.height > _LARGE
        with _one_large if large else contextlib.nullcontext():
            orientation = _orientation(picture)
            # as it lies in the file: the small result is turned upright, not the large original
            stored = (width, height) if orientation in _TURNED else (height, width)
            _draft(picture, *stored)
            small = _on_white(resize(_eight_bit(picture), *stored))
        upright = _turned(small, orientation).convert("L" if channels == 1 else "RGB")
        return np.array(upright, dtype=np.uint8).reshape(height, width, channels)


def read(path: str) -> np.ndarray:
    """Read a picture upright, as it is: uint8, or uint16 of a PNG with 16 bits, (H, W, C), C 1, 3, or 4 with opacity.

    Raises
    ------
    UnreadablePictureError
        If it cannot be decoded, or its header claims more than MAX_PIXELS (found before decoding).
    """
    with _opened(path) as picture:
        deep = picture.format == "PNG" and any("16" in str(tile[-1]) for tile in picture.tile)
        orientation = _orientation(picture)
        if deep:
            picture.load()  # finds damage
            return _sixteen_bit(path)
        whole = _turned(_eight_bit(picture), orientation)
        return np.array(whole, dtype=np.uint8).reshape(whole.height, whole.width, len(whole.getbands()))


def _sixteen_bit(path: str) -> np.ndarray:
    import cv2

    # Pillow keeps eight of the sixteen bits of a colour.
    found = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_UNCHANGED)
    if found.ndim == 2:
        return found[:, :, None]
    return found[:, :, [2, 1, 0, 3][: found.shape[2]]]


@contextlib.contextmanager
def _opened(path: str) -> Iterator["Image"]:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path, formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                # Pillow refuses this too, unless someone has lifted its global limit
                raise Image.DecompressionBombError
            yield picture
    except Image.DecompressionBombError:
        limit = f"its header claims more than {MAX_PIXELS // 10**6} megapixels"
        raise UnreadablePictureError(limit) from None
    except UnidentifiedImageError:
        raise UnreadablePictureError("not a JPEG, PNG, WebP, GIF or BMP picture, whatever its name says") from None
    except Exception as error:  # damaged files raise OSError, SyntaxError, ValueError, EOFError, struct.error, …
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise UnreadablePictureError(" ".join(reason.split())) from None


def _orientation(picture: "Image") -> int:
    if picture.format == "PNG" and "exif" not in picture.info:
        picture.load()  # outside the try: a PNG cut short is an error, not a picture without EXIF data
    try:
        return int(picture.getexif().get(0x0112, 1))
    except Exception:  # damaged EXIF data does not spoil the pixels
        return 1


def _turned(picture: "Image", orientation: int) -> "Image":
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
    return picture.transpose(turns[orientation]) if orientation in turns else picture


def _is_grey(picture: "Image") -> bool:
    palette = picture.palette
    if picture.mode != "P" or palette is None:
        return picture.mode in _GREY
    # getpalette() would decode the picture; the raw palette is there already, in some order of its colours
    bands = len(palette.rawmode or palette.mode)
    colours = np.frombuffer(bytes(palette.palette), np.uint8)
    colours = colours[: len(colours) // bands * bands].reshape(-1, bands)[:, :3]
    return bool((colours == colours[:, :1]).all())


def _draft(picture: "Image", height: int, width: int) -> None:
    # a JPEG can be decoded at 1/2, 1/4 or 1/8; twice what is needed leaves the quality to the resize
    scale = 2 * max(height / picture.height, width / picture.width)
    if scale < 1:
        picture.draft(picture.mode, (round(picture.width * scale), round(picture.height * scale)))


def _eight_bit(picture: "Image") -> "Image":
    """Convert to mode L, RGB or RGBA, which are the ones that resize well."""
    from PIL import Image

    if picture.mode in _SIXTEEN_BIT:
        levels = np.asarray(picture).clip(0, 65535).astype(np.uint16)
        table = ((np.arange(65536) * 255 + 32767) // 65535).astype(np.uint8)
        return Image.fromarray(table[levels])
    if picture.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in picture.info:
        return picture.convert("RGBA")
    if picture.mode in ("1", "L"):
        return picture.convert("L")
    return picture.convert("RGB")


def _on_white(picture: "Image") -> "Image":
    from PIL import Image

    if picture.mode != "RGBA":
        return picture
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
