"""Short lines of text as data: a file with one a line, a list, or a column of a table.

A character is what a reader takes for one (a grapheme cluster, Unicode Standard Annex 29): a letter with its accents,
an emoji with its skin tone. Networks take one-hot vectors of them, of a fixed length; the number 0 ends a line.
"""

from __future__ import annotations

import unicodedata
import warnings
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from ganbook.data.characters import characters_of
from ganbook.data.dataset import Dataset
from ganbook.data.image_data import join_digests
from ganbook.data.labels import number_labels
from ganbook.data.text_rules import RULES
from ganbook.utils.errors import counted, few
from ganbook.utils.files import write_text

SEED = 0
HELD_OUT = 0.1  # of the lines, so that the numbers of a run are measured on lines it has not seen
MAX_LENGTH, LONGEST = 32, 128  # characters: unless another is given, and at most
LONG_LINES = ("refuse", "cut", "drop")
RARE, MANY_CHARACTERS = 2, 1000  # times that a character occurs; characters, above which their cost is said
IMAGE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class TextData(Dataset):
    """Short lines of text, with or without labels; each of them once.

    Attributes
    ----------
    lines : tuple of str
        The training split.
    labels : ndarray int32 (N,) or None
        Class of each line.
    test_lines : tuple of str
        Lines held out.
    characters : tuple of str
        The vocabulary: every character of both splits.
    length : int
        Characters of the longest line.
    max_length, long_lines
        The limit that lines were held to, and what was done with longer ones.
    rule : str
        The entry of :data:`ganbook.data.text_rules.RULES` that right lines obey; empty if there is none.
    notes : tuple of str
        What was left out, and what is unusual.
    class_names, name, source
        As for every :class:`~ganbook.data.dataset.Dataset`.
    """

    lines: tuple[str, ...]
    labels: np.ndarray | None = None
    test_lines: tuple[str, ...]
    characters: tuple[str, ...]
    length: int
    max_length: int = MAX_LENGTH
    long_lines: str = "refuse"
    rule: str = ""
    notes: tuple[str, ...] = ()
    class_names: tuple[str, ...] = ()
    name: str
    source: str | None = None
    kind: ClassVar[str] = "text"
    noun: ClassVar[str] = "line"
    holds: ClassVar[str] = "lines of text"
    instead: ClassVar[str] = "draw them with run.sample, judge them with gb.evaluate"
    preview_count: ClassVar[int] = 48
    preview_suffix: ClassVar[str] = ".txt"
    export_formats: ClassVar[dict[str, str]] = {".txt": "one a line", ".csv": "a table with labels"}

    @cached_property
    def samples(self) -> np.ndarray:
        """The training lines as numbers of their characters from 1 on, then 0, int32 (N, length)."""
        return self.encode(self.lines)

    @cached_property
    def test_samples(self) -> np.ndarray:
        """The test split, as :attr:`samples`."""
        return self.encode(self.test_lines)

    @property
    def shape(self) -> tuple[int, int]:
        """Characters of a line, and how many they are chosen from, the end among them."""
        return self.length, len(self.characters) + 1

    def encode(self, lines: Sequence[str]) -> np.ndarray:
        """Turn lines into numbers of characters, int32 (N, length); what is unknown or too long ends a line."""
        numbers = {character: i for i, character in enumerate(self.characters, 1)}
        out = np.zeros((len(lines), self.length), np.int32)
        for row, line in zip(out, lines, strict=True):
            for place, character in zip(range(self.length), characters_of(line), strict=False):
                if (number := numbers.get(character, 0)) == 0:
                    break
                row[place] = number
        return out

    def as_drawn(self, samples: np.ndarray) -> np.ndarray:
        """Turn int32 (N, length) into one-hot vectors, float32 (N, length, V)."""
        return np.eye(self.shape[1], dtype=np.float32)[samples]

    @cached_property
    def fingerprint(self) -> str:
        """16 hex digits that tell whether two data sets hold the same lines, labels and split."""
        labels = None if self.labels is None else " ".join(map(str, self.labels.tolist()))
        return join_digests(["\n".join(self.lines), labels, "\n".join(self.test_lines)])

    def record(self) -> dict[str, Any]:
        """Describe the data for ``config.json``; the characters are needed to decode samples."""
        own = {"characters": list(self.characters), "max_length": self.max_length, "long_lines": self.long_lines}
        return super().record() | own | {"rule": self.rule}

    @staticmethod
    def load_options(record: dict[str, Any]) -> dict[str, Any]:
        """Return the limit of the length, and what is done with longer lines."""
        return {"max_length": record["max_length"], "long_lines": record["long_lines"]}

    @staticmethod
    def decode(samples: np.ndarray, record: dict[str, Any]) -> list[str]:
        """Turn what a generator returns, float32 (N, length, V), into lines, each up to its first end."""
        characters = ["", *record["characters"]]
        lines = []
        for row in samples.argmax(-1):
            ends = np.flatnonzero(row == 0)
            lines.append("".join(characters[i] for i in row[: ends[0] if len(ends) else None]))
        return lines

    @staticmethod
    def size_in_words(record: dict[str, Any]) -> str:
        """Return the length and the number of characters."""
        length, choices = record["shape"]
        return f"{length} of {choices - 1:,} characters"

    @staticmethod
    def preview_size(record: dict[str, Any]) -> tuple[int, int]:
        """Return about how many pixels the lines of a preview take."""
        return 480, 480

    def write_preview(self, samples: np.ndarray, file: Path) -> None:
        """Write lines of one-hot vectors (N, length, V), each after its mark of :meth:`marks` and a tab."""
        lines = self.decode(samples, self.record())
        write_text(file, "".join(f"{mark}\t{line}\n" for mark, line in zip(self.marks(lines), lines, strict=True)))

    def marks(self, lines: Sequence[str]) -> list[str]:
        """Say of each line ``wrong`` (against the rule), ``known`` (in the training data), ``again``, or ``new``."""
        seen: set[str] = set()
        marks = []
        for line in lines:
            wrong = bool(self.rule) and not RULES[self.rule](line)
            marks.append("wrong" if wrong else "known" if line in self.known else "again" if line in seen else "new")
            seen.add(line)
        return marks

    @cached_property
    def known(self) -> frozenset[str]:
        """The training lines."""
        return frozenset(self.lines)

    @classmethod
    def export(cls, samples: Any, labels: np.ndarray | None, out: Path) -> None:
        """Write lines as ``.txt``, one a line, or as ``.csv`` with columns ``line`` and ``label``."""
        if out.suffix.lower() == ".txt":
            write_text(out, "".join(f"{line}\n" for line in samples))
            return
        import pandas as pd

        table = pd.DataFrame({"line": list(samples)})
        (table if labels is None else table.assign(label=labels)).to_csv(out, index=False)

    def __repr__(self) -> str:
        """Return one line: name, counts, length, characters, classes."""
        classes = f", {self.num_classes} classes" if self.num_classes else ""
        return (
            f"TextData({self.name!r}: {len(self):,} training + {len(self.test_lines):,} test lines, up to "
            f"{self.length} of {len(self.characters):,} characters{classes})"
        )

    def _repr_html_(self) -> str:
        from ganbook.data.text_display import to_html

        return to_html(self)


