"""From a GAN and a seed to images, with every request checked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ganbook.config.parser import make
from ganbook.config.sample import SampleConfig
from ganbook.data.dataset import kind_of
from ganbook.data.labels import class_name
from ganbook.utils.errors import few, nearest
from ganbook.utils.files import atomic, checked_out
from ganbook.utils.memory import physical_memory

COPIES = 2.5  # of all samples, as float32, while they are put together and decoded

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
    """Draw ``count`` samples, float32 (count, …) as the generator returns them.

    See :meth:`ganbook.training.run.Run.sample`, which decodes them.
    """
    options = make(SampleConfig, count=count, seed=seed, truncation=truncation, weights=weights)
    _check_memory(options.count, gan)
    z = gan.noise(options.count, options.seed) * np.float32(options.truncation)
    return gan.sample(z, class_labels(labels, options.count, classes, class_names), weights=options.weights)


def _check_memory(count: int, gan: GAN) -> None:
    """Raise ``MemoryError`` if so many samples cannot fit: the system would end the process rather than refuse."""
    values = math.prod(gan.generator.output_shape[1:]) * COPIES + gan.latent_dim
    needed, memory = 4 * count * values, physical_memory()
    if needed > memory:
        raise MemoryError(
            f"{count:,} samples take {needed / 2**30:.0f} GB, and this machine has {memory / 2**30:.0f}: draw fewer "
            "at a time"
        )


def class_labels(
    labels: int | str | np.ndarray | None, count: int, classes: int, class_names: Sequence[str] = ()
) -> np.ndarray | None:
    """Return labels int32 (count,) for a run with ``classes`` classes; None if it has none.

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
    try:
        array = np.asarray(labels)
    except ValueError:
        raise ValueError(f"labels must be one whole number or {count} of them, not lists of several lengths") from None
    if array.ndim == 0:
        array = np.full(count, array)
    if array.shape != (count,) or not np.issubdtype(array.dtype, np.integer):
        raise ValueError(
            f"labels must be one whole number or {count} of them, not {array.dtype} of shape {array.shape}"
        )
    if array.min(initial=0) < 0 or array.max(initial=0) >= classes:
        raise ValueError(f"labels go from 0 to {classes - 1}, not {array.min()} to {array.max()}")
    return array.astype(np.int32)


def _class_number(label: str, classes: int, class_names: Sequence[str]) -> int:
    names = list(class_names)
    if class_name(label) in names:
        return names.index(class_name(label))
    if label.isascii() and label.isdecimal() and int(label[:9]) < classes:
        return int(label)
    raise ValueError(f"no class is called {label!r}{nearest(label, names)}; the {classes} classes are {few(names, 12)}")


def write(run: Run, out: str | Path, *, label: int | str | None = None, **options: Any) -> None:
    """Draw samples and write them in one of the formats of the run's kind of data, by the suffix of ``out``.

    Images: ``.npz`` with ``images`` (and ``labels`` if conditional), or ``.png``, a grid.

    Raises
    ------
    ValueError
        Another kind of file, or options out of bounds.
    FileNotFoundError
        The folder of ``out`` does not exist.
    OSError
        It cannot be written; then a file that was there before is still there.
    """
    kind = kind_of(run.folder.config()["data"])
    out = checked_out(out, kind.export_formats)
    config = make(SampleConfig, label=label, **options)
    samples = run.sample(config.count, config.seed, config.label, config.truncation, config.weights)
    labels = class_labels(config.label, config.count, run.num_classes, run.class_names)
    with atomic(out) as temporary:
        kind.export(samples, labels, temporary)
