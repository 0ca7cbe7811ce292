"""Samples and real images in two dimensions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from ganbook.browsing.samples import Samples

WAYS = ("pca", "tsne")
PERPLEXITY = 30.0


@dataclass(frozen=True, eq=False)
class Map:
    """Where samples and real images lie.

    Attributes
    ----------
    how
        ``pca`` or ``tsne``.
    samples
        The samples, in the order of their places.
    places, real_places
        float32 (N, 2) and (M, 2), in [−1, 1].
    real_images
        uint8 (M, H, W, C).
    """

    how: str
    samples: Samples = field(repr=False)
    places: np.ndarray = field(repr=False)
    real_places: np.ndarray = field(repr=False)
    real_images: np.ndarray = field(repr=False)


def places(
    images: np.ndarray, real: np.ndarray, components: Callable[[np.ndarray], np.ndarray], how: str = "pca"
) -> tuple[np.ndarray, np.ndarray]:
    """Lay out samples uint8 (N, H, W, C) and real images (M, H, W, C).

    Parameters
    ----------
    images, real
        What to lay out.
    components
        Images → their principal components among the real images, float (N, K).
    how
        ``pca``: the first two of them. ``tsne`` arranges all of them (van der Maaten & Hinton 2008), so that near is
        near but far says little.

    Returns
    -------
    tuple of ndarray
        float32 (N, 2) and (M, 2), in [−1, 1].

    Raises
    ------
    ValueError
        Another ``how``, too few images for it, or scikit-learn is missing.
    """
    if how not in WAYS:
        raise ValueError(f"a map is made by {' or '.join(WAYS)}, not by {how!r}")
    both = components(np.concatenate([images, real]))
    both = both[:, :2] if how == "pca" else _tsne(both)
    both = np.pad(both, [(0, 0), (0, 2 - both.shape[1])])
    both = both - (both.max(0) + both.min(0)) / 2
    both /= max(float(np.abs(both).max()), 1e-9)
    return both[: len(images)].astype(np.float32), both[len(images) :].astype(np.float32)


def _tsne(vectors: np.ndarray) -> np.ndarray:
    try:
        from sklearn.manifold import TSNE
    except ImportError:
        raise ValueError("a map by tsne needs scikit-learn: pip install 'ganbook[maps]', or take pca") from None
    if len(vectors) <= 3 * PERPLEXITY:
        raise ValueError(f"a map by tsne needs more than {3 * PERPLEXITY:.0f} images, not {len(vectors)}: take pca")
    return TSNE(perplexity=PERPLEXITY, init="pca", random_state=0).fit_transform(vectors)
