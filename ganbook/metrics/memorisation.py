"""Whether samples are copies of training images."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganbook.metrics.nearest import nearest

# A sample is a copy if its nearest training image is at less than this fraction of the distance to a rival. Taken from
# diffusion models: Yoon et al. 2023, "Diffusion probabilistic models generalize when they fail to memorize".
COPY = 1 / 3
WIDEST = 32  # pixels; larger images are compared when they have been averaged down to it


@dataclass(frozen=True)
class Memorisation:
    """How near samples lie to training images; see :func:`memorisation`.

    Attributes
    ----------
    ratios
        Distance to the nearest training image over that to the nearest rival, float32 (N,).
    nearer
        Fraction of samples nearer to the training images than to as many held-out ones; nan without held-out images.
    distances, indices
        Distance to the nearest training image in grey levels (root mean square over pixels), and which one it is, (N,).
    """

    ratios: np.ndarray
    nearer: float
    distances: np.ndarray
    indices: np.ndarray

    @property
    def copies(self) -> float:
        """Fraction of samples that are copies."""
        return float((self.ratios < COPY).mean())

    def worst(self, count: int) -> np.ndarray:
        """Return the samples that lie nearest to a training image compared with a rival, int64 (count,)."""
        return np.lexsort((self.distances, self.ratios))[:count]


def memorisation(samples: np.ndarray, train: np.ndarray, held_out: np.ndarray | None = None) -> Memorisation:
    """Compare the distance of samples to training images with that to images that were never trained on.

    The rival of a training image is the nearest held-out image; without held-out images, the second nearest training
    image. A generator that has learned without copying is as near to the one kind as to the other (Meehan et al. 2020,
    "A non-parametric test to detect data-copying in generative models").

    Parameters
    ----------
    samples, train, held_out
        Images uint8 (N, H, W, C), in random order; at least two of ``train``.
    """
    points, known = _flat(samples), _flat(train)
    if held_out is None:
        distances, indices = nearest(points, known, 2)
        distance, rival, index, nearer = distances[:, 0], distances[:, 1], indices[:, 0], float("nan")
    else:
        unseen = _flat(held_out)[: len(known)]
        rival, _ = _nearest(points, unseen)
        distance, index = _nearest(points, known[: len(unseen)])
        nearer = float((distance < rival).mean())
        if len(known) > len(unseen):
            elsewhere, place = _nearest(points, known[len(unseen) :])
            index = np.where(elsewhere < distance, place + len(unseen), index)
            distance = np.minimum(distance, elsewhere)
    # Float32 leaves a little of a distance of 0: half a grey level is none.
    side = np.sqrt(points.shape[1])
    ratios = np.where(distance < side / 2, 0, distance / np.maximum(rival, 1e-6))
    return Memorisation(ratios.astype(np.float32), nearer, distance / side, index)


def _nearest(points: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    distances, indices = nearest(points, others)
    return distances[:, 0], indices[:, 0]


def _flat(images: np.ndarray) -> np.ndarray:
    """Averaged down to at most :data:`WIDEST` pixels, float32 (N, F) in grey levels."""
    count, height, width, channels = images.shape
    times = -(-max(height, width) // WIDEST)
    if times == 1:
        return images.reshape(count, -1)
    high, wide = height // times, width // times
    small = np.empty((count, high, wide, channels), np.float32)
    for start in range(0, count, 1000):
        part = images[start : start + 1000, : high * times, : wide * times]
        small[start : start + 1000] = part.reshape(-1, high, times, wide, times, channels).mean((2, 4))
    return small.reshape(count, -1)
