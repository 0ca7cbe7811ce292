"""How near filled images come to the truth: on the hole and on the whole image, never mixed."""

from __future__ import annotations

import numpy as np

PERFECT = 60.0  # dB that a fill without any error counts as, so that means stay finite; a quarter of a grey level
BUCKETS = ((0.0, 0.1), (0.1, 0.2), (0.2, 0.3), (0.3, 0.4), (0.4, 0.5), (0.5, 0.6), (0.6, 1.0))


def compare(filled: np.ndarray, truth: np.ndarray, holes: np.ndarray) -> dict[str, np.ndarray]:
    """Compare filled images with the truth, image by image.

    Parameters
    ----------
    filled, truth
        uint8 (N, H, W, C).
    holes
        bool (N, H, W).

    Returns
    -------
    dict
        float (N,) each: ``psnr_hole``, ``psnr_whole`` in dB, at most :data:`PERFECT`; ``l1_hole``, ``l1_whole``, mean
        absolute error over 255; ``ssim_hole``, ``ssim_whole`` (Wang et al. 2004, doi 10.1109/TIP.2003.819861; windows
        of 7×7, the mean over all windows and over those centred in the hole).
    """
    difference = (filled.astype(np.float64) - truth) / 255
    squared, absolute = np.square(difference).mean(3), np.abs(difference).mean(3)
    similar = np.stack([_similarity(a, b) for a, b in zip(filled, truth, strict=True)])
    scores = {}
    for name, area in (("hole", holes), ("whole", np.ones_like(holes))):
        scores[f"psnr_{name}"] = np.minimum(-10 * np.log10(np.maximum(_mean(squared, area), 1e-12)), PERFECT)
        scores[f"ssim_{name}"] = _mean(similar, area)
        scores[f"l1_{name}"] = _mean(absolute, area)
    return scores


def _mean(values: np.ndarray, area: np.ndarray) -> np.ndarray:
    return (values * area).sum((1, 2)) / area.sum((1, 2))


def _similarity(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    from skimage.metrics import structural_similarity

    side = min(7, (min(a.shape[:2]) - 1) // 2 * 2 + 1)
    _, similar = structural_similarity(a, b, win_size=side, channel_axis=2, data_range=255, full=True)
    return similar.mean(2)


def bucket(ratios: np.ndarray) -> list[str]:
    """Name the bucket of each hole ratio, such as ``10–20 %``."""
    edges = np.array([high for _, high in BUCKETS[:-1]])
    return [f"{100 * low:.0f}–{100 * high:.0f} %" for low, high in (BUCKETS[i] for i in np.searchsorted(edges, ratios))]
