"""Methods that fill holes, one file for each.

Every method has ``fill(images, holes, config, watch, run)`` for images uint8 (N, H, W, C), holes bool (N, H, W) and
resolved options :class:`ganbook.config.inpaint.InpaintConfig`. It returns candidates uint8 (M, K, H, W, C) and scores
float32 (M, K), best (lowest) first, NaN where there is nothing to rank. M < N if it was stopped, but at least 1; K is
1 where a method knows one answer only.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import ModuleType

import numpy as np

from ganbook.config.inpaint import BY_TASK
from ganbook.utils.progress import Watch

Filled = tuple[np.ndarray, np.ndarray]

# The task of the run that a method needs.
TASK: dict[str, str] = {method: task for task, method in BY_TASK.items()}

# Methods that take large images whole, and cut them as they need.
OF_ANY_SIZE = frozenset({"pyramid"})


def named(name: str) -> ModuleType:
    """Return the module of a method."""
    return import_module(f"ganbook.inpainting.methods.{name.replace('-', '_')}")


def one_by_one(
    paint: Callable[[np.ndarray, np.ndarray], np.ndarray], images: np.ndarray, holes: np.ndarray, watch: Watch
) -> Filled:
    """Fill image by image with ``paint(image, hole)``, until stopped; ``watch`` is that of the image meanwhile."""
    done = []
    for index, (image, hole) in enumerate(zip(images, holes, strict=True)):
        with watch.part(index / len(images), (index + 1) / len(images)):
            done.append(paint(image, hole))
        if not watch.goes_on((index + 1) / len(images)):
            break
    drawn = np.stack(done)[:, None]
    return drawn, np.full(drawn.shape[:2], np.nan, np.float32)
