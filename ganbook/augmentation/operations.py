"""What there is to do to a picture: one line for each operation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ganbook.augmentation import affine, colour, cutout
from ganbook.options import nearest


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
    draw
        ``draw(xp, u, strength, shape)`` turns ``draws`` uniform numbers in [0, 1) for each picture, u[i] (B,), into
        named parameters (B,).
    effect
        What the parameters do, in the terms of the family.
    separable
        Affine: rows and columns are moved on their own.
    colour_only
        Does nothing to grey pictures.
    """

    text: str
    family: str
    strength: float
    draws: int = 0
    draw: Callable[..., dict[str, Any]] = lambda xp, u, strength, shape: {}
    effect: Callable[..., Any] | None = None
    separable: bool = True
    colour_only: bool = False


KINDS: dict[str, Kind] = {
    "flip": Kind("mirror left and right", "affine", 1.0, effect=affine.flip),
    "flip_vertical": Kind("mirror top and bottom", "affine", 1.0, effect=affine.flip_vertical),
    "translation": Kind(
        "move by up to this share of each side", "affine", 0.125, 2, affine.draw_translation, affine.translation
    ),
    "zoom": Kind("enlarge or shrink by up to this share", "affine", 0.2, 1, affine.draw_zoom, affine.zoom),
    "stretch": Kind(
        "make wider or narrower by up to this share", "affine", 0.2, 1, affine.draw_stretch, affine.stretch
    ),
    "rotation": Kind(
        "turn by up to this share of 180°", "affine", 0.1, 1, affine.draw_rotation, affine.rotation, separable=False
    ),
    "shear": Kind(
        "slant by up to so many pixels a pixel", "affine", 0.2, 2, affine.draw_shear, affine.shear, separable=False
    ),
    "brightness": Kind(
        "lighten or darken by up to this share of half the range", "colour", 0.5, 1, colour.draw_brightness,
        colour.brightness,
    ),
    "contrast": Kind(
        "scale about the mean by 1 ± up to this", "colour", 0.5, 1, colour.draw_factor, colour.contrast
    ),
    "saturation": Kind(
        "scale colours about grey by 1 ± up to this", "colour", 1.0, 1, colour.draw_factor, colour.saturation,
        colour_only=True,
    ),
    "hue": Kind(
        "turn colours by up to this share of 180°", "colour", 0.1, 1, colour.draw_hue, colour.hue, colour_only=True
    ),
    "greyscale": Kind("take the colours away", "colour", 1.0, effect=colour.greyscale, colour_only=True),
    "inversion": Kind("make a negative", "colour", 1.0, effect=colour.inversion),
    "cutout": Kind("grey out a box of this share of each side", "box", 0.5, 2, cutout.draw_cutout),
}  # fmt: skip


@dataclass(frozen=True)
class Operation:
    """An operation in a policy.

    Parameters
    ----------
    name
        One of :data:`KINDS`.
    strength
        In [0, 1]; the operation's usual one unless given.
    probability
        How likely each picture is to undergo it.

    Raises
    ------
    ValueError
        An unknown name, or a number out of bounds.
    """

    name: str
    strength: float | None = None
    probability: float = 1.0

    def __post_init__(self) -> None:
        if self.name not in KINDS:
            raise ValueError(
                f"unknown operation {self.name!r}{nearest(self.name, KINDS)} (known are {', '.join(KINDS)})"
            )
        if self.strength is None:
            object.__setattr__(self, "strength", self.kind.strength)
        for what in ("strength", "probability"):
            value = getattr(self, what)
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
                raise ValueError(f"{what} of {self.name} is {value!r}: it goes from 0 to 1")

    @property
    def kind(self) -> Kind:
        """What it is."""
        return KINDS[self.name]

    def __str__(self) -> str:
        strength = "" if self.strength == self.kind.strength else f":{self.strength:g}"
        probability = "" if self.probability == 1 else f"@{self.probability:g}"
        return self.name + strength + probability
