"""Filling image files: a folder in, a folder out, continued where it was interrupted."""

from __future__ import annotations

import json
import os
import unicodedata
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

import numpy as np

from ganbook.data.image_file import UnreadableImageError, read_content
from ganbook.data.image_writer import metadata_of, write_png
from ganbook.data.walk import IMAGE_SUFFIXES, image_files, skipped_line
from ganbook.inpainting import inputs
from ganbook.inpainting.fill import checked_options, inpaint
from ganbook.utils.errors import few
from ganbook.utils.files import atomic, read_text, sweep, user_path, write_text
from ganbook.utils.output import check_apart, check_not_overwritten, unique_names

RECORD = "inpaint.json"


@dataclass(frozen=True)
class Task:
    """An image to fill: its file, its mask, its seed, and the files of its candidates."""

    image: Path
    mask: Any
    seed: int
    results: tuple[Path, ...]


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
        Folder of the results, ``NAME.png``, or ``NAME-1.png``, ``NAME-2.png``, … for several candidates. Images whose
        results would share a name have theirs with the suffix, as in ``NAME.jpg.png``.
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
        ``out`` holds results of other images or options, or files that are none of its results.
    OSError
        The system refuses to write; results so far are whole, and the next call continues.
    """
    source, out = user_path(source, "the source"), _folder(out)
    mask = _mask_place(mask)
    config, run = checked_options(run, **options)
    images = _images(source)
    check_apart(out, [source, *([mask] if isinstance(mask, Path) and mask.is_dir() else [])])
    tasks = _tasks(source, images, mask, out, config.seed, config.candidates)
    originals = [task.image for task in tasks] + [task.mask for task in tasks if isinstance(task.mask, Path)]
    check_not_overwritten([result for task in tasks for result in task.results], originals)
    record = Record(out, source, _json({"mask": mask, "run": run and run.name} | options))
    record.check([result for task in tasks for result in task.results], overwrite)
    filled, failures = 0, []
    for index, task in enumerate(tasks):
        if overwrite or not task.results[0].exists():
            try:
                candidates, metadata = _filled(task, run, options)
                if not record.written:  # nothing is made before there is a result
                    record.write()
                    for folder in {out, *(task.results[0].parent for task in tasks)}:
                        sweep(folder)
                _write(task, candidates, metadata)
                filled += 1
            except ValueError as error:
                failures.append(f"{task.image.name} left out: {error}")
                if len(tasks) == 1:
                    raise
                warnings.warn(failures[-1], stacklevel=3)
        if progress is not None:
            progress((index + 1) / len(tasks))
    if len(failures) == len(tasks):
        raise ValueError(f"none of the {len(tasks)} images could be filled; the first: {failures[0]}")
    return filled


def _folder(out: str | Path) -> Path:
    out = user_path(out, "--out")
    if out.suffix.lower()[1:] in IMAGE_SUFFIXES and not out.exists():
        raise ValueError(f"--out {out} is a folder for the results, and that is the name of an image: give a folder")
    return out


def _mask_place(mask: str | Path | None) -> str | Path | None:
    """Return a kind of mask as text, a file or folder as a path; refuse what is neither."""
    inputs.check_mask(mask)
    if mask is None or inputs.is_kind(mask):
        return mask
    mask = user_path(mask, "--mask")
    if not mask.exists():
        raise FileNotFoundError(f"there is no mask {str(mask)!r}")
    return mask


def _images(source: Path) -> list[PurePath]:
    """List images relative to a folder, or the one image by its name."""
    if source.is_file():
        return [PurePath(source.name)]
    if not source.is_dir():
        raise FileNotFoundError(f"there is no image or folder {str(source)!r}")
    walk = image_files(str(source))
    if walk.left_out:
        total = len(walk.images) + len(walk.left_out)
        warnings.warn(skipped_line(walk.left_out, str(source), total), stacklevel=4)
    return [PurePath(file.path) for file in walk.images]


def _tasks(source: Path, images: list[PurePath], mask: Any, out: Path, seed: int, candidates: int) -> list[Task]:
    folder = source if source.is_dir() else source.parent
    masks = [mask] * len(images)
    if isinstance(mask, Path) and mask.is_dir():
        masks = _masks_of(images, mask)
    tasks = []
    for index, (image, hole, name) in enumerate(zip(images, masks, unique_names(images), strict=True)):
        numbers = [""] if candidates == 1 else [f"-{k + 1}" for k in range(candidates)]
        results = tuple(out / name.with_name(f"{name.name}{number}.png") for number in numbers)
        tasks.append(Task(folder / image, hole, (seed + index) % 2**31, results))
    return tasks


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


class Record:
    """How the results in a folder were made: ``inpaint.json``, the options of each source.

    Parameters
    ----------
    out
        The folder of results.
    source
        What is filled.
    options
        All that decides the results, as JSON holds it.

    Attributes
    ----------
    written : bool
        True once this call has written it.
    """

    def __init__(self, out: Path, source: Path, options: dict[str, Any]):
        self._out, self._source, self._options = out, os.path.realpath(source), options
        self.written = False

    def check(self, results: list[Path], overwrite: bool) -> None:
        """Refuse to mix results with those of other options or sources, or with files that are no results.

        Raises
        ------
        FileExistsError
            Something is in the way; nothing was changed.
        """
        if self._out.exists() and not self._out.is_dir():
            raise FileExistsError(f"{self._out} is a file: give a folder for the results")
        existing = next((result for result in results if os.path.lexists(result)), None)
        if existing is None:
            return
        earlier = self._read()
        if not earlier:
            raise FileExistsError(f"{existing} exists and is no result of ganbook: choose another --out")
        if overwrite:
            return
        options = earlier.get(self._source)
        if options is None:
            raise FileExistsError(
                f"{existing} is a result of another source: choose another --out, or replace it (--overwrite)"
            )
        if options != self._options:
            names = sorted({*options, *self._options})
            name = next(name for name in names if options.get(name) != self._options.get(name))
            raise FileExistsError(
                f"{self._out} holds results of other options ({name} was {options.get(name)!r}): choose another --out, "
                "or replace them (--overwrite)"
            )

    def write(self) -> None:
        """Add the options of this source, making the folder."""
        self._out.mkdir(parents=True, exist_ok=True)
        with atomic(self._out / RECORD) as temporary:
            text = json.dumps(self._read() | {self._source: self._options}, indent=2)
            write_text(temporary, text + "\n")
        self.written = True

    def _read(self) -> dict[str, Any]:
        try:
            record = json.loads(read_text(self._out / RECORD))
        except (OSError, ValueError):
            return {}
        return record if isinstance(record, dict) else {}


def _json(options: dict[str, Any]) -> dict[str, Any]:
    """Return options as JSON gives them back."""
    paths = {name: os.path.realpath(value) for name, value in options.items() if isinstance(value, Path)}
    return json.loads(json.dumps(options | paths, default=str))


def _filled(task: Task, run: Any, options: dict[str, Any]) -> tuple[np.ndarray, bytes]:
    """Fill one image; return its candidates and its metadata."""
    try:
        content = read_content(str(task.image))
    except UnreadableImageError as error:
        raise ValueError(f"{str(task.image)!r} cannot be read: {error}") from None
    result = inpaint(content.pixels, task.mask, run=run, **options | {"seed": task.seed})
    metadata, remark = metadata_of(str(task.image), content.icc_profile)
    if remark:
        warnings.warn(f"{task.image.name}: {remark}", stacklevel=3)
    return result.candidates, metadata


def _write(task: Task, candidates: np.ndarray, metadata: bytes) -> None:
    task.results[0].parent.mkdir(parents=True, exist_ok=True)
    # The first is written last: where it is, all are.
    for candidate, path in reversed(list(zip(candidates, task.results, strict=False))):
        write_png(path, candidate, metadata)
