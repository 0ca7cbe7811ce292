"""What a filling gives back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False, repr=False)
class Inpainted:
    """Filled pictures; for a batch every array has one more axis, (N, …), in front.

    Attributes
    ----------
    method
        How they were filled.
    candidates
        (K, H, W, C), best first, of the depth and channels of the picture given; grey pictures are (H, W, 1). Fewer
        than asked for, where a method knows fewer answers.
    scores
        float32 (K,), what the candidates are ranked by, lower is better; NaN where there is nothing to rank.
    mask
        bool (H, W), the hole.
    seconds
        How long it took.
    stopped
        Whether it was stopped: the best so far, and of a batch the pictures that were reached.
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

    def __repr__(self) -> str:
        *many, kinds, height, width, channels = self.candidates.shape
        count = f"{many[0]:,} pictures" if many else "a picture"
        said = ", stopped" if self.stopped else ""
        return (
            f"<Inpainted {count} {width}×{height}×{channels} by {self.method}, {kinds} candidate{'s'[: kinds > 1]}, "
            f"{self.seconds:.2g} s{said}>"
        )

    def _repr_png_(self) -> bytes | None:
        """Hole, candidates: what a notebook shows for one picture."""
        from PIL import Image

        from ganbook.data.grid import enlarged_png

        if self.candidates.ndim != 4:
            return None
        pictures = self.candidates
        if pictures.dtype == np.uint16:
            pictures = (pictures // 257).astype(np.uint8)
        with_hole = np.where(self.mask[:, :, None], 128, pictures[0]).astype(np.uint8)
        if pictures.shape[3] == 4:
            with_hole[..., 3] = np.where(self.mask, 255, with_hole[..., 3])
        gap = np.full((pictures.shape[1], 2, pictures.shape[3]), 128, np.uint8)
        strip = np.hstack([part for picture in (with_hole, *pictures) for part in (picture, gap)][:-1])
        return enlarged_png(Image.fromarray(strip[:, :, 0] if strip.shape[2] == 1 else strip))
