"""Samples with all that made them, so that they can be told apart, kept and drawn again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ganbook.data.grid import enlarged_png, image_grid
from ganbook.utils.arrays import as_array


@dataclass(frozen=True, eq=False)
class Sample:
    """One image of a generator.

    Attributes
    ----------
    z
        float32 (L,), as the generator got it.
    label
        Class, or None.
    image
        uint8 (H, W, C).
    score
        D's logit: the higher, the more it takes the image for real. None without D.
    title
        What it is called: its number in the gallery, or how it came about.
    step, weights
        Which weights drew it.
    """

    z: np.ndarray = field(repr=False)
    label: int | None
    image: np.ndarray = field(repr=False)
    score: float | None
    title: str
    step: int
    weights: str

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        """Return :attr:`image`, so that ``np.asarray`` of it is the image."""
        return as_array(self.image, dtype, copy)

    def same(self, other: Sample) -> bool:
        """Tell whether it is the same image from the same weights."""
        made = (self.label, self.step, self.weights) == (other.label, other.step, other.weights)
        return made and np.array_equal(self.z, other.z)


@dataclass(frozen=True, eq=False)
class Samples:
    """Several images from the same weights, or from several steps.

    ``z`` float32 (N, L), ``labels`` int32 (N,) or None, ``images`` uint8 (N, H, W, C), ``scores`` float32 (N,) or
    None, ``titles`` and ``steps`` of length N.
    """

    z: np.ndarray = field(repr=False)
    labels: np.ndarray | None = field(repr=False)
    images: np.ndarray = field(repr=False)
    scores: np.ndarray | None = field(repr=False)
    titles: tuple[str, ...] = field(repr=False)
    steps: tuple[int, ...]
    weights: str

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        """Return ``images``, so that ``np.asarray`` of it is the images."""
        return as_array(self.images, dtype, copy)

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> Sample:
        if not 0 <= index < len(self):
            raise IndexError(f"there are {len(self)} samples, numbered from 0; there is no {index}")
        label = None if self.labels is None else int(self.labels[index])
        score = None if self.scores is None else float(self.scores[index])
        return Sample(
            self.z[index], label, self.images[index], score, self.titles[index], self.steps[index], self.weights
        )

    def __iter__(self) -> Iterator[Sample]:
        return (self[index] for index in range(len(self)))

    def _repr_png_(self) -> bytes:
        """All in one sheet, up to twelve in a row."""
        return enlarged_png(image_grid(self.images, min(12, len(self))), 720)


def joined(samples: Sequence[Sample]) -> Samples:
    """Put samples of one generator together; at least one."""
    first = samples[0]
    return Samples(
        np.stack([s.z for s in samples]),
        None if first.label is None else np.array([s.label for s in samples], np.int32),
        np.stack([s.image for s in samples]),
        None if first.score is None else np.array([s.score for s in samples], np.float32),
        tuple(s.title for s in samples),
        tuple(s.step for s in samples),
        first.weights,
    )
