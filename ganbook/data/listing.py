"""Which images a folder holds, of which split and class; no image is opened."""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ganbook.data.labels import class_name
from ganbook.data.splits import find_splits, split_name
from ganbook.data.walk import Walk, image_files
from ganbook.utils.errors import counted, few

if TYPE_CHECKING:
    from ganbook.data.image_data import ImageData

_WRAPPERS = {"image", "images", "img", "imgs", "data"}  # folders inside a split that are no class
_COMPANIONS = {  # folders beside those, of what belongs to the images and is none of them
    "mask", "masks", "label", "labels", "annotation", "annotations", "gt", "groundtruth", "ground_truth",
    "segmentation", "segmentations", "depth", "target", "targets",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ImageFile:
    """A file that should hold an image; `path` is relative to the folder, with slashes."""

    path: str
    split: str
    label: str | None
    bytes: int
    mtime_ns: int


@dataclass(frozen=True)
class Listing:
    """The images of a folder in the order of their paths, and all else that it holds.

    Attributes
    ----------
    folder : str
    files : list of ImageFile
        Images to read, of the splits "train" and "test".
    left_out : dict
        Reason by path, of what looks like an image, or might hold some, and is not read.
    unused : dict
        Reason by path, of images outside the splits, and of folders made by the system.
    without_image : tuple of str
        Folders named as splits, or beside class folders, that hold no image.
    """

    folder: str
    files: list[ImageFile]
    left_out: dict[str, str]
    unused: dict[str, str] = field(default_factory=dict)
    without_image: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The folder as messages name it: from the working folder on, if it lies in that."""
        return self.folder.removeprefix(os.getcwd() + os.sep)

    def split(self, name: str) -> list[ImageFile]:
        """Images of the split "train" or "test"."""
        return [file for file in self.files if file.split == name]


def list_images(folder: str) -> Listing:
    """List a folder's images, with their splits and classes.

    Folders named as splits (``train`` with ``test``, ``val``, ``valid``, ``dev``, …, in capitals or not, also as in
    ``seg_train`` and ``seg_test``) are splits; other folders are classes. Splits may lie in each class folder, too. The
    test images are held out, or, where there are none, the validation images. Masks and annotations in a folder of
    their own beside ``images`` are no class. What the splits leave over is named in a warning.

    Raises
    ------
    ValueError
        If there is no image, none to train on, or images lie both beside and inside class folders.
    """
    walked = image_files(folder)
    layout = _layout(walked)
    inside: dict[str, list] = {"train": [], "test": []}
    outside: dict[str, int] = {}
    for file in walked.images:
        folders = file.path.split("/")[:-1]
        split = layout.split_of(folders)
        if split is None:
            top = "/".join(folders[: layout.depth]) + "/" if len(folders) >= layout.depth else file.path
            outside[top] = outside.get(top, 0) + 1
        else:
            inside[split].append((file, folders))

    files, class_levels = [], {layout.base} if layout.roles else set()
    for split, pairs in inside.items():
        level = layout.first_class_level
        if level is None:
            pairs, level = _without_companions(pairs, layout.depth, outside)
            level = _class_level([folders for _, folders in pairs], level)
            if level and not layout.depth and not outside:
                _warn_of_common_folder(folder, pairs[0][1][:level])
        for file, folders in pairs:
            label = class_name(folders[level]) if folders[level:] else None
            files.append(ImageFile(file.path, split, label, file.bytes, file.mtime_ns))
            if label is not None:
                class_levels.add(tuple(folders[:level]))
    files.sort(key=lambda file: file.path)

    _check(folder, files, layout.names.get("train", ""))
    _warn_of_splits(folder, files, layout, outside)
    unused = {top: f"{counted(count)} outside the splits" for top, count in outside.items()}
    unused |= dict.fromkeys(walked.system, "made by the system, not looked into")
    return Listing(folder, files, walked.left_out, unused, _without_image(walked, class_levels))


def files_of(data: ImageData, split: str = "train") -> list[ImageFile]:
    """Return the files of a split's images, in their order; none if the source is no folder, or has changed."""
    if data.source is None or not os.path.isdir(data.source):
        return []
    passed_over = {path for path, _ in data.skipped}
    files = [file for file in list_images(data.source).split(split) if file.path not in passed_over]
    return files if len(files) == len(data.images if split == "train" else data.test_images) else []


@dataclass(frozen=True)
class _Layout:
    """Where splits and classes lie: ``base/split/class``, ``base/class/split``, or classes alone.

    Attributes
    ----------
    base : tuple of str
        The folders that all the splits lie in.
    roles : dict
        "train" or "test" by folder, as path from the root; empty if there are no splits.
    names : dict
        What the two folders are called, for messages.
    classes_first : bool
        The splits lie inside the class folders.
    """

    base: tuple[str, ...] = ()
    roles: dict[tuple[str, ...], str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    classes_first: bool = False

    @property
    def depth(self) -> int:
        """Number of folders of a path that tell its split."""
        return len(next(iter(self.roles), ()))

    @property
    def first_class_level(self) -> int | None:
        """Which folder of a path is its class, if it stands before the split."""
        return len(self.base) if self.classes_first else None

    def split_of(self, folders: list[str]) -> str | None:
        """Return the split of an image in these folders."""
        return self.roles.get(tuple(folders[: self.depth])) if self.roles else "train"


def _layout(walked: Walk) -> _Layout:
    """Find which folders are splits."""
    paths = {tuple(file.path.split("/")[:-1]) for file in walked.images}
    empty = [tuple(path.split("/")) for path in walked.folders]
    tops = {folders[0] for folders in paths if folders}
    wrappers = {top for top in tops if top.lower() in _WRAPPERS}
    bases: list[tuple[str, ...]] = [()]
    if all(paths) and (len(tops) == 1 or _are_companions(tops)):  # an archive unpacks into a folder
        bases.append(tuple(wrappers or tops))
    for base in bases:
        names = _names_in(base, paths)
        if not any(map(_means_training, names)):  # that it is empty is an error to be named
            names |= {folders[-1] for folders in empty if folders[:-1] == base and _means_training(folders[-1])}
        if held := _held_out(names):
            return _Layout(base, {(*base, name): split for split, name in held.items()}, held)
    for base in bases:
        classes = _names_in(base, paths)
        held_in = {name: _held_out(_names_in((*base, name), paths)) for name in classes}
        if classes and all(len(held) == 2 for held in held_in.values()):
            roles = {(*base, name, held[split]): split for name, held in held_in.items() for split in held}
            return _Layout(base, roles, next(iter(held_in.values())), classes_first=True)
    return _Layout()


def _names_in(base: tuple[str, ...], paths: set[tuple[str, ...]]) -> set[str]:
    """Names of the folders in a folder, of those that hold images."""
    return {path[len(base)] for path in paths if path[: len(base)] == base and len(path) > len(base)}


def _held_out(names: set[str]) -> dict[str, str]:
    """Return which of the names is "train", and which one "test"; empty if they are no splits."""
    roles = {role: name for name, role in find_splits(names).items()}
    if not roles:
        return {}
    held_out = roles.get("test") or roles.get("validation")
    return {"train": roles["train"]} | ({"test": held_out} if held_out else {})


def _are_companions(names: set[str]) -> bool:
    """Tell whether one folder holds images, and the others what belongs to them, such as masks."""
    others = {name for name in names if name.lower() in _COMPANIONS}
    return bool(others) and len(names - others) == 1 and (names - others).pop().lower() in _WRAPPERS


def _without_companions(pairs: list, level: int, outside: dict[str, int]) -> tuple[list, int]:
    """Leave out masks and annotations in folders beside ``images``, and count them as unused."""
    if not pairs or not all(len(folders) > level for _, folders in pairs):
        return pairs, level
    if not _are_companions({folders[level] for _, folders in pairs}):
        return pairs, level
    used = []
    for file, folders in pairs:
        if folders[level].lower() in _WRAPPERS:
            used.append((file, folders))
        else:
            top = "/".join(folders[: level + 1]) + "/"
            outside[top] = outside.get(top, 0) + 1
    return used, level + 1


def _means_training(name: str) -> bool:
    return (split_name(name) or ("",))[0] == "train"


def _class_level(all_folders: list[list[str]], level: int) -> int:
    """Skip folders that hold all the images and are no class, as in ``seg_train/seg_train/cat`` or ``flowers/rose``."""
    if not level:
        return _first_branching(all_folders)
    while all_folders and all(len(folders) > level for folders in all_folders):
        names = {folders[level] for folders in all_folders}
        if len(names) > 1 or not (names == {all_folders[0][level - 1]} or min(names).lower() in _WRAPPERS):
            break
        level += 1
    return level


def _first_branching(all_folders: list[list[str]]) -> int:
    """Return the level of the first folders that are several, if all images lie in them, else 0."""
    level = 0
    while all_folders and all(len(folders) > level for folders in all_folders):
        if len({folders[level] for folders in all_folders}) > 1:
            return level
        level += 1
    return 0


def _check(folder: str, files: list[ImageFile], training: str) -> None:
    for split in ("train", "test"):
        part = [file for file in files if file.split == split]
        beside = next((file.path for file in part if file.label is None), None)
        inside = next((file.path for file in part if file.label is not None), None)
        if beside and inside:
            raise ValueError(
                f"{folder!r} has images beside its class folders ({beside!r}) and inside ({inside!r}): "
                "put every image into a class folder, or all of them into one folder without any"
            )
        if split == "train" and not part:
            raise ValueError(f"no image to train on in {folder!r}: its folder {training!r} holds none")


def _warn_of_common_folder(folder: str, common: list[str]) -> None:
    warnings.warn(
        f"{folder}: all images lie in {'/'.join(common) + '/'!r}, whose folders are the classes", stacklevel=3
    )


def _warn_of_splits(folder: str, files: list[ImageFile], layout: _Layout, outside: dict[str, int]) -> None:
    """Say which images are used for what, where the names leave a doubt."""
    names = layout.names
    if outside:
        used = f"{names['train']!r} is trained on" if names else "its images are trained on"
        used += f" and {names['test']!r} held out" if "test" in names else ""
        warnings.warn(
            f"{folder}: {used}; not used: {few(sorted(outside))} ({counted(sum(outside.values()))})", stacklevel=3
        )
    labels = {split: [file.label for file in files if file.split == split] for split in ("train", "test")}
    if not names:
        classes = sorted({label for label in labels["train"] if label})
        like_splits = [name for name in classes if (split_name(name) or ("train",))[0] != "train"]
        like_splits = like_splits or _splits_inside(files)
        if like_splits:
            warnings.warn(
                f"{folder}: {few(like_splits)} may be splits but are read as classes and trained on: to hold images "
                "out, name two folders 'train' and 'test'",
                stacklevel=3,
            )
    elif labels["test"] and (labels["train"][0] is None) != (labels["test"][0] is None):
        without = "training" if labels["train"][0] is None else "test"
        warnings.warn(f"{folder}: the {without} images have no class folders, so no labels", stacklevel=3)


def _splits_inside(files: list[ImageFile]) -> list[str]:
    """Folders named as splits inside of class folders."""
    folders = {tuple(file.path.split("/")[:-1]) for file in files}
    depth = max(map(len, folders))
    inside = {path[:level] for path in folders for level in range(2, depth + 1) if len(path) >= level}
    groups: dict[tuple[str, ...], set[str]] = {}
    for path in inside:
        groups.setdefault(path[:-1], set()).add(path[-1])
    return sorted("/".join((*above, name)) for above, names in groups.items() for name in find_splits(names))


def _without_image(walked: Walk, class_levels: set[tuple[str, ...]]) -> tuple[str, ...]:
    """Folders beside class folders or splits that hold no image, not even one that is left out."""
    filled = {folder for path in [file.path for file in walked.images] for folder in _folders_above(path)}
    empty = (path for path in walked.folders if path not in filled)
    return tuple(sorted(path for path in empty if tuple(path.split("/")[:-1]) in class_levels))


def _folders_above(path: str) -> list[str]:
    names = path.split("/")[:-1]
    return ["/".join(names[:depth]) for depth in range(1, len(names) + 1)]
