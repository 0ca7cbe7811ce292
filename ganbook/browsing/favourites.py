"""Favourite samples, each with the name of its collection: as a table, and from a file."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ganbook.browsing.samples import Sample

if TYPE_CHECKING:
    import pandas as pd

Kept = tuple[tuple[str, Sample], ...]
LONGEST_NAME = 60


def added(kept: Kept, name: str, samples: Sequence[Sample]) -> Kept:
    """Add samples to a selection; one that is there already keeps its place and takes the new name."""
    for sample in samples:
        index = next((i for i, (_, other) in enumerate(kept) if other.same(sample)), len(kept))
        kept = (*kept[:index], (name, sample), *kept[index + 1 :])
    return kept


def without(kept: Kept, samples: Sequence[Sample]) -> Kept:
    """Leave samples out."""
    return tuple(pair for pair in kept if not any(pair[1].same(sample) for sample in samples))


def checked_name(name: str) -> str:
    """The name without spaces around it; ``ValueError`` if it is empty, too long or has several lines."""
    name = str(name).strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise ValueError(f"the name of a collection is one line of 1 to {LONGEST_NAME} characters, not {name[:80]!r}")
    return name


def frame(kept: Kept) -> pd.DataFrame:
    """Return one row per favourite; ``z`` and ``image`` are arrays."""
    import pandas as pd

    columns = ["selection", "sample", "z", "label", "score", "image", "step", "weights"]
    rows = [(name, s.title, s.z, s.label, s.score, s.image, s.step, s.weights) for name, s in kept]
    return pd.DataFrame(rows, columns=columns).astype({"label": "Int64", "score": "float64", "step": "int64"})


def read(file: Path, identity: str) -> Kept:
    """Read what :func:`ganbook.browsing.export.kept` wrote as ``npz``.

    Raises
    ------
    FileNotFoundError
        There is no such file.
    ValueError
        It holds something else, or a selection from another generator.
    """
    if not file.is_file():
        raise FileNotFoundError(f"there is no file {file}")
    try:
        with np.load(file, allow_pickle=False) as arrays:
            of = str(arrays["identity"])
            columns = [
                arrays[name] for name in ("selections", "z", "labels", "images", "scores", "titles", "steps", "weights")
            ]
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        raise ValueError(f"{file} holds no favourites: give an .npz that browser.save wrote") from None
    if of != identity:
        raise ValueError(f"{file} holds favourites of another generator ({of.strip()}), not from {identity.strip()}")
    return tuple(
        (str(name), Sample(z, None if label < 0 else int(label), image, None if np.isnan(score) else float(score),
                           str(title), int(step), str(weights)))
        for name, z, label, image, score, title, step, weights in zip(*columns, strict=True)
    )  # fmt: skip
