"""history.csv is read whatever a crash, a full disk or a power cut made of it."""

import errno
import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganbook.training import history
from ganbook.training.history import COLUMNS, append_row, read

BATCH = 8


def write(file, count=12):
    for step in range(1, count + 1):
        row = {"step": step, "seconds": step / 10, "images_per_second": 10.0 * BATCH, "d_loss": 1.25, "g_loss": 0.5}
        append_row(file, row | {"warning": 'Mode collapse, "as it is"' * (step == 5)})
    return file.read_bytes()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "history.csv"


@pytest.mark.parametrize("cut", range(0, 28, 3))
def test_a_row_cut_short_is_left_out_and_the_next_stands_on_its_own(file, cut):
    whole = write(file)
    lines = whole.splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:-1]) + lines[-1].rstrip()[:cut])
    assert read(file, BATCH)["step"].tolist() == list(range(1, 12))
    append_row(file, {"step": 13, "seconds": 1.3, "d_loss": 2.0})
    assert read(file, BATCH)["step"].tolist() == [*range(1, 12), 13]


@pytest.mark.parametrize("tail", [b"\0" * 4096, bytes(range(128, 200)), b"\xff\xfe", b'"', b"\n\n\n", b"a,b,c\n"])
def test_bytes_that_are_no_text_hide_no_row(file, tail):
    file.write_bytes(write(file) + tail)
    table = read(file, BATCH)
    assert table["step"].tolist() == list(range(1, 13))
    assert table["warning"].dropna().tolist() == ['Mode collapse, "as it is"']


def test_a_file_of_nothing_but_nul_is_an_empty_history(file):
    file.write_bytes(b"\0" * 10_000)
    assert list(read(file).columns) == list(COLUMNS)
    assert len(read(file)) == 0
    assert len(read(file.with_name("none.csv"))) == 0


@pytest.mark.parametrize("rest", [b"1", b"11", b"3"])
def test_a_row_glued_to_digits_of_one_before_is_left_out(file, rest):
    lines = write(file).splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:-1]) + rest + lines[-1])
    assert read(file, BATCH)["step"].tolist() == list(range(1, 12))


def test_a_wrong_row_in_between_costs_itself_only(file):
    lines = write(file).splitlines(keepends=True)
    lines[4] = b"9999" + lines[4]
    file.write_bytes(b"".join(lines))
    assert read(file)["step"].tolist() == [1, 2, 3, *range(5, 13)]


def test_a_damaged_header_costs_no_row(file):
    file.write_bytes(write(file).replace(b"step,seconds", b"\0\0\0\0,seconds"))
    assert read(file, BATCH)["step"].tolist() == list(range(1, 13))


def test_steps_that_others_trained_slowly_stay(file):
    append_row(file, {"step": 100, "seconds": 10.0, "images_per_second": 80.0})
    append_row(file, {"step": 1250, "seconds": 20.0, "images_per_second": 8.0})  # reports between were lost
    assert read(file, BATCH)["step"].tolist() == [100, 1250]


def test_a_full_disk_leaves_the_rows_before_as_they_were(file, monkeypatch):
    before = write(file)

    class Full:
        """A file on a disk with room for ten bytes more."""

        def __init__(self, path):
            self.raw = open(path, "a+b", buffering=0)  # noqa: SIM115

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.raw.close()

        def write(self, content):
            self.raw.write(content[:10])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        def __getattr__(self, name):
            return getattr(self.raw, name)

    path_open = type(file).open
    monkeypatch.setattr(type(file), "open", lambda self, *_, **__: Full(self))
    with pytest.raises(OSError, match="No space left"):
        append_row(file, {"step": 13, "seconds": 1.3})
    monkeypatch.setattr(type(file), "open", path_open)
    assert file.read_bytes() == before


def test_a_warning_of_several_lines_is_one_line(file):
    append_row(file, {"step": 1, "seconds": 1.0, "warning": "not a\nnumber,\r\n  again"})
    assert read(file)["warning"].tolist() == ["not a number, again"]


@given(noise=st.binary(max_size=300), at=st.integers(0, 900), cut=st.integers(0, 900))
@settings(max_examples=300, deadline=None)
def test_whatever_the_disk_made_of_it_is_read(tmp_path_factory, noise, at, cut):
    file = tmp_path_factory.mktemp("h") / "history.csv"
    whole = write(file)
    file.write_bytes(whole[:at] + noise + whole[at + cut :])
    table = read(file, BATCH)
    assert list(table.columns) == list(COLUMNS)
    steps = table["step"].to_numpy()
    assert np.all(np.diff(steps) >= 0)
    assert table.drop(columns="warning").dtypes.eq("float64").all()


@given(
    rows=st.lists(
        st.tuples(
            st.integers(0, 10**9),
            st.floats(0, 1e6),
            st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])),
        ),
        max_size=20,
    )
)
@settings(max_examples=100, deadline=None)
def test_what_is_written_is_read(tmp_path_factory, rows):
    file = tmp_path_factory.mktemp("h") / "history.csv"
    rows = sorted(rows, key=lambda row: row[0])
    for step, seconds, warning in rows:
        append_row(file, {"step": step, "seconds": seconds, "warning": warning})
    table = history.read(file)
    assert table["step"].tolist() == [row[0] for row in rows]
    assert table["seconds"].tolist() == [row[1] for row in rows]


def test_a_number_of_hundreds_of_digits_is_no_report(tmp_path):
    file = tmp_path / "history.csv"
    whole = write(file)
    file.write_bytes(whole + b"99," + b"9" * 600 + b"," * (len(COLUMNS) - 2) + b"\n")
    assert len(read(file, BATCH)) == len(whole.splitlines()) - 1
