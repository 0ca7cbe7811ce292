"""What training needs of any data: samples, labels, a fingerprint, and how samples look.

Images are one kind, points in the plane another; a kind is a class like :class:`ganbook.data.points.PointData` and an
entry of :data:`KINDS`.
"""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

# Where the class of each kind lives.
KINDS = {"images": "ganbook.data.image_data:ImageData", "points": "ganbook.data.points:PointData"}


class Dataset(ABC):
    """A training split, with or without labels and a test split.

    Attributes
    ----------
    kind : str
        The entry of :data:`KINDS`.
    noun : str
        What one sample is called in messages.
    preview_count : int
        How many samples a preview shows.
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
    refused : tuple of str
        Training options that mean nothing for it.
    compiles : bool
        Whether compiling a training step with XLA takes less time than it saves.
    few_values : bool
        Whether a sample has so few values that a good generator leaves nothing by which to tell its samples from real
        ones, and that distances between samples show which part of the data they reach.
    """

    kind: ClassVar[str]
    noun: ClassVar[str] = "image"
    preview_count: ClassVar[int] = 64
    export_formats: ClassVar[dict[str, str]]
    networks: ClassVar[tuple[str, ...] | None] = None
    refused: ClassVar[tuple[str, ...]] = ()
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
    def decode(samples: np.ndarray, record: dict[str, Any]) -> np.ndarray:
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
        """Return width and height, in pixels, of what :meth:`preview` draws."""

    @abstractmethod
    def preview(self, samples: np.ndarray) -> Image:
        """Draw what a generator returns, float32 (N, …), as one image."""

    @classmethod
    @abstractmethod
    def export(cls, samples: np.ndarray, labels: np.ndarray | None, out: Path) -> None:
        """Write decoded samples (N, …), and labels int32 (N,) if there are any, in the format of the suffix."""

    def __len__(self) -> int:
        """Return the number of training samples."""
        return len(self.samples)

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one sample."""
        return tuple(self.samples.shape[1:])

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


def refuse_points(record: dict[str, Any], what: str) -> None:
    """Raise ``ValueError`` if a record describes points where images are needed; ``what`` needs them."""
    if record.get("kind", "images") == "points":
        raise ValueError(
            f"{what} takes images, and {record['name']} holds points in the plane: draw them with run.sample, "
            "judge them with ganbook.metrics.points"
        )
