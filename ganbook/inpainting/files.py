"""Filling image files: a folder in, a folder out, continued where it was interrupted."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import Any

import numpy as np

from ganbook.data.result_files import (
    Job,
    check_places,
    images_of,
    make_results,
    names_image,
    numbered,
    result_file,
    result_folder,
)
from ganbook.data.walk import image_files
from ganbook.inpainting import inputs
from ganbook.inpainting.fill import checked_options, inpaint
from ganbook.utils.errors import few
from ganbook.utils.files import user_path
from ganbook.utils.output import unique_names
from ganbook.utils.result_record import ResultRecord

RECORD = "inpaint.json"


def inpaint_files(
    source: str | Path,
    mask: str | Path | None,
    out: str | Path,
    *,
    run: Any = None,
    overwrite: bool = False,
    progress: Callable[[float], None] | None = None,
    **options: Any,
) -> int:
    """Fill the images of a folder and its subfolders, or one image; existing results stay as they are.

    Colour profile, EXIF data and resolution of an image are those of its result, too.

    Parameters
    ----------
    source
        An image, or a folder of images.
    mask
        A kind of mask, drawn anew for each image; one mask image; a folder of mask images, each called like its image
        but for the suffix; None: where the images are transparent.
    out
        For an image the result, ``NAME.png``, or ``NAME-1.png``, ``NAME-2.png``, … for several candidates; or, as for a
        folder, a folder of results that are called so after their images. Images whose results would share a name
        have theirs with the suffix, as in ``NAME.jpg.png``.
    run, **options
        As for :func:`~ganbook.inpainting.fill.inpaint`.
    overwrite
        Make existing results again.
    progress
        Called with the fraction done.

    Returns
    -------
    int
        The number of images filled by this call. One that cannot be filled is named in a warning and left out.

    Raises
    ------
    ValueError, FileNotFoundError
        Bad input, before anything is written; or no image could be filled.
    FileExistsError
        The result exists, or ``out`` holds results of other images or options, or files that are none of its results.
    OSError
        The system refuses to write; results so far are whole, and the next call continues.
    """
    source, mask = user_path(source, "the source"), _mask_place(mask)
    config, run = checked_options(run, **options)
    images = images_of(source)
    masks = _masks(images, mask)
    files = [source, *(hole for hole in masks if isinstance(hole, Path))]
    if source.is_file() and names_image(out):
        jobs = [Job(source, result_file(out, files, overwrite, config.candidates), (masks[0], config.seed))]
        record, overwrite = None, True
    else:
        folder = result_folder(out)
        jobs = _jobs(source, images, masks, folder, config.seed, config.candidates)
        places = [source, mask] if isinstance(mask, Path) and mask.is_dir() else [source]
        check_places(folder, jobs, places, files[1:])
        record = ResultRecord(folder, source, {"mask": mask, "run": run and run.name} | options, RECORD)
        record.check([result for job in jobs for result in job.results], overwrite)

    def fill(job: Job, pixels: np.ndarray) -> np.ndarray:
        hole, seed = job.about
        return inpaint(pixels, hole, run=run, **options | {"seed": seed}).candidates

    return make_results(jobs, fill, record=record, overwrite=overwrite, progress=progress, done="filled")


def _mask_place(mask: str | Path | None) -> str | Path | None:
    """Return a kind of mask as text, a file or folder as a path; refuse what is neither."""
    inputs.check_mask(mask)
    if mask is None or inputs.is_kind(mask):
        return mask
    mask = user_path(mask, "--mask")
    if not mask.exists():
        raise FileNotFoundError(f"there is no mask {str(mask)!r}")
    return mask


def _masks(images: list[PurePath], mask: Any) -> list[Any]:
    """Return the mask of each image, or the one of all."""
    return _masks_of(images, mask) if isinstance(mask, Path) and mask.is_dir() else [mask] * len(images)


def _jobs(source: Path, images: list[PurePath], masks: list[Any], out: Path, seed: int, candidates: int) -> list[Job]:
    """Return the job of each image of a folder of results, about (mask, seed)."""
    folder = source if source.is_dir() else source.parent
    jobs = []
    for index, (image, hole, name) in enumerate(zip(images, masks, unique_names(images), strict=True)):
        results = numbered(out / name.with_name(f"{name.name}.png"), candidates)
        jobs.append(Job(folder / image, results, (hole, (seed + index) % 2**31)))
    return jobs


def _masks_of(images: list[PurePath], folder: Path) -> list[Path]:
    """Find the mask of each image: of the same path, or else of the same name, but for the suffix."""
    by_name: dict[str, set[str]] = {}
    for file in image_files(str(folder)).images:
        path = PurePath(file.path)
        # A mask of "a.jpg" is called "a.png", or "a.jpg.png".
        for name in (path.with_suffix(""), path):
            by_name.setdefault(_key(name), set()).add(file.path)
    own = {str(image) for image in images}
    masks = []
    for image in images:
        for path in (image, PurePath(image.name)):
            files = by_name.get(_key(path), set()) | by_name.get(_key(path.with_suffix("")), set())
            # "a.jpg" beside "a.png" is the mask of the image that is called so, too.
            files -= own - {str(path)} if len(files) > 1 else set()
            if files:
                break
        else:
            raise FileNotFoundError(f"there is no mask for {image} in {folder}: name it {image.stem}.png")
        if len(files) > 1:
            raise ValueError(f"there are {len(files)} masks for {image} in {folder}: {few(sorted(files))}; keep one")
        masks.append(folder / files.pop())
    return masks


def _key(path: PurePath) -> str:
    return unicodedata.normalize("NFC", str(path)).casefold()
