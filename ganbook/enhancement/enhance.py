"""One call for every way to enlarge or restore an image."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ganbook.config import signature
from ganbook.config.enhance import EnhanceConfig
from ganbook.config.parser import make
from ganbook.data import resampling
from ganbook.data.image_input import as_array, read_image, without_pillow
from ganbook.data.mask_image import hole_of
from ganbook.enhancement.methods import interpolation, network, non_local_means
from ganbook.enhancement.noise_level import noise_level
from ganbook.enhancement.result import Enhanced
from ganbook.enhancement.tiles import tiled, tiles_of
from ganbook.enhancement.transparency import apart, reach_apart
from ganbook.utils.memory import available
from ganbook.utils.progress import Watch

if TYPE_CHECKING:
    from ganbook.training.run import Run

MAX_MEGAPIXELS = 1000  # of a result
TOO_LITTLE = 0.5  # of the noise that is to be removed, below which there is hardly any
MEMORY_FRACTION = 0.9  # of what is free, that a result may take

Work = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Plan:
    """What is to be done.

    Attributes
    ----------
    scale
        Times that the image is enlarged.
    method
        How.
    denoise
        Standard deviation of the noise to remove before, in grey levels of 255; ``auto``, or None.
    jpeg
        Whether the traces of JPEG compression are removed first.
    tile
        Side of a tile.
    networks
        What enlarges it, one after the other, if ``method`` is ``network``.
    """

    scale: int
    method: str
    denoise: float | str | None
    jpeg: bool
    tile: int
    networks: tuple[network.Restorer, ...] = ()


@dataclass(frozen=True)
class Step:
    """Something that is done to an image, tile by tile.

    Attributes
    ----------
    name
        What it is, in words.
    scale
        Times that it enlarges.
    reach
        Input pixels away from which a pixel of the result still depends on the input.
    work
        uint8 or uint16 (h, w, C), C 1 or 3 → (scale h, scale w, C).
    opacity
        The same for an alpha channel, C 1.
    grid
        Side of the blocks of input pixels that it works on.
    """

    name: str
    scale: int
    reach: int
    work: Work
    opacity: Work
    grid: int = 1


@signature.takes(EnhanceConfig)
def enhance(
    image: Any,
    scale: int | None = None,
    denoise: float | str | None = None,
    jpeg: bool = False,
    crispness: float = 0.0,
    method: str | None = None,
    run: Run | str | Path | None = None,
    tile: int | None = None,
    protect: Any = None,
    progress: Callable[[float], None] | None = None,
    stop: Callable[[], bool] | None = None,
    **options: Any,
) -> Enhanced:
    """Enlarge an image, remove noise or the traces of compression from it; or do so with each of many images.

    Parameters
    ----------
    image
        A path, or uint8 or uint16 (H, W), (H, W, C) or (N, H, W, C), C 1 (grey), 3 (RGB) or 4 (RGBA), of any size.
    scale
        Times that it is enlarged, 1 to 4; by default 2, and 1 if noise or the traces of compression are removed.
    denoise
        Standard deviation of the noise to remove, in grey levels of 255, or ``auto``; removed before enlarging.
    jpeg
        Remove the traces of JPEG compression, before all else.
    crispness
        0 to 1: from what is most probably right to texture that looks right and is invented.
    method
        ``network``, that of ``run`` or one that comes with ganbook; ``nearest``, ``bicubic`` or ``lanczos``; or
        ``non-local-means``, which only removes noise.
    run
        A run of ``--task enhance``, its name or its folder, whose network enlarges or restores the image.
    tile
        Side of the tiles that are worked on, in pixels of the input. The result does not depend on it.
    protect
        bool (H, W), True in what is left as it is: exactly so at scale 1, else enlarged by bicubic interpolation. Or a
        mask image or its path (:mod:`ganbook.data.mask_image`).
    progress
        Called with the fraction done, 0 to 1.
    stop
        Called now and then; where it returns True, the rest is enlarged by bicubic interpolation.
    **options
        Further options of :class:`~ganbook.config.enhance.EnhanceConfig`.

    Returns
    -------
    Enhanced
        ``np.asarray`` of it is the image, of the depth and channels of the original. Colours under fully transparent
        pixels have no influence on visible ones.

    Raises
    ------
    ValueError, FileNotFoundError
        Bad input; the message is one line.
    """
    began = time.perf_counter()
    given = {"scale": scale, "denoise": denoise, "jpeg": jpeg, "crispness": crispness, "method": method}
    given |= {} if tile is None else {"tile": tile}
    plan = checked_plan(run, **given, **options)
    images, single = _images(image)
    height, width = images.shape[1:3]
    _check_size(height, width, plan.scale)
    _check_memory(images.nbytes * plan.scale**2)
    mask = None if protect is None else _mask(protect, (height, width))
    watch = Watch(progress, stop)
    results: list[np.ndarray] = []
    done: tuple[str, ...] = ()
    for index, pixels in enumerate(images):
        with watch.part(index / len(images), (index + 1) / len(images)):
            steps = steps_of(plan, pixels)
            results.append(enhanced(pixels, steps, plan, mask, watch))
        done = tuple(step.name for step in steps)
        if watch.stopped:
            break
    if not watch.stopped:
        watch.goes_on(1.0)
    result, original = (results[0], images[0]) if single else (np.stack(results), images[: len(results)])
    seconds = time.perf_counter() - began
    return Enhanced(result, original, plan.method, plan.scale, done, seconds, watch.stopped)


def checked_plan(run: Run | str | Path | None = None, **options: Any) -> Plan:
    """Return what options of :class:`~ganbook.config.enhance.EnhanceConfig` mean.

    Raises
    ------
    ValueError, FileNotFoundError
        An option is wrong, there is no such run or it does not restore images, or no network enlarges so many times.
    """
    config = make(EnhanceConfig, **options)
    own = None if run is None else _network_of(run_that_restores(run, config.runs_dir))
    config = config.resolved(None if own is None else own.scale, network.scales())
    assert config.scale is not None, "resolved() sets it"
    assert config.method is not None, "resolved() sets it"
    networks: tuple[network.Restorer, ...] = ()
    if own is not None:
        networks = (own,)
    elif config.method == "network" and config.scale > 1:
        networks = network.enlarging(config.scale, config.crispness)
    return Plan(config.scale, config.method, config.denoise, config.jpeg, config.tile, networks)


def run_that_restores(run: Run | str | Path, runs_dir: Path | None = None) -> Run:
    """Return the run, opened if it is a name or a folder.

    Raises
    ------
    ValueError, FileNotFoundError
        There is none, or it has another task.
    """
    from ganbook.training.run import Run
    from ganbook.training.runs import load_run

    run = run if isinstance(run, Run) else load_run(run, runs_dir)
    if run.config.task != "enhance":
        raise ValueError(f"{run.name} was trained to {run.config.task}: give a run of ganbook train --task enhance")
    return run


def _network_of(run: Run) -> network.Restorer:
    try:
        return network.of_generator(run.gan.ema_generator)
    except RuntimeError as error:
        raise ValueError(str(error)) from None


def steps_of(plan: Plan, image: np.ndarray) -> list[Step]:
    """Return what a plan does to an image, uint8 or uint16 (H, W, C)."""
    steps = []
    if plan.jpeg:
        net = network.shipped("jpeg")
        steps.append(_restoring("traces of JPEG compression removed", net, network.enlarger(net)))
    if plan.denoise is not None:
        sigma = noise_level(image) if plan.denoise == "auto" else float(plan.denoise)
        estimated = plan.denoise == "auto"
        name = f"noise of σ {sigma:.2g}{' (estimated) removed' if estimated else ' removed' + _too_much(sigma, image)}"
        if sigma == 0:
            steps.append(Step("no noise found", 1, 0, _unchanged, _unchanged))
        elif plan.method == "non-local-means":
            remove = non_local_means.remover(sigma)
            steps.append(Step(f"{name} by non-local means", 1, non_local_means.REACH, remove, _unchanged))
        else:
            net = network.shipped("denoise")
            steps.append(_restoring(name, net, network.remover(net, sigma)))
    if plan.method == "network":
        for net in plan.networks:
            smooth = interpolation.enlarger(net.scale, "bicubic")
            done = f"enlarged {net.scale} times" if net.scale > 1 else "restored"
            name, reach = f"{done} by the network", max(net.reach, resampling.reach("bicubic"))
            steps.append(Step(name, net.scale, reach, network.enlarger(net), smooth, net.fold))
    elif plan.scale > 1:
        work = interpolation.enlarger(plan.scale, plan.method)
        name = f"enlarged {plan.scale} times, {plan.method}"
        steps.append(Step(name, plan.scale, resampling.reach(plan.method), work, work))
    return steps


def _too_much(sigma: float, image: np.ndarray) -> str:
    """Say if there is hardly any of the noise that is to be removed."""
    there = noise_level(image)
    return f", of which σ {there:.2g} was found: colours and detail suffer" if there < TOO_LITTLE * sigma else ""


def _restoring(name: str, net: network.Restorer, work: Work) -> Step:
    return Step(name, 1, net.reach, work, _unchanged, net.fold)


def reach_of(steps: list[Step], channels: int) -> int:
    """Return how many pixels away from a pixel of the image the result of all steps still depends on it."""
    reach = 0
    for step in reversed(steps):
        reach = -(-reach // step.scale) + _reach(step, channels)
    return reach


def _reach(step: Step, channels: int) -> int:
    return reach_apart(step.reach) if channels == 4 else step.reach


def enhanced(image: np.ndarray, steps: list[Step], plan: Plan, mask: np.ndarray | None, watch: Watch) -> np.ndarray:
    """Do the steps of a plan with an image, uint8 or uint16 (H, W, C); keep what is under the mask, bool (H, W)."""
    original = image
    for index, step in enumerate(steps):
        work, smooth = step.work, interpolation.enlarger(step.scale, "bicubic") if step.scale > 1 else _unchanged
        reach = _reach(step, image.shape[2])
        if image.shape[2] == 4:
            work, smooth = (apart(colour, step.opacity, step.reach) for colour in (work, smooth))
        with watch.part(index / len(steps), (index + 1) / len(steps)):
            sizes = {"scale": step.scale, "reach": reach, "side": plan.tile, "grid": step.grid}
            image = tiled(work, image, otherwise=smooth, watch=watch, **sizes)
    if mask is not None:
        _protect(image, original, mask, plan)
    return image


def _protect(image: np.ndarray, original: np.ndarray, mask: np.ndarray, plan: Plan) -> None:
    """Put the original, enlarged by bicubic interpolation, back under a mask bool (H, W)."""
    smooth, reach = interpolation.enlarger(plan.scale, "bicubic"), resampling.reach("bicubic")
    if original.shape[2] == 4:
        smooth, reach = apart(smooth, smooth, reach), reach_apart(reach)
    if plan.scale == 1:
        smooth = _unchanged
    for tile in tiles_of(*mask.shape, scale=plan.scale, reach=reach, side=plan.tile):
        if mask[tile.cut].any():
            protected = mask[tile.cut].repeat(plan.scale, 0).repeat(plan.scale, 1)[tile.own][..., None]
            plain = smooth(original[tile.cut])[tile.own]
            image[tile.target] = np.where(protected, plain, image[tile.target])


def _unchanged(image: np.ndarray) -> np.ndarray:
    return image


def _images(image: Any) -> tuple[np.ndarray, bool]:
    """Return uint8 or uint16 (N, H, W, C), C 1, 3 or 4, and whether one image was passed, not a batch."""
    allowed = "give uint8 or uint16 of shape (H, W), (H, W, C) or (N, H, W, C), C 1, 3 or 4"
    array = as_array(image, allowed)
    images = array[None, :, :, None] if array.ndim == 2 else array[None] if array.ndim == 3 else array
    if images.ndim != 4 or images.shape[3] not in (1, 3, 4) or not images.size:
        raise ValueError(f"the image has shape {array.shape}; {allowed}")
    return images, array.ndim < 4


def _check_size(height: int, width: int, scale: int) -> None:
    megapixels = height * width * scale * scale / 1e6
    if megapixels > MAX_MEGAPIXELS:
        raise ValueError(
            f"the result would be {width * scale}×{height * scale}, {megapixels:,.0f} megapixels, and the most is "
            f"{MAX_MEGAPIXELS:,}: give a smaller scale, or crop the image"
        )


def _check_memory(needed: int) -> None:
    """Refuse a result that this machine cannot hold: the system would end the process in the middle of the work."""
    if needed > MEMORY_FRACTION * (free := available()):
        raise ValueError(
            f"the result would take {needed / 2**30:.1f} GB, and {free / 2**30:.1f} GB of memory are free: give a "
            "smaller scale, crop the image, or pass fewer at once"
        )


def _mask(protect: Any, shape: tuple[int, int]) -> np.ndarray:
    """Return what is protected, bool (H, W)."""
    protect = read_image(protect) if isinstance(protect, str | os.PathLike | Path) else without_pillow(protect)
    array = np.asarray(protect)
    if array.dtype in (np.uint8, np.uint16) and array.ndim in (2, 3):
        array = hole_of(array)[0]
    if array.dtype != bool or array.ndim != 2:
        raise ValueError(
            f"the mask is {array.dtype} of shape {array.shape}: give bool (H, W), True in what is protected, or a mask "
            "image"
        )
    if array.shape != shape:
        raise ValueError(
            f"the mask is {array.shape[1]}×{array.shape[0]} and the image {shape[1]}×{shape[0]}: make them equal"
        )
    return array
