"""Join plain ES modules and style sheets into the one text that anywidget sends to the page.

Modules import each other as ``import { a, b } from "./other.js";``, one line each, and export with
``export function``, ``export class`` or ``export const``, so that they also run unjoined.
"""

from __future__ import annotations

import re
from pathlib import Path

STATIC = Path(__file__).parent.parent / "static"
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w-]+)\.js";\n', re.MULTILINE)


def script(name: str) -> str:
    """Return ``static/NAME.js`` after all that it imports, as one module."""
    return "\n".join(_with_imports(name, set(), entry=True))


def _with_imports(name: str, seen: set[str], *, entry: bool) -> list[str]:
    if name in seen:
        return []
    seen.add(name)
    text = (STATIC / f"{name}.js").read_text(encoding="utf-8")
    before = [part for other in _IMPORT.findall(text) for part in _with_imports(other, seen, entry=False)]
    text = _IMPORT.sub("", text)
    return [*before, text if entry else re.sub(r"^export (?=function|class|const)", "", text, flags=re.MULTILINE)]


def styles(*names: str) -> str:
    """Return ``static/NAME.css`` one after another."""
    return "\n".join((STATIC / f"{name}.css").read_text(encoding="utf-8") for name in names)
