"""Tables that grow: a row is written as soon as it is measured, so that a benchmark can go on where it ended."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def append(table: Path, *rows: dict[str, Any]) -> None:
    """Add rows to a CSV file; the first one of a new file names its columns. What a row does not have stays empty."""
    columns = [*rows[0]]
    if table.exists():
        with table.open(encoding="utf-8", newline="") as file:
            columns = next(csv.reader(file))
    with table.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        if not file.tell():
            writer.writeheader()
        writer.writerows(rows)


def done(table: Path, columns: Sequence[str]) -> set[tuple[str, ...]]:
    """Return what the rows of a CSV file have in these columns, as text; nothing where there is no file."""
    if not table.exists():
        return set()
    with table.open(encoding="utf-8", newline="") as file:
        return {tuple(row[name] for name in columns) for row in csv.DictReader(file)}
