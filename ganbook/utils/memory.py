"""How much memory a process may still take: of the machine, and of the control group that a container is."""

from __future__ import annotations

import math
import os
from pathlib import Path


def available(root: Path = Path("/")) -> float:
    """Return bytes that can be had without swapping, of pages that files lie in, too; infinite where nobody says.

    ``root`` is where ``proc`` and ``sys`` are.
    """
    return min(_of_machine(root), _of_groups(root))


def physical_memory() -> float:
    """Return the bytes of memory of this machine; infinite where the system does not say."""
    try:
        return float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, ValueError, OSError):
        return math.inf


def _of_machine(root: Path) -> float:
    try:
        lines = (root / "proc/meminfo").read_text().splitlines()
        return next(float(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, IndexError, StopIteration):
        pass
    return physical_memory()  # where nobody says what is free


def _of_groups(root: Path) -> float:
    """Return what the memory limits of this process's control group, and of those around it, leave."""
    try:
        groups = [line.split(":", 2) for line in (root / "proc/self/cgroup").read_text().splitlines()]
    except OSError:
        return math.inf
    left = math.inf
    for _, controllers, path in (group for group in groups if len(group) == 3):
        if controllers == "":
            top, names = root / "sys/fs/cgroup", ("memory.max", "memory.current", "inactive_file")
        elif "memory" in controllers.split(","):
            top, names = root / "sys/fs/cgroup/memory", (
                "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file",
            )  # fmt: skip
        else:
            continue
        inner = top / path.strip("/")
        # in a container the path may be that of the host: the top is then the container's own
        for folder in (inner, *inner.parents):
            left = min(left, _left_in(folder, *names))
            if folder == top:
                break
    return left


def _left_in(folder: Path, limit: str, usage: str, reclaimable: str) -> float:
    try:
        most = float((folder / limit).read_text())  # "max" where there is none
        used = float((folder / usage).read_text())
        numbers = dict(line.split() for line in (folder / "memory.stat").read_text().splitlines())
        return max(0.0, most - used + float(numbers.get(reclaimable, 0)))
    except (OSError, ValueError):
        return math.inf
