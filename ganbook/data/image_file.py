"""The one reader of image files, for training, masks, inpainting, enhancement and panels alike.

Whatever the use, an image is upright (EXIF orientation), its palette is resolved, its transparency is an alpha
channel (or white, where none is wanted), sixteen bits are read as sixteen, and damage is one line.
"""

import contextlib
import io
import os
import struct
import threading
import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from ganbook.data import colour_profile
from ganbook.data.library_warnings import collected
from ganbook.data.resize import kept_area, resize
from ganbook.data.upright import SIDEWAYS, orientation_of, turned, turned_array
from ganbook.data.walk import KINDS, is_other_format
from ganbook.utils.errors import one_line

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
FIRST_FRAME = "it is animated, and only its first frame is used"
MAX_PIXELS = 178_956_970  # half a gigabyte as RGB; a header that claims more is damaged or a decompression bomb
_LARGE = 16_000_000  # images above this are decoded one at a time, so that threads do not add up to gigabytes
_one_large: AbstractContextManager = threading.Lock()

_SIXTEEN_BIT = ("I;16", "I;16L", "I;16B", "I;16N", "I")  # "I" is what older Pillows make of a 16-bit PNG
_GREY = ("1", "L", "LA", "La", *_SIXTEEN_BIT)
VISIBLE = 8  # opacity of 255 below which nothing can be seen
_PIXELS = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND"})  # chunks of a PNG

Result = TypeVar("Result")


class UnreadableImageError(ValueError):
    """An image file that cannot be read; the message is the reason, in one line."""


@dataclass(frozen=True, slots=True)
class Header:
    """What is known of an image before decoding it: upright height and width, and whether it is grey."""

    height: int
    width: int
    grey: bool


@dataclass(frozen=True, slots=True)
class ImageContent:
    """The content of an image file.

    Attributes
    ----------
    pixels : ndarray
        Upright; uint8, or uint16 of a PNG with 16 bits, (H, W, C), C 1, 3, or 4 with opacity.
    icc_profile : bytes or None
        The colour profile that `pixels` are in; None means sRGB.
    orientation : int
        The EXIF orientation, 1 to 8, by which the image was turned upright; 1 if it was stored so.
    transparent : bool
        No pixel is visible.
    highest : int or None
        The highest level of an image with 16 bits.
    warnings : tuple of str
        What the library that decodes images warned of, such as damaged metadata.
    kept : float
        The fraction of its area inside the largest box of the aspect to which it was brought.
    enlarged : float
        By how much it was enlarged to be as high and as wide as wanted; below 1 if it was shrunk.
    animated : bool
        The file holds more frames; `pixels` are the first one.
    """

    pixels: np.ndarray
    icc_profile: bytes | None = None
    orientation: int = 1
    transparent: bool = False
    highest: int | None = None
    warnings: tuple[str, ...] = ()
    kept: float = 1.0
    enlarged: float = 1.0
    animated: bool = False


class _Refused(contextlib.AbstractContextManager):
    def __enter__(self) -> None:
        raise UnreadableImageError("a large image is left to the process that decodes those, one at a time")

    def __exit__(self, *exception: object) -> None:
        pass


def refuse_large() -> None:
    """From now on let this process decode no large images, which all processes together decode one at a time."""
    global _one_large
    _one_large = _Refused()


def read_header(path: str) -> Header:
    """Read an image's header; UnreadableImageError if it is none or claims more than MAX_PIXELS."""

    def header(image: "Image", warnings: list[str]) -> Header:
        width, height = image.size
        # Pillow looks for EXIF data behind a PNG's pixels by decoding them: a header must stay cheap
        cheap = image.format != "PNG" or "exif" in image.info
        if cheap and orientation_of(image) in SIDEWAYS:
            width, height = height, width
        return Header(height, width, _is_grey(image))

    return opened(path, header)


def decode(path: str, height: int, width: int, channels: int) -> np.ndarray:
    """Return the pixels of :func:`decode_content`: uint8 (height, width, channels)."""
    return decode_content(path, height, width, channels).pixels


