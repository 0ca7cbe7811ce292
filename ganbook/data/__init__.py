"""Data to learn from: one function, :func:`load`, from any source to images, points in the plane or lines of text."""

from ganbook.data.image_data import ImageData
from ganbook.data.load import load, load_images, names
from ganbook.data.points import PointData
from ganbook.data.report import DataReport, report
from ganbook.data.text import TextData

__all__ = ["DataReport", "ImageData", "PointData", "TextData", "load", "load_images", "names", "report"]
