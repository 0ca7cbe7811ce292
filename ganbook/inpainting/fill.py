"""One call for every way to fill a hole."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ganbook.config import InpaintConfig
from ganbook.inpainting import given, methods, windows
from ganbook.inpainting.methods import Filled
from ganbook.inpainting.result import Inpainted
from ganbook.inpainting.watch import Watch
from ganbook.options import make

if TYPE_CHECKING:
    from ganbook.run import Run

# Pictures with a longer side are worked on in crops around their holes.
LARGE = 128
# Surroundings of a hole that a crop holds: many times what the local methods look at, and enough to copy from.
MARGIN = 32


def inpaint(
    image: Any,
    mask: Any = None,
    method: str | None = None,
    run: Run | str | Path | None = None,
    candidates: int = 1,
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
    stop: Callable[[], bool] | None = None,
    **options: Any,
) -> Inpainted:
    """Fill the holes of a picture, or of many.

    Parameters
    ----------
    image
        A path, or uint8 or uint16 (H, W), (H, W, C) or (N, H, W, C), C 1 (grey), 3 (RGB) or 4 (RGBA).
    mask
        bool (H, W) or (N, H, W), True in the hole; also uint8 with 0 and 255, the path of a picture (white is hole),
        or a kind of mask such as ``center`` (:mod:`ganbook.inpainting.masks`). None: where the picture is transparent.
    method
        A choice of :class:`~ganbook.config.InpaintConfig`, as are ``candidates`` and ``seed``.
    run
        The run, its name or its folder, whose GAN fills the hole; for ``latent`` and ``context``.
    progress
        Called with the share done, 0 to 1.
    stop
        Asked now and then; where it returns True, the best so far is returned.
    **options
        Further options of :class:`~ganbook.config.InpaintConfig`.

    Returns
    -------
    Inpainted
        Outside the mask the pixels are those given, exactly.

    Raises
    ------
    ValueError, FileNotFoundError
        What was given, what is allowed and what to do, in one line.
    """
    began = time.perf_counter()
    chosen = {} if method is None else {"method": method}
    asked = make(InpaintConfig, candidates=candidates, seed=seed, **chosen, **options)
    pictures = given.pictures(image)
    holes = given.holes(mask, pictures, resize=asked.resize_mask, seed=asked.seed)
    watch = Watch(progress, stop)
    watch.goes_on(0.0)
    drawn, scores = _fill(pictures.seen, holes, asked, watch)
    result = pictures.restored(drawn, holes)
    which = 0 if pictures.single else slice(len(result))
    took = time.perf_counter() - began
    return Inpainted(asked.method, result[which], scores[which], holes[which], took, watch.stopped)


def _fill(pictures: np.ndarray, holes: np.ndarray, asked: InpaintConfig, watch: Watch) -> Filled:
    way = methods.named(asked.method)
    if max(pictures.shape[1:3]) <= LARGE:
        return way.fill(pictures, holes, asked, watch)
    done = []
    for index, (picture, hole) in enumerate(zip(pictures, holes, strict=True)):
        done.append(_in_crops(way, picture, hole, asked, watch.part(index, len(pictures))))
        if watch.stopped:
            break
    return tuple(np.stack(part) for part in zip(*done, strict=True))


def _in_crops(way: Any, picture: np.ndarray, hole: np.ndarray, asked: InpaintConfig, watch: Watch) -> Filled:
    """Fill one large picture crop by crop; return candidates (K, H, W, C) and scores (K,)."""
    filled, scores = None, None
    for window in windows.around(hole, MARGIN):
        drawn, here = way.fill(picture[window.part][None], hole[window.part][None], asked, watch)
        if filled is None:
            filled, scores = np.stack([picture] * drawn.shape[1]), np.zeros(drawn.shape[1], np.float32)
        filled[:, *window.part] = np.where(window.own[:, :, None], drawn[0], filled[:, *window.part])
        scores = scores + here[0]
    return filled, scores
