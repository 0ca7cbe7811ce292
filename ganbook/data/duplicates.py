"""Which images of a set are copies of others, or nearly."""

from __future__ import annotations

import hashlib

import numpy as np

from ganbook.data.resize import fit_images

# Nearly the same is judged by thumbnails, without their mean and contrast: pixels a side, and the correlation above
# which two are. Of 8,000 photographs of CIFAR-10 and of 5,000 of Tiny ImageNet no two are; of copies saved again as
# JPEG of quality 50 some 19 in 20. Grey sets of one kind of thing, such as digits, are alike by nature.
COLOUR, GREY = (8, 0.99), (16, 0.995)
# Comparing all with all grows with the square: of larger sets so many are drawn.
COMPARED = 20_000
_BLOCK = 1024


def digest(image: np.ndarray) -> bytes:
    """What two images share if they are equal to the bit."""
    return hashlib.sha256(np.ascontiguousarray(image)).digest()


def equal(images: np.ndarray) -> list[list[int]]:
    """Return the groups of two or more images uint8 (N, H, W, C) that are equal to the bit, by number."""
    groups: dict[bytes, list[int]] = {}
    for i, image in enumerate(images):
        groups.setdefault(digest(image), []).append(i)
    return [group for group in groups.values() if len(group) > 1]


def alike(images: np.ndarray, copies: set[int]) -> tuple[list[tuple[int, int]], int]:
    """Find images that are nearly the same.

    Parameters
    ----------
    images
        uint8 (N, H, W, C).
    copies
        Numbers of images not to compare.

    Returns
    -------
    pairs
        Each image with the one most like it, if near enough, the smaller number first.
    compared
        How many images were compared, at most :data:`COMPARED`.
    """
    numbers = np.array([i for i in range(len(images)) if i not in copies])
    if len(numbers) > COMPARED:
        numbers = np.sort(np.random.default_rng(0).choice(numbers, COMPARED, replace=False))
    side, threshold = GREY if images.shape[3] == 1 else COLOUR
    height, width = (min(side, length) for length in images.shape[1:3])
    thumbnails = fit_images(images[numbers], (height, width), None).reshape(len(numbers), -1).astype(np.float32)
    thumbnails -= thumbnails.mean(1, keepdims=True)
    thumbnails /= np.maximum(np.linalg.norm(thumbnails, axis=1, keepdims=True), 1e-6)
    pairs = set()
    for start in range(0, len(numbers), _BLOCK):
        correlation = thumbnails[start : start + _BLOCK] @ thumbnails.T
        rows = np.arange(len(correlation))
        correlation[rows, start + rows] = -1
        nearest = correlation.argmax(1)
        for i in rows[correlation[rows, nearest] > threshold]:
            a, b = sorted((int(numbers[start + i]), int(numbers[nearest[i]])))
            pairs.add((a, b))
    return sorted(pairs), len(numbers)
