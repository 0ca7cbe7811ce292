"""What there is to do to an image: one entry for each operation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ganbook.augmentation.effects import colour, erase, geometry, levels, mix, texture


@dataclass(frozen=True)
class Kind:
    """An operation as such.

    Attributes
    ----------
    text
        What it does, and what its strength means.
    family
        Neighbours of one family are done in one go.
    strength
        The usual one, in [0, 1].
    effect
        What the parameters do, in the terms of the family.
    draws, draw
        ``draw(xp, u, strength, shape)`` turns so many uniform numbers for each image, u[i] (B,), into named
        parameters (B,); ``shape`` is that of an image, and the number of images.
    separable
        Geometry: rows and columns are moved on their own.
    alike
        Colour: every channel is treated alike.
    colour_only
        Does nothing to grey images.
    leaks
        From this probability on, a GAN that sees all images through it can draw what it does: it then no longer
        shows which images are the real ones (Karras et al. 2020, appendix C, arXiv 2006.06676). None: never.
    """

    text: str
    family: str
    strength: float
    effect: Callable[..., Any]
    draws: int = 0
    draw: Callable[..., dict[str, Any]] = lambda xp, u, strength, shape: {}
    separable: bool = True
    alike: bool = False
    colour_only: bool = False
    leaks: float | None = None

    @property
    def differentiable(self) -> bool:
        """Whether gradients pass through it, in :class:`~ganbook.augmentation.differentiable.Augment`."""
        return self.family in ("geometry", "colour") or self.effect is erase.cutout

    @property
    def keeps_label(self) -> bool:
        """Whether an image's class stays what it was."""
        return self.family != "mixing"


# text · family · strength · effect · draws, draw
OPERATIONS: dict[str, Kind] = {
    "flip": Kind("mirror left and right", "geometry", 1, geometry.flip, leaks=0.5),
    "flip_vertical": Kind("mirror top and bottom", "geometry", 1, geometry.flip_vertical, leaks=0.5),
    "translation": Kind(
        "move by up to this fraction of each side",
        "geometry", 0.125, geometry.translation, 2, geometry.draw_translation,
    ),
    "zoom": Kind("enlarge or shrink by up to this fraction", "geometry", 0.2, geometry.zoom, 1, geometry.draw_zoom),
    "stretch": Kind("widen or narrow by up to this fraction", "geometry", 0.2, geometry.stretch, 1, geometry.draw_zoom),
    "crop": Kind(
        "cut off up to this fraction of each side, and enlarge the rest",
        "geometry", 0.2, geometry.crop, 3, geometry.draw_crop,
    ),
    "rotation": Kind(
        "turn by up to this fraction of 180°",
        "geometry", 0.1, geometry.rotation, 1, geometry.draw_rotation, separable=False, leaks=1.0,
    ),
    "shear": Kind(
        "shear by up to this slope",
        "geometry", 0.2, geometry.shear, 2, geometry.draw_shear, separable=False,
    ),
    "perspective": Kind(
        "perspective tilt; at 1 an edge comes twice as near",
        "geometry", 0.4, geometry.perspective, 2, geometry.draw_perspective, separable=False,
    ),
    "elastic": Kind(
        "elastic distortion, amplitude in cells of a 4×4 grid",
        "elastic", 0.2, texture.elastic, 1, texture.draw_elastic,
    ),
    "brightness": Kind(
        "lighten or darken by up to this fraction of half the range",
        "colour", 0.5, colour.brightness, 1, colour.draw_brightness, alike=True,
    ),
    "contrast": Kind(
        "scale about the mean by 1 ± up to this",
        "colour", 0.5, colour.contrast, 1, colour.draw_factor, alike=True,
    ),
    "saturation": Kind(
        "scale colours about grey by 1 ± up to this",
        "colour", 1, colour.saturation, 1, colour.draw_factor, colour_only=True,
    ),
    "hue": Kind(
        "turn colours by up to this fraction of 180°",
        "colour", 0.1, colour.hue, 1, colour.draw_hue, colour_only=True,
    ),
    "greyscale": Kind("take the colours away", "colour", 1, colour.greyscale, colour_only=True, leaks=1.0),
    "inversion": Kind("make a negative", "colour", 1, colour.inversion, alike=True, leaks=0.5),
    "posterise": Kind(
        "fewer bits a channel, down to 1",
        "levels", 0.5, levels.posterise, 1, levels.draw_posterise, leaks=1.0,
    ),
    "solarise": Kind(
        "invert levels above a threshold, by up to this fraction of the range",
        "levels", 0.5, levels.solarise, 1, levels.draw_solarise, leaks=0.5,
    ),
    "equalise": Kind("make all levels equally common", "levels", 1, levels.equalise, leaks=1.0),
    "autocontrast": Kind("stretch each channel over the whole range", "levels", 1, levels.autocontrast, leaks=1.0),
    "sharpness": Kind(
        "scale the difference to a smoothed image by 1 ± up to this",
        "texture", 0.5, texture.sharpness, 1, texture.draw_sharpness,
    ),
    "blur": Kind(
        "Gaussian blur, up to this fraction of an eighth of a side",
        "texture", 0.2, texture.blur, 1, texture.draw_blur, leaks=1.0,
    ),
    "noise": Kind(
        "normal noise, up to this fraction of half the range",
        "texture", 0.1, texture.noise, 2, texture.draw_noise, leaks=1.0,
    ),
    "jpeg": Kind("JPEG of quality 100 down to 5", "texture", 0.7, texture.jpeg, 1, texture.draw_jpeg, leaks=1.0),
    "cutout": Kind(
        "grey out a box of this fraction of each side", "box", 0.5, erase.cutout, 2, erase.draw_cutout, leaks=1.0
    ),
    "erasing": Kind(
        "fill a box of up to this fraction of each side with noise",
        "box", 0.5, erase.erasing, 5, erase.draw_erasing, leaks=1.0,
    ),
    "mixup": Kind(
        "mix with another image, its fraction up to this; needs labels",
        "mixing", 0.5, mix.mixup, 2, mix.draw_mixup, leaks=1.0,
    ),
    "cutmix": Kind(
        "put a box of another image in, up to this fraction of the area; needs labels",
        "mixing", 0.5, mix.cutmix, 4, mix.draw_cutmix, leaks=1.0,
    ),
}  # fmt: skip
