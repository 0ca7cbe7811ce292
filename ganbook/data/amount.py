"""Whether there are enough images to learn from, of each class and in all."""

from __future__ import annotations

import numpy as np

from ganbook.data.image_data import ImageData
from ganbook.utils.bounds import CLASS_IMAGES, FEW_IMAGES, UNBALANCED
from ganbook.utils.errors import counted

VERY_FEW = 500


def class_counts(data: ImageData) -> dict[str, int]:
    """Return the training images of each class, by name; empty without labels."""
    if data.labels is None:
        return {}
    return dict(zip(data.class_names, np.bincount(data.labels, minlength=data.num_classes).tolist(), strict=True))


def too_few(images: int, classes: dict[str, int], each: bool = True) -> list[str]:
    """Say in one line each that a class is rare, or small, and that the images are very few.

    Parameters
    ----------
    images
        How many there are to learn from.
    classes
        How many of each class, as from :func:`class_counts`.
    each
        Whether each class is to be learned by itself; else a small one is no matter, if it is not rare.
    """
    lines = []
    if classes:
        least, most = (f(classes, key=lambda name: classes[name]) for f in (min, max))
        if classes[least] * UNBALANCED < classes[most]:
            lines.append(
                f"Class {least!r} has {counted(classes[least])}, {most!r} {classes[most]:,}: rare classes are drawn "
                "rarely and badly."
            )
        elif each and classes[least] < CLASS_IMAGES:
            lines.append(f"Class {least!r} has {counted(classes[least])}: too few to learn it by itself.")
    if images < VERY_FEW:
        lines.append(
            f"{counted(images)} are very few: the discriminator will know them by heart, although the default networks "
            "augment them. Start from a run on similar images, if there is one (--start-from RUN)."
        )
    return lines


def few(images: int, classes: dict[str, int]) -> list[str]:
    """Say what :func:`too_few` says, and that the images are few, though enough to begin with."""
    lines = too_few(images, classes)
    if VERY_FEW <= images < FEW_IMAGES:
        lines.append(f"{counted(images)} are few: the default networks augment them as they learn (--augment).")
    return lines
