"""Operations in units that people know: how strong one is, and what it did to an image."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    """How a strength in [0, 1] is said: ``±18°``.

    Attributes
    ----------
    prefix, suffix
        What stands around the number.
    gain
        The number for strength 1, less that for 0.
    start
        The number for strength 0.
    whole
        There are whole numbers only; halves are rounded down, as they are never drawn.
    """

    prefix: str
    gain: float
    suffix: str
    start: float = 0
    whole: bool = False

    def text(self, strength: float) -> str:
        """Return a strength in words."""
        number = self.start + self.gain * strength
        shown = f"{math.ceil(number - 0.5)}" if self.whole else f"{number:.3g}"
        return f"{self.prefix}{shown}{self.suffix}"


_PLUS_MINUS = Unit("±", 100, " %")

# Of the operations that have a strength. Per cent are of a side, of the range of levels, of the area, or of what there
# was.
UNITS: dict[str, Unit] = {
    "translation": _PLUS_MINUS,
    "zoom": _PLUS_MINUS,
    "stretch": _PLUS_MINUS,
    "crop": Unit("≤ ", 100, " %"),
    "rotation": Unit("±", 180, "°"),
    "shear": Unit("±", 1, ""),
    "perspective": Unit("≤ ", 1, ""),
    "elastic": Unit("≤ ", 25, " %"),
    "brightness": Unit("±", 50, " %"),
    "contrast": _PLUS_MINUS,
    "saturation": _PLUS_MINUS,
    "hue": Unit("±", 180, "°"),
    "posterise": Unit("−", 7, " bits", whole=True),
    "solarise": Unit("≥ ", -100, " %", start=100),
    "sharpness": _PLUS_MINUS,
    "blur": Unit("σ ≤ ", 12.5, " %"),
    "noise": Unit("σ ≤ ", 50, " %"),
    "jpeg": Unit("≥ ", -95, "", start=100),
    "cutout": Unit("", 100, " %"),
    "erasing": Unit("≤ ", 100, " %"),
    "mixup": Unit("≤ ", 100, " %"),
    "cutmix": Unit("≤ ", 100, " %"),
}

# By the parameters that an operation draws.
_DONE = {
    "degrees": "{degrees:+.0f}°",
    "times": "×{times:.2f}",
    "scale": "to {percent:.0f} %",
    "along_x": "{along_x:+.2f}, {along_y:+.2f}",
    "reach": "by {reach:.1f} px",
    "lighter": "{percent:+.0f} %",
    "bits": "to {bits:.0f} bits",
    "above": "above level {above:.0f}",
    "deviation": "σ {deviation:.1f}",
    "quality": "quality {quality:.0f}",
    "fraction": "{percent:.0f} % of another image",
}
_PERCENT = {"scale": 100, "lighter": 50, "fraction": 100}  # of what a parameter of 1 is
_UNIT_OF_DEVIATION = {"blur": " px", "noise": " levels"}


def in_words(name: str, parameters: dict[str, float]) -> str:
    """Say what an operation did to an image, given what it drew: ``rotation −9°``, ``translation 2 px left``."""
    percent = sum(times * parameters.get(key, 0) for key, times in _PERCENT.items())
    text = next((form.format(percent=percent, **parameters) for key, form in _DONE.items() if key in parameters), "")
    if name == "translation":
        ways = {"right": ("left", "right"), "down": ("up", "down")}
        moves = [(abs(parameters[key]), ways[key][parameters[key] > 0]) for key in ways]
        text = ", ".join(f"{pixels:.0f} px {way}" for pixels, way in moves if pixels) or "0 px"
    elif "top" in parameters:
        width, height = parameters["right"] - parameters["left"], parameters["bottom"] - parameters["top"]
        text = f"{width:.0f}×{height:.0f} px"
    else:
        text += _UNIT_OF_DEVIATION.get(name, "")
    return f"{name.replace('_', ' ')} {text}".strip().replace("-", "−")
