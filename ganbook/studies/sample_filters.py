"""Which of a GAN's samples are worth adding to a data set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ganbook.metrics.nearest import nearest, radii
from ganbook.utils.errors import OptionError
from ganbook.utils.errors import nearest as similar

if TYPE_CHECKING:
    from ganbook.data import ImageData
    from ganbook.training.run import Run

FILTERS = {
    "agreement": "a classifier of the real images sees the class of the request",
    "score": "the discriminator finds it more real than half the samples of its class",
    "distance": "it lies no farther from the nearest training image than 95 % of those from each other",
}
FAR, CHUNK = 95, 500


def checked(names: Sequence[str] | str) -> tuple[str, ...]:
    """Return names of filters from a sequence, or from text with commas."""
    names = tuple(filter(None, names.split(","))) if isinstance(names, str) else tuple(names)
    for name in names:
        if name not in FILTERS:
            raise OptionError(f"filter {name!r} is unknown{similar(name, FILTERS)}; known are {', '.join(FILTERS)}")
    return names


def chosen(
    name: str, run: Run, part: ImageData, images: np.ndarray, labels: np.ndarray, seen: np.ndarray
) -> np.ndarray:
    """Return which samples pass, bool (N,).

    Parameters
    ----------
    name
        One of ``FILTERS``.
    run
        Drew them.
    part
        What it learned.
    images, labels
        Samples uint8 (N, H, W, C), and their classes, int (N,).
    seen
        The class that a classifier of the real images sees in each, int (N,).
    """
    if name == "agreement":
        return seen == labels
    if name == "score":
        scores, good = _scores(run, images, labels), np.zeros(len(images), bool)
        for label in np.unique(labels):
            here = labels == label
            good[here] = scores[here] > np.median(scores[here])
        return good
    real = part.images.reshape(len(part), -1)
    usual = np.percentile(radii(real, 1), FAR)
    return nearest(images.reshape(len(images), -1), real)[0][:, 0] <= usual


def _scores(run: Run, images: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """D's logits, float32 (N,)."""
    discriminator, logits = run.gan.discriminator, []
    for start in range(0, len(images), CHUNK):
        inputs = [images[start : start + CHUNK].astype(np.float32) / 127.5 - 1, labels[start : start + CHUNK]]
        logits.append(np.asarray(discriminator.predict_on_batch(inputs[: len(discriminator.inputs)])).reshape(-1))
    return np.concatenate(logits)
