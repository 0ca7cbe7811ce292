"""One call for every way to fill a hole."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ganbook.config import signature
from ganbook.config.inpaint import InpaintConfig
from ganbook.config.parser import make
from ganbook.data.dataset import check_images
from ganbook.inpainting import inputs, methods, tiles
from ganbook.inpainting.methods import Filled
from ganbook.inpainting.result import Inpainted
from ganbook.utils.errors import OptionError
from ganbook.utils.progress import Watch

if TYPE_CHECKING:
    from ganbook.training.run import Run


@signature.takes(InpaintConfig)
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
    """Fill the holes of an image, or of many.

    Parameters
    ----------
    image
        A path, or uint8 or uint16 (H, W), (H, W, C) or (N, H, W, C), C 1 (grey), 3 (RGB) or 4 (RGBA).
    mask
        bool (H, W) or (N, H, W), True in the hole; a mask image or its path, in which the hole is white, painted or
        transparent (:mod:`ganbook.data.mask_image`); or a kind of mask such as ``center``
        (:mod:`ganbook.data.masks`). None: where the image is transparent.
    method
        A choice of :class:`~ganbook.config.inpaint.InpaintConfig`, as are ``candidates`` and ``seed``. By default
        ``context`` or ``latent``, depending on the task of ``run``, and ``pyramid`` without a run.
    run
        The run, its name or its folder, whose GAN fills the hole.
    progress
        Called with the fraction done, 0 to 1.
    stop
        Called now and then; where it returns True, the best result so far is returned.
    **options
        Further options of :class:`~ganbook.config.inpaint.InpaintConfig`.

    Returns
    -------
    Inpainted
        ``np.asarray`` of it is the filled image. Outside the mask its pixels are exactly the original ones, unless
        ``redraw`` is set. What lay under the hole has no influence on the result.

    Raises
    ------
    ValueError, FileNotFoundError
        Bad input; the message is one line.
    """
    began = time.perf_counter()
    config, run = checked_options(run, method=method, candidates=candidates, seed=seed, **options)
    images = inputs.images(image)
    holes = inputs.holes(mask, images, resize=config.resize_mask, seed=config.seed)
    watch = Watch(progress, stop)
    watch.goes_on(0.0)
    filled, scores = _fill(images.without_holes(holes), holes, config, watch, run)
    result = images.restored(filled, np.ones_like(holes) if config.redraw else holes)
    index = 0 if images.single else slice(len(result))
    seconds = time.perf_counter() - began
    assert config.method is not None, "checked_options() resolves it"
    return Inpainted(config.method, result[index], scores[index], holes[index], seconds, watch.stopped)


def checked_options(run: Run | str | Path | None = None, **options: Any) -> tuple[InpaintConfig, Run | None]:
    """Return the resolved options and the opened run.

    Raises
    ------
    ValueError, FileNotFoundError
        An option is wrong, there is no such run, or it cannot fill by this method.
    """
    config = make(InpaintConfig, **options)
    if run is not None:
        run = opened(run, config.runs_dir)
    config = config.resolved(None if run is None else run.config.task)
    _check_run(config.method, run)
    return config, run


def opened(run: Run | str | Path, runs_dir: Path | None = None) -> Run:
    """Return the run, opened if it is a name or a folder."""
    from ganbook.training.run import Run
    from ganbook.training.runs import load_run

    run = run if isinstance(run, Run) else load_run(run, runs_dir)
    check_images(run.folder.config()["data"], "inpainting")
    return run


def _check_run(method: str, run: Run | None) -> None:
    task = methods.TASK.get(method)
    if run is None and task is not None:
        train = "ganbook train --task inpaint" if task == "inpaint" else "ganbook train"
        raise OptionError(f"--method {method} fills with a GAN: give --run, the name of one (made by: {train})")
    if run is not None and task is None:
        raise OptionError(f"--method {method} uses no run: leave out --run, or choose latent or context")
    if run is not None and task != run.config.task:
        other = "context" if task == "generate" else "latent"
        raise OptionError(f"--method {method} cannot use {run.name}, trained to {run.config.task}: give {other}")
    if run is not None:
        try:
            run.gan  # noqa: B018  its discriminator too: generator.keras alone is not enough
        except RuntimeError as error:
            raise ValueError(str(error)) from None


def _fill(images: np.ndarray, holes: np.ndarray, config: InpaintConfig, watch: Watch, run: Run | None) -> Filled:
    assert config.method is not None, "checked_options() resolves it"
    fill = methods.named(config.method).fill
    if run is None:
        whole = config.method in methods.OF_ANY_SIZE or max(images.shape[1:3]) <= tiles.LARGE
    else:
        shape = tuple(run.folder.config()["data"]["shape"])
        tiles.check(images.shape[1:], shape, run.name)
        whole = images.shape[1:] == shape
    if whole:
        return fill(images, holes, config, watch, run)

    def paint(image: np.ndarray, hole: np.ndarray) -> Filled:
        candidates, scores = fill(image[None], hole[None], config, watch, run)
        return candidates[0], scores[0]

    done = []
    for index, (image, hole) in enumerate(zip(images, holes, strict=True)):
        with watch.part(index / len(images), (index + 1) / len(images)):
            done.append(tiles.fill(paint, image, hole, watch, None if run is None else shape[:2]))
        if watch.stopped:
            break
    candidates, scores = zip(*done, strict=True)
    return np.stack(candidates), np.stack(scores)
