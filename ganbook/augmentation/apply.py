"""Steps done to images, each image by itself: OpenCV's kernels, several images at a time in threads.

Keras' own layers draw for a batch as a whole, so an image's result depends on the batch it is in and cannot be
replayed. One image in a kernel that rounds once is exact, whatever the batch; for gradients, in training, see
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
Images = np.ndarray  # levels 0 to 255, uint8 or float32, (n, H, W, C), or (n, H, W) if grey


class Work:
    """Some images that a policy is being done to, with their masks and labels.

    Parameters
    ----------
    images
        Levels 0 to 255, uint8 or float32 (n, H, W, C), changed in place.
    masks, labels
        uint8 (n, H, W), and fractions of classes (n, K), changed in place; labels only where images are mixed.
    source
        ``source(number)`` gives any image of the data set, its mask and its label as they were.
    """

    def __init__(
        self,
        images: np.ndarray,
        masks: np.ndarray | None = None,
        labels: np.ndarray | None = None,
        source: Callable[[int], tuple[np.ndarray, np.ndarray | None, np.ndarray]] | None = None,
    ):
        self.images, self.masks, self.labels, self.source = _flat(images), masks, labels, source
        self._copies: dict[int, Images] = {}

    def do(self, steps: Sequence[Step]) -> None:
        """Do steps in order; neighbours of one family in one go."""
        for (chain, family), together in itertools.groupby(steps, key=lambda step: (step.chain, _family(step))):
            if family == "blend":
                self._blend(*together)
                continue
            images = self.images
            if chain:
                images = self._copies.setdefault(chain, self.images.copy())
            drawn = [(OPERATIONS[step.name], step.parameters, step.done) for step in together if step.done.any()]
            if drawn and family == "mixing":
                self._mix(drawn)
            elif drawn:
                _FAMILIES[family](images, drawn)
            if drawn and self.masks is not None and family in ("geometry", "elastic") and not chain:
                _FAMILIES[family](self.masks, drawn, nearest=True)

    def _blend(self, step: Step) -> None:
        weights = {name: weight.astype(np.float32) for name, weight in step.parameters.items()}
        for i in np.flatnonzero(step.done):
            mixed = self.images[i] * weights["original"][i]
            for chain in range(1, len(weights)):
                mixed = mixed + self._copies.get(chain, self.images)[i] * weights[f"chain_{chain}"][i]
            self.images[i] = np.rint(mixed).clip(0, 255) if self.images.dtype == np.uint8 else mixed
        self._copies.clear()

    def _mix(self, drawn: Drawn) -> None:
        for kind, parameters, done in drawn:
            for i, numbers in _per_image(parameters, done):
                partner, mask, label = self.source(int(numbers.pop("partner")))
                self.images[i], fraction = kind.effect(self.images[i], partner, **numbers)
                self.labels[i] = (1 - fraction) * self.labels[i] + fraction * label
                if self.masks is not None and "top" in numbers:
                    kind.effect(self.masks[i], mask, **numbers)


def _family(step: Step) -> str:
    return step.name if step.name == "blend" else OPERATIONS[step.name].family


def _flat(images: np.ndarray) -> Images:
    """Grey images without their channel, as OpenCV has them; a view."""
    return images[..., 0] if images.shape[-1] == 1 else images


def _per_image(parameters: dict[str, np.ndarray], done: np.ndarray) -> Any:
    """The parameters of each image that undergoes it."""
    names = list(parameters)
    columns = [parameters[name][done].tolist() for name in names]
    for at, i in enumerate(np.flatnonzero(done)):
        yield i, {name: column[at] for name, column in zip(names, columns, strict=True)}


def _any(drawn: Drawn) -> np.ndarray:
    return np.flatnonzero(np.logical_or.reduce([done for _, _, done in drawn]))


_FLIPS = {geometry.flip: 1, geometry.flip_vertical: 0}  # OpenCV's codes


def _move(images: Images, drawn: Drawn, nearest: bool = False) -> None:
    if all(kind.effect in _FLIPS for kind, _, _ in drawn):  # the same pixels, sooner
        for kind, _, done in drawn:
            for i in np.flatnonzero(done):
                images[i] = cv2.flip(images[i], _FLIPS[kind.effect])
        return
    height, width = images.shape[1:3]
    matrices = geometry.composed(np, np.zeros(len(images)), drawn)
    centre = np.array([[1, 0, (width - 1) / 2], [0, 1, (height - 1) / 2], [0, 0, 1]])
    matrices = centre @ matrices @ np.linalg.inv(centre)
    how = (cv2.INTER_NEAREST if nearest else cv2.INTER_LINEAR) | cv2.WARP_INVERSE_MAP
    for i in _any(drawn):
        # Faster than warpAffine in OpenCV 5.
        images[i] = cv2.warpPerspective(
            images[i], matrices[i], (width, height), flags=how, borderMode=cv2.BORDER_REFLECT_101
        )


def _recolour(images: Images, drawn: Drawn) -> None:
    rows, channels = _any(drawn), 1 if images.ndim == 3 else images.shape[3]
    mean = np.zeros((len(rows), channels, 1))
    if any(kind.effect in colour.USES_MEAN for kind, _, _ in drawn):
        mean[:] = np.array([cv2.mean(images[i])[:channels] for i in rows])[:, :, None] / 127.5 - 1
    chosen = [(kind, {name: p[rows] for name, p in parameters.items()}, done[rows]) for kind, parameters, done in drawn]
    linear, shift = colour.composed(np, mean, chosen)
    # From [−1, 1] to levels.
    shift = 127.5 * (shift[:, :, 0] + 1 - linear.sum(2))
    if images.dtype == np.uint8 and all(kind.effect is colour.brightness for kind, _, _ in drawn):
        for i, whole in zip(rows, np.rint(shift[:, 0]).tolist(), strict=True):
            add = cv2.add if whole > 0 else cv2.subtract
            images[i] = add(images[i], (min(abs(whole), 255.0),) * 4)
        return
    if images.dtype == np.uint8 and (channels == 1 or all(kind.alike for kind, _, _ in drawn)):
        tables = np.rint(linear[:, :1, 0] * levels.LEVELS + shift[:, :1]).clip(0, 255).astype(np.uint8)
        for i, table in zip(rows, tables, strict=True):
            images[i] = cv2.LUT(images[i], table)
        return
    matrices = np.concatenate([linear, shift[:, :, None]], 2)
    for i, matrix in zip(rows, matrices, strict=True):
        images[i] = cv2.transform(images[i], matrix)


def _relevel(images: Images, drawn: Drawn) -> None:
    for kind, parameters, done in drawn:
        for i, numbers in _per_image(parameters, done):
            image = images[i]
            whole = image if image.dtype == np.uint8 else np.rint(image.clip(0, 255)).astype(np.uint8)
            images[i] = levels.lookup(image, kind.effect(whole, **numbers))


def _retouch(images: Images, drawn: Drawn) -> None:
    for kind, parameters, done in drawn:
        for i, numbers in _per_image(parameters, done):
            images[i] = kind.effect(images[i], **numbers)


def _bend(images: Images, drawn: Drawn, nearest: bool = False) -> None:
    for kind, parameters, done in drawn:
        for i, numbers in _per_image(parameters, done):
            images[i] = kind.effect(images[i], **numbers, nearest=nearest)


_FAMILIES = {
    "geometry": _move, "colour": _recolour, "levels": _relevel, "texture": _retouch, "box": _retouch, "elastic": _bend,
}  # fmt: skip
