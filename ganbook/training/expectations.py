"""What to expect of images: what the usual number of steps drew of images like them, in words and in a picture.

``python -m benchmarks.expectations`` trained the runs and drew the pictures, ``expectations/NAME.png``: the first
eight samples of each, none chosen.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from ganbook.config.train import DEFAULT_STEPS
from ganbook.utils.bounds import FEW_IMAGES

PICTURES = Path(__file__).parent / "expectations"
SHOWN_HEIGHT = 64  # pixels of a picture on a page
LARGEST_SMALL, LARGEST_MIDDLE = 40, 80  # pixels that still count as 28 or 32, and as 64


@dataclass(frozen=True)
class Expectation:
    """What a run of the default networks drew.

    Attributes
    ----------
    text : str
        What was trained, and what is to be seen.
    name : str
        Of its picture; empty where nothing was measured.
    data : str
        What it learned from, for :func:`ganbook.data.load`; a path is relative to a folder of data sets.
    images : int
        How many of the images.
    image_size : int
        Pixels a side.
    """

    text: str
    name: str = ""
    data: str = ""
    images: int = 0
    image_size: int = 0

    def __str__(self) -> str:
        """Return a sentence."""
        return f"What to expect: {self.text}."

    @property
    def picture(self) -> bytes | None:
        """A row of samples as PNG."""
        return (PICTURES / f"{self.name}.png").read_bytes() if self.name else None

    @property
    def html(self) -> str:
        """The picture as an element of a page, or nothing."""
        if self.picture is None:
            return ""
        source = f"data:image/png;base64,{b64encode(self.picture).decode()}"
        style = f"height: {SHOWN_HEIGHT}px; max-width: 100%; image-rendering: pixelated"
        return f'<img alt="The first samples of that run, none chosen" src="{source}" style="{style}">'


def _drawn(name: str, data: str, images: int, image_size: int, of: str, seen: str) -> Expectation:
    text = f"{DEFAULT_STEPS:,} steps on {images:,} {of} of {image_size}×{image_size} drew {seen}"
    return Expectation(text, name, data, images, image_size)


GREY = _drawn("grey-28", "fashion", 10_000, 28, "clothes", "shoes, shirts and bags that are plain to see")
DRAWINGS = _drawn("drawings-32", "emoji", 1_706, 32, "emoji", "shapes in bold colours; few can be named")
DRAWINGS_64 = _drawn("drawings-64", "emoji64.npz", 1_706, 64, "emoji", "clear shapes in bold colours; few can be named")
FEW_PHOTOGRAPHS = _drawn(
    "few-photographs-32", "cifar10_part.npz", 1_500, 32, "photographs", "the layout of scenes, class by class, blurred"
)
PHOTOGRAPHS = _drawn(
    "photographs-32",
    "cifar10_part.npz",
    14_000,
    32,
    "photographs",
    "the layout of scenes, class by class; 10,000 steps, ships, cars and animals in some samples",
)
PHOTOGRAPHS_64 = _drawn(
    "photographs-64",
    "tinyimagenet",
    5_000,
    64,
    "photographs",
    "the colours and layout of each class, in crinkled textures without outlines",
)
ALL = (GREY, DRAWINGS, DRAWINGS_64, FEW_PHOTOGRAPHS, PHOTOGRAPHS, PHOTOGRAPHS_64)


def expectation(side: int, channels: int, images: int, photographs: bool = False) -> Expectation:
    """Return what was measured of images like these, or that nothing was.

    Parameters
    ----------
    side
        The longer one, in pixels.
    channels
        1 for grey, 3 for colour.
    images
        How many there are.
    photographs
        Whether they are photographs in colour.
    """
    if channels == 1 and side <= LARGEST_SMALL:
        return GREY
    if channels == 1:
        return Expectation(f"nothing was measured on grey images of {side} pixels; {GREY.text}")
    if side > LARGEST_MIDDLE:
        return Expectation(f"nothing was measured at {side} pixels; {PHOTOGRAPHS_64.text}")
    drawings = not photographs and images < FEW_IMAGES
    if side > LARGEST_SMALL:
        return DRAWINGS_64 if drawings else PHOTOGRAPHS_64
    if drawings:
        return DRAWINGS
    return FEW_PHOTOGRAPHS if images < FEW_IMAGES else PHOTOGRAPHS
