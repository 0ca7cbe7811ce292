"""Copy what fits: every patch that touches the hole is taken from where the picture is known.

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


def fill(pictures: np.ndarray, holes: np.ndarray, asked: Any, watch: Watch, run: Any) -> Filled:
    """Fill with patches, each candidate from another choice; see :mod:`ganbook.inpainting.methods`."""
    drawn, scores = [], []
    for index, (picture, hole) in enumerate(zip(pictures, holes, strict=True)):
        tries = []
        for k in range(asked.candidates):
            tries.append(_complete(picture, hole, np.random.default_rng((asked.seed, k))))
            if not watch.goes_on((index + (k + 1) / asked.candidates) / len(pictures)):
                break
        tries += tries[:1] * (asked.candidates - len(tries))  # stopped
        tries.sort(key=lambda found: found[1])
        drawn.append(np.stack([found[0] for found in tries]))
        scores.append(np.array([found[1] for found in tries], np.float32))
        if watch.stopped:
            break
    return np.stack(drawn), np.stack(scores)


def _complete(picture: np.ndarray, hole: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, float]:
    """Return the filled picture, and the mean difference of its patches to those they were taken from."""
    import cv2

    levels = [(picture.astype(np.float32), hole)]
    while min(levels[-1][1].shape) >= 2 * SMALLEST:
        levels.append(_halved(*levels[-1]))
    now, difference = None, 0.0
    for known, gap in reversed(levels):
        if now is None:
            start = cv2.inpaint(known.astype(np.uint8), gap.astype(np.uint8), 3, cv2.INPAINT_NS).reshape(known.shape)
        else:
            start = cv2.resize(now, known.shape[1::-1], interpolation=cv2.INTER_CUBIC).reshape(known.shape)
        now = np.where(gap[:, :, None], start.astype(np.float32), known)
        for _ in range(ROUNDS):
            now, difference = _improved(now, gap, rng)
    return np.rint(np.clip(now, 0, 255)).astype(np.uint8), difference


def _halved(picture: np.ndarray, hole: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Half the size: means of what is known, a hole where nothing is."""
    height, width = (side // 2 * 2 for side in hole.shape)
    known = ~hole[:height, :width, None]

    def sums(values: np.ndarray) -> np.ndarray:
        return values.reshape(height // 2, 2, width // 2, 2, -1).sum((1, 3))

    count = sums(known.astype(np.float32))
    return sums(picture[:height, :width] * known) / np.maximum(count, 1), count[:, :, 0] == 0


def _improved(now: np.ndarray, hole: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, float]:
    """Replace each patch that touches the hole by its most similar known one; average where they overlap."""
    side = min(SIDE, *(length - 1 for length in hole.shape))
    patches = np.lib.stride_tricks.sliding_window_view(now, (side, side), (0, 1))  # (h, w, C, side, side)
    missing = np.lib.stride_tricks.sliding_window_view(hole, (side, side)).sum((2, 3))
    rows, columns = np.nonzero(missing)
    # Where no patch is known in whole, those that are known best.
    order = np.argsort(missing + rng.random(missing.shape), axis=None)
    clean = max(int((missing == 0).sum()), missing.size // 20, 1)
    sources = patches[np.unravel_index(order[: min(clean, SOURCES)], missing.shape)].reshape(-1, now.shape[2] * side**2)
    targets = patches[rows, columns].reshape(len(rows), -1)
    best, gaps = _nearest(targets, sources)
    votes = np.exp(-gaps / (SHARP * gaps.mean() + 1e-6)).astype(np.float32) + 1e-6
    chosen = sources[best].reshape(-1, now.shape[2], side, side)
    total, weight = np.zeros_like(now), np.zeros((*hole.shape, 1), np.float32)
    for i in range(side):
        for j in range(side):
            at = rows + i, columns + j
            np.add.at(total, at, votes[:, None] * chosen[:, :, i, j])
            np.add.at(weight, at, votes[:, None])
    return np.where(hole[:, :, None], total / np.maximum(weight, 1e-12), now), float(gaps.mean())


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
