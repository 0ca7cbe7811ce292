"""The run folder stays whole whatever happens."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganbook.training import run_lock
from ganbook.training.history import COLUMNS
from ganbook.training.run_folder import RunFolder, names_in
from ganbook.training.runs import runs
from ganbook.utils.files import atomic

CONFIG = {"options": {}, "data": {}}


@pytest.fixture
def folder(tmp_path):
    folder = RunFolder(tmp_path / "runs" / "a")
    folder.create(CONFIG)
    return RunFolder(folder.path)  # which does not hold it


def save(folder, step, text="weights", keep=3):
    with folder.checkpoints.new(step, {"seconds": step / 10}, keep) as path:
        (path / "gan.keras").write_text(text)


def test_the_last_k_checkpoints_are_kept(folder):
    for step in (1, 5, 3_000_000, 12_345_678):
        save(folder, step)
    assert [c.step for c in folder.checkpoints.newest_first()] == [12_345_678, 3_000_000, 5]
    assert folder.checkpoints.newest().read()["seconds"] == 1_234_567.8


def test_an_interrupted_checkpoint_leaves_nothing(folder):
    with pytest.raises(RuntimeError), folder.checkpoints.new(3, {}, 3) as path:
        (path / "gan.keras").write_text("half")
        raise RuntimeError
    assert folder.checkpoints.newest_first() == []
    assert list((folder.path / "checkpoints").iterdir()) == []


def test_a_checkpoint_that_is_dropped_is_never_seen_half_removed(folder, monkeypatch):
    """A process may be killed while it removes one."""
    removed = []
    save(folder, 1)
    with monkeypatch.context() as patch:
        patch.setattr("ganbook.training.run_folder.shutil.rmtree", lambda path, **_: removed.append(path))
        save(folder, 2, keep=1)
        folder.forget_after(1)
    assert folder.checkpoints.newest_first() == []
    half = [path for path in removed if path.exists()]
    assert sorted(path.name.split(".")[1] for path in half) == ["step-0000001", "step-0000002"]
    folder.clean()
    assert not [path for path in half if path.exists()]


def test_a_checkpoint_of_the_same_step_is_replaced_and_killed_in_between_it_is_still_there(folder, monkeypatch):
    save(folder, 2)
    save(folder, 2, "again")
    assert [(folder.checkpoints.newest().path / "gan.keras").read_text(), len(folder.checkpoints.newest_first())] == [
        "again",
        1,
    ]
    rename = Path.rename

    def killed(path, target):
        rename(path, target)
        if "replaced" in str(target):
            raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Path, "rename", killed)
        save(folder, 2, "third")
    folder.clean()
    assert folder.checkpoints.newest().read()["seconds"] == 0.2
    assert (folder.checkpoints.newest().path / "gan.keras").read_text() == "again"
    assert [path.name for path in (folder.path / "checkpoints").iterdir()] == ["step-0000002"]


@pytest.mark.parametrize("damage", ["change", "truncate", "remove", "state", "not json"])
def test_a_damaged_checkpoint_is_known(folder, damage):
    save(folder, 7)
    checkpoint = folder.checkpoints.newest()
    file = checkpoint.path / "gan.keras"
    {
        "change": lambda: file.write_text("weighta"),
        "truncate": lambda: file.write_text("w"),
        "remove": file.unlink,
        "state": (checkpoint.path / "state.json").unlink,
        "not json": lambda: (checkpoint.path / "state.json").write_text("{"),
    }[damage]()
    with pytest.raises(ValueError, match="is damaged"):
        checkpoint.read()


def test_history_is_read_as_it_was_written_and_cut_where_asked(folder):
    assert list(folder.history().columns) == list(COLUMNS)
    assert len(folder.history()) == 0
    for step in (10, 20, 30):
        folder.append_history(
            {"step": step, "seconds": step / 10, "d_loss": 0.1 + 0.2, "warning": "a, b" * (step == 20)}
        )
        folder.preview_path(step).write_bytes(b"png")
    history = folder.history()
    assert history["step"].tolist() == [10, 20, 30]
    assert history["d_loss"][0] == 0.1 + 0.2
    assert history["warning"].dropna().tolist() == ["a, b"]
    save(folder, 30)
    folder.forget_after(20)
    assert folder.history()["step"].tolist() == [10, 20]
    assert list(folder.previews()) == [10, 20]
    assert folder.checkpoints.newest_first() == []


def test_a_row_cut_short_by_a_crash_does_not_spoil_the_history(folder):
    folder.append_history({"step": 10, "d_loss": 1.0})
    with (folder.path / "history.csv").open("a") as out:
        out.write("20,1.5")
    assert folder.history()["step"].tolist()[0] == 10
    folder.forget_after(10)
    folder.append_history({"step": 20, "d_loss": 2.0})
    assert folder.history()["d_loss"].tolist() == [1.0, 2.0]


def test_a_taken_name_is_refused_unless_overwritten(folder):
    save(folder, 3)
    with pytest.raises(FileExistsError, match="there is a run named 'a'.*--resume a.*--overwrite"):
        folder.create(CONFIG)
    assert len(folder.checkpoints.newest_first()) == 1
    folder.create(CONFIG, overwrite=True)
    assert folder.checkpoints.newest_first() == []


def test_a_folder_that_is_no_run_is_never_overwritten(tmp_path):
    mine = tmp_path / "photos"
    mine.mkdir()
    (mine / "cat.jpg").write_bytes(b"cat")
    with pytest.raises(FileExistsError, match="is no run of ganbook"):
        RunFolder(mine).create(CONFIG, overwrite=True)
    assert (mine / "cat.jpg").exists()


def test_a_newer_format_and_a_broken_config_are_refused(folder):
    file = folder.path / "config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"format": 99}))
    with pytest.raises(ValueError, match=r"has format 99, this ganbook reads up to \d+: update ganbook"):
        folder.config()
    file.write_text("{")
    with pytest.raises(ValueError, match="cannot be read"):
        folder.config()


def test_options_are_those_of_the_config_in_its_folder(folder):
    file = folder.path / "config.json"
    config = json.loads(file.read_text())
    file.write_text(json.dumps(config | {"options": {"network": "mlp", "data": "digits", "steps": 5}}))
    options = folder.options()
    assert (options.network, options.steps, options.seconds) == ("mlp", 5, None)
    assert (options.name, options.runs_dir) == (folder.name, folder.path.parent)
    file.write_text(json.dumps(config | {"options": {"data": "digits", "batch_size": 0}}))
    with pytest.raises(ValueError, match=r"config.json cannot be read: --batch-size 0"):
        folder.options()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(
    config=st.dictionaries(st.sampled_from(["format", "options", "data", "created", "more"]), JSON) | JSON,
    noise=st.binary(max_size=8),
    at=st.integers(0, 200),
)
@settings(max_examples=200, deadline=None)
def test_any_config_json_is_read_or_refused_in_one_line(tmp_path_factory, config, noise, at):
    folder = RunFolder(tmp_path_factory.mktemp("runs") / "a")
    folder.path.mkdir()
    content = json.dumps(config).encode()
    (folder.path / "config.json").write_bytes(content[:at] + noise + content[at:])
    try:
        config = folder.config()
    except ValueError as error:
        assert "config.json" in str(error) or "has format" in str(error)  # noqa: PT017
    else:
        assert isinstance(config["options"], dict)
        assert isinstance(config["data"], dict)
    assert len(runs(folder.path.parent)) == 1
    assert os.listdir(folder.path) == ["config.json"]


def test_a_folder_is_held_by_whoever_made_it_until_it_is_trained_in(tmp_path):
    made = RunFolder(tmp_path / "runs" / "a")
    for overwrite in (False, True):
        made.create(CONFIG, overwrite=overwrite)
        with pytest.raises((BlockingIOError, FileExistsError)):  # not taken for the remains of a start that failed
            RunFolder(made.path).create(CONFIG)
        with pytest.raises(BlockingIOError):
            RunFolder(made.path).create(CONFIG, overwrite=True)
        made.lock().release()
        assert not made.is_locked()
    RunFolder(made.path).create(CONFIG)


def test_only_one_may_train_in_a_folder(folder):
    lock = folder.lock()
    assert folder.is_locked()
    with pytest.raises(BlockingIOError, match="being trained by another process"):
        RunFolder(folder.path).lock()
    lock.release()
    assert not folder.is_locked()


def test_a_run_that_was_replaced_is_locked_no_longer(folder, monkeypatch):
    """Whoever may still have the lock in hand: a traceback, a debugger."""
    in_hand, take = [], run_lock.take
    monkeypatch.setattr(run_lock, "take", lambda path: in_hand.append(take(path)) or in_hand[-1])
    save(folder, 1)
    folder.create(CONFIG, overwrite=True)
    folder.lock().release()
    folder.clean()
    assert len(in_hand) == 2
    assert not folder.is_locked()


def test_an_atomic_file_is_complete_or_absent(tmp_path):
    with pytest.raises(RuntimeError), atomic(tmp_path / "a.txt") as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_runs_are_listed_newest_first(tmp_path, folder):
    RunFolder(folder.path.parent / "b").create(CONFIG)
    (folder.path.parent / "no-run").mkdir()
    assert sorted(names_in(folder.path.parent)) == ["a", "b"]
    assert names_in(tmp_path / "nowhere") == []
