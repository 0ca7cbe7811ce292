"""``config.json``: the options of a run as used, versions, and the record of its data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ganbook.utils.files import flush, read_text, write_text

FORMAT = 2
# What older formats called some values of options.
RENAMED = {"network": {"article": "mlp", "own": "custom"}}


def write(file: Path, config: dict[str, Any]) -> None:
    """Write it in today's format, and make sure that the disk has it."""
    write_text(file, json.dumps(config | {"format": FORMAT}, indent=2, ensure_ascii=False) + "\n")
    flush(file)


def read(file: Path) -> dict[str, Any]:
    """Read it, with values of options as they are called today.

    Raises
    ------
    ValueError
        It cannot be read, or a newer ganbook wrote it.
    """
    try:
        config = json.loads(read_text(file))
        _check(config)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"{file} cannot be read: {_reason(error)}") from None
    if config["format"] > FORMAT:
        raise ValueError(
            f"{file.parent} has format {config['format']}, this ganbook reads up to {FORMAT}: update ganbook"
        )
    if config["format"] < FORMAT:
        options = config["options"]
        for name, renamed in RENAMED.items():
            if isinstance(options.get(name), str):
                options[name] = renamed.get(options[name], options[name])
    return config


def _check(config: Any) -> None:
    """Raise ``ValueError`` or ``KeyError`` if this is not the content of a ``config.json``."""
    if not isinstance(config, dict):
        raise ValueError("it holds no options")
    if not isinstance(config["format"], int):
        raise ValueError("its format is no number")
    for name in ("options", "data"):
        if not isinstance(config[name], dict):
            raise ValueError(f"its {name} are not written as name and value")


def _reason(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"it has no {error}"
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
