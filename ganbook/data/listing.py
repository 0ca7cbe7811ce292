"""Which pictures a folder holds, of which split and class; no file is opened."""

import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

_SUFFIXES = (".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif", ".bmp", ".dib")
_OTHER_PICTURES = (".tif", ".tiff", ".heic", ".heif", ".avif", ".jxl", ".jp2", ".psd", ".svg", ".raw", ".dng")
_KINDS = "JPEG, PNG, WebP, GIF and BMP"


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A file that should hold a picture; `path` is relative to the folder, with slashes."""

    path: str
    split: str
    label: str | None
    bytes: int
    mtime_ns: int


@dataclass(frozen=True)
class Listing:
    """The pictures of a folder in the order of their paths, and what was left out because of its kind."""

    folder: str
    pictures: list[PictureFile]
    other: tuple[tuple[str, str], ...]

    def split(self, name: str) -> list[PictureFile]:
        """Pictures of the split "train" or "test"."""
        return [picture for picture in self.pictures if picture.split == name]


def list_pictures(folder: str) -> Listing:
    """List a folder's pictures.

    Raises
    ------
    ValueError
        If there is no picture, none to train on, or pictures lie both beside and inside subfolders.
    """
    try:
        found = sorted(_walk(folder, ""), key=lambda pair: pair[0])
    except OSError as error:
        raise ValueError(f"{error.filename!r} cannot be read: {error.strerror}; check its permissions") from None
    paths = [(path, entry) for path, entry in found if path.lower().endswith(_SUFFIXES)]
    other = tuple(
        (path, f"its kind is not read; {_KINDS} are") for path, _ in found if path.lower().endswith(_OTHER_PICTURES)
    )
    if not paths:
        content = "it is empty" if not found else f"it holds {len(found)} other files, such as {found[0][0]!r}"
        raise ValueError(f"no picture in {folder!r}: {content}; {_KINDS} pictures are read")

    tops = {path.split("/")[0] for path, _ in paths if "/" in path}
    splits = _splits(tops, folder)
    pictures = []
    for path, entry in paths:
        *folders, _ = path.split("/")
        split = "train"
        if splits:
            if not folders or folders[0] not in splits:
                continue
            split, folders = splits[folders[0]], folders[1:]
        stat = entry.stat()
        pictures.append(PictureFile(path, split, folders[0] if folders else None, stat.st_size, stat.st_mtime_ns))
    _check(folder, pictures)
    return Listing(folder, pictures, other)


def _walk(
    folder: str, prefix: str, above: frozenset[tuple[int, int]] = frozenset()
) -> Iterator[tuple[str, os.DirEntry]]:
    # data sets often link to their class folders, so links are followed, but not round in circles
    stat = os.stat(folder)
    identity = (stat.st_dev, stat.st_ino)
    if identity in above:
        return
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") or entry.name == "__MACOSX":
                continue
            if entry.is_dir():
                yield from _walk(entry.path, f"{prefix}{entry.name}/", above | {identity})
            elif entry.is_file():
                yield prefix + entry.name, entry


def _splits(tops: set[str], folder: str) -> dict[str, str]:
    """Which top folders are splits; {} if they are classes."""
    test = next((name for name in ("test", "val") if name in tops), None)
    if "train" not in tops or (test is None and len(tops) > 1):
        return {}
    unused = sorted(tops - {"train", test})
    if unused:
        warnings.warn(f"{folder}: train and {test} are its splits; not used: {', '.join(unused)}", stacklevel=2)
    return {"train": "train"} | ({test: "test"} if test else {})


def _check(folder: str, pictures: list[PictureFile]) -> None:
    for split in ("train", "test"):
        part = [picture for picture in pictures if picture.split == split]
        beside = next((p.path for p in part if p.label is None), None)
        inside = next((p.path for p in part if p.label is not None), None)
        if beside and inside:
            raise ValueError(
                f"{folder!r} has pictures beside its class folders ({beside!r}) and inside ({inside!r}): "
                "put every picture into a class folder, or all of them into one folder without any"
            )
        if split == "train" and not part:
            raise ValueError(f"no picture to train on in {folder!r}: its folder 'train' holds none")
