"""Results have names of their own, lie apart from their source, and appear whole or not at all."""

import errno
import os
from pathlib import Path, PurePath

import pytest

from ganbook.utils.files import atomic, sweep
from ganbook.utils.output import (
    UnfinishedOutput,
    check_apart,
    check_free,
    check_not_overwritten,
    reserve,
    unique_names,
)


def names(*paths):
    return [str(name) for name in unique_names([PurePath(path) for path in paths])]


def test_a_name_loses_its_suffix_unless_another_needs_it_too():
    assert names("a.png", "b.jpg", "k/a.png", "c") == ["a", "b", "k/a", "c"]
    assert names("a.png", "a.jpg", "b.png") == ["a.png", "a.jpg", "b"]


@pytest.mark.parametrize(
    "paths",
    [
        ("b.jpg", "b.JPG"),
        ("K/b.jpg", "k/b.jpg"),
        ("café.png", "cafe\u0301.png", "CAFÉ.jpg"),
        ("b.jpg", "b.png", "b.jpg.bmp", "B.PNG", "b.png-2.gif"),
        (".hidden", ".hidden.png", "..png"),
        tuple("x" * 251 + suffix for suffix in (".png", ".jpg", ".gif")),
        ("é" * 125 + ".png", "é" * 125 + ".PNG", "é" * 124 + "e.png"),
        ("a-1.png", "a.png", "A-1.jpg"),
    ],
)
def test_no_two_sources_share_a_name_on_any_disk_and_none_is_too_long(paths):
    import unicodedata

    results = names(*paths)
    keys = {unicodedata.normalize("NFC", name).casefold() for name in results}
    assert len(keys) == len(paths)
    assert all(len(os.fsencode(PurePath(f"{name}-64.png").name)) <= 255 for name in results)


def test_an_output_that_is_not_apart_from_its_source_is_refused(tmp_path, monkeypatch):
    source = tmp_path / "photos"
    (source / "older").mkdir(parents=True)
    (source / "a.png").write_bytes(b"a")
    (tmp_path / "link").symlink_to(source)
    (tmp_path / "back").symlink_to(source / "older")
    monkeypatch.chdir(source)
    for out in (source, tmp_path / "link", Path("."), source / "../photos", tmp_path / "link" / "..", source / "more"):
        with pytest.raises(ValueError, match="choose another place"):
            check_apart(out, [source])
    for out in (source / "older" / "new" / "deep", tmp_path / "back" / "new", tmp_path, Path("/")):
        with pytest.raises(ValueError, match="inside its source|contains its source"):
            check_apart(out, [source])
    with pytest.raises(ValueError, match="holds its source a.png"):
        check_apart(tmp_path / "link", [source / "a.png"])
    check_apart(tmp_path / "photos2", [source])
    check_apart(source / "filled", [source / "a.png"])


def test_a_result_that_is_a_source_by_any_link_is_refused(tmp_path):
    (tmp_path / "a.png").write_bytes(b"a")
    os.link(tmp_path / "a.png", tmp_path / "hard.png")
    (tmp_path / "soft.png").symlink_to("a.png")
    for result in ("a.png", "hard.png", "soft.png"):
        with pytest.raises(ValueError, match="is the source"):
            check_not_overwritten([tmp_path / result], [tmp_path / "a.png"])
    check_not_overwritten([tmp_path / "new.png"], [tmp_path / "a.png", tmp_path / "gone.png"])


def test_a_folder_appears_whole_and_what_was_unfinished_continues(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(KeyboardInterrupt), UnfinishedOutput(out, {"plan": 1}, "record.json") as unfinished:
        (unfinished.path / "part").write_text("1")
        unfinished.note(1)
        raise KeyboardInterrupt
    assert list(out.iterdir()) == []
    with pytest.raises(FileExistsError, match="unfinished"), UnfinishedOutput(out, {"plan": 2}, "record.json"):
        pass
    with UnfinishedOutput(out, {"plan": 1}, "record.json") as unfinished:
        assert unfinished.done == 1
        with pytest.raises(BlockingIOError), UnfinishedOutput(out, {"plan": 1}, "record.json"):
            pass
        unfinished.finish()
    assert sorted(file.name for file in out.iterdir()) == ["part", "record.json"]
    assert [file.name for file in tmp_path.iterdir()] == ["out"]


def test_an_error_before_any_progress_leaves_nothing(tmp_path):
    with pytest.raises(OSError, match="full"), UnfinishedOutput(tmp_path / "out", {}, "record.json"):
        raise OSError("the disk is full")
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_never_replaced(tmp_path):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").write_text("mine")
    (tmp_path / "nothing").symlink_to(tmp_path / "gone")
    for name in ("file", "full", "nothing"):
        with pytest.raises(FileExistsError):
            check_free(tmp_path / name)
    with pytest.raises(OSError, match="too long"):
        check_free(tmp_path / ("x" * 300))
    (tmp_path / "empty").mkdir()
    check_free(tmp_path / "empty")
    with pytest.raises(FileExistsError):
        check_free(tmp_path / "empty", "file")
    with UnfinishedOutput(tmp_path / "late", {}, "record.json") as unfinished:
        (tmp_path / "late").write_text("of another")
        with pytest.raises(FileExistsError):
            unfinished.finish()
    assert (tmp_path / "late").read_text() == "of another"


def test_a_hidden_folder_of_someone_else_is_left_alone(tmp_path):
    (tmp_path / ".out.part").mkdir()
    (tmp_path / ".out.part" / "mine").write_text("mine")
    with pytest.raises(FileExistsError, match="no unfinished output"), UnfinishedOutput(tmp_path / "out", {}, "r.json"):
        pass
    assert (tmp_path / ".out.part" / "mine").read_text() == "mine"


def test_room_is_looked_for_before_it_is_needed(tmp_path, monkeypatch):
    reserve(tmp_path / "raw", 5000)
    assert (tmp_path / "raw").stat().st_size == 5000

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "posix_fallocate", full, raising=False)
    with pytest.raises(OSError, match=r"the disk is full: .* MB free and 1,000.0 MB are needed"):
        reserve(tmp_path / "more", 10**9)
    assert not (tmp_path / "more").exists()
    # A disk that cannot reserve is asked how much is free.
    monkeypatch.setattr(os, "posix_fallocate", lambda *_: (_ for _ in ()).throw(OSError(errno.EOPNOTSUPP, "no")))
    reserve(tmp_path / "some", 5000)
    with pytest.raises(OSError, match="the disk is full"):
        reserve(tmp_path / "more", 10**18)


def test_only_leftovers_of_dead_processes_are_swept(tmp_path):
    dead, alive, own = ".a.4123456-17.png", f".a.{os.getpid()}-17.png", ".notes.2023.png"
    for name in (dead, alive, own, "a.4123456-17.png"):
        (tmp_path / name).touch()
    with atomic(tmp_path / "b.png") as temporary:
        temporary.touch()
    assert (tmp_path / dead).exists()
    with atomic(tmp_path / "a.png") as temporary:
        temporary.touch()
    assert not (tmp_path / dead).exists()
    (tmp_path / dead).touch()
    sweep(tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {alive, own, "a.4123456-17.png", "a.png", "b.png"}
