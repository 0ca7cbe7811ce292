"""A GAN trained to complete images (``ganbook train --task inpaint``), in one pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ganbook.data.pixels import to_float, to_uint8
from ganbook.inpainting.methods import Filled
from ganbook.utils.progress import Watch

if TYPE_CHECKING:
    from ganbook.training.run import Run

AT_ONCE = 1024


def fill(images: np.ndarray, holes: np.ndarray, config: Any, watch: Watch, run: Run) -> Filled:
    """Fill with the averaged generator; see :mod:`ganbook.inpainting.methods`."""
    from ganbook.gan.inpainting import with_holes

    gan, done = run.gan, []
    for start in range(0, len(images), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        done.append(to_uint8(gan.sample(with_holes(to_float(images[part]), holes[part]))))
        if not watch.goes_on(min(1.0, (start + AT_ONCE) / len(images))):
            break
    drawn = np.concatenate(done)[:, None]
    return drawn, np.full(drawn.shape[:2], np.nan, np.float32)
