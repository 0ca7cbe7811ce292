"""A session of inpainting: an image, the mask painted on it, and the results of filling it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ganbook.data import masks
from ganbook.inpainting import inputs, scores
from ganbook.notebook.panels.image_source import NamedImage

if TYPE_CHECKING:
    from ganbook.inpainting.result import Inpainted


class Session:
    """An image in work, perhaps several results deep.

    Attributes
    ----------
    opened : NamedImage
        The image as it was opened.
    layers : list of ndarray
        The image, and each result that the user continued with; the last is the one in work.
    mask : ndarray, bool (H, W)
        True where the image is filled.
    scored : bool
        Whether the image is the truth below the mask.
    results : dict of str to Inpainted
        By method.
    picked : tuple (method, candidate) or None
    """

    mask: np.ndarray
    results: dict[str, Inpainted]
    picked: tuple[str, int] | None
    _scores: dict[str, dict[str, np.ndarray]]

    def __init__(self, opened: NamedImage, *, scored: bool = False):
        self.opened = opened
        self.scored = scored and self.scorable
        self.layers = [opened.pixels]
        self._before: list[tuple[np.ndarray, dict[str, Inpainted], tuple[str, int] | None]] = []
        self._begin()
        if opened.hole is not None:
            self.mask = opened.hole

    @property
    def scorable(self) -> bool:
        """Whether the image can be the truth: it has no hole of its own."""
        return self.opened.hole is None

    @property
    def image(self) -> np.ndarray:
        """The image in work."""
        return self.layers[-1]

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width."""
        height, width = self.opened.pixels.shape[:2]
        return height, width

    @property
    def result(self) -> np.ndarray | None:
        """The picked result."""
        if self.picked is None:
            return None
        method, candidate = self.picked
        return self.results[method].candidates[candidate]

    @property
    def outdated(self) -> bool:
        """Whether there are results, and the mask has changed since."""
        return any(not np.array_equal(result.mask, self.mask) for result in self.results.values())

    def scores(self, method: str) -> dict[str, np.ndarray] | None:
        """Compare each candidate with the image as it was opened; None unless that is the truth.

        Returns what :func:`ganbook.inpainting.scores.compare` does.
        """
        if not self.scored:
            return None
        if method not in self._scores:
            result = self.results[method]
            filled = inputs.images(result.candidates).seen
            repeats = (len(filled), 1, 1)
            truth = np.tile(inputs.images(self.opened.pixels).seen, (*repeats, 1))
            self._scores[method] = scores.compare(filled, truth, np.tile(result.mask, repeats))
        return self._scores[method]

    def set_mask(self, mask: np.ndarray) -> None:
        """Take a mask, bool (H, W).

        Raises
        ------
        ValueError
            It has another type or size.
        """
        mask = np.asarray(mask)
        if mask.dtype != bool or mask.shape != self.shape:
            raise ValueError(f"the mask is {mask.dtype} {mask.shape}; for this image it must be bool {self.shape}")
        self.mask = mask.copy()

    def draw_mask(self, kind: str, seed: int) -> None:
        """Draw a random mask of a kind, see :mod:`ganbook.data.masks`."""
        self.mask = masks.draw(kind, self.shape, seed=seed)[0]

    def add(self, result: Inpainted) -> None:
        """Add a result; the first is picked until someone chooses."""
        self.results[result.method] = result
        self.picked = self.picked or (result.method, 0)

    def pick(self, method: str, candidate: int) -> None:
        """Choose one of the results."""
        if method in self.results:
            self.picked = method, candidate

    def continue_with_result(self) -> None:
        """Make the picked result the image in work, with an empty mask."""
        if self.result is not None:
            self.layers.append(self.result)
            self._before.append((self.mask, self.results, self.picked))
            self._begin()

    def back(self) -> None:
        """Return to the image before that, with its mask and its results."""
        if self._before:
            self.layers.pop()
            self.clear()
            self.mask, self.results, self.picked = self._before.pop()

    def clear(self) -> None:
        """Forget the results."""
        self.results, self.picked, self._scores = {}, None, {}

    def _begin(self) -> None:
        self.mask = np.zeros(self.shape, bool)
        self.clear()
