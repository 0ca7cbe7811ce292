"""What images can be expected to give, and what in them is in the way, before they are trained on."""

from __future__ import annotations

import html
import os
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ganbook.data import amount, duplicates
from ganbook.data.image_data import ImageData
from ganbook.data.image_file import Header, UnreadableImageError, read_header
from ganbook.data.listing import ImageFile, files_of
from ganbook.data.load import load
from ganbook.data.resize import CROPS, kept_area
from ganbook.data.threads import in_order
from ganbook.utils.bounds import SMALLEST_IMAGE
from ganbook.utils.errors import counted, few

# A crop that keeps less of a file's area than this loses part of what it shows.
KEPT_AREA = 0.75
EXAMPLES = 2  # of a count that are named
BLANK = 2.0  # standard deviation, in grey levels
SIZES = (32, 64, 128)


@dataclass(frozen=True)
class DataReport:
    """What :func:`report` found; every number counts training images.

    Attributes
    ----------
    name : str
    images, test_images : int
    size : tuple of int
        Height, width and channels that training sees.
    file_sizes : ndarray int (N, 2) or None
        Height and width of each file before it was cropped and resized; None unless the source is a folder.
    enlarged : int
        Files smaller than ``size`` in height or width.
    cropped : int
        Files that lose more than a quarter of their area to the crop, or are squeezed by as much.
    crop : str
        What becomes of files of another aspect, a key of :data:`ganbook.data.resize.CROPS`.
    grey : int
        Images without colour among those with three channels.
    blank : int
        Images of one colour.
    duplicates : tuple of tuple of str or int
        Groups of images that are equal to the bit, by file, or by number from 0 on.
    alike : tuple of tuple of str or int
        Pairs that are nearly the same (:mod:`ganbook.data.duplicates`).
    compared : int
        How many images were compared for that.
    in_test : tuple of str or int
        Training images that are in the test split, too.
    class_counts : dict
        Images of each class, by name; empty without labels.
    skipped : tuple of (path, reason)
        Files that are left out, as they cannot be read.
    examples : dict
        First files, or numbers from 0 on, of those counted in ``enlarged``, ``cropped``, ``grey`` and ``blank``.
    """

    name: str
    images: int
    test_images: int
    size: tuple[int, int, int]
    file_sizes: np.ndarray | None
    enlarged: int
    cropped: int
    crop: str
    grey: int
    blank: int
    duplicates: tuple[tuple[str | int, ...], ...]
    alike: tuple[tuple[str | int, str | int], ...]
    compared: int
    in_test: tuple[str | int, ...]
    class_counts: dict[str, int]
    skipped: tuple[tuple[str, str], ...] = ()
    examples: dict[str, tuple[str | int, ...]] = field(default_factory=dict)

    @property
    def suggested_size(self) -> int | None:
        """The largest of 32, 64 and 128 pixels that half of the files have on both sides; None without files.

        Smaller files are best left as they are: it is then their own side.
        """
        return None if self.file_sizes is None else allowed_sizes(self.file_sizes)[-1]

    @property
    def lines(self) -> tuple[str, ...]:
        """One line for each thing to know, with what to do about it."""
        return (*self._about_files(), *self._about_images(), *amount.few(self.images, self.class_counts))

    def _about_files(self) -> list[str]:
        if self.file_sizes is None:
            return []
        height, width, _ = self.size
        small, large = (self.file_sizes[i] for i in (self._areas().argmin(), self._areas().argmax()))
        middle = np.median(self.file_sizes, 0).astype(int)
        sizes = f"{small[1]}×{small[0]} to {large[1]}×{large[0]} pixels, median {middle[1]}×{middle[0]}"
        if (small == large).all():
            sizes = f"{small[1]}×{small[0]} pixels"
        lines = [f"Files: {sizes}; training sees {width}×{height}."]
        if self.suggested_size and self.suggested_size != max(height, width):
            lines[0] += f" Their size allows --image-size {self.suggested_size}."
        if self.skipped:
            which = few([path for path, _ in self.skipped])
            lines.append(f"{counted(len(self.skipped), 'file')} left out, which cannot be read: {which}.")
        if self.enlarged:
            lines.append(
                f"{_are(self.enlarged)} smaller than {width}×{height} and enlarged, which blurs{self._such('enlarged')}"
                ": choose a smaller --image-size, or leave them out."
            )
        if self.cropped:
            one = self.cropped == 1
            loses = f"lose{'s' * one} more than a quarter to the {'centre' if self.crop == 'center' else 'random'} crop"
            if self.crop == "none":
                loses = f"{'is' if one else 'are'} squeezed by more than a quarter"
            lines.append(
                f"{counted(self.cropped)} {loses} (--crop {self.crop}){self._such('cropped')}: crop around what "
                f"matters first, or give --crop {' or '.join(other for other in CROPS if other != self.crop)}."
            )
        return lines

    def _such(self, what: str) -> str:
        """Name some of those that a count counts."""
        return f", such as {few(self.examples[what])}" if self.examples.get(what) else ""

    def _about_images(self) -> list[str]:
        lines = []
        if self.grey:
            do = "use --channels 1" if self.grey * 2 > self.images else "remove them, unless they are wanted"
            lines.append(f"{_are(self.grey)} grey among images in colour{self._such('grey')}: {do}.")
        if self.blank:
            lines.append(
                f"{_are(self.blank)} of one colour{self._such('blank')}: remove them, or the generator learns to draw "
                "them."
            )
        if self.duplicates:
            lines.append(
                f"{counted(self._copies)} too many: {self._equal()}{' and others' * (len(self.duplicates) > EXAMPLES)} "
                f"are equal to the bit: keep one of each."
            )
        if self.alike:
            among = "" if self.compared + self._copies == self.images else f" among {self.compared:,} compared"
            pairs = "pair is" if len(self.alike) == 1 else "pairs are"
            lines.append(
                f"{len(self.alike):,} {pairs} nearly the same{among}, such as {few(self.alike[0])}: keep one of each, "
                "unless they are meant to be alike."
            )
        if self.in_test:
            lines.append(
                f"{_are(len(self.in_test))} in the test split, too, such as {few(self.in_test, 1)}: scores against it "
                "would flatter."
            )
        return lines

    def _equal(self) -> str:
        """Name some images and their copies."""
        return ", ".join(" = ".join(map(repr, group[:3])) for group in self.duplicates[:EXAMPLES])

    @property
    def _copies(self) -> int:
        return sum(len(group) - 1 for group in self.duplicates)

    def _areas(self) -> np.ndarray:
        assert self.file_sizes is not None
        return self.file_sizes.astype(np.int64).prod(1)

    def __str__(self) -> str:
        """Return a title and the lines."""
        return "\n".join([self._title(), *(f"- {line}" for line in self.lines)])

    __repr__ = __str__

    def _title(self) -> str:
        height, width, channels = self.size
        kind = "grey" if channels == 1 else "colour"
        found = "" if self.lines else "; nothing stands in the way"
        return f"{self.name}: {counted(self.images)} to learn from, {width}×{height}, {kind}{found}"

    def _repr_html_(self) -> str:
        items = "".join(f"<li>{html.escape(line)}</li>" for line in self.lines)
        return f"<div><strong>{html.escape(self._title())}</strong><ul>{items}</ul></div>"


