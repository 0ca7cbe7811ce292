"""Points in the plane as data: named distributions, and arrays or tables of two columns."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ganbook.data.dataset import Dataset
from ganbook.data.image_data import array_digest, join_digests
from ganbook.data.labels import number_labels
from ganbook.data.point_shapes import SHAPES, parse
from ganbook.utils.arrays import as_array

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

COUNT, TEST_COUNT, SEED = 50_000, 10_000, 0
# Of arrays this fraction is held out, so that the numbers of a run are measured on points it has not seen.
HELD_OUT = 0.1
PICTURE, MARGIN, DOT, FINE = 480, 0.12, 1.6, 2  # pixels, fraction of the width, pixels, drawn times larger
REAL_COLOUR, SAMPLE_COLOUR, MOST_DRAWN = (140, 140, 140, 150), (0, 114, 178, 230), 3000
LEGEND, LEGEND_COLOUR = 13, (120, 120, 120, 255)  # pixels


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class PointData(Dataset):
    """Points in the plane, with or without labels.

    Attributes
    ----------
    points : ndarray float32 (N, 2)
        The training split.
    labels : ndarray int32 (N,) or None
        Of a mixture, the component of each point.
    test_points : ndarray float32 (M, 2)
        Points held out, from the same distribution.
    modes : ndarray float64 (K, 2) or None
        Means of the Gaussians, where the data are a mixture of equal ones.
    sigma : float or None
        Standard deviation of these Gaussians, in each direction.
    class_names, name, source
        As for every :class:`~ganbook.data.dataset.Dataset`.
    """

    points: np.ndarray
    labels: np.ndarray | None = None
    test_points: np.ndarray
    class_names: tuple[str, ...] = ()
    modes: np.ndarray | None = None
    sigma: float | None = None
    name: str
    source: str | None = None
    kind: ClassVar[str] = "points"
    noun: ClassVar[str] = "point"
    holds: ClassVar[str] = "points in the plane"
    instead: ClassVar[str] = "draw them with run.sample, judge them with ganbook.metrics.points"
    preview_count: ClassVar[int] = 1000
    networks: ClassVar[tuple[str, ...] | None] = ("mlp", "custom")
    compiles: ClassVar[bool] = False
    few_values: ClassVar[bool] = True
    export_formats: ClassVar[dict[str, str]] = {".npz": "arrays", ".png": "a scatter plot"}

    @cached_property
    def centre(self) -> np.ndarray:
        """Mean of the training points, float64 (2,)."""
        return self.points.mean(0, dtype=np.float64)

    @cached_property
    def scale(self) -> float:
        """Root mean square distance of the training points from their mean in each direction; above 0."""
        return float(np.sqrt(np.mean(np.square(self.points - self.centre), dtype=np.float64)))

    @cached_property
    def samples(self) -> np.ndarray:
        """The training points around 0 and in units of :attr:`scale`, float32 (N, 2): what networks learn."""
        return self.encode(self.points)

    @cached_property
    def test_samples(self) -> np.ndarray:
        """The test split, as :attr:`samples`."""
        return self.encode(self.test_points)

    def encode(self, points: np.ndarray) -> np.ndarray:
        """Turn points (N, 2) into what networks take, float32 (N, 2)."""
        return ((points - self.centre) / self.scale).astype(np.float32)

    @cached_property
    def fingerprint(self) -> str:
        """16 hex digits that tell whether two data sets hold the same points, labels and split."""
        parts = (self.points, self.labels, self.test_points)
        return join_digests([None if part is None else array_digest(part) for part in parts])

    def record(self) -> dict[str, Any]:
        """Describe the data for ``config.json``; centre and scale are needed to decode samples."""
        return super().record() | {"centre": self.centre.tolist(), "scale": self.scale}

    @staticmethod
    def load_options(record: dict[str, Any]) -> dict[str, Any]:
        """Return no options: a name or an array says it all."""
        return {}

    @staticmethod
    def decode(samples: np.ndarray, record: dict[str, Any]) -> np.ndarray:
        """Turn what a generator returns into points of the plane, float32 (N, 2)."""
        return (samples * np.float64(record["scale"]) + np.array(record["centre"])).astype(np.float32)

    @staticmethod
    def size_in_words(record: dict[str, Any]) -> str:
        """Return ``points``."""
        return "points"

    @staticmethod
    def preview_size(record: dict[str, Any]) -> tuple[int, int]:
        """Return width and height of the scatter plot in pixels."""
        return PICTURE, PICTURE

    def write_preview(self, samples: np.ndarray, file: Path) -> None:
        """Draw what a generator returns, float32 (N, 2), over the real points, as a scatter plot on no background."""
        scatter(self.points, self.decode(samples, self.record())).save(file, format="PNG")

    @classmethod
    def export(cls, samples: np.ndarray, labels: np.ndarray | None, out: Path) -> None:
        """Write points float32 (N, 2) as ``.npz`` with ``points`` and ``labels``, or as ``.png``, a scatter plot."""
        if out.suffix.lower() == ".png":
            scatter(samples[:0], samples).save(out, format="PNG")
            return
        with out.open("wb") as file:
            np.savez_compressed(file, points=samples, **({} if labels is None else {"labels": labels}))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        """Return :attr:`points`."""
        return as_array(self.points, dtype, copy)

    def __repr__(self) -> str:
        """Return one line: name, counts, classes."""
        classes = f", {self.num_classes} classes" if self.num_classes else ""
        return f"PointData({self.name!r}: {len(self):,} training + {len(self.test_points):,} test points{classes})"

    def _repr_png_(self) -> bytes:
        return scatter_png(self.points)


def named_points(text: str) -> PointData:
    """Draw 50,000 + 10,000 points of a named distribution, always the same.

    Parameters
    ----------
    text
        A name of :data:`ganbook.data.point_shapes.SHAPES`, perhaps with options: ``ring``, ``ring:modes=6,sigma=0.05``.
    """
    name, options = parse(text)
    shape = SHAPES[name]
    points, labels = shape.draw(np.random.default_rng(SEED), COUNT + TEST_COUNT, **options)
    points = points.astype(np.float32)
    classes = 0 if labels is None else int(labels.max()) + 1
    return PointData(
        points=points[:COUNT],
        labels=None if labels is None else labels[:COUNT].astype(np.int32),
        test_points=points[COUNT:],
        class_names=tuple(map(str, range(classes))),
        modes=None if shape.modes is None else shape.modes(**options),
        sigma=options["sigma"] if shape.modes else None,
        name=name,
        source=text,
    )


def holds_points(source: Any) -> bool:
    """Return True for an array or a table of points: rank 2 with two columns, or with three to be refused."""
    if hasattr(source, "columns") and hasattr(source, "to_numpy"):
        return source.shape[1] in (2, 3)
    shape = getattr(source, "shape", None)
    return isinstance(shape, tuple) and len(shape) == 2 and shape[1] in (2, 3)


def points_from(source: Any, labels: Any = None, *, name: str = "points") -> PointData:
    """Make data of an array or a table of points (N, 2), a tenth of which is held out where there are 100 or more.

    Raises
    ------
    ValueError
        Another number of columns, text, NaN or infinite values, one point, or points that are all equal.
    """
    if hasattr(source, "columns") and hasattr(source, "to_numpy"):
        try:
            array = source.to_numpy(dtype=np.float64)
        except (TypeError, ValueError):
            raise ValueError(f"points: a table with text or missing values in it ({_columns(source)}); give two "
                             "columns of numbers, as in table[['x', 'y']]") from None  # fmt: skip
    else:
        array = np.asarray(source)
    if array.shape[1] != 2:
        of = f" ({_columns(source)})" if hasattr(source, "columns") else ""
        raise ValueError(
            f"points: {array.shape[1]} columns{of}; a point in the plane has two: choose them, as in points[:, :2]"
        )
    if array.dtype.kind not in "iuf":
        raise ValueError(f"points: dtype {array.dtype}; allowed are whole numbers and floats")
    array = array.astype(np.float64)
    bad = int((~np.isfinite(array)).any(1).sum())
    if bad:
        raise ValueError(f"points: {bad:,} of {len(array):,} have NaN or infinite coordinates: leave these out")
    if len(array) < 2:
        raise ValueError(f"points: {len(array)} in all; a GAN needs at least two, and hundreds to be of use")
    if np.ptp(array, axis=0).max() == 0:
        raise ValueError(f"points: all {len(array):,} are equal, so there is no distribution to learn")
    if np.abs(array).max() > 1e30 or np.ptp(array, axis=0).max() <= 1e-6 * np.abs(array).max():
        raise ValueError(
            "points: their differences are lost in float32; subtract their mean and divide by their deviation first"
        )
    numbers, _, class_names = number_labels(labels, len(array), None, 0, None)
    order = np.random.default_rng(SEED).permutation(len(array))
    held_out = int(HELD_OUT * len(array)) if len(array) >= 100 else 0
    test, train = np.sort(order[:held_out]), np.sort(order[held_out:])
    return PointData(
        points=array[train].astype(np.float32),
        labels=None if numbers is None else numbers[train],
        test_points=array[test].astype(np.float32),
        class_names=class_names,
        name=name,
    )


def _columns(table: Any) -> str:
    names = [str(column) for column in table.columns[:6]]
    return ", ".join(names) + (", …" if len(table.columns) > 6 else "")


def scatter_png(points: np.ndarray) -> bytes:
    """Draw points (N, 2) as a PNG."""
    out = io.BytesIO()
    scatter(points[:0], points).save(out, "PNG")
    return out.getvalue()


def scatter(real: np.ndarray, samples: np.ndarray) -> Image:
    """Draw real points (N, 2) in grey and samples (M, 2) in blue; the real ones, if there are any, set the frame."""
    from PIL import Image, ImageDraw

    frame = real if len(real) else samples[np.isfinite(samples).all(1)]
    low, high = (frame.min(0), frame.max(0)) if len(frame) else (np.zeros(2), np.ones(2))
    middle, width = (low + high) / 2, float(max(high - low)) * (1 + 2 * MARGIN) or 1.0
    side = PICTURE * FINE
    picture = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    for points, colour in ((real, REAL_COLOUR), (samples, SAMPLE_COLOUR)):
        shown = points[np.isfinite(points).all(1)][:MOST_DRAWN]
        places = ((shown - middle) / width * [1, -1] + 0.5) * side
        for x, y in places[((places > 0) & (places < side)).all(1)]:
            pen.ellipse((x - DOT * FINE, y - DOT * FINE, x + DOT * FINE, y + DOT * FINE), fill=colour)
    picture = picture.resize((PICTURE, PICTURE), Image.Resampling.BOX)
    if len(real):
        _add_legend(ImageDraw.Draw(picture))
    return picture


def _add_legend(pen: ImageDraw) -> None:
    """Name the two colours in the upper left corner, in greys that are legible on white and on black."""
    from PIL import ImageFont

    font, x, y, dot = ImageFont.load_default(LEGEND), 8, 8, 4
    for word, colour in (("real", REAL_COLOUR), ("samples", SAMPLE_COLOUR)):
        middle = y + LEGEND / 2
        pen.ellipse((x, middle - dot, x + 2 * dot, middle + dot), fill=(*colour[:3], 255))
        pen.text((x + 3 * dot, middle), word, fill=LEGEND_COLOUR, font=font, anchor="lm")
        x += 3 * dot + round(font.getlength(word)) + 3 * dot
