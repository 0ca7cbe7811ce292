"""Sets of lines with a name: three inside the package, and sums, which are generated."""

from __future__ import annotations

from importlib import resources

from ganbook.data.text import TextData, text_from

LARGEST_SUMMAND = 99

TEXT_SETS = {
    "names": "30,294 first names (US, born 2016), 2 classes, boy and girl; text, bundled",
    "words": "30,000 English words of 3 to 12 letters (SCOWL); text, bundled",
    "poems": "30,000 Chinese lines of five characters (poems of the Tang), of 500 characters; text, bundled",
    "sums": f"all 10,000 sums of two numbers up to {LARGEST_SUMMAND}, as in 12+7=19; text, generated",
}


def load_text_set(name: str, max_length: int | None = None, long_lines: str | None = None) -> TextData:
    """Load a set of :data:`TEXT_SETS`; a tenth of it is held out."""
    labels = None
    if name == "sums":
        numbers = range(LARGEST_SUMMAND + 1)
        lines = [f"{a}+{b}={a + b}" for a in numbers for b in numbers]
    else:
        file = resources.files("ganbook.data.bundled").joinpath(f"{name}.txt")
        lines = file.read_text("utf-8").splitlines()
    if "\t" in lines[0]:
        pairs = [line.split("\t") for line in lines]
        lines, labels = [line for line, _ in pairs], [label for _, label in pairs]
    return text_from(
        lines, labels, name=name, source_name=name, max_length=max_length, long_lines=long_lines,
        rule="sums" if name == "sums" else "",
    )  # fmt: skip