def decode_content(path: str, height: int, width: int, channels: int, crop: str | None = None) -> ImageContent:
    """Decode upright, in sRGB, on white, cut to the wanted aspect and resized: uint8 (height, width, channels).

    ``crop`` is a key of :data:`ganbook.data.resize.CROPS`; the random place follows from the file's name.

    Raises
    ------
    UnreadableImageError
        If it cannot be decoded, or its header claims more than MAX_PIXELS (found before decoding).
    """

    def content(image: "Image", warnings: list[str]) -> ImageContent:
        large = image.width * image.height > _LARGE
        with _one_large if large else contextlib.nullcontext():
            size = image.height, image.width
            deep = _sixteen_bit(image)
            orientation = orientation_of(image)
            # as it lies in the file: the small result is turned upright, not the large original
            stored = (width, height) if orientation in SIDEWAYS else (height, width)
            if deep is None:
                _draft(image, *stored)
                whole = eight_bit(image)
            else:
                whole = _from_array(to_eight_bit(deep))
            transparent = whole.mode == "RGBA" and whole.getextrema()[3][1] < VISIBLE
            small = colour_profile.to_srgb(
                resize(whole, *stored, crop, os.path.basename(path)), image.info.get("icc_profile")
            )
        upright = _converted(turned(_on_white(small), orientation), "L" if channels == 1 else "RGB")
        pixels = np.array(upright, dtype=np.uint8).reshape(height, width, channels)
        kept, enlarged = kept_area(*size, *stored), max(stored[0] / size[0], stored[1] / size[1])
        return ImageContent(pixels, None, orientation, transparent, _highest(deep), tuple(warnings), kept, enlarged)

    return opened(path, content)


def read(path: str) -> np.ndarray:
    """Return the pixels of :func:`read_content`: uint8 or uint16 (H, W, C), C 1, 3, or 4 with opacity."""
    return read_content(path).pixels


def read_content(path: str) -> ImageContent:
    """Read an image upright, in its own size, depth and colour profile.

    Raises
    ------
    UnreadableImageError
        If it cannot be decoded, or its header claims more than MAX_PIXELS (found before decoding).
    """

    def content(image: "Image", warnings: list[str]) -> ImageContent:
        deep = _sixteen_bit(image)
        orientation = orientation_of(image)
        if deep is None:
            whole = turned(eight_bit(image), orientation)
            pixels = np.array(whole, dtype=np.uint8).reshape(whole.height, whole.width, len(whole.getbands()))
        else:
            pixels = turned_array(deep, orientation)
        transparent = pixels.shape[2] == 4 and int(to_eight_bit(pixels[..., 3]).max()) < VISIBLE
        profile = colour_profile.embedded(image, pixels.shape[2])
        animated = bool(getattr(image, "is_animated", False))
        return ImageContent(
            pixels, profile, orientation, transparent, _highest(deep), tuple(warnings), animated=animated
        )

    return opened(path, content)


