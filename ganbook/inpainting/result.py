"""The result of filling holes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ganbook.utils.arrays import as_array


@dataclass(frozen=True, eq=False, repr=False)
class Inpainted:
    """Filled images; for a batch every array has one more axis, (N, …), in front.

    ``np.asarray(result)`` is :attr:`image`.

    Attributes
    ----------
    method
        The method that filled them.
    candidates
        (K, H, W, C), best first, of the depth and channels of the original; grey images are (H, W, 1). Fewer than the
        option ``candidates``, if the method knows fewer.
    scores
        float32 (K,), by which the candidates are ranked, lower is better; NaN where there is nothing to rank.
    mask
        bool (H, W), True in the hole.
    seconds
        Duration.
    stopped
        True if it was stopped: these are the best results so far, and of a batch only the images that were reached.
    """

    method: str
    candidates: np.ndarray
    scores: np.ndarray
    mask: np.ndarray
    seconds: float
    stopped: bool = False

    @property
    def image(self) -> np.ndarray:
        """The best candidate, (H, W, C)."""
        return self.candidates[..., 0, :, :, :]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        """Return :attr:`image`, so that NumPy, Pillow and plotting functions take a result for it."""
        return as_array(self.image, dtype, copy)

    def __repr__(self) -> str:
        *batch, count, height, width, channels = self.candidates.shape
        images = f"{batch[0]:,} images" if batch else "an image"
        stopped = ", stopped" if self.stopped else ""
        return (
            f"<Inpainted {images} {width}×{height}×{channels} by {self.method}, {count} candidate{'s'[: count > 1]}, "
            f"{self.seconds:.2g} s{stopped}>"
        )

    def _repr_png_(self) -> bytes | None:
        """Return the image with its hole and all candidates as one PNG, for a single image."""
        from PIL import Image

        from ganbook.data.grid import enlarged_png

        if self.candidates.ndim != 4:
            return None
        candidates = self.candidates
        if candidates.dtype == np.uint16:
            candidates = (candidates // 257).astype(np.uint8)
        with_hole = np.where(self.mask[:, :, None], 128, candidates[0]).astype(np.uint8)
        if candidates.shape[3] == 4:
            with_hole[..., 3] = np.where(self.mask, 255, with_hole[..., 3])
        gap = np.full((candidates.shape[1], 2, candidates.shape[3]), 128, np.uint8)
        strip = np.hstack([part for image in (with_hole, *candidates) for part in (image, gap)][:-1])
        return enlarged_png(Image.fromarray(strip[:, :, 0] if strip.shape[2] == 1 else strip))
