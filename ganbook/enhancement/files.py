"""Enlarging and restoring image files: one to a file, or a folder to a folder, continued where it was interrupted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ganbook.data.result_files import Job, check_places, images_of, make_results, result_file, result_folder
from ganbook.enhancement.enhance import checked_plan, enhance
from ganbook.utils.files import user_path
from ganbook.utils.output import unique_names
from ganbook.utils.result_record import ResultRecord

RECORD = "enhance.json"


def enhance_files(
    source: str | Path,
    out: str | Path,
    *,
    run: Any = None,
    overwrite: bool = False,
    progress: Callable[[float], None] | None = None,
    **options: Any,
) -> int:
    """Enhance an image, or the images of a folder and its subfolders; existing results of a folder stay as they are.

    Colour profile, EXIF data and resolution of an image are those of its result, too.

    Parameters
    ----------
    source
        An image, or a folder of images.
    out
        For an image the result, ``NAME.png``; for a folder a folder of results, ``NAME.png``. Images whose results
        would share a name have theirs with the suffix, as in ``NAME.jpg.png``.
    run, **options
        As for :func:`~ganbook.enhancement.enhance.enhance`.
    overwrite
        Make existing results again.
    progress
        Called with the fraction done.

    Returns
    -------
    int
        The number of images enhanced by this call. One that cannot be read is named in a warning and left out.

    Raises
    ------
    ValueError, FileNotFoundError
        Bad input, before anything is written; or no image could be enhanced.
    FileExistsError
        The result exists, or ``out`` holds results of other images or options, or files that are none of its results.
    OSError
        The system refuses to write; results so far are whole, and the next call continues.
    """
    source = user_path(source, "the source")
    checked_plan(run, **{name: value for name, value in options.items() if name != "protect"})
    images = images_of(source)
    if source.is_file():
        jobs, record = [Job(source, result_file(out, [source], overwrite))], None
        overwrite = True
    else:
        out = result_folder(out)
        names = unique_names(images)
        jobs = [
            Job(source / image, (out / name.with_name(f"{name.name}.png"),))
            for image, name in zip(images, names, strict=True)
        ]
        check_places(out, jobs, [source])
        record = ResultRecord(out, source, {"run": run and getattr(run, "name", str(run))} | options, RECORD)
        record.check([job.results[0] for job in jobs], overwrite)
    done = 0

    def make(job: Job, pixels: np.ndarray) -> list[np.ndarray]:
        inner = None if progress is None else lambda fraction: progress((done + fraction) / len(jobs))
        return [enhance(pixels, run=run, progress=inner, **options).image]

    def count(fraction: float) -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(fraction)

    return make_results(jobs, make, record=record, overwrite=overwrite, progress=count, done="enhanced")
