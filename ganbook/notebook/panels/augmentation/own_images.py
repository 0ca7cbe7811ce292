"""Images that the user uploads to try a policy on."""

from __future__ import annotations

import numpy as np

from ganbook.data.resize import fit_images
from ganbook.notebook.panels.image_files import as_shown, uploaded

MOST = 6  # rows of the sheet


class OwnImages:
    """Uploads, in the size and the channels of a data set: the middle of each is cut out and resized.

    Parameters
    ----------
    shape
        (H, W, C) of the data set.
    """

    def __init__(self, shape: tuple[int, int, int]):
        self._shape = shape
        self._images: list[np.ndarray] = []
        self._refused: list[str] = []
        self._left_out = 0

    def __len__(self) -> int:
        return len(self._images)

    @property
    def images(self) -> np.ndarray:
        """The images, uint8 (N, H, W, C)."""
        return np.stack(self._images)

    @property
    def remark(self) -> str:
        """What became of files that are not among the images."""
        more = f"the panel shows {MOST} images: {self._left_out} left out" if self._left_out else ""
        return "; ".join([*self._refused, *filter(None, [more])])

    def clear(self) -> None:
        """Forget them."""
        self._images, self._refused, self._left_out = [], [], 0

    def add(self, file: bytes, name: str) -> None:
        """Add a file; one that cannot be read is named in the remark."""
        if len(self) == MOST:
            self._left_out += 1
            return
        try:
            image = as_shown(uploaded(file, name).pixels)
        except ValueError as error:
            self._refused.append(str(error))
        else:
            height, width, channels = self._shape
            self._images.append(fit_images(image[None], (height, width), channels)[0])
