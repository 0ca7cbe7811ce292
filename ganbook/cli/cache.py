"""``ganbook cache``: what is kept to be quick next time, and clearing it."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from ganbook.data.cache_entries import KINDS, LIMIT, LIMIT_GB, clear, entries, limit


def declare(commands: Any) -> None:
    """Add the command to the terminal's."""
    parser = commands.add_parser(
        "cache",
        help="list or clear the cache",
        description="List what the cache holds, the largest first: "
        + ", ".join(f"{kind} ({what})" for kind, what in KINDS.items())
        + ". All of it is made again when it is needed. GANBOOK_CACHE names another folder, and "
        f"{LIMIT} the gigabytes that images may take [{LIMIT_GB:g}]: beyond that, those that were not used for the "
        "longest time make room.",
    )
    parser.set_defaults(run_command=_run)
    parser.add_argument(
        "--clear",
        nargs="+",
        metavar="ENTRY",
        help=f"remove entries, by the beginning of a name; {', '.join(KINDS)}; all",
    )


def _run(options: dict[str, Any]) -> int:
    from ganbook.data.cache import root

    place = Path(root())
    if options["clear"]:
        removed = clear(place, options["clear"])
        print(f"{len(removed)} removed, {_size(sum(entry.nbytes for entry in removed))}")
        return 0
    there = entries(place)
    for entry in there:
        days = (time.time() - entry.used) / 86400
        used = "today" if days < 1 else f"{days:.0f} days ago"
        print(f"{entry.kind:12}{entry.name[:8]:10}{_size(entry.nbytes):>10}  {used:13}{entry.about}")
    images = sum(entry.nbytes for entry in there if entry.kind == "images")
    print(
        f"ganbook: {place}: {_size(sum(entry.nbytes for entry in there))}; images {_size(images)} of {_size(limit())}",
        file=sys.stderr,
    )
    return 0


def _size(nbytes: float) -> str:
    for unit, factor in (("GB", 2**30), ("MB", 2**20)):
        if nbytes >= factor:
            return f"{nbytes / factor:,.1f} {unit}"
    return f"{nbytes / 1024:,.0f} KB"
