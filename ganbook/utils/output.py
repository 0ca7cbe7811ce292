"""Where results go: never onto or into their source, under names that never collide, whole or not at all.

What writes many files goes through here, and checks before any work:

- :func:`check_apart`: the output is neither the source, nor inside it, nor around it, whatever links lead there;
- :func:`unique_names`: every source gets a file name of its own;
- :class:`UnfinishedOutput`: a hidden folder beside the output in which it is made, renamed into place at the end;
- :func:`reserve`: room on the disk, before it is needed.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePath
from typing import Any

import filelock

from ganbook.utils.files import atomic, flush, read_text, write_text

LONGEST = 250  # bytes of a file name; most systems allow 255


# Apart from the source


def check_apart(out: Path, sources: Iterable[Path], *, option: str = "--out") -> None:
    """Refuse an output that lies in one of its sources, is one, or contains one.

    Parameters
    ----------
    out
        A file or folder to write, which need not exist.
    sources
        Files and folders that are read. Links are followed; a file is compared by its folder, too.

    Raises
    ------
    ValueError
        The two are not apart.
    """
    place = Path(os.path.realpath(out))
    for source in sources:
        original = Path(os.path.realpath(source))
        folder = original if original.is_dir() else original.parent
        if _same(place, original) or _same(place, folder):
            relation = "is its own source" if _same(place, original) else f"holds its source {source.name}"
        elif original.is_dir() and any(_same(above, original) for above in place.parents):
            relation = f"lies inside its source {source}"
        elif original.is_dir() and any(_same(above, place) for above in original.parents):
            relation = f"contains its source {source}"
        else:
            continue
        raise ValueError(
            f"{option} {out} {relation}: choose another place, so that no original is overwritten or mixed up"
        )


def _same(a: Path, b: Path) -> bool:
    """Tell whether two resolved paths are one, also by a name in other case or by a mount."""
    if a == b:
        return True
    try:
        return os.path.samefile(a, b)
    except OSError:
        return False


def check_not_overwritten(results: Iterable[Path], sources: Iterable[Path], *, option: str = "--out") -> None:
    """Raise ``ValueError`` if a result would replace the very file that a source is, by whatever path or link."""
    originals = {_identity(source): source for source in sources}
    originals.pop(None, None)
    for result in results:
        if original := originals.get(_identity(result)):
            raise ValueError(f"{option}: {result} is the source {original}: choose another place")


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        stat = os.stat(path)
    except OSError:
        return None
    return stat.st_dev, stat.st_ino


# Names


def unique_names(sources: Sequence[PurePath]) -> list[PurePath]:
    """Return for each relative path one without its suffix that no other has.

    ``a.png`` becomes ``a``. Where two would share a name (also one that differs in case or Unicode form alone, since
    many disks hold these for one), the suffix stays: ``a.png`` and ``a.jpg``; where that is not enough, they are
    numbered. Names that are too long are cut and end in a digest.
    """
    plain = [_without_suffix(source) for source in sources]
    count: dict[str, int] = {}
    for name in plain:
        count[_key(name)] = count.get(_key(name), 0) + 1
    taken = {key for key, times in count.items() if times == 1}
    names = []
    for source, name in zip(sources, plain, strict=True):
        if count[_key(name)] > 1:
            name, number = _cut(source), 1
            while _key(name) in taken:
                number += 1
                name = _cut(source.with_name(f"{source.name}-{number}"))
            taken.add(_key(name))
        names.append(name)
    return names


def _without_suffix(path: PurePath) -> PurePath:
    return _cut(path.with_name(path.stem if path.stem.strip(".") else path.name))


def _cut(path: PurePath, room: int = len("-64.png")) -> PurePath:
    name = os.fsencode(path.name)
    if len(name) + room <= LONGEST:
        return path
    digest = hashlib.sha256(name).hexdigest()[:8]
    return path.with_name(f"{name[: LONGEST - room - 9].decode(errors='ignore')}-{digest}")


def _key(path: PurePath) -> str:
    """Return what a disk that ignores case and Unicode forms makes of a path."""
    return unicodedata.normalize("NFC", str(path)).casefold()


# Whole or not at all


class UnfinishedOutput:
    """The hidden folder ``.NAME.part`` beside an output, in which the output is made.

    A context manager that holds the folder against other processes. A call with the same plan continues where an
    earlier one was interrupted. What has no progress to keep is removed again when an error ends it.

    Parameters
    ----------
    out
        The output, a file or a folder.
    plan
        What decides the output, as JSON holds it.
    record
        Name of the file in the folder that holds the plan and how far the output is.

    Attributes
    ----------
    path : Path
        The folder to write into.
    done : int
        How far an earlier call came, as it was noted.

    Raises
    ------
    FileExistsError
        An unfinished output of another plan waits there, or, on finishing, ``out`` exists by now.
    BlockingIOError
        Another process is making this very output.
    """

    def __init__(self, out: Path, plan: dict[str, Any], record: str):
        self.out, self.plan, self.record = out, plan, record
        self._final = Path(os.path.realpath(out))
        self.path = self._final.with_name(f".{_cut(PurePath(self._final.name), 24).name}.part")
        self.done = 0
        self._finished = False

    def __enter__(self) -> UnfinishedOutput:
        self.path.mkdir(exist_ok=True)
        # Taken in one thread and released in another.
        self._lock = filelock.FileLock(self.path / ".lock", timeout=0, thread_local=False)
        try:
            self._lock.acquire()
        except filelock.Timeout:
            raise BlockingIOError(f"{self.out} is being written by another process: wait for it to end") from None
        try:
            self._continue()
        except BaseException:
            self._lock.release()
            raise
        return self

    def _continue(self) -> None:
        noted = read_record(self.path / self.record)
        if noted is None and any(not entry.name.startswith(".") for entry in self.path.iterdir()):
            raise FileExistsError(
                f"{self.path} is no unfinished output of ganbook: move it away, or choose another place"
            )
        self._remove_hidden()  # of a process that was killed while it wrote; the lock is ours now
        if noted is None:
            self.note(0)
            return
        self.done = noted.pop("done")
        if noted != self.plan:
            raise FileExistsError(
                f"{self.out} is another data set, unfinished: call it with the same options as before, choose another "
                f"place, or delete {self.path}"
            )

    def _remove_hidden(self) -> None:
        for entry in self.path.glob(".*"):
            if entry.is_dir():
                shutil.rmtree(entry)
            elif entry.name != ".lock":
                entry.unlink()

    def note(self, done: int) -> None:
        """Remember how far the output is."""
        with atomic(self.path / self.record) as temporary:
            write_text(temporary, json.dumps(self.plan | {"done": done}))
        self.done = done

    def finish(self) -> None:
        """Make the folder the output."""
        check_free(self.out)
        self._remove_hidden()
        (self.path / ".lock").unlink(missing_ok=True)
        if os.name == "nt" and self._final.is_dir():
            self._final.rmdir()
        self.path.rename(self._final)
        self._finished = True

    def finish_file(self, file: Path) -> None:
        """Make a file in the folder the output, and remove the folder."""
        check_free(self.out, "file")
        flush(file)
        file.replace(self._final)
        self.discard()

    def discard(self) -> None:
        """Remove the folder, which is not needed any more; the record goes last, by which leftovers are known."""
        self._finished = True
        with contextlib.suppress(OSError):
            for entry in self.path.iterdir():
                if entry.is_dir():
                    shutil.rmtree(entry)
                elif entry.name != self.record:
                    entry.unlink()
            (self.path / self.record).unlink(missing_ok=True)
            self.path.rmdir()

    def discard_left_over(self) -> None:
        """Remove the folder of this plan that an interrupted call left beside a complete output."""
        if not self.path.is_dir():
            return
        record = read_record(self.path / self.record)
        empty = all(entry.name == ".lock" for entry in self.path.iterdir())
        if empty or (record is not None and {key: record[key] for key in record if key != "done"} == self.plan):
            self.discard()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._lock.release()
        if kind is not None and not self._finished and self.done == 0:
            self.discard()


def read_record(file: Path) -> dict[str, Any] | None:
    """Read the record of an output; None if there is none, or what is there is none."""
    try:
        noted = json.loads(read_text(file))
    except (OSError, ValueError):
        return None
    return noted if isinstance(noted, dict) and isinstance(noted.get("done"), int) else None


def check_free(out: Path, kind: str = "folder") -> None:
    """Raise ``FileExistsError`` unless there is nothing at ``out``, or, for a folder, an empty one."""
    try:
        os.lstat(out)  # refuses names that are too long, before any work
    except FileNotFoundError:
        return
    if kind == "file" or not out.is_dir():
        raise FileExistsError(f"{out} exists already: choose another place")
    if any(out.iterdir()):
        raise FileExistsError(f"{out} exists, and is another data set or not empty: choose another place")
    if os.path.ismount(out):
        raise FileExistsError(f"{out} is the top of a disk: choose a folder inside it")


# Room


def reserve(file: Path, size: int) -> None:
    """Give a file its full size in bytes, so that the disk cannot become full while it is written.

    Raises
    ------
    OSError
        There is no room: the file is as it was, or gone if it did not exist.
    """
    before = file.stat().st_size if file.exists() else None
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _allocate(handle, size, file.parent, before or 0)
    except OSError as error:
        if before is None:
            file.unlink()
        if error.errno != errno.ENOSPC:
            raise
        free = shutil.disk_usage(file.parent).free
        raise OSError(
            f"the disk is full: {file.parent.parent} has {free / 1e6:,.1f} MB free and {size / 1e6:,.1f} MB are "
            "needed; free some space or choose another place"
        ) from None
    finally:
        os.close(handle)


def _allocate(handle: int, size: int, folder: Path, before: int) -> None:
    if hasattr(os, "posix_fallocate") and size:
        try:
            os.posix_fallocate(handle, 0, size)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.EOPNOTSUPP):
                raise
        else:
            return
    # This system cannot reserve: look whether there is room now.
    if size > shutil.disk_usage(folder).free + before:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.truncate(handle, size)
