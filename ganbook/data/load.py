"""Where data come from: :func:`load` finds out what it was given and asks the right file of this room."""

import contextlib
import difflib
import itertools
import os
from typing import Any

from ganbook.data.array_name import array_name
from ganbook.data.arrays import from_array
from ganbook.data.bundled import BUNDLED, load_bundled
from ganbook.data.dataset import Dataset, check_images, kind_of
from ganbook.data.image_data import ImageData
from ganbook.data.keras_datasets import KERAS_DATASETS, load_keras_dataset
from ganbook.data.npz import load_npz
from ganbook.data.point_shapes import SHAPES, is_shape
from ganbook.data.point_shapes import names as shape_names
from ganbook.data.points import PointData, holds_points, named_points, points_from
from ganbook.data.resize import checked_channels, checked_crop, checked_size, fit
from ganbook.data.text import TextData, holds_text, lines_of, read_lines, text_from
from ganbook.data.text_sets import TEXT_SETS, load_text_set
from ganbook.utils.bounds import LARGEST_CROP, SMALLEST_CROP, whole_number
from ganbook.utils.errors import few
from ganbook.utils.files import user_path

_ALLOWED = f"{', '.join([*BUNDLED, *KERAS_DATASETS])}, a .npz file, a folder of images, or a NumPy array"
_OTHERS = (
    f"; points: {', '.join(SHAPES)}, or an array (N, 2); text: {', '.join(TEXT_SETS)}, a .txt file with one item a "
    "line, or a list of strings"
)


def load(
    source: object,
    image_size: int | tuple[int, int] | None = None,
    channels: int | None = None,
    *,
    crop: int | str | None = None,
    hold_out: int | None = None,
    labels: object | None = None,
    max_length: int | None = None,
    long_lines: str | None = None,
) -> ImageData | PointData | TextData:
    """Load images, points in the plane, or short lines of text, from any source.

    Points are a name (``ring``, ``grid``, ``spiral``, ``moons``, ``line``, ``two-gaussians``, ``disjoint``,
    ``checkerboard``), perhaps with options as in ``ring:modes=6,sigma=0.05``; an array or a DataFrame (N, 2) of finite
    numbers, perhaps with ``labels``; or a :class:`~ganbook.data.points.PointData`. All else is images, see
    :func:`load_images`.

    Text is a name (``names``, ``words``, ``poems``, ``sums``), a ``.txt`` file in UTF-8 with one item a line, a list,
    an array or a column of strings, perhaps with ``labels``, or a :class:`~ganbook.data.text.TextData`. Lines have at
    most ``max_length`` characters, 32 unless given; ``long_lines`` says what is done with longer ones: ``refuse``,
    ``cut`` or ``drop``.

    ``crop`` is what becomes of images of another aspect than ``image_size``: ``center``, the default, cuts out the box
    around their middle; ``random`` one at a random place, the same each time for a file of this name; ``none`` squeezes
    the whole image. Or it is a side in pixels: images are cut into squares at their full resolution, and not resized;
    classes then do not matter, and of a folder images that are smaller are left out.

    ``hold_out`` sets so many training images aside, the same ones each time, which take the place of the test split.

    Returns
    -------
    ImageData, PointData or TextData

    Raises
    ------
    FileNotFoundError, ValueError
        As :func:`load_images`; points that are no numbers, all equal, too few, or of another dimension; text that is
        too long, too little, in another encoding, or with control characters in it.
    """
    of_images = {"image_size": image_size, "channels": channels, "crop": crop, "hold_out": hold_out}
    of_text = {"max_length": max_length, "long_lines": long_lines}
    other = _points(source, labels) or _text(source, labels, of_text)
    if other is None:
        _refuse(of_text, "text", str(source)[:60] if isinstance(source, str) else "this", "images")
        if hold_out is not None:
            from ganbook.data.hold_out import hold_out as set_aside

            return set_aside(load(source, image_size, channels, crop=crop, labels=labels), hold_out)
        if crop is not None and not isinstance(crop, str):
            side = whole_number(crop, "crop", SMALLEST_CROP, LARGEST_CROP)
            return _load_crops(source, image_size, channels, side, labels)
        return load_images(source, image_size, channels, crop=crop, labels=labels)
    _refuse(of_images, "images", other.name, other.holds)
    if other.kind != "text":
        _refuse(of_text, "text", other.name, other.holds)
    return other


def kind_of_name(name: str) -> str:
    """Return the kind of data that a name or a path stands for: ``images``, ``points`` or ``text``."""
    if is_shape(name):
        return "points"
    return "text" if name in TEXT_SETS or name.lower().endswith(".txt") else "images"


