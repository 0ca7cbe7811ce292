"""Write an image as a PNG of its very pixels, with the colour profile, EXIF data and resolution of its source.

The pixels are as :func:`ganbook.data.image_file.read_content` read them: upright, so that the orientation in the EXIF
data becomes 1. A preview inside the EXIF data is left out, since it shows the image as it was.
"""

from __future__ import annotations

import contextlib
import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ganbook.data.image_file import opened
from ganbook.utils.files import atomic

if TYPE_CHECKING:
    from PIL.Image import Image

INCH = 0.0254  # metres
ORIENTATION = 0x0112
# Chunks of a PNG that say what its pixels mean and how large they are.
_COPIED = (b"cICP", b"sRGB", b"gAMA", b"cHRM", b"pHYs")


def png(pixels: np.ndarray, metadata: bytes = b"") -> bytes:
    """Encode uint8 or uint16 (H, W, C), C 1, 3 or 4, as a PNG file with these chunks of metadata."""
    return b"".join(_parts(pixels, metadata))


def write_png(path: Path, pixels: np.ndarray, metadata: bytes = b"") -> None:
    """Write what :func:`png` encodes; the file appears whole or not at all. It may be one of many in a swept folder."""
    parts = _parts(pixels, metadata)
    with atomic(path, swept=True) as temporary, temporary.open("wb") as file:
        for part in parts:
            file.write(part)


def _parts(pixels: np.ndarray, metadata: bytes) -> tuple[memoryview | bytes, ...]:
    """Encode pixels as a PNG file in parts, without a second copy: that of a large image fills much of the memory."""
    if pixels.dtype == np.uint16:
        import cv2

        order = [2, 1, 0, 3][: pixels.shape[2]] if pixels.shape[2] > 1 else [0]
        file = cv2.imencode(".png", np.ascontiguousarray(pixels[:, :, order]))[1].reshape(-1).data
    else:
        from PIL import Image

        out = BytesIO()
        Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else np.ascontiguousarray(pixels)).save(out, "png")
        file = out.getbuffer()
    header = 8 + 25  # the signature and IHDR, behind which metadata belongs
    return file[:header], metadata, file[header:]


def metadata_of(path: str, icc_profile: bytes | None) -> tuple[bytes, str]:
    """Collect the metadata of an image file for a PNG of its pixels.

    Parameters
    ----------
    path
        An image file that can be read.
    icc_profile
        The profile that the pixels are in, as :class:`~ganbook.data.image_file.ImageContent` has it.

    Returns
    -------
    tuple
        PNG chunks, and a remark on what could not be taken along, or "".
    """

    def collect(image: Image, warnings: list[str]) -> tuple[bytes, str]:
        chunks = [_chunk(b"iCCP", b"ICC profile\0\0" + zlib.compress(icc_profile))] if icc_profile else []
        if image.format == "PNG":
            chunks += _copied(Path(path).read_bytes(), without_srgb=bool(icc_profile))
        elif resolution := _resolution(image.info.get("dpi")):
            chunks.append(resolution)
        if exif := _exif(image):
            chunks.append(_chunk(b"eXIf", exif))
        remark = "; ".join(warnings)
        if image.info.get("icc_profile") and not icc_profile:
            converted = "the colours are converted to sRGB" if image.mode == "CMYK" else "it is not for these colours"
            remark = f"its colour profile is left out: {converted}"
        return b"".join(chunks), remark

    return opened(path, collect)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _copied(file: bytes, *, without_srgb: bool) -> list[bytes]:
    """Return chunks of a PNG as they are; a profile and sRGB exclude each other."""
    chunks, position = [], 8
    while position + 12 <= len(file):
        length, kind = struct.unpack_from(">I4s", file, position)
        if kind in (b"IDAT", b"IEND"):
            break
        chunk = file[position : position + 12 + length]
        sound = chunk == _chunk(kind, chunk[8:-4])
        if sound and kind in _COPIED and not (kind == b"sRGB" and without_srgb):
            chunks.append(chunk)
        position += 12 + length
    return chunks


def _resolution(dpi: object) -> bytes | None:
    try:
        across, down = (round(float(dots) / INCH) for dots in dpi)
    except (TypeError, ValueError, OverflowError, ZeroDivisionError):
        return None
    return _chunk(b"pHYs", struct.pack(">IIB", across, down, 1)) if 0 < min(across, down) < 2**31 else None


def _exif(image: object) -> bytes | None:
    with contextlib.suppress(Exception):  # damaged EXIF data does not spoil the result
        exif = image.getexif()
        if not len(exif):
            return None
        if ORIENTATION in exif:
            exif[ORIENTATION] = 1
        return exif.tobytes().removeprefix(b"Exif\0\0")
    return None
