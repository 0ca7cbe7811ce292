"""The training in the plane as an animation: GIF or WebP."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ganbook.plane.frame import nearest, window
from ganbook.utils.figures import DISCRIMINATOR, GENERATOR

if TYPE_CHECKING:
    from PIL.Image import Image

    from ganbook.plane.frame import Frame

FORMATS = {".gif": "an animation", ".webp": "an animation"}
SIDE, MOST, FRAME_MS, LAST_MS = 360, 120, 60, 1500  # pixels; frames; milliseconds
GAP = 8  # pixels between two trainings
REAL, REAL_COLOUR, INK = 1200, (110, 110, 110), 0.55


def film(trainings: Sequence[tuple[Any, Sequence[Frame]]], suffix: str) -> bytes:
    """Return an animation of at most 120 of the first training's frames, evenly chosen.

    Parameters
    ----------
    trainings
        Data and frames of each; beside the first are shown the frames of the others that are nearest in steps.
    suffix
        One of :data:`FORMATS`.
    """
    _, frames = trainings[0]
    chosen = [frames[i] for i in np.unique(np.linspace(0, len(frames) - 1, min(MOST, len(frames))).astype(int))]
    first, *others = [
        _abreast([picture(data, seen[nearest(seen, frame.step)]) for data, seen in trainings]) for frame in chosen
    ]
    out = io.BytesIO()
    durations = [FRAME_MS] * len(others) + [LAST_MS]
    first.save(out, suffix[1:].upper(), save_all=True, append_images=others, duration=durations, loop=0)
    return out.getvalue()


def _abreast(pictures: Sequence[Image]) -> Image:
    from PIL import Image

    if len(pictures) == 1:
        return pictures[0]
    joined = Image.new("RGB", (len(pictures) * (SIDE + GAP) - GAP, SIDE), (255, 255, 255))
    for i, each in enumerate(pictures):
        joined.paste(each, (i * (SIDE + GAP), 0))
    return joined


def picture(data: Any, frame: Frame) -> Image:
    """Draw a frame: D's opinion (orange: real, blue: generated), real points in grey, samples in blue."""
    from PIL import Image, ImageDraw

    opinion = 2 * np.nan_to_num(frame.heat[::-1, :, None], nan=0.5) - 1
    real, fake = (np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) for colour in (DISCRIMINATOR, GENERATOR))
    ink = INK * np.abs(opinion)
    ground = 255 * (1 - ink) + ink * np.where(opinion > 0, real, fake)
    image = Image.fromarray(ground.astype(np.uint8)).resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    pen = ImageDraw.Draw(image)
    x, y, half = window(data)
    for points, colour, r in ((data.points[:REAL], REAL_COLOUR, 0.8), (frame.samples, tuple(fake.tolist()), 1.6)):
        places = ((points - [x, y]) / half * [1, -1] + 1) * SIDE / 2
        for px, py in places[np.isfinite(places).all(1)]:
            pen.ellipse((px - r, py - r, px + r, py + r), fill=colour)
    pen.text((8, 6), f"step {frame.step:,}", fill=(40, 40, 40))
    return image
