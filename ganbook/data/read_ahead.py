"""Have the system read rows of a memory-mapped array from the disk before they are used, and nothing else.

Without that, rows in random order are read one after the other, each with all that lies around it.
"""

from __future__ import annotations

import mmap

import numpy as np


class ReadAhead:
    """Tells the system which rows of an array will be used; does nothing for one in memory.

    Parameters
    ----------
    array
        Of any type; rows are contiguous in a memory map.
    """

    def __init__(self, array: np.ndarray):
        self._map = _map_of(array) if array.flags.c_contiguous and array.size else None
        if self._map is None:
            return
        self._row = array.nbytes // len(array)
        self._first = array.ctypes.data - np.frombuffer(self._map, np.uint8).ctypes.data

    @property
    def helps(self) -> bool:
        """Whether the array lies on a disk, and the system takes advice."""
        return self._map is not None

    def begin(self, rows: np.ndarray) -> None:
        """Begin to read some rows, and return at once."""
        if self._map is None:
            return
        rows = np.sort(rows, axis=None)
        starts = (self._first + rows * self._row) // mmap.PAGESIZE * mmap.PAGESIZE
        ends = self._first + (rows + 1) * self._row
        apart = np.flatnonzero(starts[1:] > ends[:-1]) + 1  # rows side by side are read together
        starts, ends = starts[np.append(0, apart)], ends[np.append(apart - 1, len(rows) - 1)]
        for start, length in zip(starts.tolist(), (ends - starts).tolist(), strict=True):
            try:
                self._map.madvise(mmap.MADV_WILLNEED, start, length)
            except OSError:  # it is advice: a file system need not take it
                return


def _map_of(array: np.ndarray) -> mmap.mmap | None:
    """Return the memory map of a file that an array lies in, where the system takes advice."""
    base = array
    while isinstance(base, np.ndarray):
        base = base.base
    return base if isinstance(base, mmap.mmap) and hasattr(mmap, "MADV_WILLNEED") else None
