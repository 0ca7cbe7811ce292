"""Images as data: what every source of images becomes."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ganbook.data.dataset import Dataset
from ganbook.data.grid import GAP, image_grid
from ganbook.data.photographs import are_photographs
from ganbook.data.pixels import to_uint8
from ganbook.utils.arrays import as_array

if TYPE_CHECKING:
    pass

_HASH_BLOCK = 64 * 2**20  # bytes read at a time, so that a memory-mapped split never lands in memory whole


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ImageData(Dataset):
    """Images of one size, with or without labels and a test split.

    Attributes
    ----------
    images : ndarray or memmap, uint8 (N, H, W, C)
        The training split; C is 1 (grey) or 3 (RGB), values 0..255.
    labels : ndarray int32 (N,) or None
        Class numbers, 0 <= label < ``num_classes``.
    test_images : ndarray or memmap, uint8 (M, H, W, C)
        The test split; M may be 0.
    test_labels : ndarray int32 (M,) or None
    class_names : tuple of str
        Name of each class number; empty without labels.
    name : str
        Short name for display and for default run names ("fashion", the folder's name, "array").
    source : str or None
        What :func:`ganbook.data.load` takes to get the same data again; None for arrays.
    skipped : tuple of (path, reason)
        Images of a folder that could not be read.
    known_fingerprint : str or None
        The fingerprint, where it was computed before (the image cache keeps it).
    crop : int, str or None
        The side of the squares into which larger images were cut, if they were; or what became of images of another
        aspect, if not the centre crop: ``random`` or ``none``.
    held_out : int or None
        How many training images were set aside and stand in the place of the test split, if some were.
    """

    images: np.ndarray
    labels: np.ndarray | None = None
    test_images: np.ndarray
    test_labels: np.ndarray | None = None
    class_names: tuple[str, ...] = ()
    name: str
    source: str | None = None
    skipped: tuple[tuple[str, str], ...] = ()
    known_fingerprint: str | None = None
    crop: int | str | None = None
    held_out: int | None = None
    kind: ClassVar[str] = "images"
    export_formats: ClassVar[dict[str, str]] = {".npz": "arrays", ".png": "a grid"}

    @property
    def samples(self) -> np.ndarray:
        """The training split, as :attr:`images`."""
        return self.images

    @property
    def test_samples(self) -> np.ndarray:
        """The test split, as :attr:`test_images`."""
        return self.test_images

    @property
    def shape(self) -> tuple[int, int, int]:
        """Height, width and channels of every image."""
        height, width, channels = self.images.shape[1:]
        return height, width, channels

    @staticmethod
    def load_options(record: dict[str, Any]) -> dict[str, Any]:
        """Return the size and channels of the images that :meth:`record` described."""
        height, width, channels = record["shape"]
        held_out = {"hold_out": record["held_out"]} if record.get("held_out") else {}
        crop = record.get("crop")
        if isinstance(crop, int):
            return {"crop": crop, "channels": channels} | held_out
        return {"image_size": (height, width), "channels": channels} | ({"crop": crop} if crop else {}) | held_out

    def record(self) -> dict[str, Any]:
        """Describe the data for ``config.json``, with how they were cropped and the number of images held out."""
        more = {"crop": self.crop, "held_out": self.held_out}
        return super().record() | {name: value for name, value in more.items() if value}

    @staticmethod
    def decode(samples: np.ndarray, record: dict[str, Any]) -> np.ndarray:
        """Turn float32 (N, H, W, C) in [−1, 1] into pixels, uint8 (N, H, W, C)."""
        return to_uint8(samples)

    @staticmethod
    def size_in_words(record: dict[str, Any]) -> str:
        """Return width × height."""
        height, width, _ = record["shape"]
        return f"{width}×{height}"

    @staticmethod
    def preview_size(record: dict[str, Any]) -> tuple[int, int]:
        """Return width and height of the grid in pixels; it is as many images wide as high."""
        columns = math.isqrt(ImageData.preview_count)
        height, width, _ = record["shape"]
        return columns * (width + GAP) - GAP, columns * (height + GAP) - GAP

    def write_preview(self, samples: np.ndarray, file: Path) -> None:
        """Draw float32 (N, H, W, C) in [−1, 1] as a grid."""
        image_grid(to_uint8(samples)).save(file, format="PNG")

    @classmethod
    def export(cls, samples: np.ndarray, labels: np.ndarray | None, out: Path) -> None:
        """Write images uint8 (N, H, W, C) as ``.npz`` with ``images`` and ``labels``, or as ``.png``, a grid."""
        if out.suffix.lower() == ".png":
            image_grid(samples).save(out, format="PNG")
            return
        with out.open("wb") as file:  # by name, numpy would add .npz
            np.savez_compressed(file, images=samples, **({} if labels is None else {"labels": labels}))

    @cached_property
    def photographs(self) -> bool:
        """Whether they are photographs in colour, see :mod:`ganbook.data.photographs`."""
        return are_photographs(self.images)

    @cached_property
    def fingerprint(self) -> str:
        """16 hex digits that tell whether two data sets hold the same images, labels and split.

        A SHA-256 prefix over dtype, shape and bytes of both splits and their labels; names and paths do not
        count.
        """
        if self.known_fingerprint is not None:
            return self.known_fingerprint
        parts = (self.images, self.labels, self.test_images, self.test_labels)
        return join_digests([None if part is None else array_digest(part) for part in parts])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        """Return :attr:`images`, so that ``np.asarray`` of it is the training images."""
        return as_array(self.images, dtype, copy)

    def __repr__(self) -> str:
        """Return one line: name, counts, width × height, classes."""
        height, width, channels = self.shape
        test = f" + {len(self.test_images):,} test" if len(self.test_images) else ""
        colour = "grey" if channels == 1 else "RGB"
        classes = f", {self.num_classes} classes" if self.num_classes else ", no labels"
        skipped = f", {len(self.skipped)} skipped" if self.skipped else ""
        return (
            f"ImageData({self.name!r}: {len(self):,} training{test} images, "
            f"{width}×{height} {colour}{classes}{skipped})"
        )

    def _repr_html_(self) -> str:
        from ganbook.data.display import to_html

        return to_html(self)


def array_digest(array: np.ndarray) -> str:
    """Dtype, shape and SHA-256 of an array's bytes, read block by block along the first axis."""
    sha = hashlib.sha256()
    row_bytes = max(1, array.nbytes // max(1, len(array)))
    rows = max(1, _HASH_BLOCK // row_bytes)
    for start in range(0, len(array), rows):
        sha.update(np.ascontiguousarray(array[start : start + rows]))
    return describe_digest(array.dtype, array.shape, sha.hexdigest())


def describe_digest(dtype: np.dtype | type, shape: tuple[int, ...], bytes_digest: str) -> str:
    """One part of a fingerprint; the image cache builds it while writing, without a second pass."""
    return f"{np.dtype(dtype).str} {tuple(int(n) for n in shape)} {bytes_digest}"


def join_digests(parts: list[str | None]) -> str:
    """Fingerprint of the parts (images, labels, test images, test labels)."""
    return hashlib.sha256("\n".join(part or "none" for part in parts).encode()).hexdigest()[:16]