def _refuse(options: dict[str, Any], goes_with: str, name: str, holds: str) -> None:
    for option, value in options.items():
        if value is not None:
            raise ValueError(f"{option} goes with {goes_with}, and {name} holds {holds}: leave it out")


def _load_crops(source: Any, image_size: Any, channels: int | None, side: int, labels: object | None) -> ImageData:
    from ganbook.data import crops

    if image_size is not None:
        raise ValueError("crop cuts images and image_size resizes them: give one of the two")
    if isinstance(source, ImageData) and source.crop == side and channels in (None, source.shape[2]):
        return source
    if isinstance(source, str | os.PathLike) and str(source) not in BUNDLED and os.path.isdir(user_path(source)):
        return crops.load_folder_crops(str(user_path(source)), side, checked_channels(channels))
    return crops.cut(load_images(source, None, channels, labels=labels), side)


def _points(source: Any, labels: object | None) -> PointData | None:
    """Return points, if it is points that are meant."""
    pair = isinstance(source, tuple) and len(source) == 2 and holds_points(source[0])
    if pair and getattr(source[1], "ndim", 2) == 1:
        return points_from(*source, name=array_name("points"))
    if isinstance(source, str) and kind_of_name(source) == "points":
        points = named_points(source)
    elif isinstance(source, PointData):
        points = source
    elif holds_points(source):
        return points_from(source, labels, name=array_name("points"))
    else:
        return None
    if labels is not None:
        raise ValueError(f"labels= goes with an array; {points.name} brings its own: drop labels=")
    return points


def _text(source: Any, labels: object | None, options: dict[str, Any]) -> TextData | None:
    """Return lines of text, if it is text that is meant."""
    if isinstance(source, TextData):
        for option, value in options.items():
            if value is not None and value != getattr(source, option):
                raise ValueError(f"{option} is chosen where text is loaded, and {source.name} is: leave it out")
        text = source
    elif isinstance(source, str) and source in TEXT_SETS:
        text = load_text_set(source, **options)
    elif (
        isinstance(source, str | os.PathLike)
        and kind_of_name(str(source)) == "text"
        and os.path.isfile(path := user_path(source))
    ):
        return text_from(read_lines(path), labels, name=path.stem, source_name=str(path), **options)
    elif isinstance(source, tuple) and len(source) == 2 and holds_text(source[0]):
        return text_from(lines_of(source[0]), source[1], name=array_name("lines"), **options)
    elif holds_text(source):
        return text_from(
            lines_of(source), labels, name=array_name(str(getattr(source, "name", None) or "lines")), **options
        )
    else:
        return None
    if labels is not None:
        raise ValueError(f"labels= goes with lines; {text.name} brings its own: drop labels=")
    return text


def load_images(
    source: object,
    image_size: int | tuple[int, int] | None = None,
    channels: int | None = None,
    *,
    crop: str | None = None,
    labels: object | None = None,
) -> ImageData:
    """Load images from any source.

    Parameters
    ----------
    source : str, path, array, tuple or ImageData
        - a name: ``digits``, ``fashion``, ``emoji`` (inside the package), or ``mnist``, ``fashion_mnist``,
          ``cifar10``, ``cifar100`` (downloaded by Keras). A name wins over a folder called the same, which is
          then ``./digits``;
        - a ``.npz`` file with ``x_train`` [``y_train``, ``x_test``, ``y_test``, ``class_names``] or
          ``images`` [``labels``]; validation arrays (``x_val``, …) are held out where there are no test arrays;
          or a ``.npy`` file of images;
        - a folder of JPEG, PNG, WebP, GIF (first frame) or BMP images of any size and mode. Subfolders are
          classes; subfolders ``train`` and ``test`` (or ``val``, ``valid``, ``dev``, …) are splits, with classes
          below them. EXIF orientation is respected, colours are converted to sRGB, transparency becomes white.
          What is not read, unused or doubtful is named in a warning;
        - an array (N, H, W) or (N, H, W, C), C in {1, 3, 4}: uint8, whole numbers 0..255, bool, or floats
          in [0, 1], [-1, 1] or [0, 255]. A uint8 array is used as it is, not copied. Or a tensor, or a list of
          Pillow images;
        - a pair ``(images, labels)``, ``((x_train, y_train), (x_test, y_test))`` or ``(x_train, y_train, x_test,
          y_test)`` of such arrays, or a dictionary of arrays with the names of a ``.npz`` file;
        - an :class:`ImageData`, returned as it is or resized.
    image_size : int or (height, width), optional
        Images are cut to this aspect and resized. By default their own size; a folder of mixed sizes becomes 64×64.
    channels : {1, 3}, optional
        Grey or RGB. By default 1 if all images are grey, otherwise 3.
    crop : {"center", "random", "none"}, optional
        As for :func:`load`.
    labels : array-like (N,), optional
        For an array: integers from 0 on, or names.

    Returns
    -------
    ImageData
        In memory, or, for a folder that decodes to more than 256 MB, read-only in a memory-mapped cache that
        is made once (in ``GANBOOK_CACHE`` or the user's cache folder).

    Raises
    ------
    FileNotFoundError
        If a path does not exist.
    ValueError
        If the source, or what is in it, is none of the above. The message is one line: what it is, what is
        allowed.
    """
    if (other := _points(source, labels) or _text(source, labels, {})) is not None:
        check_images(other.record(), "this")
    size, channels = checked_size(image_size), checked_channels(channels)
    crop = checked_crop(crop, size)
    if isinstance(source, str | bytes | os.PathLike):
        if labels is not None:
            raise ValueError(f"labels= goes with an array; {os.fspath(source)!r} brings its own: drop labels=")
        if isinstance(source, str) and source in BUNDLED:
            return load_bundled(source, size, channels, crop)
        if isinstance(source, str) and source in KERAS_DATASETS:
            return load_keras_dataset(source, size, channels, crop)
        return _load_path(source, size, channels, crop)
    if isinstance(source, ImageData):
        if labels is not None:
            raise ValueError("labels= goes with an array; an ImageData brings its own: load (data.images, labels)")
        return fit(source, size, channels, crop)
    if source is None:
        raise ValueError(f"data is None; allowed are {_ALLOWED}{_OTHERS}")
    return from_array(source, labels, size=size, channels=channels, crop=crop)


