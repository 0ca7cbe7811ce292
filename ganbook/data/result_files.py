"""Images from image files: a folder in, a folder out, continued where it was interrupted.

A result is a PNG with the colour profile, EXIF data and resolution of its source. An image that cannot be read or
worked on is named and left out; the others are made.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

import numpy as np

from ganbook.data.image_file import FIRST_FRAME, UnreadableImageError, read_content
from ganbook.data.image_writer import metadata_of, write_png
from ganbook.data.walk import IMAGE_SUFFIXES, image_files, skipped_line
from ganbook.utils.errors import counted
from ganbook.utils.files import checked_out, sweep, user_path
from ganbook.utils.output import check_apart, check_not_overwritten
from ganbook.utils.result_record import ResultRecord


@dataclass(frozen=True)
class Job:
    """Results to make from an image file.

    Attributes
    ----------
    image
        The file.
    results
        The files to write, the most important one first.
    about
        What else decides them.
    """

    image: Path
    results: tuple[Path, ...]
    about: Any = None


def names_image(out: str | Path) -> bool:
    """Tell whether a path is named like an image, and is no folder."""
    path = user_path(out, "--out")
    return path.suffix.lower()[1:] in IMAGE_SUFFIXES and not path.is_dir()


def result_folder(out: str | Path) -> Path:
    """Return the path of a folder for results; ``ValueError`` for the name of an image."""
    out = user_path(out, "--out")
    if names_image(out):
        raise ValueError(f"--out {out} is a folder for the results, and that is the name of an image: give a folder")
    return out


def numbered(result: Path, count: int) -> tuple[Path, ...]:
    """Return ``NAME.png`` itself, or ``NAME-1.png``, ``NAME-2.png``, … if there are several."""
    return (result,) if count == 1 else tuple(result.with_stem(f"{result.stem}-{k + 1}") for k in range(count))


def result_file(out: str | Path, sources: Sequence[Path], overwrite: bool, count: int = 1) -> tuple[Path, ...]:
    """Return the results of one image, ``out`` :func:`numbered`.

    Parameters
    ----------
    out
        ``NAME.png``, as users write it.
    sources
        Files that must not be overwritten.
    overwrite
        Whether what exists may be replaced.
    count
        How many results there are.

    Raises
    ------
    ValueError, OSError
        As :func:`~ganbook.utils.files.checked_out`; or a result is a source.
    FileExistsError
        A result exists.
    """
    out = checked_out(out, {".png": "an image"})
    results = numbered(out, count)
    check_not_overwritten(results, sources)
    for result in results:
        if os.path.lexists(result) and not overwrite:
            raise FileExistsError(f"{result} exists: choose another --out, or replace it (--overwrite)")
    return results


def images_of(source: Path) -> list[PurePath]:
    """List images relative to a folder, or the one image by its name; what is left out is warned of.

    Raises
    ------
    FileNotFoundError, ValueError
        There is nothing, or no image in the folder.
    """
    if source.is_file():
        return [PurePath(source.name)]
    if not source.is_dir():
        raise FileNotFoundError(f"there is no image or folder {str(source)!r}")
    walk = image_files(str(source))
    if walk.left_out:
        total = len(walk.images) + len(walk.left_out)
        warnings.warn(skipped_line(walk.left_out, str(source), total), stacklevel=4)
    return [PurePath(file.path) for file in walk.images]


def check_places(out: Path, jobs: Sequence[Job], sources: Sequence[Path], others: Sequence[Path] = ()) -> None:
    """Refuse results that would lie in or on what they are made from.

    Parameters
    ----------
    out
        Folder of the results.
    sources
        Files and folders that are read.
    others
        Further files that must not be overwritten.

    Raises
    ------
    ValueError
        The two are not apart.
    """
    check_apart(out, sources)
    check_not_overwritten([result for job in jobs for result in job.results], [*(job.image for job in jobs), *others])


def make_results(
    jobs: Sequence[Job],
    make: Callable[[Job, np.ndarray], Iterable[np.ndarray]],
    *,
    record: ResultRecord | None = None,
    overwrite: bool = False,
    progress: Callable[[float], None] | None = None,
    done: str = "filled",
) -> int:
    """Make the results of all jobs that have none yet.

    Parameters
    ----------
    jobs
        All of them.
    make
        Takes a job and the pixels of its image, uint8 or uint16 (H, W, C); returns those of its results. It raises
        ``ValueError`` for an image that it cannot work on.
    record
        Remembers how they were made; written before the first result.
    overwrite
        Make existing results again.
    progress
        Called with the fraction done.
    done
        What happens to an image, as in "none of the images could be filled".

    Returns
    -------
    int
        The number of images worked on by this call.

    Raises
    ------
    ValueError
        None could be made.
    OSError
        The system refuses to write; results so far are whole.
    """
    made, kept, failures = 0, 0, []
    for index, job in enumerate(jobs):
        if not overwrite and job.results[0].exists():
            kept += 1
        else:
            try:
                results, metadata = _made(job, make)
                if record is not None and not record.written:  # nothing is made before there is a result
                    record.write()
                    for folder in {record.out, *(job.results[0].parent for job in jobs)}:
                        sweep(folder)
                _write(job, results, metadata)
                made += 1
            except ValueError as error:
                failures.append(f"{job.image.name} left out: {error}")
                if len(jobs) == 1:
                    raise
                warnings.warn(failures[-1], stacklevel=4)
        if progress is not None:
            progress((index + 1) / len(jobs))
    if len(failures) == len(jobs):
        raise ValueError(f"none of the {len(jobs)} images could be {done}; the first: {failures[0]}")
    if failures:
        warnings.warn(f"{len(failures):,} of {counted(len(jobs))} left out, as said above", stacklevel=4)
    if kept and len(jobs) > 1:
        warnings.warn(
            f"{kept:,} of {counted(len(jobs), 'result')} were there already, and stay (--overwrite makes them again)",
            stacklevel=4,
        )
    return made


def _made(job: Job, make: Callable[[Job, np.ndarray], Iterable[np.ndarray]]) -> tuple[list[np.ndarray], bytes]:
    """Make the results of one image; return them and its metadata."""
    try:
        content = read_content(str(job.image))
    except UnreadableImageError as error:
        raise ValueError(f"{str(job.image)!r} cannot be read: {error}") from None
    if content.animated:
        warnings.warn(f"{job.image.name}: {FIRST_FRAME}", stacklevel=4)
    results = list(make(job, content.pixels))
    metadata, remark = metadata_of(str(job.image), content.icc_profile)
    if remark:
        warnings.warn(f"{job.image.name}: {remark}", stacklevel=4)
    return results, metadata


def _write(job: Job, results: list[np.ndarray], metadata: bytes) -> None:
    job.results[0].parent.mkdir(parents=True, exist_ok=True)
    # The first is written last: where it is, all are.
    for pixels, path in reversed(list(zip(results, job.results, strict=False))):
        write_png(path, pixels, metadata)
