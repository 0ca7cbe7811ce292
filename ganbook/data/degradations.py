"""Degradations, from which a network learns to restore images, as a policy text: ``blur:0-1.5,downscale:2,noise:0-10``.

Each is ``kind:value`` or ``kind:lowest-highest``, drawn anew for each image; they are applied in this order, and the
result is rounded to eight bits, as files hold it.
"""

from __future__ import annotations

from dataclasses import dataclass

# Lowest and highest value of each kind, and what it is.
KINDS: dict[str, tuple[float, float, str]] = {
    "blur": (0, 5, "standard deviation of a Gaussian, in pixels"),
    "downscale": (1, 4, "times that it is shrunk, bicubic with antialiasing"),
    "noise": (0, 100, "standard deviation of Gaussian noise, in grey levels of 255"),
    "jpeg": (1, 100, "JPEG quality"),
}
_WHOLE = ("downscale", "jpeg")
EXAMPLE = "blur:0-1.5,downscale:2,noise:0-10,jpeg:30-95"


@dataclass(frozen=True)
class Degradation:
    """One degradation: a kind of :data:`KINDS`, and between which values it is drawn."""

    kind: str
    low: float
    high: float


def parse(text: str) -> tuple[Degradation, ...]:
    """Read a policy text.

    Raises
    ------
    ValueError
        It does not parse; the message is one line.
    """
    parts = [part.strip() for part in str(text).split(",") if part.strip()]
    if not parts:
        raise ValueError(f"there is no degradation: give some, as in {EXAMPLE}")
    degradations = tuple(_parsed(part) for part in parts)
    if sum(degradation.kind == "downscale" for degradation in degradations) > 1:
        raise ValueError(f"{text!r} has downscale twice: give it once, as in downscale:4")
    return degradations


def _parsed(part: str) -> Degradation:
    kind, _, value = (word.strip() for word in part.partition(":"))
    if kind not in KINDS:
        raise ValueError(f"degradation {kind!r} is unknown: give {', '.join(KINDS)}, as in {EXAMPLE}")
    least, most, what = KINDS[kind]
    try:
        low, high = (float(word) for word in (value.split("-") if "-" in value else (value, value)))
    except ValueError:
        raise ValueError(f"{part!r} is no degradation: give {kind}:VALUE or {kind}:LOWEST-HIGHEST ({what})") from None
    whole = kind not in _WHOLE or (low.is_integer() and high.is_integer())
    if not (least <= low <= high <= most and whole):
        number = "a whole number" if kind in _WHOLE else "a number"
        raise ValueError(f"{part!r}: give {number} from {least:g} to {most:g}, or two, the smaller one first ({what})")
    if kind == "downscale" and low != high:
        raise ValueError(f"{part!r}: a network enlarges by one number alone, as in downscale:2")
    return Degradation(kind, low, high)


def scale_of(text: str) -> int:
    """Return how many times a policy shrinks images, 1 if it does not."""
    return int(next((degradation.low for degradation in parse(text) if degradation.kind == "downscale"), 1))
