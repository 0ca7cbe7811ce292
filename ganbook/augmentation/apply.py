"""Steps done to pictures, each picture by itself: OpenCV's kernels, several pictures at a time in threads.

Keras' own layers draw for a batch as a whole, so a picture's result depends on the batch it is in and cannot be
replayed. One picture in a kernel that rounds once is exact, whatever the batch; for gradients, in training, see
:mod:`ganbook.augmentation.differentiable`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np

from ganbook.augmentation.catalogue import OPERATIONS, Kind
from ganbook.augmentation.effects import colour, geometry, levels
from ganbook.augmentation.operations import Step

Drawn = list[tuple[Kind, dict[str, np.ndarray], np.ndarray]]
Pictures = np.ndarray  # levels 0 to 255, uint8 or float32, (n, H, W, C), or (n, H, W) if grey


class Work:
    """Some pictures that a policy is being done to, with their masks and labels.

    Parameters
    ----------
    pictures
        Levels 0 to 255, uint8 or float32 (n, H, W, C), changed in place.
    masks, labels
        uint8 (n, H, W), and shares of classes (n, K), changed in place; labels only where pictures are mixed.
    source
        ``source(number)`` gives any picture of the data set, its mask and its label as they were.
    """

    def __init__(
        self,
        pictures: np.ndarray,
        masks: np.ndarray | None = None,
        labels: np.ndarray | None = None,
        source: Callable[[int], tuple[np.ndarray, np.ndarray | None, np.ndarray]] | None = None,
    ):
        self.pictures, self.masks, self.labels, self.source = _flat(pictures), masks, labels, source
        self._copies: dict[int, Pictures] = {}

    def do(self, steps: Sequence[Step]) -> None:
        """Do steps in order; neighbours of one family in one go."""
        for (chain, family), together in itertools.groupby(steps, key=lambda step: (step.chain, _family(step))):
            if family == "blend":
                self._blend(*together)
                continue
            pictures = self.pictures
            if chain:
                pictures = self._copies.setdefault(chain, self.pictures.copy())
            drawn = [(OPERATIONS[step.name], step.parameters, step.done) for step in together if step.done.any()]
            if drawn and family == "mixing":
                self._mix(drawn)
            elif drawn:
                _FAMILIES[family](pictures, drawn)
            if drawn and self.masks is not None and family in ("geometry", "elastic") and not chain:
                _FAMILIES[family](self.masks, drawn, nearest=True)

    def _blend(self, step: Step) -> None:
        weights = {name: share.astype(np.float32) for name, share in step.parameters.items()}
        for i in np.flatnonzero(step.done):
            mixed = self.pictures[i] * weights["original"][i]
            for chain in range(1, len(weights)):
                mixed = mixed + self._copies.get(chain, self.pictures)[i] * weights[f"chain_{chain}"][i]
            self.pictures[i] = np.rint(mixed).clip(0, 255) if self.pictures.dtype == np.uint8 else mixed
        self._copies.clear()

    def _mix(self, drawn: Drawn) -> None:
        for kind, parameters, done in drawn:
            for i, numbers in _each(parameters, done):
                partner, mask, label = self.source(int(numbers.pop("partner")))
                self.pictures[i], share = kind.effect(self.pictures[i], partner, **numbers)
                self.labels[i] = (1 - share) * self.labels[i] + share * label
                if self.masks is not None and "top" in numbers:
                    kind.effect(self.masks[i], mask, **numbers)


def _family(step: Step) -> str:
    return step.name if step.name == "blend" else OPERATIONS[step.name].family


def _flat(pictures: np.ndarray) -> Pictures:
    """Grey pictures without their channel, as OpenCV has them; a view."""
    return pictures[..., 0] if pictures.shape[-1] == 1 else pictures


def _each(parameters: dict[str, np.ndarray], done: np.ndarray) -> Any:
    """The parameters of each picture that undergoes it."""
    names = list(parameters)
    columns = [parameters[name][done].tolist() for name in names]
    for at, i in enumerate(np.flatnonzero(done)):
        yield i, {name: column[at] for name, column in zip(names, columns, strict=True)}


def _any(drawn: Drawn) -> np.ndarray:
    return np.flatnonzero(np.logical_or.reduce([done for _, _, done in drawn]))


_FLIPS = {geometry.flip: 1, geometry.flip_vertical: 0}  # OpenCV's codes


def _move(pictures: Pictures, drawn: Drawn, nearest: bool = False) -> None:
    if all(kind.effect in _FLIPS for kind, _, _ in drawn):  # the same pixels, sooner
        for kind, _, done in drawn:
            for i in np.flatnonzero(done):
                pictures[i] = cv2.flip(pictures[i], _FLIPS[kind.effect])
        return
    height, width = pictures.shape[1:3]
    matrices = geometry.composed(np, np.zeros(len(pictures)), drawn)
    centre = np.array([[1, 0, (width - 1) / 2], [0, 1, (height - 1) / 2], [0, 0, 1]])
    matrices = centre @ matrices @ np.linalg.inv(centre)
    how = (cv2.INTER_NEAREST if nearest else cv2.INTER_LINEAR) | cv2.WARP_INVERSE_MAP
    for i in _any(drawn):
        # Faster than warpAffine in OpenCV 5.
        pictures[i] = cv2.warpPerspective(
            pictures[i], matrices[i], (width, height), flags=how, borderMode=cv2.BORDER_REFLECT_101
        )


def _recolour(pictures: Pictures, drawn: Drawn) -> None:
    rows, channels = _any(drawn), 1 if pictures.ndim == 3 else pictures.shape[3]
    mean = np.zeros((len(rows), channels, 1))
    if any(kind.effect in colour.USES_MEAN for kind, _, _ in drawn):
        mean[:] = np.array([cv2.mean(pictures[i])[:channels] for i in rows])[:, :, None] / 127.5 - 1
    chosen = [(kind, {name: p[rows] for name, p in parameters.items()}, done[rows]) for kind, parameters, done in drawn]
    linear, shift = colour.composed(np, mean, chosen)
    # From [−1, 1] to levels.
    shift = 127.5 * (shift[:, :, 0] + 1 - linear.sum(2))
    if pictures.dtype == np.uint8 and all(kind.effect is colour.brightness for kind, _, _ in drawn):
        for i, whole in zip(rows, np.rint(shift[:, 0]).tolist(), strict=True):
            add = cv2.add if whole > 0 else cv2.subtract
            pictures[i] = add(pictures[i], (min(abs(whole), 255.0),) * 4)
        return
    if pictures.dtype == np.uint8 and (channels == 1 or all(kind.alike for kind, _, _ in drawn)):
        tables = np.rint(linear[:, :1, 0] * levels.LEVELS + shift[:, :1]).clip(0, 255).astype(np.uint8)
        for i, table in zip(rows, tables, strict=True):
            pictures[i] = cv2.LUT(pictures[i], table)
        return
    matrices = np.concatenate([linear, shift[:, :, None]], 2)
    for i, matrix in zip(rows, matrices, strict=True):
        pictures[i] = cv2.transform(pictures[i], matrix)


def _relevel(pictures: Pictures, drawn: Drawn) -> None:
    for kind, parameters, done in drawn:
        for i, numbers in _each(parameters, done):
            picture = pictures[i]
            whole = picture if picture.dtype == np.uint8 else np.rint(picture.clip(0, 255)).astype(np.uint8)
            pictures[i] = levels.lookup(picture, kind.effect(whole, **numbers))


def _retouch(pictures: Pictures, drawn: Drawn) -> None:
    for kind, parameters, done in drawn:
        for i, numbers in _each(parameters, done):
            pictures[i] = kind.effect(pictures[i], **numbers)


def _bend(pictures: Pictures, drawn: Drawn, nearest: bool = False) -> None:
    for kind, parameters, done in drawn:
        for i, numbers in _each(parameters, done):
            pictures[i] = kind.effect(pictures[i], **numbers, nearest=nearest)


_FAMILIES = {
    "geometry": _move, "colour": _recolour, "levels": _relevel, "texture": _retouch, "box": _retouch, "elastic": _bend,
}  # fmt: skip