def text_from(
    source: Iterable[Any],
    labels: Any = None,
    *,
    name: str = "lines",
    source_name: str | None = None,
    max_length: int | None = None,
    long_lines: str | None = None,
    rule: str = "",
) -> TextData:
    """Make data of lines, a tenth of which is held out where there are 100 or more.

    Parameters
    ----------
    source
        Strings; each is taken once, in the composed form of Unicode (NFC), without spaces around it. Empty ones and
        missing values are left out.
    labels
        (N,), whole numbers from 0 on, or names.
    name, source_name
        For display; and what :func:`ganbook.data.load` takes to get the same data again.
    max_length
        Most characters of a line, 1 to 128; 32 unless given.
    long_lines
        What is done with longer ones: ``refuse``, ``cut`` or ``drop``.
    rule
        An entry of :data:`ganbook.data.text_rules.RULES`.

    Raises
    ------
    ValueError
        No lines, one line, what is no text, tabs and control characters, or lines that are too long.
    """
    most = MAX_LENGTH if max_length is None else max_length
    if isinstance(most, bool) or not isinstance(most, int) or not 1 <= most <= LONGEST:
        raise ValueError(f"max_length is a whole number of characters from 1 to {LONGEST}, not {most!r}")
    treatment = long_lines or "refuse"
    if treatment not in LONG_LINES:
        raise ValueError(f"long_lines is one of {', '.join(LONG_LINES)}, not {long_lines!r}")
    given = list(source)
    if labels is not None and len(labels := list(labels)) != len(given):
        raise ValueError(f"{name}: {len(labels)} labels for {len(given)} lines: give one label a line")
    kept = _checked(given, name)
    empty = len(given) - len(kept)
    notes = [f"{counted(empty, 'empty line')} {'is' if empty == 1 else 'are'} left out"] if empty else []
    kept = _held_to(kept, most, treatment, name, notes)
    first = {line: i for i, line in reversed(kept)}
    if len(first) < len(kept):
        notes.append(f"{len(kept) - len(first):,} of {len(kept):,} lines are repeats and are taken once")
    if len(first) < 2:
        held = f"one line, {next(iter(first))[:40]!r}" if first else "no lines"
        raise ValueError(f"{name} holds {held}; a GAN needs at least two, and thousands to be of use")
    lines = sorted(first, key=first.__getitem__)
    numbers, _, class_names = number_labels(
        None if labels is None else [labels[first[line]] for line in lines], len(lines), None, 0, None
    )
    order = np.random.default_rng(SEED).permutation(len(lines))
    held_out = int(HELD_OUT * len(lines)) if len(lines) >= 100 else 0
    test, train = order[:held_out], np.sort(order[held_out:])
    split = [characters_of(line) for line in lines]
    counts = Counter(character for line in split for character in line)
    length = max(map(len, split))
    notes += _unusual(counts, length)
    for note in notes:
        warnings.warn(f"{name}: {note}", stacklevel=3)
    return TextData(
        lines=tuple(lines[i] for i in train), labels=None if numbers is None else numbers[train],
        test_lines=tuple(lines[i] for i in test), characters=tuple(sorted(counts)), length=length, max_length=most,
        long_lines=treatment, rule=rule, notes=tuple(notes), class_names=class_names, name=name, source=source_name,
    )  # fmt: skip


