"""Output that degrades where the terminal's encoding lacks a character, instead of failing."""

from __future__ import annotations

import codecs
import sys
import unicodedata

# What common characters of formulae and messages become in ASCII; others are decomposed, or escaped.
PLAIN = {
    "×": "x", "–": "-", "—": "-", "−": "-", "·": "*", "…": "...", "‖": "||", "∇": "grad ", "≥": ">=", "≤": "<=",
    "≈": "~", "→": "->", "←": "<-", "’": "'", "‘": "'", "“": '"', "”": '"', "█": "#", "γ": "gamma", "λ": "lambda",
    "β": "beta", "½": "1/2", "±": "+-", "•": "-", "\u00a0": " ", "\u202f": " ",
}  # fmt: skip


def _plainer(error: UnicodeError) -> tuple[str, int]:
    r"""Replace what the encoding lacks: by :data:`PLAIN`, by its letters without accents, or by ``\uXXXX``."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = ""
    for character in error.object[error.start : error.end]:
        plain = PLAIN.get(character) or unicodedata.normalize("NFKD", character)
        plain = "".join(c for c in plain if not unicodedata.combining(c))
        text += plain if plain.isascii() else character.encode("ascii", "backslashreplace").decode()
    return text, error.end


codecs.register_error("ganbook-plainer", _plainer)


def degrade_output() -> None:
    """Make stdout and stderr of this process write what their encoding can show, and never fail for the rest."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="ganbook-plainer")
