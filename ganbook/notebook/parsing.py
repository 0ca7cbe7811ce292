"""The two forms of a magic, read into the same options: ``--key value`` on a line, ``key: value`` in a cell."""

from __future__ import annotations

import os
import re
import shlex
from argparse import Action
from typing import Any

from ganbook.config.parser import Parser, flag
from ganbook.utils.errors import OptionError, nearest

_YES, _NO = {"true", "yes", "on"}, {"false", "no", "off"}
_QUOTED = re.compile(r"""(?P<mark>["'])(?P<text>.*?)(?P=mark)\s*(#.*)?$""")


def from_line(parser: Parser, line: str) -> dict[str, Any]:
    """Read ``--key value …``; a word that begins with ``#`` begins a comment."""
    return vars(parser.parse_args(_words(line)))


def _words(line: str) -> list[str]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.commenters = True, ""
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


def from_cell(parser: Parser, line: str, cell: str) -> dict[str, Any]:
    """Read one ``key: value`` a line; empty lines and ``# comments`` are passed over.

    Raises
    ------
    OptionError
        The first line that is no such pair, with its number in the cell.
    """
    if _words(line):
        raise OptionError(f"in the cell form options stand below, one 'key: value' a line; move {line.strip()!r} there")
    words: dict[str, list[str]] = {}
    for number, text in enumerate(cell.splitlines(), start=2):
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        key, colon, value = text.partition(":")
        if not colon:
            raise OptionError(f"line {number}: {text.strip()!r} is no 'key: value'")
        option = flag(key.strip().removeprefix("--"))
        if option in words:
            raise OptionError(f"line {number}: {key.strip()} was given above")
        action = parser._option_string_actions.get(option)
        if action is None:
            known = [name.removeprefix("--") for name in parser._option_string_actions]
            raise OptionError(f"line {number}: unknown option {key.strip()!r}{nearest(option[2:], known)}")
        words[option] = _as_words(option, action, _value(value, number), number)
    return vars(parser.parse_args([word for given in words.values() for word in given]))


def _value(text: str, number: int) -> str:
    text = text.strip()
    if text[:1] in ("'", '"'):
        match = _QUOTED.fullmatch(text)
        if match is None:
            raise OptionError(f"line {number}: a quotation mark is not closed, or words follow it: {text}")
        return match["text"]
    return re.split(r"(?:^|\s)#", text, maxsplit=1)[0].strip()


def _as_words(option: str, action: Action, value: str, number: int) -> list[str]:
    """The words that would say the same on a line."""
    if action.nargs != 0:
        if not value:
            raise OptionError(f"line {number}: {option[2:]} has no value")
        return [f"{option}={value}"]
    if value.lower() not in _YES | _NO:
        raise OptionError(f"line {number}: {option[2:]} is true or false, not {value!r}")
    return [option] if value.lower() in _YES else []
