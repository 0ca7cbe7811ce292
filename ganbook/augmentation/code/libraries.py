"""The libraries that a policy can be written for."""

from __future__ import annotations

from ganbook.augmentation.code.albumentations_transforms import ALBUMENTATIONS
from ganbook.augmentation.code.keras_layers import KERAS
from ganbook.augmentation.code.library import Library
from ganbook.augmentation.code.torchvision_transforms import TORCHVISION
from ganbook.utils.errors import nearest

LIBRARIES: dict[str, Library] = {"keras": KERAS, "torchvision": TORCHVISION, "albumentations": ALBUMENTATIONS}


def named(name: str) -> Library:
    """Return a library by its name.

    Raises
    ------
    ValueError
        There is none.
    """
    if name not in LIBRARIES:
        known = ", ".join(LIBRARIES)
        raise ValueError(f"no code for {name!r}{nearest(name, LIBRARIES)} (known are {known})")
    return LIBRARIES[name]
