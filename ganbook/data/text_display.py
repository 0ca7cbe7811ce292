"""How lines of text look in a notebook: a small table and some of the lines."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import numpy as np

from ganbook.data.characters import characters_of

if TYPE_CHECKING:
    from ganbook.data.text import TextData

SHOWN, CLASSES, CHARACTERS = 24, 6, 60


def to_html(data: TextData) -> str:
    """Describe lines of text as HTML; all text in it is escaped."""
    lengths = [len(characters_of(line)) for line in data.lines]
    some = " ".join(data.characters[:CHARACTERS]) + (" …" if len(data.characters) > CHARACTERS else "")
    rows = {
        "training lines": f"{len(data):,}",
        "test lines": f"{len(data.test_lines):,}",
        "characters in a line": f"{min(lengths)} to {max(lengths)}, {np.mean(lengths):.1f} on average",
        "different characters": f"{len(data.characters):,}: {some}",
        "classes": ", ".join(data.class_names[:CLASSES]) + (", …" if data.num_classes > CLASSES else "") or "no labels",
        "source": data.source or "list",
    }
    rows |= {"note" if i == 0 else "and": note for i, note in enumerate(data.notes[:2])}
    cells = "".join(
        f'<tr><th style="text-align:left">{html.escape(key)}</th>'
        f'<td style="text-align:left">{html.escape(value)}</td></tr>'
        for key, value in rows.items()
    )
    shown = [data.lines[i] for i in np.linspace(0, len(data) - 1, min(len(data), SHOWN)).astype(int)]
    lines = "".join(f'<bdi style="display:inline-block;min-width:9em">{html.escape(line)}</bdi>' for line in shown)
    return f"<div><strong>{html.escape(data.name)}</strong><table>{cells}</table><div>{lines}</div></div>"
