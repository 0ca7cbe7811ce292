"""Which images a folder holds, of which split and class; no image is opened."""

import warnings
from dataclasses import dataclass, field

from ganbook.data.labels import class_name
from ganbook.data.splits import find_splits, split_name
from ganbook.data.walk import Walk, image_files
from ganbook.utils.errors import counted, few

_WRAPPERS = {"image", "images", "img", "imgs", "data"}  # folders inside a split that are no class


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

    def split(self, name: str) -> list[ImageFile]:
        """Images of the split "train" or "test"."""
        return [file for file in self.files if file.split == name]


def list_images(folder: str) -> Listing:
    """List a folder's images, with their splits and classes.

    Folders named as splits (``train`` with ``test``, ``val``, ``valid``, ``dev``, …, in capitals or not, also as in
    ``seg_train`` and ``seg_test``) are splits; other folders are classes. The test images are held out, or, where
    there are none, the validation images. What the splits leave over is named in a warning.

    Raises
    ------
    ValueError
        If there is no image, none to train on, or images lie both beside and inside class folders.
    """
    walked = image_files(folder)
    base, splits = _splits(walked)  # the folders that are splits lie in `base`, () or a folder's name
    inside: dict[str, list] = {"train": [], "test": []}
    outside: dict[str, int] = {}
    for file in walked.images:
        *folders, _ = file.path.split("/")
        if not splits:
            inside["train"].append((file, folders))
        elif tuple(folders[: len(base)]) == base and (split := splits.get((*folders, "")[len(base)])):
            inside[split].append((file, folders))
        else:
            top = "/".join(folders[: len(base) + 1]) + "/" if len(folders) > len(base) else file.path
            outside[top] = outside.get(top, 0) + 1

    files, class_levels = [], {base} if splits else set()
    for split, pairs in inside.items():
        level = _class_level([folders for _, folders in pairs], len(base) + bool(splits))
        for file, folders in pairs:
            label = class_name(folders[level]) if folders[level:] else None
            files.append(ImageFile(file.path, split, label, file.bytes, file.mtime_ns))
            if label is not None:
                class_levels.add(tuple(folders[:level]))
    files.sort(key=lambda file: file.path)

    training = next((name for name, split in splits.items() if split == "train"), "")
    _check(folder, files, training)
    _warn_of_splits(folder, files, splits, outside)
    unused = {top: f"{counted(count)} outside the splits" for top, count in outside.items()}
    unused |= dict.fromkeys(walked.system, "made by the system, not looked into")
    return Listing(folder, files, walked.left_out, unused, _without_image(walked, class_levels))


def _splits(walked: Walk) -> tuple[tuple[str, ...], dict[str, str]]:
    """Find which folders are "train" and "test", and the folder they are in; none if the folders are classes."""
    paths = [file.path.split("/")[:-1] for file in walked.images]
    empty = [path.split("/") for path in walked.folders]
    tops = {folders[0] for folders in paths if folders}
    for base in ((), *((top,) for top in tops if len(tops) == 1 and all(paths))):  # an archive unpacks into a folder
        names = {
            folders[len(base)] for folders in paths if tuple(folders[: len(base)]) == base and folders[len(base) :]
        }
        if not any(map(_means_training, names)):  # that it is empty is an error to be named
            names |= {folders[-1] for folders in empty if tuple(folders[:-1]) == base and _means_training(folders[-1])}
        roles = {role: name for name, role in find_splits(names).items()}
        if roles:
            held_out = roles.get("test") or roles.get("validation")
            return base, {roles["train"]: "train"} | ({held_out: "test"} if held_out else {})
    return (), {}


def _means_training(name: str) -> bool:
    return (split_name(name) or ("",))[0] == "train"


def _class_level(all_folders: list[list[str]], level: int) -> int:
    """Skip folders inside a split that hold all its images and are no class, as in ``seg_train/seg_train/cat``."""
    while level and all_folders and all(len(folders) > level for folders in all_folders):
        names = {folders[level] for folders in all_folders}
        if len(names) > 1 or not (names == {all_folders[0][level - 1]} or min(names).lower() in _WRAPPERS):
            break
        level += 1
    return level


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


def _warn_of_splits(folder: str, files: list[ImageFile], splits: dict[str, str], outside: dict[str, int]) -> None:
    """Say which images are used for what, where the names leave a doubt."""
    if outside:
        names = {split: name for name, split in splits.items()}
        used = f"{names['train']!r} is trained on" + (f" and {names['test']!r} held out" if "test" in names else "")
        warnings.warn(
            f"{folder}: {used}; not used: {few(sorted(outside))} ({counted(sum(outside.values()))})", stacklevel=3
        )
    labels = {split: [file.label for file in files if file.split == split] for split in ("train", "test")}
    if not splits:
        classes = sorted({label for label in labels["train"] if label})
        if like_splits := [name for name in classes if (split_name(name) or ("train",))[0] != "train"]:
            warnings.warn(
                f"{folder}: {few(like_splits)} may be splits but are read as classes and trained on: to hold images "
                "out, name two folders 'train' and 'test'",
                stacklevel=3,
            )
    elif labels["test"] and (labels["train"][0] is None) != (labels["test"][0] is None):
        without = "training" if labels["train"][0] is None else "test"
        warnings.warn(f"{folder}: the {without} images have no class folders, so no labels", stacklevel=3)


def _without_image(walked: Walk, class_levels: set[tuple[str, ...]]) -> tuple[str, ...]:
    """Folders beside class folders or splits that hold no image, not even one that is left out."""
    filled = {folder for path in [file.path for file in walked.images] for folder in _folders_above(path)}
    empty = (path for path in walked.folders if path not in filled)
    return tuple(sorted(path for path in empty if tuple(path.split("/")[:-1]) in class_levels))


def _folders_above(path: str) -> list[str]:
    names = path.split("/")[:-1]
    return ["/".join(names[:depth]) for depth in range(1, len(names) + 1)]
