"""Walk a folder and account for every entry: an image file, or left out for a reason that can be named.

Nothing disappears without a trace, and one bad entry never spoils the rest. What a file is called decides; a file
is opened (its first bytes are read) only where its name says nothing.
"""

import os
import re
from dataclasses import dataclass, field

KINDS = "JPEG, PNG, WebP, GIF and BMP"
_READ = (".jpg", ".jpeg", ".jpe", ".jfif", ".pjpeg", ".pjp", ".mpo", ".png", ".apng", ".webp", ".gif", ".bmp", ".dib")
_NOT_READ = {
    "tif", "tiff", "heic", "heif", "avif", "avifs", "jxl", "jp2", "j2k", "jpf", "jpx", "jpm", "jxr", "wdp", "hdp",
    "psd", "psb", "xcf", "kra", "svg", "svgz", "eps", "ai", "ico", "cur", "icns", "tga", "targa", "pcx", "dcx",
    "pbm", "pgm", "ppm", "pnm", "pam", "pfm", "exr", "hdr", "dds", "ktx", "qoi", "flif", "bpg", "sgi", "rgb",
    "rgba", "bw", "ras", "xbm", "xpm", "wmf", "emf", "dcm", "dicom", "fits", "fit", "nii", "raw", "dng", "cr2",
    "cr3", "crw", "nef", "nrw", "arw", "srf", "sr2", "orf", "rw2", "raf", "pef", "srw", "x3f", "erf", "kdc", "mrw",
}  # fmt: skip
_NO_IMAGE = {
    "txt", "text", "md", "rst", "csv", "tsv", "json", "jsonl", "ndjson", "xml", "yaml", "yml", "toml", "ini", "cfg",
    "conf", "log", "html", "htm", "css", "js", "ts", "py", "ipynb", "pyc", "sh", "bat", "pdf", "doc", "docx", "xls",
    "xlsx", "ppt", "pptx", "odt", "ods", "npz", "npy", "mat", "h5", "hdf5", "pkl", "pickle", "pt", "pth", "ckpt",
    "onnx", "keras", "safetensors", "parquet", "feather", "arrow", "db", "sqlite", "tfrecord", "lmdb", "mdb", "zip",
    "tar", "gz", "tgz", "bz2", "xz", "7z", "rar", "mp4", "avi", "mov", "mkv", "webm", "mp3", "wav", "lnk", "url",
    "exe", "dll",
}  # fmt: skip
IMAGE_SUFFIXES = frozenset({suffix[1:] for suffix in _READ} | _NOT_READ)
# Folders that systems and network drives make; compared without regard to case.
_SYSTEM_FOLDERS = {
    "__macosx", "@eadir", "#recycle", "@recycle", "#snapshot", "~snapshot", "@__thumb", "@tmp", "@recently-snapshot",
    "$recycle.bin", "recycler", "system volume information", "lost+found", "network trash folder",
    "temporary items", "thevolumesettingsfolder", "lost.dir", "$windows.~bt", "$extend", "__pycache__",
    "@sharebin", "_gsdata_",
}  # fmt: skip
_SYSTEM_FILES = {"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"}
_SIGNATURES = (
    (0, b"\xff\xd8\xff", "jpg"), (0, b"\x89PNG\r\n\x1a\n", "png"), (0, b"GIF87a", "gif"), (0, b"GIF89a", "gif"),
    (8, b"WEBP", "webp"), (0, b"II*\0", None), (0, b"MM\0*", None), (4, b"ftyphei", None), (4, b"ftypmif1", None),
    (4, b"ftypavi", None), (0, b"\xff\x0a", None), (0, b"\0\0\0\x0cJXL ", None), (0, b"\0\0\0\x0cjP", None),
    (0, b"8BPS", None), (0, b"\0\0\1\0", None), (0, b"v/1\1", None), (0, b"DDS ", None), (0, b"qoif", None),
    (0, b"#?RADIANCE", None), (0, b"SIMPLE  =", None),
)  # fmt: skip
_MOST_VISITS = 16  # of one folder through several links; more would be a tree that grows without end


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file that should hold an image; `path` is relative to the walked folder, with slashes."""

    path: str
    bytes: int
    mtime_ns: int


@dataclass
class Walk:
    """What a folder holds.

    Attributes
    ----------
    folder : str
    images : list of FileEntry
        In the order of their paths.
    left_out : dict
        Reason by path, of what looks like an image, or might hold some, and is not read.
    system : list of str
        Folders made by the system or a network drive, which are not looked into.
    others : list of str
        Files that are no images.
    folders : list of str
        All folders that were walked, also the empty ones, relative to `folder`.
    """

    folder: str
    images: list[FileEntry] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    system: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)


def walk(folder: str) -> Walk:
    """Walk a folder and all below it; links are followed, but not in circles.

    Raises
    ------
    ValueError
        If the folder itself cannot be read.
    """
    result = Walk(folder)
    visits: dict[tuple[int, int], int] = {}
    waiting: list[tuple[str, frozenset[tuple[int, int]]]] = [("", frozenset())]
    while waiting:  # a list of its own, not recursion: a tree may be deeper than Python's stack
        prefix, above = waiting.pop()
        here = os.path.join(folder, prefix)
        try:
            stat = os.stat(here)
            identity = (stat.st_dev, stat.st_ino)
            if identity in above:
                result.left_out[prefix] = "a link back to a folder above it"
                continue
            visits[identity] = visits.get(identity, 0) + 1
            if visits[identity] > _MOST_VISITS:
                result.left_out[prefix] = f"the same folder for more than the {_MOST_VISITS}th time, through links"
                continue
            with os.scandir(here) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            if not prefix:
                raise ValueError(f"{folder!r} cannot be read: {error.strerror}; check its permissions") from None
            result.left_out[prefix] = f"a folder that cannot be read: {error.strerror}"
            continue
        if prefix:
            result.folders.append(prefix.rstrip("/"))
        for entry in entries:
            path = prefix + entry.name
            if entry.name.startswith("."):
                continue
            try:
                is_folder = entry.is_dir()
            except OSError:  # a link to itself
                is_folder = False
            if is_folder and (entry.name.lower() in _SYSTEM_FOLDERS or re.fullmatch(r"(?i)found\.\d{3}", entry.name)):
                result.system.append(path + "/")
            elif is_folder and entry.name.lower() == "thumbs":
                result.left_out[path + "/"] = "taken for small copies of the images; rename it if it is a class"
            elif is_folder:
                waiting.append((path + "/", above | {identity}))
            else:
                _account(entry, path, result)
    result.images.sort(key=lambda file: file.path)
    result.left_out = dict(sorted(result.left_out.items()))
    return result


def _account(entry: os.DirEntry, path: str, result: Walk) -> None:
    """Put one entry that is no folder where it belongs."""
    name = entry.name.lower()
    suffix = os.path.splitext(name)[1]
    if name in _SYSTEM_FILES or suffix[1:] in _NO_IMAGE:
        result.others.append(path)
        return
    try:
        stat = entry.stat()
        regular = entry.is_file()
    except OSError as error:
        reason = (
            "a link to nothing"
            if isinstance(error, FileNotFoundError | NotADirectoryError)
            else f"cannot be read: {error.strerror}"
        )
        if entry.is_symlink() and "symbolic links" in (error.strerror or ""):
            reason = "a link in a circle"
        result.left_out[path] = reason
        return
    if suffix in _READ:
        if regular:
            result.images.append(FileEntry(path, stat.st_size, stat.st_mtime_ns))
        else:
            result.left_out[path] = "not a file, but a pipe, socket or device"
    elif suffix[1:] in _NOT_READ:
        result.left_out[path] = f"this format is not read; {KINDS} are"
    elif not regular:
        result.others.append(path)
    else:
        _look_inside(entry, path, stat, result)


def _look_inside(entry: os.DirEntry, path: str, stat: os.stat_result, result: Walk) -> None:
    """Decide by the first bytes of a file whose name says nothing."""
    try:
        with open(entry.path, "rb") as file:
            start = file.read(16)
    except OSError as error:
        result.left_out[path] = f"cannot be read: {error.strerror}"
        return
    matches = _formats(start)
    if not matches:
        result.others.append(path)
    elif matches[0] is None:
        result.left_out[path] = f"this format is not read; {KINDS} are"
    elif "." not in entry.name:  # as downloads are named that go by a hash
        result.images.append(FileEntry(path, stat.st_size, stat.st_mtime_ns))
    else:
        result.left_out[path] = f"an image whose name does not say so: rename it to end in .{matches[0]}"


def is_other_format(path: str) -> bool:
    """Tell whether a file is an image of a kind that is not read, by its name or its first bytes."""
    if os.path.splitext(path)[1].lower()[1:] in _NOT_READ:
        return True
    try:
        with open(path, "rb") as file:
            return _formats(file.read(16)) == [None]
    except OSError:
        return False


def _formats(start: bytes) -> list[str | None]:
    """Return the suffixes of formats that begin so; None for one that is not read."""
    return [suffix for offset, bytes_, suffix in _SIGNATURES if start[offset : offset + len(bytes_)] == bytes_]


def image_files(folder: str) -> Walk:
    """Walk a folder whose images are used one by one; classes and splits do not matter.

    Raises
    ------
    ValueError
        If the folder cannot be read, or holds no image; the message says what it holds.
    """
    walked = walk(folder)
    if not walked.images:
        raise ValueError(f"no image in {folder!r}: {content(walked)}; {KINDS} images are read")
    return walked


def content(walked: Walk) -> str:
    """Say what a folder without images holds."""
    if walked.left_out:
        path, reason = next(iter(walked.left_out.items()))
        more = f", and {len(walked.left_out) - 1:,} more" if len(walked.left_out) > 1 else ""
        return f"{path!r} is left out ({reason}){more}"
    if walked.others:
        count = len(walked.others)
        return f"it holds {count:,} other file{'s' * (count > 1)}, such as {min(walked.others)!r}"
    return "it is empty"


def skipped_line(left_out: dict[str, str], folder: str, total: int) -> str:
    """Return a line about what is left out: how many of how many, the first one and why."""
    path, reason = next(iter(sorted(left_out.items())))
    more = f" and {len(left_out) - 1:,} more" if len(left_out) > 1 else ""
    return f"skipped {len(left_out):,} of {total:,} images in {folder!r}: {path!r} ({reason}){more}"
