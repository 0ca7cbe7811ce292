"""A folder of results remembers what they were made from and how, so that no others are mixed in."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ganbook.utils.files import atomic, read_text, write_text


class ResultRecord:
    """How the results in a folder were made: a file in it with the options of each source.

    Parameters
    ----------
    out
        The folder of results.
    source
        The file or folder that they are made from.
    options
        All that decides the results; paths are resolved, and other objects written as text.
    name
        Name of the file, such as ``inpaint.json``.

    Attributes
    ----------
    written : bool
        True once this call has written it.
    """

    def __init__(self, out: Path, source: Path, options: dict[str, Any], name: str):
        self.out, self._source, self._options, self._file = out, os.path.realpath(source), _json(options), out / name
        self.written = False

    def check(self, results: list[Path], overwrite: bool) -> None:
        """Refuse to mix results with those of other options or sources, or with files that are no results.

        Raises
        ------
        FileExistsError
            Something is in the way; nothing was changed.
        """
        if self.out.exists() and not self.out.is_dir():
            raise FileExistsError(f"{self.out} is a file: give a folder for the results")
        existing = next((result for result in results if os.path.lexists(result)), None)
        if existing is None:
            return
        earlier = self._read()
        if not earlier:
            raise FileExistsError(f"{existing} exists and is no result of ganbook: choose another --out")
        if overwrite:
            return
        options = earlier.get(self._source)
        if options is None:
            raise FileExistsError(
                f"{existing} is a result of another source: choose another --out, or replace it (--overwrite)"
            )
        if options != self._options:
            names = sorted({*options, *self._options})
            name = next(name for name in names if options.get(name) != self._options.get(name))
            raise FileExistsError(
                f"{self.out} holds results of other options ({name} was {options.get(name)!r}): choose another --out, "
                "or replace them (--overwrite)"
            )

    def write(self) -> None:
        """Add the options of this source, making the folder."""
        self.out.mkdir(parents=True, exist_ok=True)
        with atomic(self._file) as temporary:
            text = json.dumps(self._read() | {self._source: self._options}, indent=2)
            write_text(temporary, text + "\n")
        self.written = True

    def _read(self) -> dict[str, Any]:
        try:
            record = json.loads(read_text(self._file))
        except (OSError, ValueError):
            return {}
        return record if isinstance(record, dict) else {}


def _json(options: dict[str, Any]) -> dict[str, Any]:
    """Return options as JSON gives them back."""
    paths = {name: os.path.realpath(value) for name, value in options.items() if isinstance(value, Path)}
    return json.loads(json.dumps(options | paths, default=str))
