"""From a GAN and a seed to images, with every request checked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ganbook.config.parser import make
from ganbook.config.sample import SampleConfig
from ganbook.data.grid import image_grid
from ganbook.data.labels import class_name
from ganbook.data.pixels import to_uint8
from ganbook.utils.errors import few, nearest

if TYPE_CHECKING:
    from ganbook.gan.model import GAN
    from ganbook.training.run import Run


def draw(
    gan: GAN,
    count: int,
    *,
    seed: int = 0,
    labels: int | str | np.ndarray | None = None,
    truncation: float = 1.0,
    weights: str = "ema",
    classes: int = 0,
    class_names: Sequence[str] = (),
) -> np.ndarray:
    """Draw ``count`` images, uint8 (count, H, W, C); see :meth:`ganbook.training.run.Run.sample`."""
    asked = make(SampleConfig, count=count, seed=seed, truncation=truncation, weights=weights)
    z = gan.noise(asked.count, asked.seed) * np.float32(asked.truncation)
    return to_uint8(gan.sample(z, class_labels(labels, asked.count, classes, class_names), weights=asked.weights))


def class_labels(
    labels: int | str | np.ndarray | None, count: int, classes: int, class_names: Sequence[str] = ()
) -> np.ndarray | None:
    """Labels int32 (count,) for a run with so many classes; None if it has none.

    Text is the name of a class, or, where no class is called so, its number.

    Raises
    ------
    ValueError
        Labels where there are none, of another length, out of range, or unknown.
    """
    if not classes:
        if labels is not None:
            raise ValueError("this run is not conditional, so it takes no labels: train with --conditional for that")
        return None
    if labels is None:
        return np.arange(count, dtype=np.int32) % classes
    if isinstance(labels, str):
        labels = _class_number(labels, classes, class_names)
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


def _class_number(label: str, classes: int, class_names: Sequence[str]) -> int:
    names = list(class_names)
    if class_name(label) in names:
        return names.index(class_name(label))
    if label.isascii() and label.isdecimal() and int(label[:9]) < classes:
        return int(label)
    raise ValueError(f"no class is called {label!r}{nearest(label, names)}; the {classes} classes are {few(names, 12)}")


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
    labels = class_labels(asked.label, asked.count, run.num_classes, run.class_names)
    np.savez_compressed(out, images=images, **{} if labels is None else {"labels": labels})
