"""A distance of patches: it sees speckle and checkerboards, which a classifier's features forgive."""

from __future__ import annotations

import itertools

import numpy as np

PATCH, PATCHES_AN_IMAGE, DIRECTIONS, SMALLEST = 7, 64, 256, 14
# Of the probe, which takes a moment only.
PROBED_AN_IMAGE, PROBED_DIRECTIONS = 16, 64
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
    seen = (PATCHES_AN_IMAGE, DIRECTIONS, seed)
    pairs = zip(_pyramid(a), _projections(a, *seen), _projections(b, *seen), strict=True)
    return {min(level.shape[1:3]): 1000 * float(np.abs(of_a - of_b).mean()) for level, of_a, of_b in pairs}


class PatchProbe:
    """Measures the patch distance of samples to real images quickly and roughly, for use while training.

    Parameters
    ----------
    real, others
        Real images uint8 (N, H, W, C), at least 7 pixels wide and high, and others of them.

    Attributes
    ----------
    floor
        The distance of ``others``.
    """

    def __init__(self, real: np.ndarray, others: np.ndarray):
        self._real = self._of(real)
        self.floor = self(others)

    def __call__(self, images: np.ndarray) -> float:
        """Return the mean over levels of :func:`patch_distance` of images uint8 (N, H, W, C), from fewer patches."""
        pairs = zip(self._of(images), self._real, strict=True)
        return 1000 * float(np.mean([np.abs(mine - real).mean() for mine, real in pairs]))

    @staticmethod
    def _of(images: np.ndarray) -> list[np.ndarray]:
        return _projections(images, PROBED_AN_IMAGE, PROBED_DIRECTIONS, 0)


def _projections(images: np.ndarray, per_image: int, directions: int, seed: int) -> list[np.ndarray]:
    """Return the sorted projections of patches of each level, float32 (directions, patches)."""
    result = []
    for level in _pyramid(images):
        patches = _normalised(_patches(level, np.random.default_rng(seed), per_image))
        rng = np.random.default_rng(seed)
        ways = rng.standard_normal((patches.shape[1], directions), dtype=np.float32)
        ways /= np.linalg.norm(ways, axis=0)
        result.append(np.stack([np.sort(patches @ way) for way in ways.T]))
    return result


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


def _patches(images: np.ndarray, rng: np.random.Generator, per_image: int) -> np.ndarray:
    """Return patches at random places, (N × per_image, 7, 7, C)."""
    count, height, width, _ = images.shape
    top = rng.integers(0, height - PATCH + 1, (count, per_image))[..., None, None]
    left = rng.integers(0, width - PATCH + 1, (count, per_image))[..., None, None]
    rows, columns = top + np.arange(PATCH)[:, None], left + np.arange(PATCH)
    picked = images[np.arange(count)[:, None, None, None], rows, columns]
    return picked.reshape(-1, PATCH, PATCH, images.shape[3])


def _normalised(patches: np.ndarray) -> np.ndarray:
    """Mean 0 and deviation 1 in each channel over all patches; one row for each patch."""
    mean, deviation = patches.mean((0, 1, 2)), patches.std((0, 1, 2))
    return ((patches - mean) / np.maximum(deviation, 1e-8)).reshape(len(patches), -1)
