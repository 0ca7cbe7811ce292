"""One call for every way to fill a hole."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ganbook.config.inpaint import InpaintConfig
from ganbook.config.parser import make
from ganbook.inpainting import inputs, methods, tiles
from ganbook.inpainting.methods import Filled
from ganbook.inpainting.result import Inpainted
from ganbook.utils.errors import OptionError
from ganbook.utils.progress import Watch

if TYPE_CHECKING:
    from ganbook.training.run import Run


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
        or a kind of mask such as ``center`` (:mod:`ganbook.data.masks`). None: where the picture is transparent.
    method
        A choice of :class:`~ganbook.config.inpaint.InpaintConfig`, as are ``candidates`` and ``seed``. Unless given,
        ``context`` or ``latent``, whichever ``run`` is for, and ``navier-stokes`` without a run.
    run
        The run, its name or its folder, whose GAN fills the hole.
    progress
        Called with the share done, 0 to 1.
    stop
        Asked now and then; where it returns True, the best so far is returned.
    **options
        Further options of :class:`~ganbook.config.inpaint.InpaintConfig`.

    Returns
    -------
    Inpainted
        Outside the mask the pixels are those given, exactly, unless ``redraw`` is asked for.

    Raises
    ------
    ValueError, FileNotFoundError
        What was given, what is allowed and what to do, in one line.
    """
    began = time.perf_counter()
    asked = make(InpaintConfig, method=method, candidates=candidates, seed=seed, **options)
    if run is not None:
        run = opened(run, asked.runs_dir)
    asked = asked.resolved(None if run is None else run.config.task)
    _check_run(asked.method, run)
    pictures = inputs.pictures(image)
    holes = inputs.holes(mask, pictures, resize=asked.resize_mask, seed=asked.seed)
    watch = Watch(progress, stop)
    watch.goes_on(0.0)
    drawn, scores = _fill(pictures.seen, holes, asked, watch, run)
    result = pictures.restored(drawn, np.ones_like(holes) if asked.redraw else holes)
    which = 0 if pictures.single else slice(len(result))
    took = time.perf_counter() - began
    return Inpainted(asked.method, result[which], scores[which], holes[which], took, watch.stopped)


def opened(run: Run | str | Path, runs_dir: Path | None = None) -> Run:
    """Return the run, opened if it is given by name or folder."""
    from ganbook.training.run import Run
    from ganbook.training.runs import load_run

    return run if isinstance(run, Run) else load_run(run, runs_dir)


def _check_run(method: str, run: Run | None) -> None:
    task = methods.TASK.get(method)
    if run is None and task is not None:
        train = "ganbook train --task inpaint" if task == "inpaint" else "ganbook train"
        raise OptionError(f"--method {method} fills with a GAN: give --run, the name of one (made by: {train})")
    if run is not None and task is None:
        raise OptionError(f"--method {method} uses no run: leave out --run, or choose latent or context")
    if run is not None and task != run.config.task:
        other = "context" if task == "generate" else "latent"
        raise OptionError(f"--method {method} cannot use {run.name}, which learnt to {run.config.task}: give {other}")
    if run is not None:
        try:
            run.gan  # noqa: B018  its discriminator too: generator.keras alone is not enough
        except RuntimeError as error:
            raise ValueError(str(error)) from None


def _fill(pictures: np.ndarray, holes: np.ndarray, asked: InpaintConfig, watch: Watch, run: Run | None) -> Filled:
    fill = methods.named(asked.method).fill
    if run is None:
        whole = max(pictures.shape[1:3]) <= tiles.LARGE
    else:
        shape = tuple(run.folder.config()["data"]["shape"])
        tiles.check(pictures.shape[1:], shape, run.name)
        whole = pictures.shape[1:] == shape
    if whole:
        return fill(pictures, holes, asked, watch, run)

    def part(picture: np.ndarray, hole: np.ndarray) -> Filled:
        return tuple(each[0] for each in fill(picture[None], hole[None], asked, watch, run))

    done = []
    for index, (picture, hole) in enumerate(zip(pictures, holes, strict=True)):
        with watch.part(index / len(pictures), (index + 1) / len(pictures)):
            done.append(tiles.fill(part, picture, hole, watch, None if run is None else shape[:2]))
        if watch.stopped:
            break
    return tuple(np.stack(part) for part in zip(*done, strict=True))
