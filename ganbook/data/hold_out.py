"""Training images set aside, on which options are chosen: the test split is left for the report."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ganbook.data.image_data import ImageData

SEED = 0
LEAST = 50  # of fewer images a Fréchet distance says nothing
# A copy of the images is made; of a memory map that is larger than this it would not fit.
MOST_BYTES = 4 * 2**30


def hold_out(data: ImageData, count: int) -> ImageData:
    """Set ``count`` training images aside, the same ones each time; they take the place of the test split.

    Raises
    ------
    ValueError
        More than half of the images, or too few to measure a distance; or images that a copy of does not fit.
    """
    if data.held_out == count:
        return data
    if not LEAST <= count <= len(data) // 2:
        raise ValueError(
            f"--hold-out {count}: {data.name} has {len(data):,} training images, of which {LEAST} to "
            f"{len(data) // 2:,} can be set aside"
        )
    if data.images.nbytes > MOST_BYTES:
        raise ValueError(
            f"--hold-out copies the images, and those of {data.name} take {data.images.nbytes / 2**30:.0f} GB: give a "
            "smaller --image-size"
        )
    order = np.random.default_rng(SEED).permutation(len(data))
    aside, rest = np.sort(order[:count]), np.sort(order[count:])
    labels = data.labels
    return replace(
        data,
        images=data.images[rest],
        labels=None if labels is None else labels[rest],
        test_images=data.images[aside],
        test_labels=None if labels is None else labels[aside],
        known_fingerprint=None,
        held_out=count,
    )