def load_recorded(record: dict[str, Any], source: Any = None) -> Dataset:
    """Load the data that :meth:`Dataset.record` described, from ``source``, or from where they came.

    Raises
    ------
    ValueError
        They came from an array and no source is given, or they are not the same data any more.
    """
    source = record["source"] if source is None else source
    if source is None:
        raise ValueError("this run learns from an array that only its program had: give it again (data=array)")
    data = load(source, **kind_of(record).load_options(record))
    if data.fingerprint != record["fingerprint"]:
        raise ValueError(
            f"{data.name} is not the data that this run was trained on (fingerprint {data.fingerprint}, then "
            f"{record['fingerprint']}): give that data, or start a new run"
        )
    return data


def names() -> dict[str, str]:
    """Names that :func:`load` knows, each with one line about it: bundled images, those of Keras, points, text."""
    return BUNDLED | KERAS_DATASETS | shape_names() | TEXT_SETS


def _load_path(
    source: str | os.PathLike, size: tuple[int, int] | None, channels: int | None, crop: str | None
) -> ImageData:
    path = os.path.expanduser(os.fspath(source))
    if isinstance(path, bytes):
        path = os.fsdecode(path)
    if not path or "\0" in path:
        raise ValueError(f"{path!r} is no path; allowed are {_ALLOWED}")
    if os.path.isdir(path):
        from ganbook.data.folder import load_folder

        return load_folder(path, size, channels, crop)
    if os.path.isfile(path):
        suffix = os.path.splitext(path)[1].lower()
        if suffix in (".npz", ".npy"):
            return load_npz(path, size, channels, crop)
        raise ValueError(f"{path!r} is a file but no .npz; {_advice(suffix)}allowed are {_ALLOWED}")
    if os.path.lexists(path):
        reason = "a link to nothing" if os.path.islink(path) else "neither a file nor a folder"
        raise FileNotFoundError(f"{path!r} is {reason}; allowed are {_ALLOWED}")
    looks_like_a_path = not isinstance(source, str) or any(mark in path for mark in ("/", "\\", "."))
    if looks_like_a_path:
        raise FileNotFoundError(f"no file or folder {few([path])}; allowed are {_ALLOWED}")
    near = difflib.get_close_matches(path.lower()[:100], [*names(), *here()], n=1, cutoff=0.5)
    guess = f"did you mean {near[0]!r}? " if near else ""
    raise ValueError(f"unknown data {few([path])}: {guess}allowed are {_ALLOWED}{_OTHERS}")


def here() -> list[str]:
    """Return what may hold data in the working folder, by name: folders and files of arrays or text."""
    with contextlib.suppress(OSError), os.scandir() as entries:
        return sorted(
            entry.name
            for entry in itertools.islice(entries, 1000)
            if not entry.name.startswith(".") and (entry.is_dir() or entry.name.endswith((".npz", ".npy", ".txt")))
        )
    return []


def _advice(suffix: str) -> str:
    """Say the short way from a file of another kind to data."""
    if suffix in (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar"):
        return "unpack it and give the folder; "
    if suffix in (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".heic"):
        return "give the folder that it is in; "
    if suffix in (".csv", ".parquet", ".mat", ".h5", ".hdf5", ".pkl", ".pt", ".tfrecord"):
        return "read it into an array first; "
    return ""
