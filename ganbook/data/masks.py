"""Masks of holes to fill: bool (N, H, W), True where an image has a hole.

A kind of mask is named by a word, ``center``, with a value behind a colon where it takes one: ``center:0.3``,
``half:left``, ``random:0.8``, ``grid:4``, ``irregular:0.2-0.3``. The same seed gives the same masks.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np

from ganbook.utils.errors import nearest

# Width of a free-form stroke over the shorter side of the image, smallest and largest, and the most strokes. Thin,
# medium and thick as LaMa defines them (Suvorov et al. 2022, arXiv 2109.07161), for images of any size.
STROKES = {"thin": (0.02, 0.05, 8), "medium": (0.06, 0.12, 5), "thick": (0.15, 0.25, 3)}
# The buckets of hole ratio in use since Liu et al. 2018 (arXiv 1804.07723).
BUCKETS = ((0.01, 0.1), (0.1, 0.2), (0.2, 0.3), (0.3, 0.4), (0.4, 0.5), (0.5, 0.6))
SIDES = ("left", "right", "top", "bottom")
SOFT = 128  # opacity below which an image is transparent


def draw(kind: str, shape: tuple[int, int], count: int = 1, seed: int = 0) -> np.ndarray:
    """Draw masks.

    Parameters
    ----------
    kind
        ``center`` (a square; value: its side over the shorter side, ½), ``rectangle`` (anywhere; value: largest side
        over the image's, ½), ``half`` (value: ``left``, ``right``, ``top`` or ``bottom`` [any]), ``random`` (pixels;
        value: their fraction, 0.8), ``grid`` (lines; value: their distance in pixels, 4), ``thin``, ``medium``,
        ``thick`` (free-form strokes), ``irregular`` (strokes up to a hole ratio; value: its bounds, ``0.2-0.3``).
    shape
        Height and width.
    count
        Number of masks.
    seed
        Random seed; the first masks do not depend on ``count``.

    Returns
    -------
    ndarray
        bool (count, H, W), with a hole and with known pixels in every mask.

    Raises
    ------
    ValueError
        An unknown kind, a value it does not take, or an image too small for it.
    """
    name, _, value = kind.partition(":")
    if name not in KINDS:
        raise ValueError(f"mask {kind!r} is unknown{nearest(name, KINDS)}; known are {', '.join(KINDS)}")
    height, width = shape
    if min(height, width) < 4 or count < 1:
        raise ValueError(f"masks are drawn from 4×4 pixels on and at least one, not {count} of {width}×{height}")
    masks = np.zeros((count, height, width), bool)
    for index, mask in enumerate(masks):
        KINDS[name](mask, value, np.random.default_rng((seed, index)))
    return masks


def _number(value: str, default: float, lowest: float, highest: float, kind: str) -> float:
    try:
        number = float(value or default)
    except ValueError:
        number = float("nan")
    if not lowest <= number <= highest:
        raise ValueError(f"mask {kind}:{value}: the value is a number from {lowest:g} to {highest:g}")
    return number


def _center(mask: np.ndarray, value: str, rng: np.random.Generator) -> None:
    side = max(1, round(_number(value, 0.5, 0.01, 0.95, "center") * min(mask.shape)))
    top, left = ((length - side) // 2 for length in mask.shape)
    mask[top : top + side, left : left + side] = True


def _rectangle(mask: np.ndarray, value: str, rng: np.random.Generator) -> None:
    largest = _number(value, 0.5, 0.05, 0.95, "rectangle")
    sides = [max(1, round(rng.uniform(largest / 2, largest) * length)) for length in mask.shape]
    top, left = (rng.integers(0, length - side + 1) for length, side in zip(mask.shape, sides, strict=True))
    mask[top : top + sides[0], left : left + sides[1]] = True


def _half(mask: np.ndarray, value: str, rng: np.random.Generator) -> None:
    if value not in ("", *SIDES):
        raise ValueError(f"mask half:{value}: the value is {', '.join(SIDES)}, or none for any")
    side = value or SIDES[rng.integers(4)]
    height, width = mask.shape
    part = {
        "left": np.s_[:, : width // 2], "right": np.s_[:, (width + 1) // 2 :],
        "top": np.s_[: height // 2], "bottom": np.s_[(height + 1) // 2 :],
    }[side]  # fmt: skip
    mask[part] = True


def _random(mask: np.ndarray, value: str, rng: np.random.Generator) -> None:
    fraction = _number(value, 0.8, 0.01, 0.99, "random")
    hidden = min(max(1, round(fraction * mask.size)), mask.size - 1)
    mask.flat[rng.permutation(mask.size)[:hidden]] = True


def _grid(mask: np.ndarray, value: str, rng: np.random.Generator) -> None:
    distance = int(_number(value, 4, 2, 1024, "grid"))
    start = rng.integers(0, min(distance, *mask.shape), 2)
    thickness = max(1, distance // 4)
    for i in range(thickness):
        mask[(start[0] + i) % distance :: distance] = True
        mask[:, (start[1] + i) % distance :: distance] = True


def _strokes(kind: str) -> Callable[[np.ndarray, str, np.random.Generator], None]:
    def strokes(mask: np.ndarray, value: str, rng: np.random.Generator) -> None:
        if value:
            raise ValueError(f"mask {kind}:{value}: {kind} strokes take no value")
        for _ in range(rng.integers(1, STROKES[kind][2] + 1)):
            _stroke(mask, kind, rng)

    return strokes


def _stroke(mask: np.ndarray, kind: str, rng: np.random.Generator) -> None:
    """Add one free-form stroke: a line that turns a few times, with round ends; never over the whole image."""
    import cv2

    side = min(mask.shape)
    thinnest, thickest, _ = STROKES[kind]
    turns = rng.integers(2, 6)
    angles = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.uniform(-1.2, 1.2, turns))
    steps = rng.uniform(0.1, 0.35, turns)[:, None] * side * np.stack([np.cos(angles), np.sin(angles)], 1)
    points = rng.uniform(0, mask.shape[::-1]) + np.concatenate([[(0, 0)], np.cumsum(steps, 0)])
    width = max(1, round(rng.uniform(thinnest, thickest) * side))
    # Half-way between points, as a pen moves; drawn inside the image.
    points = np.clip(np.rint(points), 0, np.array(mask.shape[::-1]) - 1).astype(np.int32)
    canvas = mask.astype(np.uint8)
    cv2.polylines(canvas, [points.reshape(-1, 1, 2)], False, 1, width)
    if not canvas.all():
        mask[:] = canvas


def _irregular(mask: np.ndarray, value: str, rng: np.random.Generator) -> None:
    try:
        lowest, highest = (float(part) for part in (value or "0.01-0.6").split("-"))
    except ValueError:
        lowest = highest = 0.0
    if not 0 <= lowest < highest <= 0.9 or (highest - lowest) * mask.size < 2:
        raise ValueError(f"mask irregular:{value}: the value is a range of hole ratios such as 0.2-0.3, at most 0.9")
    wanted = max(int(lowest * mask.size) + 1, round(rng.uniform(lowest, highest) * mask.size))
    while (missing := wanted - int(mask.sum())) > 0:
        before = mask.copy()
        _stroke(mask, "thick" if missing > mask.size / 4 else "medium" if missing > mask.size / 10 else "thin", rng)
        # What the last stroke drew beyond the ratio is taken back.
        mask.flat[np.flatnonzero(mask & ~before)[missing:]] = False


KINDS: dict[str, Callable[[np.ndarray, str, np.random.Generator], None]] = {
    "center": _center,
    "half": _half,
    "rectangle": _rectangle,
    "random": _random,
    "grid": _grid,
    **{kind: _strokes(kind) for kind in STROKES},
    "irregular": _irregular,
}


def from_image(mask: np.ndarray, image: np.ndarray | None = None) -> np.ndarray:
    """Read a mask out of an image of it, uint8 or uint16 (H, W) or (H, W, C): bool (H, W).

    White on black, any colour on black or white, a transparent part, class numbers: :mod:`ganbook.data.mask_image`.
    ``image``, the one to be filled, tells a copy of it with the hole painted over.

    Raises
    ------
    ValueError
        It cannot be told what the hole is.
    """
    from ganbook.data.mask_image import hole_of

    hole, remark = hole_of(np.asarray(mask), image)
    if remark:
        warnings.warn(remark, stacklevel=2)
    return hole


def from_alpha(image: np.ndarray, threshold: int = SOFT) -> np.ndarray:
    """Read a mask from the opacity of an image, uint8 (H, W, 4): a hole where it is below ``threshold``."""
    if image.ndim != 3 or image.shape[2] != 4:
        raise ValueError(f"an image with an alpha channel is (H, W, 4), not {image.shape}: give a mask")
    return image[:, :, 3] < threshold


def grow(masks: np.ndarray, pixels: int) -> np.ndarray:
    """Grow holes, bool (…, H, W), by a number of pixels on every side; a negative number shrinks them."""
    import cv2

    reach = 2 * abs(pixels) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    change = cv2.dilate if pixels >= 0 else cv2.erode
    flat = np.asarray(masks, bool).reshape(-1, *masks.shape[-2:])
    return np.stack([change(mask.astype(np.uint8), disc).astype(bool) for mask in flat]).reshape(masks.shape)


def feather(masks: np.ndarray, pixels: float) -> np.ndarray:
    """Return weights float32 (…, H, W): 0 outside the holes, rising to 1 over a number of pixels inside."""
    import cv2

    flat = np.asarray(masks, bool).reshape(-1, *masks.shape[-2:]).astype(np.uint8)
    depth = np.stack([cv2.distanceTransform(mask, cv2.DIST_L2, cv2.DIST_MASK_PRECISE) for mask in flat])
    return np.clip(depth / max(pixels, 1e-6), 0, 1).reshape(masks.shape).astype(np.float32)


def invert(masks: np.ndarray) -> np.ndarray:
    """Exchange holes and known pixels."""
    return ~np.asarray(masks, bool)
