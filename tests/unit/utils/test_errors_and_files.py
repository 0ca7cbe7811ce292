"""Refusals of the system are one line, text is UTF-8, output degrades, paths are as users write them."""

import errno
import io
import json
import os
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganbook.utils.bounds import positive_number, switch, whole_number
from ganbook.utils.cached import read_cached, write_cached
from ganbook.utils.errors import REFUSALS, is_bad_input, refusal
from ganbook.utils.files import atomic, checked_out, read_text, temporary_name, user_path, write_text
from ganbook.utils.streams import degrade_output


@pytest.mark.parametrize("name", sorted(set(REFUSALS) & set(dir(errno))))
def test_a_refusal_of_the_system_is_a_line_without_its_number(name):
    number = getattr(errno, name)
    error = OSError(number, os.strerror(number), "photos/a.png")
    assert is_bad_input(error)
    line = refusal(error)
    assert line.startswith("photos/a.png: ")
    assert "Errno" not in line
    assert "\n" not in line


def test_long_names_are_shortened():
    with pytest.raises(OSError, match="too long") as caught:
        open("x" * 5000)  # noqa: SIM115
    assert len(refusal(caught.value)) < 250


@pytest.mark.parametrize("error", [MemoryError(), np.core._exceptions._ArrayMemoryError((1 << 40,), np.dtype("f4"))])
def test_a_lack_of_memory_says_what_to_do(error):
    assert is_bad_input(error)
    assert refusal(error).startswith("not enough memory")
    assert "smaller images" in refusal(error)


def test_errors_of_libraries_for_a_lack_of_memory_are_known():
    kind = type("ResourceExhaustedError", (Exception,), {})
    assert is_bad_input(kind("OOM when allocating"))
    assert is_bad_input(type("error", (Exception,), {})("OpenCV: Insufficient memory"))
    assert not is_bad_input(RuntimeError("a fault of ours"))
    assert not is_bad_input(TypeError("a fault of ours"))


def test_an_error_while_writing_names_the_file_not_the_temporary_one(tmp_path):
    with pytest.raises(OSError, match="No space") as caught, atomic(tmp_path / "a.npz"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert caught.value.filename == str(tmp_path / "a.npz")
    with pytest.raises(FileNotFoundError) as caught, atomic(tmp_path / "no" / "a.npz") as temporary:
        temporary.write_text("x")
    assert caught.value.filename == str(tmp_path / "no" / "a.npz")


@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=300))
def test_a_temporary_name_is_never_too_long(stem):
    assert len(os.fsencode(temporary_name(stem, ".png"))) <= 255


def test_a_link_stays_a_link_and_a_pipe_a_pipe(tmp_path):
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    with atomic(tmp_path / "link.txt") as temporary:
        temporary.write_text("new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text() == "new"
    os.mkfifo(tmp_path / "pipe")
    with atomic(tmp_path / "pipe") as path:
        assert path == tmp_path / "pipe"
    assert not os.path.isfile(tmp_path / "pipe")
    assert sorted(os.listdir(tmp_path)) == ["link.txt", "pipe", "real.txt"]


def test_names_that_are_no_utf_8_survive_as_json(tmp_path):
    names = {"classes": ["caf\udce9", "café", "猫"]}
    write_text(tmp_path / "a.json", json.dumps(names, ensure_ascii=False))
    assert json.loads(read_text(tmp_path / "a.json")) == names
    (tmp_path / "a.json").read_bytes().decode("utf-8")


def test_paths_are_as_users_write_them(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert user_path("~/a") == tmp_path / "a"
    for path, said in {"": "is empty", "  ": "is empty", "a\0b": "NUL", 5: "not int", None: "not NoneType"}.items():
        with pytest.raises(ValueError, match=said):
            user_path(path)


def test_a_file_to_write_is_checked_before_the_work(tmp_path):
    assert checked_out(tmp_path / "a.PNG", {".png": "an image"}) == tmp_path / "a.PNG"
    with pytest.raises(IsADirectoryError, match="is a folder: give the name of a file in it"):
        checked_out(tmp_path, {})
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        checked_out(tmp_path / "no" / "a", {})
    with pytest.raises(ValueError, match=r"neither \.npz \(arrays\) nor \.png \(a grid\)"):
        checked_out(tmp_path / "a.jpg", {".npz": "arrays", ".png": "a grid"})


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "utf-8"])
def test_output_degrades_where_the_encoding_lacks_a_character(monkeypatch, encoding):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
    degrade_output()
    print("½E‖∇D(x̂)‖², 28×28 … café 猫 \udce9", flush=True)
    text = raw.getvalue().decode(encoding)
    assert "D(x" in text
    assert "28×28" in text or "28x28" in text


def test_a_cache_that_cannot_be_written_costs_a_warning(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.warns(UserWarning, match="this evaluation could not be stored.*GANBOOK_CACHE"):
        write_cached(tmp_path / "file" / "cache" / "a", lambda path: path.write_text("x"), "this evaluation")
    assert read_cached(tmp_path / "none", read_text) is None
    (tmp_path / "damaged").write_text("{")
    assert read_cached(tmp_path / "damaged", lambda file: json.loads(read_text(file))) is None


def test_numbers_and_switches_are_checked():
    assert whole_number(np.int64(3), "count", 1, 5) == 3
    for value in (0, 6, 1.0, "3", True, None, 2**70):
        with pytest.raises(ValueError, match="count is a whole number from 1 to 5, not "):
            whole_number(value, "count", 1, 5)
    assert positive_number(np.float32(0.5), "seconds") == 0.5
    for value in (0, -1, "3", True, None, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="seconds is a number above 0, not "):
            positive_number(value, "seconds")
    assert switch(True, "wait") is True
    for value in ("no", "yes", 2, None, 1.0, [1]):
        with pytest.raises(ValueError, match="wait is True or False, not "):
            switch(value, "wait")
