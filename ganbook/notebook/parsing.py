"""The two forms of a magic, read into the same options: ``--key value`` on a line, ``key: value`` in a cell."""

from __future__ import annotations

import os
import re
import shlex
import sys
from argparse import Action
from collections.abc import Mapping
from typing import Any

from IPython.utils.text import DollarFormatter

from ganbook.config.parser import Parser, flag
from ganbook.utils.errors import OptionError, nearest

# Spaces that web pages and word processors leave between words.
_SPACES = "".join(c for c in map(chr, range(sys.maxunicode)) if c.isspace()) + "\u200b\u2060\ufeff"
_YES, _NO = {"true", "yes", "on"}, {"false", "no", "off"}
_QUOTED = re.compile(r"""(?P<mark>["'])(?P<text>.*?)(?P=mark)\s*(#.*)?$""")


def from_line(parser: Parser, line: str) -> dict[str, Any]:
    """Read ``--key value …``; a word that begins with ``#`` begins a comment."""
    return vars(parser.parse_args(_words(line)))


def _words(line: str) -> list[str]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.commenters, lexer.whitespace = True, "", _SPACES
    if os.name == "nt":
        lexer.escape = ""  # backslashes belong to paths
    words = []
    try:
        for word in lexer:
            if word.startswith("#"):
                break
            words.append(word)
    except ValueError:
        raise OptionError(f"a quotation mark is not closed in: {line.strip()}") from None
    return words


def without_semicolon(line: str) -> tuple[str, bool]:
    """Return a line without the semicolons that end it, and whether there were any.

    A semicolon in quotation marks or in a comment belongs to them.
    """
    mark, last = "", -1  # the open quotation mark; where the last character outside of comments is
    for i, character in enumerate(line):
        if not mark and character == "#" and (i == 0 or line[i - 1] in _SPACES or line[i - 1] == ";"):
            break
        if character in _SPACES:
            continue
        last = i
        if mark:
            mark = "" if character == mark else mark
        elif character in "\"'":
            mark = character
    end = last + 1
    while not mark and end and line[end - 1] in _SPACES + ";":
        end -= 1
    silent = ";" in line[end : last + 1]
    return (f"{line[:end]} {line[last + 1 :]}" if silent else line), silent


def from_cell(parser: Parser, line: str, cell: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Read one ``key: value`` per line; empty lines and ``# comments`` are passed over.

    ``$name`` and ``{expression}`` in a value are replaced from ``variables``, as IPython does it on lines, except in
    single quotation marks.

    Raises
    ------
    OptionError
        The first line that is not such a pair, with its number in the cell.
    """
    if _words(line):
        raise OptionError(
            f"in the cell form options stand below, one 'key: value' per line: move {line.strip()!r} there"
        )
    words: dict[str, list[str]] = {}
    for number, text in enumerate(cell.splitlines(), start=2):
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        key, colon, value = text.partition(":")
        if not colon:
            raise OptionError(f"line {number}: {text.strip()!r} is not 'key: value'")
        option = flag(key.strip(_SPACES).removeprefix("--"))
        if option in words:
            raise OptionError(f"line {number}: {key.strip(_SPACES)} is given twice")
        action = parser._option_string_actions.get(option)
        if action is None:
            known = [name.removeprefix("--") for name in parser._option_string_actions]
            raise OptionError(f"line {number}: unknown option {key.strip(_SPACES)!r}{nearest(option[2:], known)}")
        words[option] = _as_words(option, action, _value(value, number, variables or {}), number)
    return vars(parser.parse_args([word for option_words in words.values() for word in option_words]))


def _value(text: str, number: int, variables: Mapping[str, Any]) -> str:
    text = text.strip(_SPACES)
    if text[:1] in ("'", '"'):
        match = _QUOTED.fullmatch(text)
        if match is None:
            raise OptionError(f"line {number}: a quotation mark is not closed, or words follow it: {text}")
        return match["text"] if match["mark"] == "'" else _expanded(match["text"], number, variables)
    return _expanded(re.split(r"(?:^|\s)#", text, maxsplit=1)[0].strip(_SPACES), number, variables)


def _expanded(text: str, number: int, variables: Mapping[str, Any]) -> str:
    """Replace ``$name`` and ``{expression}``; what is no variable stays as it is written."""
    if not re.search(r"\$[A-Za-z_]|\{\s*[A-Za-z_]", text):
        return text
    try:
        expanded = DollarFormatter().vformat(text, args=(), kwargs=variables)
    except Exception:
        expanded = text
    alone = re.fullmatch(r"\$\{?(\w+)\}?|\{(\w+)\}", text)
    if alone and expanded == text:
        name = alone[1] or alone[2]
        raise OptionError(f"line {number}: {text} names no variable{nearest(name, map(str, variables))}")
    return expanded


def _as_words(option: str, action: Action, value: str, number: int) -> list[str]:
    """Return the words that say the same on a line."""
    if action.nargs != 0:
        if not value:
            raise OptionError(f"line {number}: {option[2:]} has no value")
        return [f"{option}={value}"]
    if value.lower() not in _YES | _NO:
        raise OptionError(f"line {number}: {option[2:]} must be true or false, not {value!r}")
    off = f"--no-{option[2:]}"  # where there is one, the option may be on by default
    return [option] if value.lower() in _YES else [off] if off in action.option_strings else []
