"""Images and masks as callers of ``inpaint`` pass them, checked."""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from ganbook.data import masks
from ganbook.data.image_input import as_array, read_image, without_pillow
from ganbook.data.mask_image import by_level, hole_of
from ganbook.inpainting.mean_colour import without_hole

MAX_PIXELS = 64_000_000  # of one image


@dataclass(frozen=True)
class Images:
    """Images as they were passed, and as the methods see them.

    Attributes
    ----------
    original
        uint8 or uint16 (N, H, W, C), C ∈ {1, 3, 4}.
    seen
        uint8 (N, H, W, C), C ∈ {1, 3}: eight bits, without opacity.
    single
        True if one image was passed, not a batch.
    """

    original: np.ndarray
    seen: np.ndarray
    single: bool

    def without_holes(self, holes: np.ndarray) -> np.ndarray:
        """Return ``seen`` with the mean colour of the known pixels under ``holes``, bool (N, H, W).

        What lies under a hole is unknown to every method: it must not show through.
        """
        return np.stack([without_hole(image, hole) for image, hole in zip(self.seen, holes, strict=True)])

    def restored(self, filled: np.ndarray, holes: np.ndarray) -> np.ndarray:
        """Return ``filled`` uint8 (M, K, H, W, C) in the original depth, with the original pixels around ``holes``.

        In a hole an image with an alpha channel becomes opaque.
        """
        original = self.original[: len(filled), None]
        if original.shape[4] == 4:
            filled = np.concatenate([filled, np.full((*filled.shape[:4], 1), 255, np.uint8)], 4)
        if original.dtype == np.uint16:
            filled = filled.astype(np.uint16) * 257
        return np.where(holes[: len(filled), None, :, :, None], filled, original)


