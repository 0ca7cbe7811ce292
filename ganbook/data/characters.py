"""Characters as readers count them."""

from __future__ import annotations

from wcwidth import iter_graphemes


def characters_of(line: str) -> list[str]:
    """Return the characters of a line: grapheme clusters, Unicode Standard Annex 29."""
    return list(iter_graphemes(line))