def report(
    data: Any,
    image_size: int | tuple[int, int] | None = None,
    channels: int | None = None,
    crop: str | None = None,
) -> DataReport:
    """Look for what is in the way of learning from images.

    Parameters
    ----------
    data
        An :class:`ImageData`, or what :func:`load` takes.
    image_size, channels, crop
        As for :func:`load`; not for an :class:`ImageData`, which has its own.

    Raises
    ------
    ValueError
        The data cannot be loaded, or are no images.
    """
    if not isinstance(data, ImageData):
        data = load(data, image_size, channels, crop=crop)
    if not isinstance(data, ImageData):
        raise ValueError(f"a report is about images, and {data.name} is {data.kind}: give a folder, an .npz or arrays")
    files = files_of(data)
    names: list[str | int] = [file.path for file in files] if files else list(range(len(data)))
    sizes = _sizes(data, files) if files else None
    height, width, _ = data.shape
    pixels = np.asarray(data.images)
    groups = duplicates.equal(pixels)
    alike, compared = duplicates.alike(pixels, {i for group in groups for i in group[1:]})
    test = {duplicates.digest(image) for image in np.asarray(data.test_images)}
    found = {"grey": _grey(pixels), "blank": _spread(pixels) < BLANK}
    if sizes is not None:
        found["enlarged"] = (sizes[:, 0] < height) | (sizes[:, 1] < width)
        found["cropped"] = kept_area(*sizes.T, height, width) < KEPT_AREA
    found = {what: np.flatnonzero(such) for what, such in found.items()}
    return DataReport(
        name=data.name, images=len(data), test_images=len(data.test_images), size=data.shape, file_sizes=sizes,
        enlarged=len(found.get("enlarged", ())), cropped=len(found.get("cropped", ())),
        crop=str(data.crop or "center"), grey=len(found["grey"]), blank=len(found["blank"]),
        duplicates=tuple(tuple(names[i] for i in group) for group in groups),
        alike=tuple((names[i], names[j]) for i, j in alike), compared=compared,
        in_test=tuple(
            name for name, image in zip(names, pixels, strict=True) if test and duplicates.digest(image) in test
        ),
        class_counts=amount.class_counts(data), skipped=data.skipped,
        examples={what: tuple(names[i] for i in which[:EXAMPLES]) for what, which in found.items()},
    )  # fmt: skip


def _are(count: int) -> str:
    return f"{counted(count)} {'is' if count == 1 else 'are'}"


def file_sizes(data: ImageData) -> np.ndarray | None:
    """Return height and width of each training file as it is stored, int (N, 2); None unless they are in a folder."""
    files = files_of(data)
    return _sizes(data, files) if files else None


def allowed_sizes(sizes: np.ndarray) -> list[int]:
    """Return those of the usual sizes that half of the files (N, 2) have on both sides, or else their own side."""
    shorter = int(np.median(sizes.min(1)))
    return [size for size in SIZES if size <= shorter] or [max(SMALLEST_IMAGE, shorter)]


def _sizes(data: ImageData, files: list[ImageFile]) -> np.ndarray | None:
    def size(file: ImageFile) -> tuple[int, int]:
        header: Header = read_header(os.path.join(data.source or "", file.path))
        return header.height, header.width

    try:
        return np.array(list(in_order(size, files, total=len(files), description="reading headers")))
    except UnreadableImageError:
        return None  # removed or replaced since


def _grey(images: np.ndarray) -> np.ndarray:
    if images.shape[3] == 1:
        return np.zeros(len(images), bool)
    return np.array([bool((image == image[..., :1]).all()) for image in images], bool)


def _spread(images: np.ndarray) -> np.ndarray:
    return np.array([image.std() for image in images])
