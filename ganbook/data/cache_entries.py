"""What the cache holds, how large it may become, and how to clear it.

Decoded images take the most room: beyond the limit the entries that were not used for the longest time make room for a
new one. An entry that a training on this machine has open keeps its pixels until that ends, for the system removes a
file only when nobody has it open; where it does not, the entry stays.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ganbook.utils.errors import OptionError, nearest
from ganbook.utils.files import read_text

LIMIT, LIMIT_GB = "GANBOOK_CACHE_GB", 100.0
# The folders of the cache, and what is in them.
KINDS = {
    "images": "decoded images", "features": "networks that compare images", "evaluations": "measured numbers",
}  # fmt: skip
ALL = "all"


@dataclass(frozen=True)
class Entry:
    """Something in the cache.

    Attributes
    ----------
    kind
        ``images``, ``features`` or ``evaluations``.
    name
        Eight characters or more by which it can be cleared.
    path
        File or folder.
    nbytes
        Size on disk.
    used
        When it was last used, seconds since 1970.
    about
        What it is, in words.
    """

    kind: str
    name: str
    path: Path
    nbytes: int
    used: float
    about: str


def entries(root: Path) -> list[Entry]:
    """Return what the cache at ``root`` holds, the largest first."""
    found = []
    for kind, words in KINDS.items():
        folder = root / kind
        for path in folder.iterdir() if folder.is_dir() else ():
            try:
                if path.name.startswith((".", "unfinished-")):
                    continue
                about = path / "about.json"
                used = (about if about.exists() else path).stat().st_mtime
                found.append(Entry(kind, path.name, path, _size(path), used, _about(about) or words))
            except OSError:  # removed this moment
                continue
    return sorted(found, key=lambda entry: -entry.nbytes)


def _size(path: Path) -> int:
    return sum(file.stat().st_size for file in path.iterdir()) if path.is_dir() else path.stat().st_size


def _about(file: Path) -> str:
    """Return what an entry of images is, in words; empty if it does not say."""
    try:
        about = json.loads(read_text(file))
        height, width, _ = about["shape"]
        return f"{about['count']:,} images of {width}×{height} from {about['folder']}"
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def clear(root: Path, names: Iterable[str]) -> list[Entry]:
    """Remove entries of the cache; return those that were.

    Parameters
    ----------
    root
        The cache's folder.
    names
        Kinds, ``all``, or names of entries as far as they are unique.

    Raises
    ------
    OptionError
        There is no such entry; nothing is removed then.
    """
    there, chosen = entries(root), []
    for name in names:
        matching = [e for e in there if name in (ALL, e.kind) or (len(name) >= 4 and e.name.startswith(name))]
        if not matching and name not in (ALL, *KINDS):
            known = [ALL, *KINDS, *(entry.name for entry in there)]
            raise OptionError(f"the cache has no entry {name}{nearest(name, known)}; ganbook cache lists what it has")
        chosen += [entry for entry in matching if entry not in chosen]
    return [entry for entry in chosen if remove(entry)]


def remove(entry: Entry) -> bool:
    """Remove an entry; False if the system does not let it go."""
    if entry.path.is_dir():
        shutil.rmtree(entry.path, ignore_errors=True)
    else:
        entry.path.unlink(missing_ok=True)
    return not entry.path.exists()


def limit() -> float:
    """Return how many bytes the cache's images may take: ``GANBOOK_CACHE_GB``, else 100 GB.

    Raises
    ------
    OptionError
        It is no number above 0.
    """
    text = os.environ.get(LIMIT) or str(LIMIT_GB)
    try:
        gigabytes = float(text)
    except ValueError:
        gigabytes = 0.0
    if not gigabytes > 0:
        raise OptionError(f"{LIMIT} is {text!r}: give a number of gigabytes above 0")
    return gigabytes * 2**30


def make_room(root: Path, needed: int) -> None:
    """Remove images that were not used for the longest time, until ``needed`` more bytes are within the limit.

    Raises
    ------
    OSError
        They are more than the limit.
    """
    most = limit()
    if needed > most:
        raise OSError(f"the cache may take {most / 2**30:g} GB; {LIMIT} sets another limit")
    images = sorted((entry for entry in entries(root) if entry.kind == "images"), key=lambda entry: entry.used)
    total = sum(entry.nbytes for entry in images)
    for entry in images:
        if total + needed <= most:
            return
        if remove(entry):
            total -= entry.nbytes


def touch(folder: str) -> None:
    """Note that an entry of images is used now."""
    try:
        os.utime(os.path.join(folder, "about.json"), (time.time(), time.time()))
    except OSError:  # somebody else's cache, which may be read alone
        return
