"""Numbers for each image: functions of (seed, image, place in the policy), so that nothing else matters.

Neither the size of a batch, nor its order, nor the thread that works on it.
"""

from __future__ import annotations

import numpy as np

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


class Draws:
    """Uniform numbers for some images, handed out column by column.

    Parameters
    ----------
    seed
        That of the policy.
    images
        Their numbers in the data set, int (N,).
    """

    def __init__(self, seed: int, images: np.ndarray):
        self._seed, self._images, self._column = np.uint64(seed), np.asarray(images, np.uint64), 0

    def column(self) -> np.ndarray:
        """A number in [0, 1) for each image, float64 (N,)."""
        return (self.bits() >> np.uint64(11)) * 2.0**-53

    def columns(self, count: int) -> list[np.ndarray]:
        """So many numbers for each image."""
        return [self.column() for _ in range(count)]

    def bits(self) -> np.ndarray:
        """64 bits for each image, uint64 (N,)."""
        self._column += 1
        with np.errstate(over="ignore"):
            stream = _mixed(_mixed(self._seed + _GOLDEN) ^ (np.uint64(self._column) * _GOLDEN))
            return _mixed(stream + (self._images + np.uint64(1)) * _GOLDEN)


def _mixed(x: np.ndarray) -> np.ndarray:
    """The finaliser of SplitMix64 (Steele et al. 2014, doi 10.1145/2660193.2660195)."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
