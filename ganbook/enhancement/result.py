"""The result of enlarging or restoring an image."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import numpy as np

from ganbook.data.image_file import to_eight_bit
from ganbook.data.image_writer import png
from ganbook.data.resampling import enlarge
from ganbook.utils.arrays import as_array

SHOWN = 256  # side of the part that notebooks show, in pixels of the input


@dataclass(frozen=True, eq=False, repr=False)
class Enhanced:
    """An enlarged or restored image; for a batch the arrays have one more axis, (N, …), in front.

    ``np.asarray(result)`` is :attr:`image`.

    Attributes
    ----------
    image
        (scale H, scale W, C), of the depth and channels of the original; grey images are (H, W, 1).
    original
        (H, W, C).
    method
        How it was enlarged or restored.
    scale
        Times that it was enlarged.
    steps
        What was done, in words, in this order.
    seconds
        Duration.
    stopped
        True if it was stopped: the rest was enlarged by bicubic interpolation.
    """

    image: np.ndarray
    original: np.ndarray
    method: str
    scale: int
    steps: tuple[str, ...]
    seconds: float
    stopped: bool = False

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        """Return :attr:`image`, so that NumPy, Pillow and plotting functions take a result for it."""
        return as_array(self.image, dtype, copy)

    def __repr__(self) -> str:
        *batch, height, width, channels = self.image.shape
        images = f"{batch[0]:,} images" if batch else "an image"
        stopped = ", stopped" if self.stopped else ""
        done = ", ".join(self.steps)
        return f"<Enhanced {images} {width}×{height}×{channels}: {done}, {self.seconds:.2g} s{stopped}>"

    def _repr_html_(self) -> str | None:
        """Return the middle of a single image before and after, with a slider between them; it needs no kernel."""
        if self.image.ndim != 3:
            return None
        height, width = self.original.shape[:2]
        top, left = max(0, (height - SHOWN) // 2), max(0, (width - SHOWN) // 2)
        before = self.original[top : top + SHOWN, left : left + SHOWN]
        size = before.shape[0] * self.scale, before.shape[1] * self.scale
        after = self.image[top * self.scale :, left * self.scale :][: size[0], : size[1]]
        before, after = to_eight_bit(before), to_eight_bit(after)
        before = enlarge(before, self.scale, "nearest").astype(np.uint8)
        part = " (middle part)" if before.shape != self.image.shape else ""
        cover = "position:absolute;inset:0;width:100%;clip-path:inset(0 50% 0 0)"
        move = "this.parentNode.querySelector('img + img').style.clipPath='inset(0 '+(100-this.value)+'% 0 0)'"
        return (
            f'<div style="display:inline-block;max-width:100%">'
            f'<div style="position:relative;width:{size[1]}px;max-width:100%">'
            f"{_img(after, 'after', 'width:100%;display:block')}{_img(before, 'before', cover)}"
            f'<input type="range" min="0" max="100" value="50" aria-label="before and after" '
            f'style="position:absolute;left:0;bottom:4px;width:100%;margin:0" oninput="{move}"></div>'
            f"<small>before | after{part}: {', '.join(self.steps)}; {self.seconds:.2g} s</small></div>"
        )


def _img(pixels: np.ndarray, alt: str, style: str) -> str:
    content = base64.b64encode(png(np.ascontiguousarray(pixels))).decode()
    return f'<img alt="{alt}" style="{style}" src="data:image/png;base64,{content}">'
