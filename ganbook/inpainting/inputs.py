"""What a caller of ``inpaint`` gave: pictures and masks, checked."""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from ganbook.data import masks

MAX_PIXELS = 64_000_000  # of one picture


@dataclass(frozen=True)
class Pictures:
    """Pictures as given, and as the methods see them.

    Attributes
    ----------
    original
        uint8 or uint16 (N, H, W, C), C ∈ {1, 3, 4}.
    seen
        uint8 (N, H, W, C), C ∈ {1, 3}: eight bits, without opacity.
    single
        Whether one picture was given, not a batch.
    """

    original: np.ndarray
    seen: np.ndarray
    single: bool

    def restored(self, drawn: np.ndarray, holes: np.ndarray) -> np.ndarray:
        """Return ``drawn`` uint8 (M, K, H, W, C) in the given depth, the given pixels around ``holes`` (M, H, W).

        In a hole a picture with an alpha channel becomes opaque.
        """
        original = self.original[: len(drawn), None]
        if original.shape[4] == 4:
            drawn = np.concatenate([drawn, np.full((*drawn.shape[:4], 1), 255, np.uint8)], 4)
        if original.dtype == np.uint16:
            drawn = drawn.astype(np.uint16) * 257
        return np.where(holes[: len(drawn), None, :, :, None], drawn, original)


def pictures(image: Any) -> Pictures:
    """Take a picture's path, an array (H, W), (H, W, C) or (N, H, W, C), C ∈ {1, 3, 4}, uint8 or uint16.

    Raises
    ------
    ValueError, FileNotFoundError
        Something else, an unreadable file, or a picture too large.
    """
    if isinstance(image, str | os.PathLike):
        image = _read(image)
    array = np.asarray(image)
    allowed = "give uint8 or uint16 of shape (H, W), (H, W, C) or (N, H, W, C), C 1, 3 or 4"
    if array.dtype not in (np.uint8, np.uint16):
        raise ValueError(f"the picture is {array.dtype}; {allowed}")
    single = array.ndim < 4
    original = array[None, :, :, None] if array.ndim == 2 else array[None] if array.ndim == 3 else array
    if original.ndim != 4 or original.shape[3] not in (1, 3, 4) or not original.size:
        raise ValueError(f"the picture has shape {array.shape}; {allowed}")
    height, width = original.shape[1:3]
    if height * width > MAX_PIXELS:
        raise ValueError(f"the picture is {width}×{height}, more than {MAX_PIXELS / 1e6:.0f} megapixels: crop it")
    if min(height, width) < 4:
        raise ValueError(f"the picture is {width}×{height}; it must be at least 4×4")
    seen = original[..., :3] if original.shape[3] == 4 else original
    if seen.dtype == np.uint16:
        seen = ((seen.astype(np.uint32) + 128) // 257).astype(np.uint8)
    return Pictures(original, seen, single)


def _read(path: str | os.PathLike) -> np.ndarray:
    from ganbook.data.image_file import UnreadableImageError, read

    if not os.path.isfile(path):
        raise FileNotFoundError(f"there is no picture {str(path)!r}")
    try:
        return read(os.fspath(path))
    except UnreadableImageError as error:
        raise ValueError(f"{str(path)!r} cannot be read: {error}") from None


def holes(mask: Any, given: Pictures, *, resize: bool = False, seed: int = 0) -> np.ndarray:
    """Return masks bool (N, H, W), one for each picture.

    Parameters
    ----------
    mask
        bool, or uint8 with 0 and 255, (H, W) for all pictures or (N, H, W); the path of a picture, white where the
        hole is; the name of a kind of mask (:mod:`ganbook.data.masks`); None: where the pictures are
        transparent.
    resize
        Resize a mask of another size to the pictures', each pixel taking the nearest one's value.
    seed
        Decides the masks of a kind that varies.

    Raises
    ------
    ValueError
        A mask of another size, empty, full, or nothing that can be a mask.
    """
    count, *shape = given.seen.shape[:3]
    if mask is None:
        if given.original.shape[3] != 4:
            raise ValueError("there is no mask, and the picture has no alpha channel that could be one: give a mask")
        opacity = given.original[..., 3]
        found = opacity < (masks.SOFT if opacity.dtype == np.uint8 else masks.SOFT * 257)
    elif isinstance(mask, str) and mask.partition(":")[0] in masks.KINDS:
        found = masks.draw(mask, tuple(shape), count, seed)
    else:
        if isinstance(mask, str) and not os.path.isfile(mask):
            raise ValueError(f"mask {mask!r} is neither a file nor a kind of mask; kinds are {', '.join(masks.KINDS)}")
        found = _sized(_binary(_read(mask) if isinstance(mask, str | os.PathLike) else mask), tuple(shape), resize)
    if found.ndim == 2:
        found = np.repeat(found[None], count, 0)
    if len(found) != count:
        raise ValueError(f"there are {len(found)} masks for {count} pictures: give one for all, or one for each")
    covered = found.reshape(count, -1).sum(1)
    for wrong, said in ((covered == 0, "is empty: mark the hole (True)"), (covered == found[0].size, "covers all")):
        if wrong.any():
            which = "the mask" if count == 1 else f"mask {int(wrong.argmax())}"
            rest = "" if "empty" in said else ": leave something to start from"
            raise ValueError(f"{which} {said}{rest}")
    return found


def _binary(mask: Any) -> np.ndarray:
    array = np.asarray(mask)
    if array.ndim == 3 and array.shape[2] in (1, 3, 4) and array.dtype != bool:
        array = array[:, :, :3].max(2)
    if array.dtype == bool and array.ndim in (2, 3):
        return array
    if array.ndim not in (2, 3) or not (np.issubdtype(array.dtype, np.integer) or array.dtype.kind == "f"):
        raise ValueError(
            f"the mask is {array.dtype} of shape {array.shape}: give bool (H, W) or (N, H, W), True in the hole"
        )
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise ValueError("the mask holds values that are not finite: give bool, True in the hole")
    top = 65535 if array.dtype == np.uint16 else 1 if array.max(initial=0) <= 1 else 255
    threshold = top * masks.SOFT / 255
    if array.min(initial=0) < 0 or array.max(initial=0) > top:
        raise ValueError(f"the mask goes from {array.min()} to {array.max()}: give bool, or 0 to 255")
    if ((array > 0) & (array < top)).any():
        warnings.warn(f"the mask has soft values; a hole is where it is {threshold:.3g} or more", stacklevel=4)
    return array >= threshold


def _sized(mask: np.ndarray, shape: tuple[int, int], resize: bool) -> np.ndarray:
    if mask.shape[-2:] == shape:
        return mask
    if not resize:
        raise ValueError(
            f"the mask is {mask.shape[-1]}×{mask.shape[-2]} and the picture {shape[1]}×{shape[0]}: make them equal, or "
            "have it resized with resize_mask=True (--resize-mask)"
        )
    rows, columns = (
        ((np.arange(want) + 0.5) * have / want).astype(int) for have, want in zip(mask.shape[-2:], shape, strict=True)
    )
    return mask[..., rows[:, None], columns]
