"""Join the modules and style sheets of a panel into the one text that anywidget sends to the page.

A panel's folder has ``panel.js``, the entry, and perhaps ``panel.css``. Modules import each other by name, from their
own folder or the shared one: ``import { a, b } from "./other.js";``, ``import { c } from "../shared/store.js";``. They
export with ``export function``, ``export class`` or ``export const``, so that they also run unjoined. The explanations
that they ask for, ``help("key")``, are filled in.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from ganbook.notebook.panels import explanations

SHARED = Path(__file__).parent / "shared"

_IMPORT = re.compile(r'^import \{[^}]*\} from "(?P<place>\./|\.\./shared/)(?P<file>[\w-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=function|class|const|let|async)", re.MULTILINE)
_NAMED = re.compile(r"^(?:export )?(?:async )?(?:function\*?|class|const|let|var) +(\w+)", re.MULTILINE)
_EXPLAINED = re.compile(r'\bhelp\("([\w.-]+)"')
_NO_EXPLANATIONS = "const EXPLANATIONS = {};"
_UNPACKED = re.compile(r"^(?:export )?(?:const|let|var) +[\[{]([^\]}=]*)[\]}] *=", re.MULTILINE)


def script(folder: Path, entry: str = "panel.js") -> str:
    """Return the entry module of a panel after all that it imports, as one module.

    Raises
    ------
    ValueError
        Two of its files declare the same name at the top level, or an import has another form than above.
    KeyError
        It asks for an explanation that does not exist.
    """
    files: dict[Path, str] = {}
    _collect(folder / entry, files)
    owners: dict[str, Path] = {}
    for file, text in files.items():
        for name in _declared(text):
            if name in owners:
                raise ValueError(f"{owners[name].name} and {file.name} both declare {name}: rename one of them")
            owners[name] = file
    *modules, last = files.values()
    text = "\n".join([*(_EXPORT.sub("", text) for text in modules), last])
    asked = {key for file in files.values() for key in _EXPLAINED.findall(_without_comments(file))}
    entries = json.dumps(explanations.of(asked), ensure_ascii=False)
    return text.replace(_NO_EXPLANATIONS, _NO_EXPLANATIONS.replace("{}", entries))


def styles(folder: Path) -> str:
    """Return the shared style sheets, and that of a panel if it has one."""
    files = [SHARED / "styles.css", SHARED / "imaging.css", folder / "panel.css"]
    return "\n".join(file.read_text(encoding="utf-8") for file in files if file.exists())


def _without_comments(text: str) -> str:
    return re.sub(r"^ *//.*$", "", text, flags=re.MULTILINE)


def _collect(file: Path, files: dict[Path, str]) -> None:
    """Add a module to ``files``, its imports first and without the import lines."""
    if file in files:
        return
    text = file.read_text(encoding="utf-8")
    for match in _IMPORT.finditer(text):
        _collect((SHARED if match["place"] == "../shared/" else file.parent) / match["file"], files)
    text = _IMPORT.sub("", text)
    if other := re.search(r"^import\b.*", text, re.MULTILINE):
        raise ValueError(f"{file.name}: cannot join {other[0]!r}")
    files[file] = text


def _declared(text: str) -> list[str]:
    """Return the names that a module declares at its top level, which its formatter keeps in the first column."""
    unpacked = [name for match in _UNPACKED.finditer(text) for name in re.findall(r"\w+", match[1])]
    return [*_NAMED.findall(text), *unpacked]
