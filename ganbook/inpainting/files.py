"""Filling picture files: a folder in, a folder out, going on where it was interrupted."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ganbook.inpainting.fill import inpaint, opened
from ganbook.utils.files import atomic

RECORD = "inpaint.json"


@dataclass(frozen=True)
class Task:
    """A picture to fill: where it is, its hole, and where its candidates go."""

    picture: Path
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
    """Fill the pictures of a folder, or one picture; those that are there already are left as they are.

    Parameters
    ----------
    source
        A picture, or a folder of pictures.
    mask
        A kind of mask, drawn anew for each picture; a picture of one; a folder with a mask for each picture, of the
        same name but for the suffix; None: where the pictures are transparent.
    out
        Folder for the results, ``NAME.png``, or ``NAME-1.png``, ``NAME-2.png``, … for several candidates.
    run, **options
        As for :func:`~ganbook.inpainting.fill.inpaint`.
    overwrite
        Make results again that are there.
    progress
        Called with the share done.

    Returns
    -------
    int
        How many pictures were filled now. What cannot be read is named in a warning and left out.

    Raises
    ------
    ValueError, FileNotFoundError
        What is wrong; the results in ``out`` were made with other options.
    """
    out = Path(out)
    tasks = list(_tasks(Path(source), mask, out, options.get("seed") or 0, options.get("candidates") or 1))
    if run is not None:
        run = opened(run, options.get("runs_dir"))
    _keep_record(out, {"mask": str(mask), "run": run and run.name} | options, overwrite)
    done = 0
    for index, task in enumerate(tasks):
        if overwrite or not task.results[0].exists():
            done += _fill(task, run, options, alone=len(tasks) == 1)
        if progress is not None:
            progress((index + 1) / len(tasks))
    return done


def _tasks(source: Path, mask: Any, out: Path, seed: int, candidates: int) -> Iterator[Task]:
    from ganbook.data.walk import image_files, skipped_line

    if source.is_dir():
        found = image_files(str(source))
        if found.left_out:
            total = len(found.images) + len(found.left_out)
            warnings.warn(skipped_line(found.left_out, str(source), total), stacklevel=4)
        pictures = [source / file.path for file in found.images]
    elif source.is_file():
        pictures = [source]
    else:
        raise FileNotFoundError(f"there is no picture or folder {str(source)!r}")
    masks_by_name = None
    if mask is not None and Path(mask).is_dir():
        masks_by_name = {path.stem: path for path in sorted(Path(mask).iterdir()) if path.is_file()}
    for index, picture in enumerate(pictures):
        place = out / (picture.relative_to(source) if source.is_dir() else Path(picture.name))
        names = [place.stem] if candidates == 1 else [f"{place.stem}-{k + 1}" for k in range(candidates)]
        hole = mask
        if masks_by_name is not None:
            if picture.stem not in masks_by_name:
                raise FileNotFoundError(f"there is no mask for {picture.name} in {mask}: name it {picture.stem}.png")
            hole = masks_by_name[picture.stem]
        yield Task(picture, hole, (seed + index) % 2**31, tuple(place.with_name(f"{name}.png") for name in names))


def _keep_record(out: Path, made: dict[str, Any], overwrite: bool) -> None:
    """Remember how results were made; refuse to mix them with others."""
    file, made = out / RECORD, json.loads(json.dumps(made, default=str))
    if file.exists() and not overwrite and json.loads(file.read_text()) != made:
        raise ValueError(f"{out} holds results of other options: choose another --out, or replace them (--overwrite)")
    out.mkdir(parents=True, exist_ok=True)
    with atomic(file) as temporary:
        temporary.write_text(json.dumps(made, indent=2) + "\n")


def _fill(task: Task, run: Any, options: dict[str, Any], *, alone: bool) -> bool:
    try:
        result = inpaint(task.picture, task.mask, run=run, **options | {"seed": task.seed})
    except ValueError as error:
        if alone:
            raise
        warnings.warn(f"{task.picture.name} left out: {error}", stacklevel=2)
        return False
    task.results[0].parent.mkdir(parents=True, exist_ok=True)
    # The first is written last: where it is, all are.
    for candidate, path in reversed(list(zip(result.candidates, task.results, strict=False))):
        _write(candidate, path)
    return True


def _write(picture: np.ndarray, path: Path) -> None:
    with atomic(path) as temporary:
        if picture.dtype == np.uint16:
            import cv2

            channels = [2, 1, 0, 3][: picture.shape[2]] if picture.shape[2] > 1 else [0]
            temporary.write_bytes(cv2.imencode(".png", np.ascontiguousarray(picture[:, :, channels]))[1].tobytes())
        else:
            from PIL import Image

            Image.fromarray(picture[:, :, 0] if picture.shape[2] == 1 else picture).save(temporary, "png")
