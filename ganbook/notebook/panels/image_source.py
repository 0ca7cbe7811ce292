"""The images of a panel: those of a run, a data set or a folder, a file, an array, an upload."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from ganbook.data.array_name import array_name
from ganbook.data.dataset import check_images
from ganbook.training.run import Run

MOST_PIXELS = 16_000_000  # of an image that a page shows
MOST_TRIED = 100  # images of a folder, until one can be read


@dataclass(frozen=True)
class NamedImage:
    """An image, uint8 or uint16 (H, W, C), C ∈ {1, 3, 4}, and its name on the page."""

    pixels: np.ndarray
    name: str

    @property
    def hole(self) -> np.ndarray | None:
        """What the image lacks from the start, bool (H, W): its transparent pixels. None if it is whole."""
        if self.pixels.shape[2] != 4:
            return None
        opacity = self.pixels[..., 3]
        hole = opacity < np.iinfo(opacity.dtype).max // 2 + 1
        return hole if hole.any() and not hole.all() else None


@dataclass(frozen=True)
class ImageSource:
    """Images, read one at a time, and the runs that may work on them, by the method they do it with.

    ``scored`` says whether they are the truth, which a result is to come near to: images of a data set, say.
    """

    count: int
    read: Callable[[int], NamedImage]
    runs: dict[str, Run]
    scored: bool = False

    def first_readable(self) -> tuple[int, NamedImage]:
        """Return the first image that can be read, with its number; those before it are named in a warning.

        Raises
        ------
        ValueError
            None of the first :data:`MOST_TRIED` can be read.
        """
        errors = []
        for index in range(min(self.count, MOST_TRIED)):
            try:
                image = self.read(index)
            except ValueError as error:
                errors.append(str(error))
                continue
            if errors:
                more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
                warnings.warn(f"{errors[0]}{more}; opened {image.name} instead", stacklevel=3)
            return index, image
        raise ValueError(errors[0])


def open_images(
    source: Any = None,
    run: Run | str | None = None,
    runs_dir: str | Path | None = None,
    *,
    by_task: Mapping[str, str],
    purpose: str,
) -> ImageSource:
    """Open images for a panel.

    Parameters
    ----------
    source
        A run or its name (the held-out images of its data), an image file, a folder of images, each in its own
        size, the name of a data set, an :class:`~ganbook.data.ImageData`, or an array (H, W), (H, W, C) or
        (N, H, W, C). None: none yet.
    run
        The run that works on them, where ``source`` is no run; or another one, for another method.
    runs_dir
        Where runs are looked for by name.
    by_task
        The method of a run of each task that the panel has a use for.
    purpose
        What the panel does, in a word.

    Raises
    ------
    FileNotFoundError, ValueError
        It is none of these, or cannot be read, or the run has another task; the message is one line.
    """
    from ganbook.training.runs import load_run

    runs: dict[str, Run] = {}

    def add(run: Run) -> None:
        check_images(run.folder.config()["data"], purpose)
        if run.config.task not in by_task:
            tasks = " or ".join(by_task)
            raise ValueError(f"{run.name} was trained to {run.config.task}: {purpose} takes a run of --task {tasks}")
        runs.setdefault(by_task[run.config.task], run)

    if run is not None:
        add(run if isinstance(run, Run) else load_run(run, runs_dir))
    if source is None:
        return ImageSource(0, _no_image, runs)
    if isinstance(source, str | os.PathLike):
        source = _named(str(source), runs, runs_dir)
    if isinstance(source, ImageSource):
        return source
    if isinstance(source, Run):
        add(source)
        return _of_data(source.data, runs)
    if getattr(source, "ndim", 0) == 2 or (getattr(source, "ndim", 0) == 3 and source.shape[2] in (1, 3, 4)):
        image = _checked(_of_array(np.asarray(source)), array_name())
        return ImageSource(1, lambda index: image, runs, scored=True)
    from ganbook.data import load_images

    return _of_data(load_images(source), runs)


def _no_image(index: int) -> NamedImage:
    raise IndexError(f"there is no image {index}")


def _named(source: str, runs: dict[str, Run], runs_dir: str | Path | None) -> Any:
    """Return the images of a file or folder, or the data set or run of this name."""
    from ganbook.data import load_images, names
    from ganbook.data.walk import image_files
    from ganbook.training.runs import load_run

    path = Path(source).expanduser()
    if str(source) in names() or path.suffix == ".npz":
        return load_images(source)
    if path.is_file():
        return ImageSource(1, lambda index: read(path, path.name), runs)
    if path.is_dir() and not (path / "config.json").is_file():
        files = [file.path for file in image_files(str(path)).images]
        return ImageSource(len(files), lambda index: read(path / files[index], files[index]), runs)
    try:
        return load_run(source, runs_dir)
    except FileNotFoundError as error:
        raise FileNotFoundError(f"{source} is not an image, folder or data set, and as a run: {error}") from None


def _of_data(data: Any, runs: dict[str, Run]) -> ImageSource:
    """Return the held-out images, where there are any."""
    images, kind = (data.test_images, "test") if len(data.test_images) else (data.images, "training")

    def image(index: int) -> NamedImage:
        return NamedImage(np.array(images[index]), f"{data.name} {kind} {index}")

    return ImageSource(len(images), image, runs, scored=True)


def _of_array(array: np.ndarray) -> np.ndarray:
    from ganbook.data import load_images

    image = array.reshape(*array.shape[:2], -1)
    return image if image.dtype in (np.uint8, np.uint16) else load_images(image[None]).images[0]


def read(path: Path, name: str) -> NamedImage:
    """Read an image file in its own size and depth.

    Raises
    ------
    ValueError
        It is not an image, is damaged, or has more than :data:`MOST_PIXELS`.
    """
    from ganbook.data import image_file

    try:
        header = image_file.read_header(str(path))
        _check(header.height, header.width, name)
        return NamedImage(image_file.read(str(path)), name)
    except image_file.UnreadableImageError as error:
        raise ValueError(f"{name} cannot be read: {error}") from None


def read_upload(file: bytes, name: str) -> NamedImage:
    """Read an image file that was sent; raises as :func:`read` does."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        path.write_bytes(file)
        return read(path, name)


def _checked(image: np.ndarray, name: str) -> NamedImage:
    height, width = image.shape[:2]
    _check(height, width, name)
    return NamedImage(image, name)


def _check(height: int, width: int, name: str) -> None:
    if height * width > MOST_PIXELS:
        raise ValueError(
            f"{name} is {width}×{height}; the panel takes at most {MOST_PIXELS // 10**6} megapixels: make it smaller, "
            "or use ganbook.inpaint or ganbook.enhance"
        )


def mask_from_image(image: NamedImage, on: NamedImage, *, resize: bool = False) -> tuple[np.ndarray, str]:
    """Read an image as a mask for another one, as :mod:`ganbook.data.mask_image` does.

    Returns
    -------
    tuple
        bool (H, W), and a remark if there is one.

    Raises
    ------
    ValueError
        It has another size and is not to be resized, or it is empty or full.
    """
    from ganbook.inpainting import inputs

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        mask = inputs.holes(image.pixels, inputs.images(on.pixels), resize=resize)[0]
    return mask, "; ".join(str(warning.message) for warning in caught)
