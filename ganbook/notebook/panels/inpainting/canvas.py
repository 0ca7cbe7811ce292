"""What the inpainting panel holds: a picture, the mask painted on it, and the results of filling it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ganbook.data import masks
from ganbook.inpainting import inputs, scores
from ganbook.notebook.panels.inpainting.gallery import Picture

if TYPE_CHECKING:
    from ganbook.inpainting.result import Inpainted


class Canvas:
    """A picture that is painted on, perhaps several results deep.

    Attributes
    ----------
    picture : Picture
        As it was opened.
    layers : list of ndarray
        The picture, and each result that was painted on; the last is the one in work.
    mask : ndarray, bool (H, W)
        True in the hole.
    scored : bool
        Whether the picture is the truth below the hole.
    results : dict of str to Inpainted
        By method.
    picked : tuple (method, candidate) or None
    """

    def __init__(self, picture: Picture, *, scored: bool = False):
        self.picture = picture
        self.scored = scored and self.scorable
        self._lay([picture.image])
        if picture.hole is not None:
            self.mask = picture.hole

    @property
    def scorable(self) -> bool:
        """Whether the picture can be the truth: it has no hole of its own."""
        return self.picture.hole is None

    @property
    def image(self) -> np.ndarray:
        """The picture in work."""
        return self.layers[-1]

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width."""
        return self.picture.image.shape[:2]

    @property
    def result(self) -> np.ndarray | None:
        """The picked result."""
        if self.picked is None:
            return None
        method, candidate = self.picked
        return self.results[method].candidates[candidate]

    def scores(self, method: str) -> dict[str, np.ndarray] | None:
        """How near each candidate comes to the picture as it was opened; None unless that is the truth.

        As :func:`ganbook.inpainting.scores.compare` gives it.
        """
        if not self.scored:
            return None
        if method not in self._scores:
            result = self.results[method]
            filled = inputs.images(result.candidates).seen
            many = (len(filled), 1, 1)
            truth = np.tile(inputs.images(self.picture.image).seen, (*many, 1))
            self._scores[method] = scores.compare(filled, truth, np.tile(result.mask, many))
        return self._scores[method]

    def put(self, mask: np.ndarray) -> None:
        """Take a mask, bool (H, W).

        Raises
        ------
        ValueError
            It is of another type or size.
        """
        mask = np.asarray(mask)
        if mask.dtype != bool or mask.shape != self.shape:
            raise ValueError(f"the mask is {mask.dtype} {mask.shape}; for this picture it is bool {self.shape}")
        self.mask = mask.copy()

    def draw(self, kind: str, seed: int) -> None:
        """Draw a mask of a kind, see :mod:`ganbook.data.masks`."""
        self.mask = masks.draw(kind, self.shape, seed=seed)[0]

    def took(self, result: Inpainted) -> None:
        """Take a result; the first is picked until someone chooses."""
        self.results[result.method] = result
        self.picked = self.picked or (result.method, 0)

    def pick(self, method: str, candidate: int) -> None:
        """Choose one of the results."""
        if method in self.results:
            self.picked = method, candidate

    def paint_on(self) -> None:
        """Go on with the picked result as the picture, whole again."""
        if self.result is not None:
            self._lay([*self.layers, self.result])

    def back(self) -> None:
        """Return to the picture before that."""
        if len(self.layers) > 1:
            self._lay(self.layers[:-1])

    def clear(self) -> None:
        """Forget the results."""
        self.results: dict[str, Inpainted] = {}
        self.picked: tuple[str, int] | None = None
        self._scores: dict[str, dict[str, np.ndarray]] = {}

    def _lay(self, layers: list[np.ndarray]) -> None:
        self.layers, self.mask = layers, np.zeros(self.shape, bool)
        self.clear()
