"""Read a mask out of an image as people make them: white on black, red paint, a transparent part, class numbers.

One reader for the terminal, the panel and Python, so that all three see the same hole. It decides by what the image
holds, says in a remark whatever was not certain, and refuses what could be anything.
"""

from __future__ import annotations

import numpy as np

FEW = 32  # colours or levels, up to which a mask is flat areas rather than a photograph
LARGE = 0.5  # a hole above this fraction of the image is remarked
SOFT = 0.01  # fraction of pixels between two levels, from which a mask is remarked as soft
CLASSES = 40  # class numbers of segmentations lie below this; 255 is "void"
SAME, OTHER = 12, 40  # levels up to which two pixels are alike, and from which they differ
NO_PAINT = "the mask looks like a photograph: paint the hole in one colour, white on black, or make it transparent"


def hole_of(mask: np.ndarray, image: np.ndarray | None = None) -> tuple[np.ndarray, str]:
    """Read the hole out of a mask image.

    Parameters
    ----------
    mask
        uint8 or uint16 (H, W) or (H, W, C), C 1, 3 or 4 with opacity.
    image
        The image to be filled, uint8 or uint16 (h, w, C): a mask may be a copy of it with the hole painted over.

    Returns
    -------
    tuple
        bool (H, W), True in the hole, perhaps nowhere or everywhere; and a remark on what was not certain, or "".

    Raises
    ------
    ValueError
        It cannot be told what the hole is.
    """
    if mask.ndim == 2 or mask.shape[2] == 1:
        return _with_remark(*by_level(mask.reshape(mask.shape[:2])))
    mask = _eight_bit(mask)
    colours, opacity = mask[..., :3], mask[..., 3:]
    clear = opacity[..., 0] < 128 if opacity.size else np.zeros(mask.shape[:2], bool)
    if clear.any() and not clear.all():
        return _with_remark(*_by_opacity(colours, clear))
    if np.ptp(colours.astype(np.int16), axis=2).max() <= SAME:
        return _with_remark(*by_level(np.rint(colours.mean(2)).astype(np.uint8)))
    return _with_remark(*_by_colour(colours, image))


def _with_remark(hole: np.ndarray, remark: str) -> tuple[np.ndarray, str]:
    if LARGE < hole.mean() < 1:
        large = f"the mask covers {hole.mean():.0%} of the image: if the hole is the other part, invert the mask"
        remark = f"{remark}; {large}" if remark else large
    return hole, remark