def _checked(given: list[Any], name: str) -> list[tuple[int, str]]:
    """Return the number and the text of every line that is not empty."""
    kept = []
    for number, line in enumerate(given):
        if line is None or (isinstance(line, float) and np.isnan(line)):
            continue
        if not isinstance(line, str):
            raise ValueError(f"{name}: item {number + 1:,} is {type(line).__name__}, {str(line)[:40]!r}, no text; "
                             "give strings")  # fmt: skip
        text = unicodedata.normalize("NFC", line).strip()
        for character in text:
            if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp", "Co", "Cn"):
                advice = "; of a table give one column, as in pd.read_csv(file, sep='\\t')['name']" * (
                    character == "\t"
                )
                what = "a tab" if character == "\t" else f"the control character U+{ord(character):04X}"
                raise ValueError(f"{name}: line {number + 1:,} holds {what}: take it out{advice}")
        if text:
            kept.append((number, text))
    return kept


def _held_to(
    lines: list[tuple[int, str]], most: int, treatment: str, name: str, notes: list[str]
) -> list[tuple[int, str]]:
    """Refuse, cut or drop lines of more than ``most`` characters."""
    # A character has one code point at least.
    long = {number: characters_of(line) for number, line in lines if len(line) > most}
    long = {number: characters for number, characters in long.items() if len(characters) > most}
    if not long:
        return lines
    longest = max(map(len, long.values()))
    said = f"{len(long):,} of {len(lines):,} lines are longer than {most} characters (the longest has {longest:,})"
    if treatment == "refuse":
        more = f"give --max-length {longest}, or " if longest <= LONGEST else ""
        raise ValueError(f"{name}: {said}: {more}give --long-lines cut or --long-lines drop")
    notes.append(f"{said} and are {'cut' if treatment == 'cut' else 'left out'}")
    if treatment == "drop":
        return [(number, line) for number, line in lines if number not in long]
    return [(number, "".join(long[number][:most]).strip() if number in long else line) for number, line in lines]


def _unusual(counts: Counter, length: int) -> list[str]:
    """Name characters that hardly occur, and say what very many of them cost."""
    notes = []
    rare = sorted(character for character, count in counts.items() if count <= RARE)
    if rare and len(rare) < len(counts):
        notes.append(f"{len(rare):,} of {len(counts):,} characters occur once or twice, as {few(rare)}")
    if len(counts) > MANY_CHARACTERS:
        values = length * (len(counts) + 1)
        notes.append(
            f"{len(counts):,} different characters, so that a line is {values:,} values and a step takes about "
            f"{values / 400:.0f} times as long as on names; fewer characters are learned faster"
        )
    return notes


def read_lines(path: str | Path) -> list[str]:
    """Read a text file, one item a line.

    Raises
    ------
    ValueError
        It is not UTF-8: the encoding is named where it can be told.
    """
    content = Path(path).read_bytes()
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ValueError(f"{str(path)!r} is encoded as UTF-16; save it as UTF-8, or give its lines, as in "
                         f"open(path, encoding='utf-16').read().splitlines()")  # fmt: skip
    if b"\0" in content:
        raise ValueError(f"{str(path)!r} is no text: it holds zero bytes; give a file with one item a line, in UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ValueError(
            f"{str(path)!r} is not UTF-8 (line {line:,} holds byte 0x{content[error.start]:02x}), perhaps Latin-1 or "
            "Windows-1252; save it as UTF-8, or give its lines, as in open(path, encoding='cp1252').read().splitlines()"
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")


def holds_text(source: Any) -> bool:
    """Return True for a list, an array or a column of strings."""
    if hasattr(source, "columns") or isinstance(source, str | bytes | dict):
        return False
    if isinstance(source, np.ndarray):
        return source.ndim == 1 and (source.dtype.kind == "U" or (source.dtype == object and _first_is_text(source)))
    if hasattr(source, "to_list") and hasattr(source, "dtype"):  # a Series
        return _first_is_text(source.to_list())
    return isinstance(source, list | tuple) and _first_is_text(source)


def _first_is_text(source: Any) -> bool:
    return isinstance(next((item for item in source if item is not None), None), str)


def lines_of(source: Any) -> list[Any]:
    """Return the strings of a list, an array or a column.

    Raises
    ------
    ValueError
        They are paths of images.
    """
    lines = (
        source.tolist()
        if isinstance(source, np.ndarray)
        else source.to_list()
        if hasattr(source, "to_list")
        else list(source)
    )
    if all(isinstance(line, str) and line.lower().endswith(IMAGE_SUFFIXES) for line in lines[:20]):
        raise ValueError(f"a list of {len(lines):,} image paths: give the folder that they are in, or their pixels")
    return lines
