"""A larger data set on disk: the images as they are, and augmented copies of them."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import unicodedata
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ganbook.augmentation.arrays import PIECE
from ganbook.augmentation.images import augment
from ganbook.augmentation.policy import Policy
from ganbook.config import signature
from ganbook.config.augment import AugmentConfig
from ganbook.config.parser import make
from ganbook.data import ImageData, load_images
from ganbook.data.listing import files_of, list_images
from ganbook.data.report import file_sizes
from ganbook.utils.arrays import size_in_words
from ganbook.utils.files import user_path
from ganbook.utils.output import UnfinishedOutput, check_apart, check_free, read_record, reserve
from ganbook.utils.progress import bar as progress_bar

RECORD, PIXELS = "augmentation.json", "images.raw"
LONGEST_STEM = 200  # bytes: names of files may have 255, and here the number of the copy belongs to them

# From the number of an image in its split to its file, relative to the output: (split, number, copy) → path.
Layout = Callable[[str, int, int], Path]


@signature.takes(AugmentConfig)
def augment_dataset(source: Any, out: str | Path, policy: Policy | str = "standard", **options: Any) -> Path:
    """Write a data set and augmented copies of its training images; interrupted and called again, continue.

    The output appears whole: until it is complete, it is a hidden folder ``.NAME.part`` beside ``out``.

    Parameters
    ----------
    source
        Whatever :func:`ganbook.data.load` takes.
    out
        A ``.npz`` file with ``x_train``, and ``y_train``, ``x_test``, ``y_test`` and ``class_names`` as far as the
        source has them; or a folder of PNG images, ``train/CLASS/`` and ``test/CLASS/``, which may exist if it is
        empty; images from files keep their names, with the number of the copy. The test split is not augmented.
    policy
        A :class:`~ganbook.augmentation.Policy` or its text.
    **options
        The options of :class:`~ganbook.config.augment.AugmentConfig`.

    Returns
    -------
    Path
        ``out``; :func:`ganbook.data.load` takes it.

    Raises
    ------
    FileExistsError
        ``out`` exists, and is not this very data set.
    ValueError
        Options out of bounds, a policy that mixes labels, class names that cannot be folders, or an output that is
        not apart from its source.
    OSError
        The system refuses to write, for example because the disk is full.
    """
    config = make(AugmentConfig, policy=str(policy), **options)
    policy = Policy.parse(policy, config.seed) if isinstance(policy, str) else policy
    if not isinstance(policy, Policy):
        raise ValueError(f"policy is {type(policy).__name__}: give a Policy or its text, such as 'flip@0.5,zoom:0.2'")
    if policy.mixes:
        raise ValueError("mixup and cutmix make labels that are fractions of classes, which no data set on disk holds")
    out = user_path(out, "--out")
    _check_place(source, out)
    data = load_images(source, config.image_size, config.channels)
    policy.check(data.shape[2], data.labels is not None)
    if config.image_size is None:
        _say_what_became_of_sizes(data)
    plan = {
        "policy": json.loads(policy.to_json()), "copies": config.copies, "originals": not config.without_originals,
        "data": data.fingerprint,
    }  # fmt: skip
    return (_to_npz if out.suffix else _to_folder)(data, policy, plan, out)


def _check_place(source: Any, out: Path) -> None:
    if not out.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {out.parent} to write {out.name} into")
    if out.suffix not in ("", ".npz"):
        raise ValueError(f"{out} is neither a .npz file nor a folder: choose a name that ends in .npz, or has no dot")
    origin = source.source if isinstance(source, ImageData) else source
    if isinstance(origin, str | os.PathLike) and Path(origin).expanduser().exists():
        check_apart(out, [Path(origin).expanduser()])


def _say_what_became_of_sizes(data: ImageData) -> None:
    sizes = file_sizes(data)
    if sizes is not None and len(np.unique(sizes, axis=0)) > 1:
        warnings.warn(
            f"the images of {data.name} are of different sizes, and become {size_in_words(data.shape[:2])}: "
            "--image-size N chooses another size",
            stacklevel=3,
        )


def _pieces(data: ImageData, policy: Policy, plan: dict[str, Any], done: int) -> Iterator[tuple[int, np.ndarray]]:
    """Yield images from number ``done`` on: first the originals, then one copy of each after the other."""
    batch_size, count = max(1, PIECE // int(np.prod(data.shape))), len(data)
    with progress_bar(total=_count(data, plan), initial=done, unit="image", desc="augmenting", delay=1) as bar:
        while done < _count(data, plan):
            copy, start = divmod(done, count)
            images = np.asarray(data.images[start : start + batch_size])
            if copy or not plan["originals"]:
                images = augment(images, policy, first=done)
            yield done, images
            done += len(images)
            bar.update(len(images))


def _count(data: ImageData, plan: dict[str, Any]) -> int:
    return len(data) * (plan["copies"] + plan["originals"])


def _to_npz(data: ImageData, policy: Policy, plan: dict[str, Any], out: Path) -> Path:
    mark = hashlib.sha256(json.dumps(plan, sort_keys=True).encode()).hexdigest().encode()
    unfinished = UnfinishedOutput(out, plan, RECORD)
    if _comment(out) == mark:
        unfinished.discard_left_over()
        return out
    check_free(out, "file")
    with unfinished:
        unfinished.finish_file(_write_npz(data, policy, plan, unfinished, mark))
    return out


def _write_npz(
    data: ImageData, policy: Policy, plan: dict[str, Any], unfinished: UnfinishedOutput, mark: bytes
) -> Path:
    """Write the archive into the folder of the unfinished output; return its path."""
    shape = (_count(data, plan), *data.shape)
    raw = unfinished.path / PIXELS
    reserve(raw, int(np.prod(shape)))
    with raw.open("r+b") as file:
        for start, images in _pieces(data, policy, plan, unfinished.done):
            file.seek(start * int(np.prod(data.shape)))
            file.write(np.ascontiguousarray(images))
            file.flush()
            unfinished.note(start + len(images))
    # Written in full by now, so that reading it through a map cannot fail for lack of room.
    arrays = {"x_train": np.memmap(raw, np.uint8, "r", shape=shape)}
    if len(data.test_images):
        arrays["x_test"] = data.test_images
    if data.labels is not None:
        arrays |= {"y_train": np.tile(data.labels, shape[0] // len(data)), "class_names": np.array(data.class_names)}
    if data.test_labels is not None and len(data.test_images):
        arrays["y_test"] = data.test_labels
    archive = unfinished.path / "whole.npz"
    with archive.open("wb") as file, zipfile.ZipFile(file, "w") as members:
        for name, array in arrays.items():
            member = zipfile.ZipInfo(f"{name}.npy")  # of no date: the same data are the same file
            member.compress_type = zipfile.ZIP_DEFLATED
            with members.open(member, "w", force_zip64=True) as content:
                np.lib.format.write_array(content, array, allow_pickle=False)
        members.comment = mark  # by which a later call knows its own work
    return archive


def _comment(file: Path) -> bytes:
    try:
        with zipfile.ZipFile(file) as archive:
            return archive.comment
    except (OSError, ValueError, zipfile.BadZipFile):
        return b""


def _to_folder(data: ImageData, policy: Policy, plan: dict[str, Any], out: Path) -> Path:
    record = read_record(out / RECORD)
    if record == plan | {"done": _count(data, plan)}:
        return out
    check_free(out)
    with UnfinishedOutput(out, plan, RECORD) as unfinished:
        layout = _layout(data, unfinished.path / ".layout")
        for start, images in _pieces(data, policy, plan, unfinished.done):
            for number, image in enumerate(images, start):
                copy, index = divmod(number, len(data))
                _save(image, unfinished.path / layout("train", index, copy))
            unfinished.note(start + len(images))
        for index, image in enumerate(data.test_images):
            _save(np.asarray(image), unfinished.path / layout("test", index, 0))
        unfinished.finish()
    return out


def _layout(data: ImageData, trial: Path) -> Layout:
    """Choose folders that read back as the same splits and classes; refuse class names for which none do.

    They are tried in a folder on the disk of the output, which may ignore case or refuse characters.
    """
    if data.labels is not None:
        for name in data.class_names:
            _check_class_name(name)
    has_test = bool(len(data.test_images))
    stems = {split: _stems(data, split) for split in ("train", "test")}

    def file(train: str, split: str, index: int, copy: int) -> Path:
        labels = data.labels if split == "train" else data.test_labels
        folder = Path(train if split == "train" else "test")
        name = f"{stems[split][index]}-{copy}.png"
        return (folder if labels is None else folder / data.class_names[labels[index]]) / name

    # A folder "train" is needed beside "test", and where a class is called as a split is.
    for train in ["train"] if has_test else ["", "train"]:

        def layout(split: str, index: int, copy: int, train: str = train) -> Path:
            return file(train, split, index, copy)

        problem = _misread(data, layout, trial)
        if problem is None:
            return layout
    raise ValueError(f"as a folder, {problem}; write a .npz file instead (--out NAME.npz), which holds any class name")


def _stems(data: ImageData, split: str) -> Sequence[str]:
    """Return what files are called before the number of the copy: as in the source, if no two are then the same."""
    count, labels = (len(data), data.labels) if split == "train" else (len(data.test_images), data.test_labels)
    stems = [Path(file.path).stem for file in files_of(data, split)]
    places = zip([0] * count if labels is None else labels.tolist(), stems, strict=False)
    distinct = len({(label, unicodedata.normalize("NFC", stem).casefold()) for label, stem in places}) == count
    short = all(len(os.fsencode(stem)) <= LONGEST_STEM for stem in stems)
    return stems if short and distinct else [f"{index:07d}" for index in range(count)]


def _check_class_name(name: str) -> None:
    reason = None
    if not name.strip() or name in (".", ".."):
        reason = "is no name of a folder"
    elif any(ord(character) < 32 or character in "/\\\x7f" for character in name):
        reason = "has a character that names of folders cannot have"
    elif len(os.fsencode(name)) > 255:
        reason = f"is {len(os.fsencode(name))} bytes long, and names of folders may have 255"
    if reason:
        shown = name if len(name) <= 40 else f"{name[:40]}…"
        raise ValueError(
            f"the class name {shown!r} {reason}: rename it, or write a .npz file instead (--out NAME.npz), which holds "
            "any class name"
        )


def _misread(data: ImageData, layout: Layout, trial: Path) -> str | None:
    """Ask the reader of folders: say what it would take for something else, or None.

    One empty file of each split and class is enough, since the reader looks at names alone.
    """
    expected = {}
    for split, labels, count in (("train", data.labels, len(data)), ("test", data.test_labels, len(data.test_images))):
        first = {None: 0} if labels is None else {data.class_names[k]: i for k, i in _first_of_each(labels)}
        expected |= {layout(split, i, 0).as_posix(): (split, name) for name, i in first.items() if count}
    try:
        for path in expected:
            (trial / path).parent.mkdir(parents=True, exist_ok=True)
            (trial / path).touch()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            files = list_images(str(trial)).files
    except ValueError as error:
        return str(error).replace(str(trial), "it")
    finally:
        shutil.rmtree(trial, ignore_errors=True)
    read = {file.path: (file.split, file.label) for file in files}
    for path, (split, name) in expected.items():
        if read.get(path) != (split, name):
            return f"the class {name!r} would not be read back as what it is"
    return None


def _first_of_each(labels: np.ndarray) -> Iterator[tuple[int, int]]:
    classes, first = np.unique(labels, return_index=True)
    return zip(classes.tolist(), first.tolist(), strict=True)


def _save(image: np.ndarray, file: Path) -> None:
    from PIL import Image

    file.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(image[..., 0] if image.shape[2] == 1 else image).save(file)
