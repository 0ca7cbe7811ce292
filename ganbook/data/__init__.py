"""Images to learn from: one function, :func:`load`, from any source to an :class:`ImageData`."""

from ganbook.data.image_data import ImageData
from ganbook.data.load import load, names

__all__ = ["ImageData", "load", "names"]
