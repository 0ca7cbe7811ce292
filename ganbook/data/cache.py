"""Decoded images on disk: written once, complete or absent, read through a memory map.

An entry is a folder ``images/KEY`` with ``train.npy``, ``test.npy`` and ``about.json``. The key holds all
that the pixels depend on, so an entry never goes stale; the whole cache can be deleted at any time.
"""

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import platformdirs

from ganbook.data import cache_entries
from ganbook.data.image_data import describe_digest
from ganbook.data.listing import Listing
from ganbook.data.remarks import Remarks

_VERSION = 4  # to be raised whenever decoding changes its pixels or its remarks
_ABANDONED = 24 * 3600  # seconds after which a half-written entry belongs to a process that was killed


class UnwritableError(ValueError):
    """The cache cannot be written, or its disk is full."""


@dataclass(frozen=True)
class Rows:
    """The images of a split, as they are decoded: `count` at most, fewer if some cannot be."""

    count: int
    pixels: Generator[np.ndarray, None, None]


@dataclass(frozen=True)
class Decoded:
    """Pixels of both splits, uint8 (N, H, W, C), the images left out, remarks, and the pixels' digests if known."""

    train: np.ndarray
    test: np.ndarray
    skipped: dict[str, str]
    remarks: Remarks
    digests: tuple[str, str] | None = None


def place(listing: Listing, size: tuple[int, int] | None, channels: int | None, crop: str | None = None) -> str:
    """Folder of the cache entry for these files, decoded with these options."""
    sha = hashlib.sha256(repr((_VERSION, size, channels, crop)).encode())
    sha.update(os.fsencode(listing.folder))
    for file in listing.files:
        sha.update(b"\0" + os.fsencode(file.path) + b"\0%d %d" % (file.bytes, file.mtime_ns))
    return os.path.join(root(), "images", sha.hexdigest()[:32])


def root() -> str:
    """The folder of all that can be made again: ``GANBOOK_CACHE``, or the user's cache folder."""
    chosen = os.environ.get("GANBOOK_CACHE") or platformdirs.user_cache_dir("ganbook", appauthor=False)
    return os.path.abspath(os.path.expanduser(chosen))


def find(folder: str) -> Decoded | None:
    """Open a cache entry read-only, without reading its pixels; None if there is none."""
    try:
        with open(os.path.join(folder, "about.json"), encoding="utf-8") as file:
            about = json.load(file)
        train, test = (
            np.load(os.path.join(folder, f"{name}.npy"), mmap_mode="r", allow_pickle=False)
            for name in ("train", "test")
        )
        decoded = Decoded(train, test, about["skipped"], Remarks(**about["remarks"]), tuple(about["digests"]))
        shapes = {part.shape[1:] for part in (train, test)}
        if shapes != {tuple(about["shape"])} or len(train) + len(test) != about["count"]:
            return None
        if {train.dtype, test.dtype} != {np.dtype(np.uint8)}:
            return None
        cache_entries.touch(folder)
        return decoded
    except (OSError, ValueError, KeyError, TypeError, AttributeError):  # absent, damaged, or something else's
        return None


def fill(
    folder: str,
    splits: dict[str, Rows],
    shape: tuple[int, int, int],
    skipped: dict[str, str],
    remarks: Remarks,
    source: str = "",
) -> Decoded:
    """Write a cache entry and open it.

    Parameters
    ----------
    folder : str
        From :func:`place`.
    splits : dict
        Rows of "train" and "test".
    shape : (H, W, C)
    skipped : dict
        Reasons by path; complete only after the rows are used up, and written then.
    remarks : Remarks
        As complete as `skipped`.
    source : str
        The folder that the images come from, for people.

    Raises
    ------
    UnwritableError
        If there is not enough space, the cache may not become so large, or it cannot be written. Nothing half-written
        stays behind.
    """
    parent = os.path.dirname(folder)
    needed = sum(rows.count for rows in splits.values()) * int(np.prod(shape))
    temporary = None
    try:
        os.makedirs(parent, exist_ok=True)
        _remove_abandoned(parent)
        cache_entries.make_room(Path(parent).parent, needed)
        check_space(parent, needed)
        temporary = tempfile.mkdtemp(prefix="unfinished-", dir=parent)
        written = {
            name: _write_npy(os.path.join(temporary, f"{name}.npy"), rows, shape) for name, rows in splits.items()
        }
        about = {
            "digests": [digest for _, digest in written.values()],
            "skipped": skipped,
            "remarks": remarks.as_json(),
            "folder": source,
            "count": sum(count for count, _ in written.values()),
            "shape": list(shape),
        }
        with open(os.path.join(temporary, "about.json"), "w", encoding="utf-8") as file:
            json.dump(about, file)
        if written["train"][0] == 0:  # the caller reports it; an entry without images is not worth keeping
            return Decoded(*(np.empty((0, *shape), np.uint8) for _ in splits), skipped, remarks)
        if find(folder) is None:  # another process may have finished the same meanwhile
            _remove(folder)  # only there if damaged
            os.rename(temporary, folder)
    except OSError as error:
        if (decoded := find(folder)) is not None:  # another process was faster: the same pixels
            return decoded
        raise UnwritableError(
            f"cannot write {needed / 2**30:.1f} GB of decoded images to {parent!r}: "
            f"{error.strerror or error}; make space there or let GANBOOK_CACHE name another folder"
        ) from None
    finally:
        for rows in splits.values():
            rows.pixels.close()  # stops the decoding threads
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)
    decoded = find(folder)
    if decoded is None:
        raise ValueError(f"decoded images in {folder!r} cannot be read again; delete that folder")
    return decoded


def check_space(folder: str, needed: int) -> None:
    """OSError if fewer than `needed` bytes are free: better now than after an hour of decoding."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise OSError(f"only {free / 2**30:.1f} GB are free")


def _write_npy(path: str, rows: Rows, shape: tuple[int, int, int]) -> tuple[int, str]:
    # Written as a file, not through a map: a full disk is then an error here instead of a crash (SIGBUS).
    sha, count = hashlib.sha256(), 0
    with open(path, "wb") as file:
        start = _write_header(file, (rows.count, *shape))
        for pixels in rows.pixels:
            row = np.ascontiguousarray(pixels)
            file.write(row)
            sha.update(row)
            count += 1
        if count != rows.count:  # NumPy leaves room in the header for the number of rows to change
            file.seek(0)
            if _write_header(file, (count, *shape)) != start:
                raise OSError("the header of the .npy file changed its length")
        file.flush()
        os.fsync(file.fileno())
    return count, describe_digest(np.uint8, (count, *shape), sha.hexdigest())


def _write_header(file: BinaryIO, shape: tuple[int, ...]) -> int:
    np.lib.format.write_array_header_1_0(file, {"descr": "|u1", "fortran_order": False, "shape": shape})
    return file.tell()


def _remove(folder: str) -> None:
    if os.path.isdir(folder):
        shutil.rmtree(folder, ignore_errors=True)
    elif os.path.lexists(folder):
        os.unlink(folder)


def _remove_abandoned(parent: str) -> None:
    with os.scandir(parent) as entries:
        for entry in entries:
            if entry.name.startswith("unfinished-") and time.time() - entry.stat().st_mtime > _ABANDONED:
                shutil.rmtree(entry.path, ignore_errors=True)