def images(image: Any) -> Images:
    """Take an image's path, a Pillow image, an array (H, W), (H, W, C) or (N, H, W, C), C ∈ {1, 3, 4}, uint8 or uint16.

    Raises
    ------
    ValueError, FileNotFoundError
        Something else, an unreadable file, or an image too large.
    """
    allowed = "give uint8 or uint16 of shape (H, W), (H, W, C) or (N, H, W, C), C 1, 3 or 4"
    array = as_array(image, allowed)
    single = array.ndim < 4
    original = array[None, :, :, None] if array.ndim == 2 else array[None] if array.ndim == 3 else array
    if original.ndim != 4 or original.shape[3] not in (1, 3, 4) or not original.size:
        raise ValueError(f"the image has shape {array.shape}; {allowed}")
    height, width = original.shape[1:3]
    if height * width > MAX_PIXELS:
        raise ValueError(f"the image is {width}×{height}, more than {MAX_PIXELS / 1e6:.0f} megapixels: crop it")
    if min(height, width) < 4:
        raise ValueError(f"the image is {width}×{height}; it must be at least 4×4")
    seen = original[..., :3] if original.shape[3] == 4 else original
    if seen.dtype == np.uint16:
        seen = ((seen.astype(np.uint32) + 128) // 257).astype(np.uint8)
    return Images(original, seen, single)


def check_mask(mask: Any) -> None:
    """Raise ``ValueError`` unless a text is a kind of mask or names a file or folder; other masks are not looked at."""
    if isinstance(mask, str) and not is_kind(mask) and not os.path.exists(os.path.expanduser(mask)):
        raise ValueError(f"mask {mask!r} is neither a file nor a kind of mask; kinds are {', '.join(masks.KINDS)}")


def is_kind(mask: Any) -> bool:
    """Tell whether a mask is the name of a kind."""
    return isinstance(mask, str) and mask.partition(":")[0] in masks.KINDS


def holes(mask: Any, images: Images, *, resize: bool = False, seed: int = 0) -> np.ndarray:
    """Return masks bool (N, H, W), one for each image. Whatever was not certain about a mask image is warned of.

    Parameters
    ----------
    mask
        bool, or a mask image (:mod:`ganbook.data.mask_image`), (H, W) for all images or (N, H, W); the path of a mask
        image; the name of a kind of mask (:mod:`ganbook.data.masks`); None: where the images are transparent.
    resize
        Resize a mask of another size to the images', by nearest neighbour.
    seed
        Random seed of a kind that varies.

    Raises
    ------
    ValueError
        A mask of another size, empty, full, or nothing that can be a mask.
    """
    count, *shape = images.seen.shape[:3]
    if mask is None:
        if images.original.shape[3] != 4:
            raise ValueError("there is no mask, and the image has no alpha channel that could be one: give a mask")
        opacity = images.original[..., 3]
        hole = opacity < np.iinfo(opacity.dtype).max // 2 + 1
    elif is_kind(mask):
        hole = masks.draw(mask, tuple(shape), count, seed)
    else:
        check_mask(mask)
        hole = _binary(read_image(mask) if isinstance(mask, str | os.PathLike) else without_pillow(mask), images)
        hole = _sized(hole, tuple(shape), resize)
    if hole.ndim == 2:
        hole = np.repeat(hole[None], count, 0)
    if len(hole) != count:
        raise ValueError(f"there are {len(hole)} masks for {count} images: give one for all, or one for each")
    _check_covered(hole)
    return hole


def _check_covered(holes: np.ndarray) -> None:
    covered = holes.reshape(len(holes), -1).sum(1)
    for wrong, problem in (
        (covered == 0, "is empty: mark the hole (True)"),
        (covered == holes[0].size, "covers all: leave something to start from"),
    ):
        if wrong.any():
            name = "the mask" if len(holes) == 1 else f"mask {int(wrong.argmax())}"
            raise ValueError(f"{name} {problem}")


def _binary(mask: Any, images: Images) -> np.ndarray:
    """Return a mask, or several, as bool (H, W) or (N, H, W)."""
    try:
        array = np.asarray(mask)
    except (ValueError, TypeError):
        array = np.asarray(None)
    if array.ndim not in (2, 3) or array.dtype.kind not in "buif" or not array.size:
        raise ValueError(
            f"the mask is {array.dtype} of shape {array.shape}: give bool (H, W) or (N, H, W), True in the hole"
        )
    if array.ndim == 3 and array.shape[2] == 1 and array.shape[1] != 1:
        array = array[..., 0]
    if array.dtype == bool:
        return array
    if array.ndim == 3 and array.shape[2] in (3, 4):
        if array.dtype not in (np.uint8, np.uint16):
            raise ValueError(f"the mask is {array.dtype} of shape {array.shape}: give bool (H, W), True in the hole")
        hole, remark = hole_of(array, images.original[0] if len(images.original) == 1 else None)
        remarks = [remark]
    elif array.ndim == 2:
        hole, remark = hole_of(array)
        remarks = [remark]
    else:
        parts = [by_level(part) for part in array]
        hole, remarks = np.stack([part for part, _ in parts]), [remark for _, remark in parts]
    for remark in dict.fromkeys(filter(None, remarks)):
        warnings.warn(remark, stacklevel=5)
    return hole


def _sized(mask: np.ndarray, shape: tuple[int, int], resize: bool) -> np.ndarray:
    height, width = mask.shape[-2:]
    if (height, width) == shape:
        return mask
    if not resize:
        turned = (
            "; a photo is turned upright by its EXIF data, so draw the mask on the upright image"
            if (width, height) == shape
            else ""
        )
        raise ValueError(
            f"the mask is {width}×{height} and the image {shape[1]}×{shape[0]}: make them equal, or have it resized "
            f"with resize_mask=True (--resize-mask){turned}"
        )
    rows, columns = (
        ((np.arange(want) + 0.5) * have / want).astype(int) for have, want in zip(mask.shape[-2:], shape, strict=True)
    )
    return mask[..., rows[:, None], columns]
