"""Runs kept in order: renamed, annotated, deleted and brought back, and nothing lost."""

import pytest

from ganbook.training import shelf
from ganbook.training.run import Run
from ganbook.training.run_folder import RunFolder
from ganbook.training.runs import load_run, runs
from ganbook.training.train import train


@pytest.fixture(scope="module")
def runs_dir(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    for name in ("one", "two"):
        train("digits", network="mlp", hidden="8", jit="off", steps=2, name=name, runs_dir=folder).wait()
    return folder


def names(folder):
    return sorted(runs(folder)["name"])


def test_a_renamed_run_is_the_same_under_another_name(runs_dir):
    before = load_run("one", runs_dir).sample(4)
    shelf.rename("one", "first", runs_dir)
    assert names(runs_dir) == ["first", "two"]
    assert (load_run("first", runs_dir).sample(4) == before).all()
    shelf.rename("first", "one", runs_dir)


@pytest.mark.parametrize(("new", "says"), [("two", "already"), ("a/b", "name"), ("", "name")])
def test_a_name_that_cannot_be_is_refused_and_nothing_changes(runs_dir, new, says):
    with pytest.raises((ValueError, OSError), match=says):
        shelf.rename("one", new, runs_dir)
    assert names(runs_dir) == ["one", "two"]


def test_a_deleted_run_can_be_brought_back_also_beside_another_one_of_its_name(runs_dir):
    where = shelf.delete("two", runs_dir)
    assert names(runs_dir) == ["one"]
    train("digits", network="mlp", hidden="8", jit="off", steps=2, name="two", runs_dir=runs_dir).wait()
    with pytest.raises(FileExistsError, match="already"):
        shelf.restore(where, "two")
    again = shelf.delete("two", runs_dir)
    assert again != where
    shelf.restore(where, "two")
    assert load_run("two", runs_dir).steps_done == 2


def test_a_run_that_trains_is_neither_renamed_nor_deleted(runs_dir):
    run: Run = train(
        "digits", network="mlp", hidden="8", jit="off", steps=10**6, name="busy", runs_dir=runs_dir
    )  # fmt: skip
    for act in (lambda: shelf.delete("busy", runs_dir), lambda: shelf.rename("busy", "idle", runs_dir)):
        with pytest.raises(BlockingIOError, match="stop it"):
            act()
    run.stop()
    run.ended.wait()
    shelf.delete("busy", runs_dir)


def test_a_note_is_kept_with_its_run_and_removed_when_empty(runs_dir):
    folder = RunFolder(runs_dir / "one")
    assert shelf.note_of(folder) == ""
    shelf.write_note("one", "  the first – größer  ", runs_dir)
    assert shelf.note_of(folder) == "the first – größer"
    with pytest.raises(ValueError, match="up to 2,000 characters"):
        shelf.write_note("one", "x" * 2001, runs_dir)
    shelf.write_note("one", " ", runs_dir)
    assert not (folder.path / shelf.NOTE).exists()
