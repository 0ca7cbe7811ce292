"""Data sets in NumPy's .npz archives."""

import os
import zipfile
import zlib
from typing import BinaryIO

import numpy as np

from ganbook.data.arrays import assemble
from ganbook.data.image_data import ImageData

_KEYS = {
    "images": ("x_train", "images"),
    "labels": ("y_train", "labels"),
    "test_images": ("x_test",),
    "test_labels": ("y_test",),
    "class_names": ("class_names",),
}
_ALLOWED = "allowed are x_train (with y_train, x_test, y_test) or images (with labels)"


def load_npz(path: str | os.PathLike, size: tuple[int, int] | None = None, channels: int | None = None) -> ImageData:
    """Load an archive with ``x_train`` or ``images``.

    ``x_train`` goes with ``y_train``, ``x_test``, ``y_test`` and ``class_names``, and ``images`` with
    ``labels``; all of these are optional.

    Raises
    ------
    ValueError
        If it is no archive, is damaged, holds pickled objects, or its arrays are not pictures.
    """
    path = os.path.abspath(path)
    try:
        with open(path, "rb") as file:
            parts = read_parts(file, path)
    except OSError as error:
        raise ValueError(f"{path}: cannot be read: {error.strerror}; check its permissions") from None
    name = os.path.splitext(os.path.basename(path))[0]
    try:
        return assemble(**parts, name=name, source=path, size=size, channels=channels)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def read_parts(file: BinaryIO, shown: str) -> dict[str, np.ndarray | None]:
    """Read the arrays of an open archive as the arguments of :func:`ganbook.data.arrays.assemble`."""
    if not zipfile.is_zipfile(file):
        raise ValueError(f"{shown}: not a NumPy .npz archive, or cut short; write it with numpy.savez_compressed")
    file.seek(0)
    try:
        with np.load(file, allow_pickle=False) as archive:
            found = {part: next((key for key in keys if key in archive), None) for part, keys in _KEYS.items()}
            if found["images"] is None:
                raise ValueError(f"it holds {', '.join(archive.files) or 'nothing'}; {_ALLOWED}")
            return {part: None if key is None else archive[key] for part, key in found.items()}
    except (ValueError, OSError, EOFError, KeyError, MemoryError, zipfile.BadZipFile, zlib.error) as error:
        if "allow_pickle" in str(error):
            raise ValueError(
                f"{shown}: pickled Python objects, which could run code, are not loaded; "
                "save plain number arrays (and strings as dtype str)"
            ) from None
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ValueError(f"{shown}: cannot be read: {reason}") from None
