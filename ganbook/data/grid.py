"""Many images on one sheet."""

import io
import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

GAP = 2
_GAP_GREY = 128  # tells black and white images apart from their neighbours, on light and dark pages alike


def image_grid(images: np.ndarray, columns: int | None = None, gap: int = GAP) -> "Image":
    """Lay images out row by row.

    Parameters
    ----------
    images : array, uint8 (N, H, W, C), C in {1, 3}, N >= 1
    columns : int, optional
        Images a row; by default the sheet is about as wide as high.
    gap : int
        Pixels of grey between images.

    Returns
    -------
    PIL.Image.Image
        Mode L or RGB. Places left over in the last row are grey.

    Raises
    ------
    ValueError
        If the images are not uint8 (N, H, W, C), or `columns` or `gap` are too small.
    """
    from PIL import Image

    images = np.asarray(images)
    if images.dtype != np.uint8 or images.ndim != 4 or images.shape[3] not in (1, 3) or not images.size:
        raise ValueError(
            f"image_grid got {images.dtype} {images.shape}; allowed is uint8 (N, H, W, 1) or (N, H, W, 3), N >= 1"
        )
    if (columns is not None and columns < 1) or gap < 0:
        raise ValueError(f"image_grid got columns={columns}, gap={gap}; allowed are columns >= 1 and gap >= 0")
    count, height, width, channels = images.shape
    columns = min(count, columns or math.ceil(math.sqrt(count)))
    rows = math.ceil(count / columns)

    # each cell is an image with its gap to the right and below; the last gaps are cut off
    cells = np.full((rows * columns, height + gap, width + gap, channels), _GAP_GREY, np.uint8)
    cells[:count, :height, :width] = images
    sheet = cells.reshape(rows, columns, height + gap, width + gap, channels).swapaxes(1, 2)
    sheet = sheet.reshape(rows * (height + gap), columns * (width + gap), channels)
    sheet = sheet[: rows * (height + gap) - gap, : columns * (width + gap) - gap]
    return Image.fromarray(np.ascontiguousarray(sheet[:, :, 0] if channels == 1 else sheet))


def enlarged_png(image: "Image", width: int = 480) -> bytes:
    """Return an image as PNG, enlarged by a whole multiple to about ``width`` pixels: small ones stay sharp."""
    times = max(1, width // image.width)
    file = io.BytesIO()
    image.resize((image.width * times, image.height * times), resample=0).save(file, "PNG", optimize=True)
    return file.getvalue()
