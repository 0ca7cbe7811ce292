"""What makes a line right, for sets of which that is known: an entry of :data:`RULES` each."""

from __future__ import annotations

import re
from collections.abc import Callable


def adds_up(line: str) -> bool:
    """Return True for a sum of two whole numbers without leading zeros that is right, as ``12+7=19``."""
    parts = re.fullmatch(r"(0|[1-9]\d*)\+(0|[1-9]\d*)=(0|[1-9]\d*)", line, re.ASCII)
    return parts is not None and int(parts[1]) + int(parts[2]) == int(parts[3])


RULES: dict[str, Callable[[str], bool]] = {"sums": adds_up}
