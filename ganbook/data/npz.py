"""Data sets in NumPy's .npz archives and .npy files, whole, damaged or malicious."""

import lzma
import os
import tokenize
import zipfile
import zlib
from typing import BinaryIO

import numpy as np

from ganbook.data.arrays import assemble
from ganbook.data.image_data import ImageData
from ganbook.data.parts import choose_names
from ganbook.utils.errors import few, one_line
from ganbook.utils.memory import physical_memory

_IMAGE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff")
_NPY, _ZIP = np.lib.format.MAGIC_PREFIX, b"PK\x03\x04"
_SAVE_AGAIN = "save it again with numpy.savez_compressed"


def load_npz(
    path: str | os.PathLike, size: tuple[int, int] | None = None, channels: int | None = None, crop: str | None = None
) -> ImageData:
    """Load an archive with ``x_train`` or ``images``, or a ``.npy`` file of images.

    ``x_train`` goes with ``y_train``, ``x_test``, ``y_test`` and ``class_names``, and ``images`` with
    ``labels``; all of these are optional, and other ways to write them are known (:mod:`ganbook.data.parts`).

    Raises
    ------
    ValueError
        If it is no such file, is damaged, protected, or too large, holds pickled objects, or its arrays are no images.
    """
    path = os.path.abspath(path)
    try:
        with open(path, "rb") as file:
            start = file.read(max(len(_NPY), len(_ZIP)))
            file.seek(0)
            # What it is counts, not how it is called: archives named .npy and arrays named .npz are common.
            named_array = path.lower().endswith(".npy") and not start.startswith(_ZIP)
            array = named_array or start.startswith(_NPY)
            parts = {"images": _read_npy(file, path)} if array else read_parts(file, path)
    except OSError as error:
        raise ValueError(
            f"{path}: cannot be read: {error.strerror or one_line(error)}; check its permissions"
        ) from None
    name = os.path.splitext(os.path.basename(path))[0]
    try:
        return assemble(**parts, name=name, source=path, size=size, channels=channels, crop=crop)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def read_parts(file: BinaryIO, shown: str) -> dict[str, np.ndarray]:
    """Read the arrays of an open archive as the arguments of :func:`ganbook.data.arrays.assemble`."""
    try:
        if not zipfile.is_zipfile(file):
            raise ValueError(f"not a NumPy .npz archive, or cut short; {_SAVE_AGAIN}")
        file.seek(0)
        with zipfile.ZipFile(file) as archive:
            members = _members(archive)
            names = choose_names(members)
            _check_size(sum(members[name].file_size for name in names.values()))
            return {part: _read_member(archive, members[name], name) for part, name in names.items()}
    except ValueError as error:
        raise ValueError(f"{shown}: {error}") from None
    except OSError:
        raise
    except Exception as error:  # zipfile raises BadZipFile, NotImplementedError, struct.error, …
        raise ValueError(f"{shown}: {_reason(error)}") from None


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Members by the name of their array, without ``.npy``."""
    infos = [info for info in archive.infolist() if not info.is_dir()]
    members: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        if info.filename.lower().endswith(".npy"):
            name = info.filename[:-4]
            if name in members:
                raise ValueError(f"it holds two arrays called {name[:60]!r}: {_SAVE_AGAIN}")
            members[name] = info
    pictures = [info.filename for info in infos if info.filename.lower().endswith(_IMAGE_SUFFIXES)]
    if infos and not members:
        what = "images" if pictures else "files"
        names = few(pictures or [info.filename for info in infos], 1)
        do = "unpack it and give the folder" if pictures else _SAVE_AGAIN
        raise ValueError(f"a zip archive of {len(infos):,} {what}, such as {names}, and no arrays: {do}")
    return members


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> np.ndarray:
    if info.flag_bits & 0x1:
        raise ValueError(f"{name} is protected by a password; save it without one")
    try:
        with archive.open(info) as file:
            return _read_array(file, info.file_size)
    except Exception as error:
        raise ValueError(f"{name} {_reason(error)}") from None


def _read_npy(file: BinaryIO, shown: str) -> np.ndarray:
    length = os.fstat(file.fileno()).st_size
    try:
        _check_size(length)
        return _read_array(file, length)
    except Exception as error:
        raise ValueError(f"{shown}: {_reason(error)}") from None


class _ArrayError(ValueError):
    """An array that cannot be read; the message is the reason."""


class _ObjectsError(_ArrayError):
    """An array of pickled Python objects."""


def _read_array(file: BinaryIO, length: int) -> np.ndarray:
    """Read one array in NumPy's format; `length` is that of the file, which its header has to agree with."""
    version = np.lib.format.read_magic(file)
    read_header = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}.get(
        version
    )
    if read_header is None and version != (3, 0):
        raise _ArrayError(f"has a header of version {version}, which NumPy does not know")
    if read_header is not None:
        shape, _, dtype = read_header(file)
        if dtype.hasobject:
            raise _ObjectsError
        claimed, rest = dtype.itemsize, length - file.tell()
        for side in shape:
            if not isinstance(side, int) or side < 0:
                raise _ArrayError(f"has a header of the shape {str(shape)[:60]}")
            claimed *= side
        if claimed > rest:
            raise _ArrayError(f"is cut short: its header claims {claimed:,} bytes, and there are {max(rest, 0):,}")
    file.seek(0)
    return np.lib.format.read_array(file, allow_pickle=False)


def _check_size(needed: int) -> None:
    """Refuse to unpack what cannot be held: an archive may claim, and even unpack to, a thousand times its size."""
    if needed > (memory := physical_memory()):
        raise _ArrayError(
            f"its arrays take {needed / 2**30:,.0f} GB, and this computer has {memory / 2**30:.0f} GB of memory; "
            "use fewer, or save them as image files in a folder"
        )


def _reason(error: Exception) -> str:
    """Say in a few words why an array cannot be read."""
    text = one_line(error)
    if isinstance(error, _ObjectsError) or "Object arrays cannot be loaded" in text:
        return (
            "holds pickled Python objects, which could run code, and they are not loaded; "
            "save plain number arrays (and strings as dtype str)"
        )
    if isinstance(error, MemoryError):
        return "is too large for the memory of this computer"
    if isinstance(error, RuntimeError) and "password" in text:
        return "is protected by a password; save it without one"
    if isinstance(error, NotImplementedError):
        return f"is packed in a way that Python cannot unpack; {_SAVE_AGAIN}"
    damage = zipfile.BadZipFile | zlib.error | lzma.LZMAError | EOFError
    if isinstance(error, damage) or (isinstance(error, OSError) and error.errno is None):  # bz2 raises a bare OSError
        return f"is damaged ({text}); copy or download the file again"
    if isinstance(error, _ArrayError):
        return text
    if "Header info length" in text:
        return "has a header too long to be read safely; save plain number arrays"
    if isinstance(error, ValueError | SyntaxError | tokenize.TokenError | OverflowError | TypeError):
        return f"has a damaged header ({text}); {_SAVE_AGAIN}"
    return f"cannot be read ({text})"
