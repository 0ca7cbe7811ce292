"""Many small images as one file for a page, which shows each by its position: a sprite sheet."""

from __future__ import annotations

import io
import math

import numpy as np

COLUMNS, SIDE = 12, 96
LARGE = 300_000  # values from which JPEG is sent instead of PNG


def sheet(images: np.ndarray, side: int = SIDE) -> tuple[dict[str, int], bytes]:
    """Lay images uint8 (N, H, W, C) out without gaps, those over ``side`` pixels reduced.

    Returns
    -------
    dict
        ``count``, ``columns``, ``rows``, and ``width``, ``height`` of one image.
    bytes
        A PNG; a JPEG if it is large.
    """
    from PIL import Image

    count, height, width, channels = images.shape
    columns = min(count, COLUMNS)
    rows = math.ceil(count / columns)
    cells = np.zeros((rows * columns, height, width, channels), np.uint8)
    cells[:count] = images
    pixels = cells.reshape(rows, columns, height, width, channels).swapaxes(1, 2)
    pixels = pixels.reshape(rows * height, columns * width, channels)
    sprites = Image.fromarray(np.ascontiguousarray(pixels[..., 0] if channels == 1 else pixels))
    if max(height, width) > side:
        scale = side / max(height, width)
        height, width = max(1, round(height * scale)), max(1, round(width * scale))
        sprites = sprites.resize((columns * width, rows * height), Image.Resampling.BOX)
    out = io.BytesIO()
    if sprites.width * sprites.height * channels > LARGE * (1 if channels == 3 else 3):
        sprites.save(out, "JPEG", quality=90)
    else:
        sprites.save(out, "PNG", compress_level=1)
    return {"count": count, "columns": columns, "rows": rows, "width": width, "height": height}, out.getvalue()
