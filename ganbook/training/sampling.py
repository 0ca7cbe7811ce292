"""From a GAN and a seed to images, with every request checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ganbook.config.parser import make
from ganbook.config.sample import SampleConfig
from ganbook.data.grid import image_grid
from ganbook.data.pixels import to_uint8

if TYPE_CHECKING:
    from ganbook.gan.model import GAN
    from ganbook.training.run import Run


def draw(
    gan: GAN,
    count: int,
    *,
    seed: int = 0,
    labels: int | np.ndarray | None = None,
    truncation: float = 1.0,
    weights: str = "ema",
    classes: int = 0,
) -> np.ndarray:
    """Draw ``count`` images, uint8 (count, H, W, C); see :meth:`ganbook.training.run.Run.sample`."""
    asked = make(SampleConfig, count=count, seed=seed, truncation=truncation, weights=weights)
    z = gan.noise(asked.count, asked.seed) * np.float32(asked.truncation)
    return to_uint8(gan.sample(z, class_labels(labels, asked.count, classes), weights=asked.weights))


def class_labels(labels: int | np.ndarray | None, count: int, classes: int) -> np.ndarray | None:
    """Labels int32 (count,) for a run with so many classes; None if it has none.

    Raises
    ------
    ValueError
        Labels where there are none, of another length, or out of range.
    """
    if not classes:
        if labels is not None:
            raise ValueError("this run is not conditional, so it takes no labels: train with --conditional for that")
        return None
    if labels is None:
        return np.arange(count, dtype=np.int32) % classes
    given = np.asarray(labels)
    if given.ndim == 0:
        given = np.full(count, given)
    if given.shape != (count,) or not np.issubdtype(given.dtype, np.integer):
        raise ValueError(
            f"labels must be one whole number or {count} of them, not {given.dtype} of shape {given.shape}"
        )
    if given.min(initial=0) < 0 or given.max(initial=0) >= classes:
        raise ValueError(f"labels go from 0 to {classes - 1}, not {given.min()} to {given.max()}")
    return given.astype(np.int32)


def write(run: Run, out: Path, *, label: int | None = None, **options: Any) -> None:
    """Draw images and write them: ``.npz`` with ``images`` (and ``labels`` if conditional), or ``.png``, a grid.

    Raises
    ------
    ValueError
        Another kind of file, or options out of bounds.
    FileNotFoundError
        The folder of ``out`` does not exist.
    """
    if out.suffix not in (".npz", ".png"):
        raise ValueError(f"{out} is neither .npz (arrays) nor .png (a grid)")
    if not out.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {out.parent} to write {out.name} into")
    asked = make(SampleConfig, label=label, **options)
    images = run.sample(asked.count, asked.seed, asked.label, asked.truncation, asked.weights)
    if out.suffix == ".png":
        image_grid(images).save(out)
        return
    labels = class_labels(asked.label, asked.count, run.num_classes)
    np.savez_compressed(out, images=images, **{} if labels is None else {"labels": labels})
