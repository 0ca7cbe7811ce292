"""Images are worked on tile by tile, so that memory is bounded; the result is that of the whole image.

Each tile is cut with as much of its surroundings as its result depends on, and these are cut off again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ganbook.utils.progress import Watch


@dataclass(frozen=True)
class Tile:
    """A part of an image.

    Attributes
    ----------
    cut
        Where it is in the image, with its surroundings.
    own
        Where the tile without them is in what ``cut`` gives, once enlarged.
    target
        Where it is in the enlarged image.
    """

    cut: tuple[slice, slice]
    own: tuple[slice, slice]
    target: tuple[slice, slice]


def tiles_of(height: int, width: int, *, scale: int, reach: int, side: int, grid: int = 1) -> list[Tile]:
    """Divide an image into tiles of ``side`` input pixels, with ``reach`` pixels of surroundings.

    All begin at multiples of ``grid``, and those within the image end there.
    """
    side, reach = side // grid * grid, -(-reach // grid) * grid
    rows, columns = (
        [_cut(start, length, side, reach, scale) for start in range(0, length, side)] for length in (height, width)
    )
    return [Tile(*zip(row, column, strict=True)) for row in rows for column in columns]


def _cut(start: int, length: int, side: int, reach: int, scale: int) -> tuple[slice, slice, slice]:
    end, first = min(start + side, length), max(0, start - reach)
    own = slice((start - first) * scale, (end - first) * scale)
    return slice(first, min(length, end + reach)), own, slice(start * scale, end * scale)


def tiled(
    work: Callable[[np.ndarray], np.ndarray],
    image: np.ndarray,
    *,
    otherwise: Callable[[np.ndarray], np.ndarray],
    scale: int,
    reach: int,
    side: int,
    watch: Watch,
    grid: int = 1,
) -> np.ndarray:
    """Apply ``work`` to an image.

    Parameters
    ----------
    work
        (h, w, C) → (scale h, scale w, C) of the same type.
    image
        uint8 or uint16 (H, W, C).
    otherwise
        Quick work that takes its place from where ``watch`` stops it.
    scale
        Times that both enlarge.
    reach
        Input pixels away from which a pixel of the result still depends on the input.
    side
        Side of a tile in input pixels.
    watch
        Follows the tiles.
    grid
        Side of the blocks of input pixels that ``work`` works on.

    Returns
    -------
    ndarray
        (scale H, scale W, C).
    """
    height, width, channels = image.shape
    result = np.empty((scale * height, scale * width, channels), image.dtype)
    tiles = tiles_of(height, width, scale=scale, reach=reach, side=side, grid=grid)
    for index, tile in enumerate(tiles):
        here = work if not watch.stopped and watch.goes_on(index / len(tiles)) else otherwise
        result[tile.target] = here(image[tile.cut])[tile.own]
    return result
