"""Data to learn from: one function, :func:`load`, from any source to :class:`ImageData` or :class:`PointData`."""

from ganbook.data.image_data import ImageData
from ganbook.data.load import load, load_images, names
from ganbook.data.points import PointData
from ganbook.data.report import DataReport, report

__all__ = ["DataReport", "ImageData", "PointData", "load", "load_images", "names", "report"]
