"""A distance of patches: it sees speckle and checkerboards, which a classifier's features forgive."""

from __future__ import annotations

import itertools

import numpy as np

PATCH, PATCHES_AN_IMAGE, DIRECTIONS, SMALLEST = 7, 64, 256, 14
# The binomial filter of Burt & Adelson's pyramid.
_FILTER = np.array([1, 4, 6, 4, 1], np.float32) / 16


def patch_distance(a: np.ndarray, b: np.ndarray, seed: int = 0) -> dict[int, float]:
    """Return the sliced Wasserstein distance of 7×7 patches at each level of a Laplacian pyramid, times 1,000.

    After Karras et al. 2018, section 5 (arXiv 1710.10196), with levels down to 14 pixels instead of 16.

    Parameters
    ----------
    a, b
        Images uint8 (N, H, W, C), as many of each, at least 7 pixels wide and high.
    seed
        Decides which patches and directions are looked at.

    Returns
    -------
    dict
        The distance by the level's side in pixels, finest first.

    Raises
    ------
    ValueError
        Images of different shapes or counts, or too small.
    """
    if a.shape != b.shape or a.ndim != 4 or min(a.shape[1:3]) < PATCH:
        raise ValueError(f"images have shapes {a.shape} and {b.shape}: give equal (N, H, W, C), at least 7 pixels wide")
    distances = {}
    for level_a, level_b in zip(_pyramid(a), _pyramid(b), strict=True):
        rng = np.random.default_rng(seed)
        patches_a, patches_b = (
            _normalised(_patches(level, np.random.default_rng(seed))) for level in (level_a, level_b)
        )
        directions = rng.standard_normal((patches_a.shape[1], DIRECTIONS), dtype=np.float32)
        directions /= np.linalg.norm(directions, axis=0)
        between = [
            np.abs(np.sort(patches_a @ direction) - np.sort(patches_b @ direction)).mean() for direction in directions.T
        ]
        distances[min(level_a.shape[1:3])] = 1000 * float(np.mean(between))
    return distances


def sharpness(a: np.ndarray, b: np.ndarray) -> float:
    """Return the deviation of the finest structure of images ``a`` over that of ``b``, uint8 (N, H, W, C) each.

    The finest structure is what a blur with the filter of the pyramid takes away: 1 as sharp, below 1 blurred, above 1
    speckled.
    """
    fine = [images - _blurred(images) for images in (a.astype(np.float32), b.astype(np.float32))]
    return float(np.sqrt(np.square(fine[0]).mean() / np.square(fine[1]).mean()))


def _pyramid(images: np.ndarray) -> list[np.ndarray]:
    """Return what each level adds to the coarser ones; the coarsest as it is."""
    levels = [images.astype(np.float32) / 127.5 - 1]
    while min(levels[-1].shape[1:3]) >= 2 * SMALLEST:
        levels.append(_blurred(levels[-1])[:, ::2, ::2])
    return [fine - _doubled(coarse, fine.shape) for fine, coarse in itertools.pairwise(levels)] + levels[-1:]


def _blurred(images: np.ndarray, gain: float = 1.0) -> np.ndarray:
    for axis in (1, 2):
        reach = [(0, 0)] * 4
        reach[axis] = (2, 2)
        padded, side = np.pad(images, reach, "reflect"), images.shape[axis]
        images = sum(weight * gain * padded.take(range(i, i + side), axis) for i, weight in enumerate(_FILTER))
    return images


def _doubled(images: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    wide = np.zeros((*shape[:3], images.shape[3]), np.float32)
    wide[:, ::2, ::2] = images
    return _blurred(wide, gain=2.0)


def _patches(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return patches at random places, (N × PATCHES_AN_IMAGE, 7, 7, C)."""
    count, height, width, _ = images.shape
    top = rng.integers(0, height - PATCH + 1, (count, PATCHES_AN_IMAGE))[..., None, None]
    left = rng.integers(0, width - PATCH + 1, (count, PATCHES_AN_IMAGE))[..., None, None]
    rows, columns = top + np.arange(PATCH)[:, None], left + np.arange(PATCH)
    picked = images[np.arange(count)[:, None, None, None], rows, columns]
    return picked.reshape(-1, PATCH, PATCH, images.shape[3])


def _normalised(patches: np.ndarray) -> np.ndarray:
    """Mean 0 and deviation 1 in each channel over all patches; one row for each patch."""
    mean, deviation = patches.mean((0, 1, 2)), patches.std((0, 1, 2))
    return ((patches - mean) / np.maximum(deviation, 1e-8)).reshape(len(patches), -1)
