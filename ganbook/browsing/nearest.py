"""The training images nearest to a sample, which show whether it is a copy."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from ganbook.browsing.pca import principal, rows_for
from ganbook.data import ImageData

COMPONENTS, CHUNK, VALUES = 63, 2048, 2**24
CANDIDATES = 64
JUDGES, JUDGED = (24, 200), 2**19  # fewer of large images
COPY = 0.5  # of the usual distance
ROUNDING = 1e-3


@dataclass(frozen=True, eq=False)
class Nearest:
    """Training images nearest to one sample.

    Attributes
    ----------
    space
        What the distances are measured in.
    images
        uint8 (K, H, W, C), nearest first.
    indices
        Their numbers in the training split, int (K,).
    distances
        float (K,), as multiples of the usual distance of a real image to its nearest one.
    """

    space: str
    images: np.ndarray = field(repr=False)
    indices: np.ndarray
    distances: np.ndarray

    @property
    def copied(self) -> bool:
        """Tell whether the nearest is closer than half the typical distance."""
        return bool(self.distances[0] < COPY)

    @property
    def verdict(self) -> str:
        """In words."""
        distance = f"nearest training image: {self.distances[0]:.1f}× the typical distance"
        return f"{distance} – {'nearly a copy' if self.copied else 'not a copy'}"


class Neighbours:
    """Exact nearest neighbours among all training images.

    Candidates come from the first principal components and the length of what they leave out: the distance there is
    never larger than the true one, so the search can prove that it missed nothing.

    Parameters
    ----------
    data
        Its training split is searched.
    space
        Name of the space.
    vectors
        Images uint8 (N, H, W, C) → float32 (N, D); pixels unless given.
    tell
        Called with the share done, 0 to 1.

    Attributes
    ----------
    usual
        The median distance of a real image (of the test split, if there is one) to its nearest training image.
    """

    def __init__(
        self,
        data: ImageData,
        space: str = "pixels",
        vectors: Callable[[np.ndarray], np.ndarray] | None = None,
        tell: Callable[[float], None] = lambda share: None,
    ):
        self.space, self._images = space, data.images
        self._vectors = vectors or _pixels
        count, length = len(data), math.prod(data.shape)
        self._at_once = at_once = max(1, min(CHUNK, VALUES // length))  # large images a few at a time
        chosen = _spread(count, rows_for(length))
        studied = np.concatenate(
            [self._vectors(data.images[chosen[i : i + at_once]]) for i in range(0, len(chosen), at_once)]
        )
        self._mean = studied.mean(0)
        self._basis = principal(studied - self._mean, COMPONENTS)
        parts = []
        for start in range(0, count, at_once):
            parts.append(self._reduced(self._vectors(data.images[start : start + at_once])))
            tell(0.8 * min(1.0, (start + at_once) / count))
        self._coordinates = np.concatenate(parts)
        self._lengths = np.square(self._coordinates).sum(1)
        self.usual = self._usual(data)
        tell(1.0)

    def nearest(self, image: np.ndarray, count: int = 5) -> Nearest:
        """Find the training images nearest to one image uint8 (H, W, C)."""
        indices, distances = self._exact(image, min(count, len(self._images)))
        return Nearest(self.space, np.asarray(self._images[indices]), indices, distances / self.usual)

    def distances(self, images: np.ndarray) -> np.ndarray:
        """Distance to the training image that is nearest by components, in usual ones: float (N,), never too small."""
        vectors = self._vectors(images)
        reduced, rows = self._reduced(vectors), np.arange(len(images))
        found, least = np.zeros(len(images), int), np.full(len(images), np.inf, np.float32)
        for start in range(0, len(self._coordinates), CHUNK):
            bounds = self._bounds(reduced, slice(start, start + CHUNK))
            nearest = bounds.argmin(1)
            better = bounds[rows, nearest] < least
            found[better], least[better] = start + nearest[better], bounds[rows, nearest][better]
        return self._true(vectors, self._vectors(self._images[found])) / self.usual

    def components(self, images: np.ndarray) -> np.ndarray:
        """Principal components of images among the training images, the first first: float32 (N, at most 63)."""
        return self._reduced(self._vectors(images))[:, :-1]

    def _exact(self, image: np.ndarray, count: int, but: int | None = None) -> tuple[np.ndarray, np.ndarray]:
        vector = self._vectors(image[None])
        bounds = self._bounds(self._reduced(vector))[0]
        order = np.argsort(bounds)
        found, distances, start = np.empty(0, int), np.empty(0), 0
        while start < len(order):
            candidates = order[start : start + max(CANDIDATES, min(start, self._at_once))]
            # No image from here on can be nearer than its bound.
            if len(found) == count and bounds[candidates[0]] > np.square(distances[-1] + ROUNDING):
                break
            start += len(candidates)
            candidates = np.sort(candidates[candidates != but])
            found = np.append(found, candidates)
            distances = np.append(distances, self._true(vector, self._vectors(self._images[candidates])))
            best = np.argsort(distances, kind="stable")[:count]
            found, distances = found[best], distances[best]
        return found, distances

    def _usual(self, data: ImageData) -> float:
        held_out = len(data.test_images) > 0
        judges = data.test_images if held_out else data.images
        numbers = _spread(len(judges), max(JUDGES[0], min(JUDGES[1], JUDGED // math.prod(data.shape))))
        found = [self._exact(judges[i], 1, None if held_out else i)[1] for i in numbers]
        return max(float(np.median(np.concatenate(found))), 1e-6)

    def _reduced(self, vectors: np.ndarray) -> np.ndarray:
        """Components, and the length of the rest: float32 (N, COMPONENTS + 1)."""
        centred = vectors - self._mean
        inside = centred @ self._basis
        rest = np.square(centred).sum(1) - np.square(inside).sum(1)
        return np.column_stack([inside, np.sqrt(np.clip(rest, 0, None))]).astype(np.float32)

    def _bounds(self, reduced: np.ndarray, among: slice = slice(None)) -> np.ndarray:
        """Squared distances that the true ones are at least, float32 (N, training images among which)."""
        bounds = reduced @ (-2 * self._coordinates[among]).T
        bounds += self._lengths[among]
        bounds += np.square(reduced).sum(1)[:, None]
        return bounds

    @staticmethod
    def _true(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return np.sqrt(np.square(a - b).sum(1))


def _pixels(images: np.ndarray) -> np.ndarray:
    return images.reshape(len(images), -1).astype(np.float32) / 127.5


def _spread(count: int, most: int) -> np.ndarray:
    return np.unique(np.linspace(0, count - 1, min(most, count)).astype(int))
