"""The log-likelihood of images under a Parzen window around samples, by the protocol of 2014."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ganbook.metrics.nearest import squared_distances

SIGMAS = tuple(np.logspace(-1, 0, 10).tolist())


@dataclass(frozen=True)
class Parzen:
    """Mean log-likelihood in nats, its standard error over the images, and the σ that was chosen."""

    mean: float
    error: float
    sigma: float


def parzen(samples: np.ndarray, validation: np.ndarray, test: np.ndarray, sigmas: Sequence[float] = SIGMAS) -> Parzen:
    """Return the log-likelihood of test images under Gaussians of deviation σ around samples.

    log p(x) = log Σᵢ exp(−‖x − sᵢ‖² / 2σ²) − log N − (D/2) log(2πσ²), σ being the one of ``sigmas`` that suits the
    validation images best. Goodfellow et al. 2014, section 5 (arXiv 1406.2661), after Breuleux et al. 2009. Theis et
    al. 2016 (arXiv 1511.01844) show how little it says: read it beside the same for real images.

    Parameters
    ----------
    samples, validation, test
        Images of one shape, uint8 or float in [0, 1]; the protocol takes 10,000, 1,000 and 10,000.
    """
    centres, known, unseen = _flat(samples), _flat(validation), _flat(test)
    best = sigmas[int(_log_density(centres, known, sigmas).mean(1).argmax())]
    (each,) = _log_density(centres, unseen, [best])
    return Parzen(float(each.mean()), float(each.std(ddof=1) / np.sqrt(len(each))), float(best))


def _log_density(centres: np.ndarray, points: np.ndarray, sigmas: Sequence[float]) -> np.ndarray:
    """Log density of each point with each deviation, float64 (S, N)."""
    count, size = centres.shape
    found = np.empty((len(sigmas), len(points)))
    for rows, gaps in squared_distances(points, centres):
        least = gaps.min(1)
        gaps -= least[:, None]
        for line, sigma in zip(found, sigmas, strict=True):
            line[rows] = np.log(np.exp(gaps / (-2 * sigma**2)).sum(1, dtype=np.float64)) - least / (2 * sigma**2)
    normal = np.log(count) + size / 2 * np.log(2 * np.pi * np.square(sigmas))
    return found - normal[:, None]


def _flat(images: np.ndarray) -> np.ndarray:
    flat = images.reshape(len(images), -1)
    return flat.astype(np.float32) / 255 if images.dtype == np.uint8 else flat
