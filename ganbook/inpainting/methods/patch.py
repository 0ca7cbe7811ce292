"""Copy what fits: every patch that touches the hole is taken from the known part of the image.

The completion of Wexler et al. 2007 (doi 10.1109/TPAMI.2007.60), from coarse to fine: find for each patch the most
similar known one, let all patches that cover a pixel vote for its colour, and repeat. Patches are compared exactly, by
one matrix product, against a random choice of known patches.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ganbook.inpainting.methods import Filled
from ganbook.utils.progress import Watch

SIDE = 7  # of a patch, in pixels
ROUNDS = 8  # at each level
SOURCES = 4000  # known patches to choose from, at most
AT_ONCE = 2048  # patches compared in one product
SMALLEST = 24  # side of the coarsest level, in pixels
# How much more a vote counts whose patch fits well: exp(−difference / (SHARP · mean difference)).
SHARP = 0.5


def fill(images: np.ndarray, holes: np.ndarray, config: Any, watch: Watch, run: Any) -> Filled:
    """Fill with patches, each candidate from another choice; see :mod:`ganbook.inpainting.methods`."""
    filled, scores = [], []
    for index, (image, hole) in enumerate(zip(images, holes, strict=True)):
        attempts = []
        for k in range(config.candidates):
            attempts.append(_complete(image, hole, np.random.default_rng((config.seed, k))))
            if not watch.goes_on((index + (k + 1) / config.candidates) / len(images)):
                break
        attempts += attempts[:1] * (config.candidates - len(attempts))  # stopped
        attempts.sort(key=lambda attempt: attempt[1])
        filled.append(np.stack([candidate for candidate, _ in attempts]))
        scores.append(np.array([score for _, score in attempts], np.float32))
        if watch.stopped:
            break
    return np.stack(filled), np.stack(scores)


def _complete(image: np.ndarray, hole: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, float]:
    """Return the filled image, and the mean difference of its patches to those they were taken from."""
    import cv2

    levels = [(image.astype(np.float32), hole)]
    while min(levels[-1][1].shape) >= 2 * SMALLEST:
        coarser = _halved(*levels[-1])
        if not coarser[1].any():  # the hole is so thin that nothing is missing at half the size
            break
        levels.append(coarser)
    filled, difference = None, 0.0
    for known, gap in reversed(levels):
        if filled is None:
            flat = np.where(gap[:, :, None], known[~gap].mean(0), known).astype(np.uint8)
            start = cv2.inpaint(flat, gap.astype(np.uint8), 3, cv2.INPAINT_NS).reshape(known.shape)
        else:
            start = cv2.resize(filled, known.shape[1::-1], interpolation=cv2.INTER_CUBIC).reshape(known.shape)
        filled = np.where(gap[:, :, None], start.astype(np.float32), known)
        for _ in range(ROUNDS):
            filled, difference = _improved(filled, gap, rng)
    assert filled is not None, "there is a level at least"
    return np.rint(np.clip(filled, 0, 255)).astype(np.uint8), difference


def _halved(image: np.ndarray, hole: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Halve the size: means of the known pixels, a hole where there are none."""
    height, width = (side // 2 * 2 for side in hole.shape)
    known = ~hole[:height, :width, None]

    def sums(values: np.ndarray) -> np.ndarray:
        return values.reshape(height // 2, 2, width // 2, 2, -1).sum((1, 3))

    count = sums(known.astype(np.float32))
    return sums(image[:height, :width] * known) / np.maximum(count, 1), count[:, :, 0] == 0


def _improved(image: np.ndarray, hole: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, float]:
    """Replace each patch that touches the hole by its most similar known one; average where they overlap."""
    side = min(SIDE, *(length - 1 for length in hole.shape))  # of an image as small as a patch
    patches = np.lib.stride_tricks.sliding_window_view(image, (side, side), (0, 1))  # (h, w, C, side, side)
    missing = np.lib.stride_tricks.sliding_window_view(hole, (side, side)).sum((2, 3))
    rows, columns = np.nonzero(missing)
    # Where no patch is known in whole, those that are known best.
    order = np.argsort(missing + rng.random(missing.shape), axis=None)
    clean = max(int((missing == 0).sum()), missing.size // 20, 1)
    sources = patches[np.unravel_index(order[: min(clean, SOURCES)], missing.shape)].reshape(
        -1, image.shape[2] * side**2
    )
    targets = patches[rows, columns].reshape(len(rows), -1)
    best, gaps = _nearest(targets, sources)
    votes = np.exp(-gaps / (SHARP * gaps.mean() + 1e-6)).astype(np.float32) + 1e-6
    chosen = sources[best].reshape(-1, image.shape[2], side, side)
    total, weight = np.zeros_like(image), np.zeros((*hole.shape, 1), np.float32)
    for i in range(side):
        for j in range(side):
            at = rows + i, columns + j
            np.add.at(total, at, votes[:, None] * chosen[:, :, i, j])
            np.add.at(weight, at, votes[:, None])
    return np.where(hole[:, :, None], total / np.maximum(weight, 1e-12), image), float(gaps.mean())


def _nearest(targets: np.ndarray, sources: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Index of the nearest source of each target, and the mean squared difference to it."""
    lengths = np.square(sources).sum(1)
    best, gaps = [], []
    for start in range(0, len(targets), AT_ONCE):
        part = targets[start : start + AT_ONCE]
        distances = lengths - 2 * part @ sources.T
        at = distances.argmin(1)
        best.append(at)
        gaps.append((distances[np.arange(len(at)), at] + np.square(part).sum(1)) / part.shape[1])
    return np.concatenate(best), np.maximum(np.concatenate(gaps), 0)
