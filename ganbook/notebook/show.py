"""Images in a notebook, enlarged and side by side."""

from __future__ import annotations

from typing import Any

import numpy as np
from IPython import get_ipython
from IPython.display import Image, display

from ganbook.data import load_images
from ganbook.data.grid import enlarged_png, image_grid
from ganbook.data.points import scatter_png
from ganbook.utils.bounds import whole_number

MOST = 1000  # images shown at once


def show(images: Any, columns: int = 10, width: int = 600) -> None:
    """Show images side by side in a notebook.

    Parameters
    ----------
    images
        uint8 (N, H, W, C), or whatever :func:`ganbook.data.load_images` takes: lists of Pillow images, floats in
        [−1, 1] or [0, 1], a folder, a name. Of points float32 (N, 2), a scatter plot. The first 1,000 are shown.
    columns
        Images in a row.
    width
        Of the whole, in pixels, about: small images are enlarged by a whole number, so that their pixels stay sharp.

    Raises
    ------
    ValueError
        These are no images, or there is no notebook.
    """
    columns = whole_number(columns, "columns, how many images are in a row,", 1, MOST)
    width = whole_number(width, "width, of the whole in pixels,", 16, 10_000)
    if getattr(get_ipython(), "kernel", None) is None:
        raise ValueError("show needs a notebook; elsewhere write a file: Image.fromarray(images[0]).save('a.png')")
    points = isinstance(images, np.ndarray) and images.ndim == 2 and images.shape[1] == 2
    arrays = images if points else np.asarray(load_images(images).images[:MOST])
    display(Image(sheet_png(arrays, columns, width)))


def sheet_png(images: np.ndarray, columns: int | None = None, width: int = 480) -> bytes:
    """Draw images uint8 (N, H, W, C) side by side, or points float32 (N, 2), as a PNG."""
    if images.ndim == 2:
        return scatter_png(images)
    return enlarged_png(image_grid(images, columns), width)
