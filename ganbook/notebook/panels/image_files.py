"""Images and masks as files for pages: to show, to download, and how large an upload may be."""

from __future__ import annotations

import zlib
from io import BytesIO

import numpy as np

from ganbook.inpainting import inputs
from ganbook.notebook.panels.image_source import MOST_PIXELS, NamedImage, read_upload

UPLOAD_BYTES = 8_000_000  # a Jupyter server takes messages of up to 10 MiB
LIMITS = {"upload_bytes": UPLOAD_BYTES, "upload_pixels": MOST_PIXELS}  # for pages, which reduce photographs to them
# Images above this travel as JPEG of at most so many pixels a side: the page shows them, the kernel has the pixels.
LARGE_BYTES, LARGE_SIDE = 1_500_000, 2048


def uploaded(file: bytes, name: str) -> NamedImage:
    """Read an image file that a page sent.

    Raises
    ------
    ValueError
        It is too large, or no image that can be read.
    """
    if len(file) > UPLOAD_BYTES:
        raise ValueError(f"{name} has {len(file) / 1e6:.1f} MB; an upload may have at most {UPLOAD_BYTES / 1e6:.0f} MB")
    return read_upload(file, name)


def as_shown(pixels: np.ndarray) -> np.ndarray:
    """Return an image of any depth as uint8 (H, W, C), C is 1 or 3."""
    return inputs.images(pixels).seen[0]


def png(pixels: np.ndarray) -> bytes:
    """Return uint8 or uint16 (H, W, C), or bool (H, W), as a PNG of the same pixels."""
    import cv2

    levels = pixels.astype(np.uint8) * 255 if pixels.dtype == bool else pixels
    colours = levels[..., [2, 1, 0, 3][: levels.shape[2]]] if levels.shape[2:] in ((3,), (4,)) else levels
    return cv2.imencode(".png", colours)[1].tobytes()


def for_page(pixels: np.ndarray) -> bytes:
    """Return an image as a file fit for sending."""
    shown = as_shown(pixels)
    if shown.nbytes <= LARGE_BYTES:
        return png(shown)
    from PIL import Image

    smaller = Image.fromarray(shown.squeeze(-1) if shown.shape[2] == 1 else shown)
    smaller.thumbnail((LARGE_SIDE, LARGE_SIDE))
    out = BytesIO()
    smaller.save(out, "JPEG", quality=90)
    return out.getvalue()


def pack_mask(mask: np.ndarray) -> bytes:
    """Pack a mask, bool (H, W), as pages do: eight pixels a byte, deflated."""
    return zlib.compress(np.packbits(mask).tobytes(), 1)


def unpack_mask(file: bytes, shape: tuple[int, int]) -> np.ndarray:
    """Read a mask as a page sends it, bool (H, W)."""
    bits = np.unpackbits(np.frombuffer(zlib.decompress(file), np.uint8), count=shape[0] * shape[1])
    return bits.reshape(shape).astype(bool)
