"""Lines of text as data: what is taken, how it is counted, and what is refused in one line."""

import warnings

import numpy as np
import pandas as pd
import pytest

from ganbook.data import load, load_images
from ganbook.data.characters import characters_of
from ganbook.data.dataset import kind_of
from ganbook.data.text import TextData
from ganbook.data.text_rules import adds_up


@pytest.fixture(scope="module")
def names():
    return load("names")


def quietly(*args, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return load(*args, **options)


def some(count=200):
    return [f"line {i}" for i in range(count)]


@pytest.mark.parametrize(
    ("name", "count", "characters"),
    [("names", 30_294, 26), ("words", 30_000, 26), ("poems", 30_000, 500), ("sums", 10_000, 12)],
)
def test_the_sets_with_a_name(name, count, characters):
    data = load(name)
    assert isinstance(data, TextData)
    assert len(data) + len(data.test_lines) == count == len({*data.lines, *data.test_lines})
    assert len(data.characters) == characters
    assert data.length == max(map(len, data.lines + data.test_lines))
    assert load(name).fingerprint == data.fingerprint
    assert kind_of(data.record()) is TextData


def test_numbers_of_characters_and_back(names):
    assert names.samples.shape == (len(names), names.length)
    assert names.samples.dtype == np.int32
    drawn = names.as_drawn(names.samples[:300])
    assert drawn.shape == (300, *names.shape)
    assert names.decode(drawn, names.record()) == list(names.lines[:300])
    assert names.class_names == ("boy", "girl")
    assert "ava" in {*names.lines, *names.test_lines}


def test_a_line_ends_at_its_first_end(names):
    drawn = names.as_drawn(np.array([[1, 0, 2] + [0] * (names.length - 3)]))
    assert names.decode(drawn, names.record()) == ["a"]


def test_characters_are_what_a_reader_takes_for_one():
    family, thumb = "👨‍👩‍👧", "👍🏽"
    lines = [f"{family}{thumb}{i}" for i in "0123456789"] + ["שלום", "ノート", "नि"]
    data = load(lines, max_length=5)
    assert {family, thumb, "ל", "नि"} <= set(data.characters)
    assert data.length == 4
    assert sorted(data.decode(data.as_drawn(data.samples), data.record())) == sorted(lines)
    # one composed and one decomposed é are one character
    assert load(["caf\u00e9", "cafe\u0301", "the"]).lines == ("caf\u00e9", "the")
    assert characters_of("e\u0301a") == ["e\u0301", "a"]


def test_lists_columns_arrays_files_and_labels(tmp_path):
    lines = some()
    by_list = load(lines)
    for other in (pd.Series(lines), np.array(lines), np.array(lines, object), tuple(lines)):
        assert load(other).fingerprint == by_list.fingerprint
    (tmp_path / "mine.txt").write_text("\ufeff" + "\r\n".join(lines) + "\r\n", "utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # the end of the last line is no empty one
        by_file = load(tmp_path / "mine.txt")
    assert by_file.fingerprint == by_list.fingerprint
    assert load(by_file.source, **by_file.load_options(by_file.record())).name == "mine"
    labelled = load((lines, ["even" if i % 2 == 0 else "odd" for i in range(200)]))
    assert labelled.class_names == ("even", "odd")
    for line, label in zip(labelled.lines, labelled.labels, strict=True):
        assert int(line.split()[1]) % 2 == label
    assert len(by_list.test_lines) == 20
    assert not set(by_list.lines) & set(by_list.test_lines)


def test_repeats_missing_values_and_rare_characters_are_counted():
    with pytest.warns(UserWarning, match="of_mine") as said:
        data = load(pd.Series(["aa", "ab", "aa", None, " ba ", "", "é"], name="of_mine"))
    said = " · ".join(str(warning.message) for warning in said)
    assert "of_mine: 2 empty lines are left out" in said
    assert "1 of 5 lines are repeats and are taken once" in said
    assert "2 of 3 characters occur once or twice, as 'b', 'é'" in said
    assert data.lines == ("aa", "ab", "ba", "é")


def test_long_lines_are_refused_cut_or_dropped_as_asked():
    lines = [*some(5), "x" * 40]
    with pytest.raises(ValueError, match=r"1 of 6 lines are longer than 32 .* has 40\): give --max-length 40, or"):
        load(lines)
    assert quietly(lines, max_length=40).length == 40
    assert "x" * 32 in quietly(lines, long_lines="cut").lines
    assert len(quietly(lines, long_lines="drop")) == 5


def test_a_large_vocabulary_is_said_to_cost():
    lines = [chr(0x4E00 + i) + chr(0x4E00 + i + 1) + chr(0x4E00 + i + 2) for i in range(2000)]
    with pytest.warns(UserWarning, match="2,002 different characters, so that a line is 6,009 values"):
        load(lines)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "holds no lines"),
        (b"one\n", "one line, 'one'"),
        ("ab\ncd\n".encode("utf-16"), "UTF-16"),
        (b"ab\n\xe9t\xe9\n", r"line 2 holds byte 0xe9\), perhaps Latin-1"),
        (b"ab\0cd\n", "zero bytes"),
        (b"ab\tcd\nef\n", "line 1 holds a tab: take it out; of a table give one column"),
        (b"ab\nc\x07d\n", r"line 2 holds the control character U\+0007"),
    ],
)
def test_files_that_are_no_lines(tmp_path, content, words):
    (tmp_path / "bad.txt").write_bytes(content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(ValueError, match=words) as told:
            load(tmp_path / "bad.txt")
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: load("names", image_size=28), "image_size goes with images, and names holds lines of text"),
        (lambda: load("digits", max_length=3), "max_length goes with text, and digits holds images"),
        (lambda: load("ring", long_lines="cut"), "long_lines goes with text, and ring holds points"),
        (lambda: load_images("names"), "this takes images, and names holds lines of text"),
        (lambda: load(["a.jpg", "b.jpg"]), "a list of 2 image paths: give the folder"),
        (lambda: load(["a", 3, "c"]), "item 2 is int, '3', no text"),
        (lambda: load((["a", "b"], ["x"])), "1 labels for 2 lines"),
        (lambda: load("names", labels=[1]), "names brings its own"),
        (lambda: load(["a", "b"], max_length=0), "max_length is a whole number of characters from 1 to 128, not 0"),
        (lambda: load(["a", "b"], long_lines="keep"), "long_lines is one of refuse, cut, drop, not 'keep'"),
    ],
)
def test_what_does_not_go_together_is_one_line(call, words):
    with pytest.raises(ValueError, match=words) as told:
        call()
    assert "\n" not in str(told.value)


def test_marks_say_what_is_known_repeated_or_wrong():
    data = load("sums")
    known = data.lines[0]
    unseen = data.test_lines[0]
    assert data.marks([known, unseen, unseen, "1+1=3"]) == ["known", "new", "again", "wrong"]


@pytest.mark.parametrize(
    ("line", "right"),
    [("12+7=19", True), ("0+0=0", True), ("12+7=20", False), ("01+7=8", False), ("12+7=", False), ("１+1=2", False)],
)
def test_sums(line, right):
    assert adds_up(line) is right


def test_how_it_looks_in_a_notebook():
    shown = load(["<b>bold</b>", *some()])._repr_html_()
    assert "&lt;b&gt;" in shown
    assert "<b>bold" not in shown
    assert "181" in shown