def to_eight_bit(pixels: np.ndarray) -> np.ndarray:
    """Round uint16 to uint8, so that 65535 becomes 255; uint8 stays as it is."""
    if pixels.dtype == np.uint8:
        return pixels
    return ((np.arange(65536) * 255 + 32767) // 65535).astype(np.uint8)[pixels]


# opening, and what can go wrong


def opened(path: str, use: Callable[["Image", list[str]], Result]) -> Result:
    """Open an image file, use it, and return the result; whatever fails is an UnreadableImageError.

    `use` takes the opened image and a list of what is warned of meanwhile.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with collected() as warnings:
            try:
                return _used(path, use, warnings)
            except (Image.DecompressionBombError, MemoryError):
                raise
            except Exception as error:
                return _without_metadata(path, use, warnings, error)
    except Image.DecompressionBombError:
        limit = f"its header claims more than {MAX_PIXELS // 10**6} megapixels"
        raise UnreadableImageError(limit) from None
    except UnidentifiedImageError:
        if is_other_format(path):
            raise UnreadableImageError(f"this format is not read; {KINDS} are") from None
        raise UnreadableImageError(f"not a {KINDS.replace(' and', ' or')} image, whatever its name says") from None
    except MemoryError:
        raise UnreadableImageError("there is not enough memory to decode it") from None
    except Exception as error:  # damaged files raise OSError, SyntaxError, ValueError, EOFError, struct.error, …
        raise UnreadableImageError(_reason(error)) from None


def _used(file: str | io.BytesIO, use: Callable[["Image", list[str]], Result], warnings: list[str]) -> Result:
    from PIL import Image

    with Image.open(file, formats=FORMATS) as image:
        if image.width * image.height > MAX_PIXELS:
            # Pillow refuses this too, unless someone has lifted its global limit
            raise Image.DecompressionBombError
        return use(image, warnings)


def _without_metadata(
    path: str, use: Callable[["Image", list[str]], Result], warnings: list[str], error: Exception
) -> Result:
    """Try a PNG once more without texts and profile; raise the first error if it is no PNG, or no better for it.

    Pillow refuses an image for texts and profiles that are damaged or unpack to more than some size, though its pixels
    are whole.
    """
    with open(path, "rb") as file:
        content = file.read() if file.read(4) == b"\x89PNG" and not file.seek(0) else b""
    plain = _png_chunks(content, _PIXELS | {b"tRNS"}, sound=frozenset({b"eXIf"}))
    if plain == content:
        raise error
    remark = "its texts or its colour profile are damaged or too large and were left out"
    try:
        return _used(io.BytesIO(plain), use, [remark, *warnings])
    except Exception:
        raise error from None


def _reason(error: Exception) -> str:
    text = one_line(error)
    if isinstance(error, OSError) and error.strerror:
        return text
    return "it is cut short" if "truncated" in text.lower() else f"it is damaged: {text}"


# pixels


def pixels_of(image: "Image") -> np.ndarray:
    """Return the pixels of a Pillow image of any mode but I and F: uint8 or uint16 (H, W, C), C 1, 3, or 4."""
    if image.mode.startswith("I;16"):
        return np.asarray(image).astype(np.uint16)[:, :, np.newaxis]
    whole = eight_bit(image)
    return np.array(whole, dtype=np.uint8).reshape(whole.height, whole.width, len(whole.getbands()))


def eight_bit(image: "Image") -> "Image":
    """Convert a Pillow image to mode L, RGB or RGBA, which are the ones that resize well."""
    if image.mode in _SIXTEEN_BIT:
        return _from_array(to_eight_bit(np.asarray(image).clip(0, 65535).astype(np.uint16)[:, :, np.newaxis]))
    if image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info:
        whole = image.convert("RGBA")
        # a bitmap whose alpha is zero all over comes from a program that never set it
        return whole.convert("RGB") if image.format == "BMP" and whole.getextrema()[3][1] == 0 else whole
    if image.mode == "CMYK":
        return colour_profile.from_cmyk(image)
    return _converted(image, "L" if image.mode in ("1", "L") else "RGB")


def _converted(image: "Image", mode: str) -> "Image":
    """Convert an image without the copy that Pillow makes of one that is in this mode."""
    if image.mode != mode:
        return image.convert(mode)
    image.load()
    return image


def _sixteen_bit(image: "Image") -> np.ndarray | None:
    """Read a PNG with 16 bits, not yet turned: uint16 (H, W, C), C 1, 3 or 4; None if it has fewer bits."""
    if image.format != "PNG" or not any("16" in str(tile[-1]) for tile in image.tile):
        return None
    import cv2

    position = image.fp.tell()
    image.fp.seek(0)
    file = image.fp.read()
    image.fp.seek(position)
    image.load()  # finds damage; its pixels are not used, since Pillow keeps eight of the sixteen bits of a colour
    pixels = cv2.imdecode(np.frombuffer(_png_chunks(file, _PIXELS), np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None or pixels.dtype != np.uint16:
        raise ValueError("its pixels cannot be decoded")
    pixels = pixels.reshape(*pixels.shape[:2], -1)[:, :, [2, 1, 0, 3][: pixels.shape[2]] if pixels.ndim == 3 else [0]]
    transparent_colour = image.info.get("transparency")
    if transparent_colour is None or pixels.shape[2] == 4:
        return pixels
    opaque = (pixels != np.array(transparent_colour, np.uint16)).any(axis=2, keepdims=True)
    colours = pixels if pixels.shape[2] == 3 else pixels.repeat(3, axis=2)
    return np.concatenate([colours, opaque * np.uint16(65535)], axis=2)


def _png_chunks(file: bytes, kinds: frozenset[bytes], sound: frozenset[bytes] = frozenset()) -> bytes:
    """Return a PNG file with only its chunks of some `kinds`, and those `sound` ones whose checksum is right."""
    chunks, position = [file[:8]], 8
    while position + 8 <= len(file):
        length, kind = struct.unpack_from(">I4s", file, position)
        chunk = file[position : position + 12 + length]
        if kind in kinds or (kind in sound and chunk[-4:] == struct.pack(">I", zlib.crc32(chunk[4:-4]))):
            chunks.append(chunk)
        position += 12 + length
    return b"".join(chunks)


def _highest(deep: np.ndarray | None) -> int | None:
    return None if deep is None else int(deep[..., : 3 if deep.shape[2] == 4 else None].max())


def _from_array(pixels: np.ndarray) -> "Image":
    from PIL import Image

    return Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else np.ascontiguousarray(pixels))


def _on_white(image: "Image") -> "Image":
    from PIL import Image

    if image.mode != "RGBA":
        return image
    return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)


def _draft(image: "Image", height: int, width: int) -> None:
    # a JPEG can be decoded at 1/2, 1/4 or 1/8; twice what is needed leaves the quality to the resize
    scale = 2 * max(height / image.height, width / image.width)
    if scale < 1:
        image.draft(image.mode, (round(image.width * scale), round(image.height * scale)))


def _is_grey(image: "Image") -> bool:
    palette = image.palette
    if image.mode != "P" or palette is None:
        return image.mode in _GREY
    # getpalette() would decode the image; the raw palette is there already, in some order of its colours
    bands = len(palette.rawmode or palette.mode)
    colours = np.frombuffer(bytes(palette.palette), np.uint8)
    colours = colours[: len(colours) // bands * bands].reshape(-1, bands)[:, :3]
    return bool((colours == colours[:, :1]).all())