def _eight_bit(image: np.ndarray) -> np.ndarray:
    return image if image.dtype == np.uint8 else ((image.astype(np.uint32) + 128) // 257).astype(np.uint8)


def _by_opacity(colours: np.ndarray, clear: np.ndarray) -> tuple[np.ndarray, str]:
    """Strokes on a clear ground are the hole; of a photograph, or of black, the clear part is."""
    opaque = np.unique(colours[~clear] // 16, axis=0)
    dark = opaque.max(1) < 3
    if len(opaque) > FEW:
        return clear, ""  # a photograph with a part erased
    if dark.all():
        black = "the mask is black and transparent: the smaller part was taken for the hole"
        return (clear, "") if clear.mean() <= LARGE else (~clear, black)
    if dark.any():
        return ~clear & (colours.max(2) >= 128), ""  # white on black, with a clear rim
    if len(opaque) > 2 and clear.mean() < 1 - LARGE:
        return clear, "the mask has several colours and a transparent part, which was taken for the hole"
    return ~clear, ""


def by_level(levels: np.ndarray) -> tuple[np.ndarray, str]:
    """Read a mask of one channel, (H, W) of any real dtype; returns and raises as :func:`hole_of`."""
    if levels.dtype == bool:
        return levels, ""
    if levels.dtype.kind == "f" and not np.isfinite(levels).all():
        raise ValueError("the mask holds values that are not finite: give bool, True in the hole")
    values, counts = np.unique(levels, return_counts=True)
    low, high = values[0], values[-1]
    if len(values) == 1:
        return np.full(levels.shape, bool(low)), ""
    if len(values) == 2:
        return levels == high, ""
    top = 65535 if levels.dtype == np.uint16 else 1 if levels.dtype.kind == "f" and high <= 1 else 255
    if low < 0 or high > top:
        raise ValueError(f"the mask goes from {low:g} to {high:g}: give bool, or 0 to {top}")
    numbers = values[values < 255]
    if levels.dtype.kind != "f" and len(values) <= FEW and (numbers[-1] <= CLASSES or (top == 65535 and high < 4096)):
        text = ", ".join(str(value) for value in values[:6]) + ", …" * (len(values) > 6)
        return levels > 0, f"the mask holds the numbers {text}: everything but 0 was taken for the hole"
    # A mask that never comes near white is dark as a whole.
    threshold = top * 128 / 255 if levels.dtype.kind == "f" or high >= 0.75 * top else (int(low) + int(high) + 1) / 2
    if top == 1:
        threshold = 0.5
    between = counts[(values > threshold / 2) & (values < (threshold + float(high)) / 2)].sum() / levels.size
    remark = f"the mask has soft values; the hole is where it is {threshold:.3g} or more" if between > SOFT else ""
    return levels >= threshold, remark


def _by_colour(mask: np.ndarray, image: np.ndarray | None) -> tuple[np.ndarray, str]:
    packed = (mask.astype(np.uint32) * np.array([1 << 16, 1 << 8, 1], np.uint32)).sum(2, dtype=np.uint32)
    colours, counts = np.unique(packed, return_counts=True)
    if len(colours) <= FEW:
        return _flat(packed, colours, counts), ""
    if image is not None and (painted := _painted_over(mask, image)) is not None:
        return painted, ""
    corners = _corners(mask)
    values, counts = np.unique(corners, return_counts=True)
    mean_error = np.abs(_corner_colours(mask)[corners] - mask.astype(np.float32)).max(2)
    if (mean_error > OTHER).mean() < 0.02:  # flat areas with noise, as JPEG leaves it
        return _flat(corners, values, counts), ""
    paint = _paint(mask)
    if paint is None:
        raise ValueError(NO_PAINT)
    return paint, f"a photograph with paint: the painted part, {paint.mean():.1%} of the image, was taken for the hole"


def _flat(areas: np.ndarray, colours: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Tell hole from ground in areas of few colours: ground is black, else white, else the most common colour."""
    top = colours.max()
    white = 0xFFFFFF if top > 7 else 7
    if 0 in colours:
        return areas != 0
    if white in colours:
        return areas != white
    return areas != colours[counts.argmax()]


def _corners(mask: np.ndarray) -> np.ndarray:
    """Number each pixel by its channels that are bright: 0 black, 7 white, 4 red, 1 blue, …."""
    low, high = (mask.min((0, 1)).min(), mask.max((0, 1)).max())
    bright = mask >= (int(low) + int(high) + 1) / 2
    return bright.astype(np.uint8) @ np.array([4, 2, 1], np.uint8)


def _corner_colours(mask: np.ndarray) -> np.ndarray:
    """Return the mean colour of each of the eight corners, float32 (8, 3)."""
    corners = _corners(mask)
    colours = np.zeros((8, 3), np.float32)
    for corner in np.unique(corners):
        colours[corner] = mask[corners == corner].mean(0)
    return colours


def _painted_over(mask: np.ndarray, image: np.ndarray) -> np.ndarray | None:
    """Return where a mask differs from the image that it is a copy of; None if it is no copy."""
    original = _eight_bit(image)[..., :3]
    if original.shape[:2] != mask.shape[:2]:
        return None
    difference = np.abs(mask.astype(np.int16) - original).max(2)
    changed = difference >= OTHER
    same = difference <= SAME
    if same.mean() < 0.4 or (changed | same).mean() < 0.98 or not changed.any():
        return None
    return _closed(difference > SAME)


def _paint(mask: np.ndarray) -> np.ndarray | None:
    """Return where one strong colour covers part of a photograph; None if there is none, or more than one."""
    low, high = mask.min(2), mask.max(2)
    strong = (high.astype(np.int16) - low >= 200) & (high >= 220)
    if strong.mean() < 0.001:
        return None
    codes = (mask >= 128).astype(np.uint8) @ np.array([4, 2, 1], np.uint8)
    _, counts = np.unique(codes[strong], return_counts=True)
    if counts.max() < 0.95 * counts.sum():
        return None
    return _closed(strong)


def _closed(hole: np.ndarray) -> np.ndarray:
    """Close gaps of single pixels, which compression leaves."""
    import cv2

    return cv2.morphologyEx(hole.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)).astype(bool)
