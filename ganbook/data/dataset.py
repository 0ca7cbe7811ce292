"""What training needs of any data: samples, labels, a fingerprint, and how samples look.

Images are one kind, points in the plane and lines of text are others; a kind is a class like
:class:`ganbook.data.points.PointData` and an entry of :data:`KINDS`.
"""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from ganbook.utils.bounds import UNBALANCED

# Where the class of each kind lives.
KINDS = {
    "images": "ganbook.data.image_data:ImageData",
    "points": "ganbook.data.points:PointData",
    "text": "ganbook.data.text:TextData",
}


class Dataset(ABC):
    """A training split, with or without labels and a test split.

    Attributes
    ----------
    kind : str
        The entry of :data:`KINDS`.
    noun : str
        What one sample is called in messages.
    holds : str
        What it holds, in words for messages; and ``instead``, what to use where images are needed.
    preview_count : int
        How many samples a preview shows.
    preview_suffix : str
        Of the file that :meth:`write_preview` writes.
    name : str
        Short name for display and for default run names.
    source : str or None
        What :func:`ganbook.data.load` takes to get the same data again; None if only this program has them.
    labels : ndarray int32 (N,) or None
        Class numbers.
    class_names : tuple of str
        Name of each class number; empty without labels.
    export_formats : dict
        Suffixes of the files that :meth:`export` writes, and what each holds.
    networks : tuple of str or None
        Names of the networks that can learn it; None where any can.
    compiles : bool
        Whether compiling a training step with XLA takes less time than it saves.
    few_values : bool
        Whether a sample has so few values that a good generator leaves nothing by which to tell its samples from real
        ones, and that distances between samples show which part of the data they reach.
    """

    kind: ClassVar[str]
    noun: ClassVar[str] = "image"
    holds: ClassVar[str] = "images"
    instead: ClassVar[str] = ""
    preview_count: ClassVar[int] = 64
    preview_suffix: ClassVar[str] = ".png"
    export_formats: ClassVar[dict[str, str]]
    networks: ClassVar[tuple[str, ...] | None] = None
    compiles: ClassVar[bool] = True
    few_values: ClassVar[bool] = False
    name: str
    source: str | None
    labels: np.ndarray | None
    class_names: tuple[str, ...]

    @property
    @abstractmethod
    def samples(self) -> np.ndarray:
        """The training samples as batches are taken from them, (N, …): uint8 pixels, or float32."""

    @property
    @abstractmethod
    def test_samples(self) -> np.ndarray:
        """The test split, as :attr:`samples`; perhaps empty."""

    @property
    @abstractmethod
    def fingerprint(self) -> str:
        """16 hex digits that tell whether two data sets hold the same samples, labels and split."""

    @staticmethod
    @abstractmethod
    def load_options(record: dict[str, Any]) -> dict[str, Any]:
        """Return the options with which :func:`ganbook.data.load` gives the data that :meth:`record` described."""

    @staticmethod
    @abstractmethod
    def decode(samples: np.ndarray, record: dict[str, Any]) -> Any:
        """Turn what a generator returns, float32 (N, …), into samples as users get them.

        ``record`` is that of the data which the generator learned.
        """

    @staticmethod
    @abstractmethod
    def size_in_words(record: dict[str, Any]) -> str:
        """Return the size of one sample of the data that :meth:`record` described, for people: ``28×28``."""

    @staticmethod
    @abstractmethod
    def preview_size(record: dict[str, Any]) -> tuple[int, int]:
        """Return width and height, in pixels, of what :meth:`write_preview` writes."""

    @abstractmethod
    def write_preview(self, samples: np.ndarray, file: Path) -> None:
        """Write what a generator returns, float32 (N, …), as one image, or as text where samples are text."""

    @classmethod
    @abstractmethod
    def export(cls, samples: Any, labels: np.ndarray | None, out: Path) -> None:
        """Write decoded samples (N, …), and labels int32 (N,) if there are any, in the format of the suffix."""

    def as_drawn(self, samples: np.ndarray) -> np.ndarray:
        """Turn samples (N, …) of either split into what a generator returns, float32 (N, …)."""
        return samples.astype(np.float32) / 127.5 - 1 if samples.dtype == np.uint8 else samples

    def __len__(self) -> int:
        """Return the number of training samples."""
        return len(self.samples)

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one sample."""
        return tuple(self.samples.shape[1:])

    @property
    def photographs(self) -> bool:
        """Whether they are photographs in colour."""
        return False

    @property
    def each_class(self) -> int:
        """How many samples each of several classes has at least; 0 if there are not several, or one is rare."""
        if self.labels is None or self.num_classes < 2:
            return 0
        counts = np.bincount(self.labels, minlength=self.num_classes)
        return 0 if counts.min() * UNBALANCED < counts.max() else int(counts.min())

    @property
    def traits(self) -> tuple[int, tuple[int, ...], bool, int]:
        """What defaults of a training follow from, as :meth:`ganbook.TrainConfig.resolved` takes it."""
        return len(self), self.shape, self.photographs, self.each_class

    @property
    def num_classes(self) -> int:
        """Number of classes, 0 without labels."""
        return len(self.class_names)

    def record(self) -> dict[str, Any]:
        """Describe the data for ``config.json``: kind, name, source, fingerprint, count, shape and classes."""
        return {
            "kind": self.kind,
            "name": self.name,
            "source": self.source,
            "fingerprint": self.fingerprint,
            "count": len(self),
            "shape": list(self.shape),
            "num_classes": self.num_classes,
            "class_names": list(self.class_names),
        }


def kind_of(record: dict[str, Any]) -> type[Dataset]:
    """Return the class of the data that a record describes."""
    module, _, name = KINDS[record.get("kind", "images")].partition(":")
    return getattr(importlib.import_module(module), name)


def check_images(record: dict[str, Any], what: str) -> None:
    """Raise ``ValueError`` if a record describes other data than images, which ``what`` needs."""
    kind = kind_of(record)
    if kind.kind != "images":
        raise ValueError(f"{what} takes images, and {record['name']} holds {kind.holds}: {kind.instead}")
