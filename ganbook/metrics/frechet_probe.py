"""The cheap part of an evaluation, for use while training: one number, of as many samples each time."""

from __future__ import annotations

import numpy as np

from ganbook.data import ImageData
from ganbook.metrics.features import space, trained
from ganbook.metrics.frechet import frechet_distance

COUNT, ENOUGH_TESTS, SEED = 2000, 1000, 0


class FrechetProbe:
    """Measures the Fréchet distance of samples to real images of a data set.

    These are images that were held out, or test images, if there are enough; else training images.

    Few images make the distance larger, but by as much each time.

    Attributes
    ----------
    count
        How many samples it takes.
    floor
        The distance of as many other real images.
    """

    def __init__(self, data: ImageData):
        held_out = bool(data.held_out) or len(data.test_images) >= ENOUGH_TESTS
        rng = np.random.default_rng(SEED)
        order = rng.permutation(len(data))
        self.count = min(COUNT, len(data), len(data.test_images)) if held_out else min(COUNT, len(data) // 2)
        others = data.images[np.sort(order[: self.count])]
        rest = data.test_images[: self.count] if held_out else data.images[np.sort(order[self.count : 2 * self.count])]
        self._space = space(data, trained(data), progress=False)
        self._real = self._space.features(rest)
        self.floor = self(others)

    def __call__(self, images: np.ndarray) -> float:
        """Return the distance of images uint8 (count, H, W, C)."""
        return frechet_distance(self._space.features(images), self._real)
