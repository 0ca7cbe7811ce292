"""Refused, failed and killed calls change nothing, block nothing and leave nothing behind."""

import importlib
import json
import os
import shutil
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import ganbook as gb
from ganbook.cli import main
from ganbook.training.run_folder import RunFolder
from ganbook.training.runs import runs

MLP = {"network": "mlp", "hidden": "64,64", "jit": "off", "batch_size": 8}


@pytest.fixture(scope="module")
def two_steps(tmp_path_factory):
    return gb.train("digits", name="a", steps=2, runs_dir=tmp_path_factory.mktemp("two-steps"), wait=True, **MLP)


@pytest.fixture
def run(tmp_path, two_steps):
    """A finished run, this test's own."""
    return gb.load_run(shutil.copytree(two_steps.folder.path, tmp_path / "runs" / "a"))


@pytest.fixture
def elsewhere(run):
    """Another process that trains in the folder of the run."""
    code = f"import time\nfrom ganbook.training.run_folder import RunFolder\nlock = RunFolder({str(run.folder.path)!r})"
    process = subprocess.Popen(
        [sys.executable, "-c", f"{code}.lock()\nprint('held', flush=True)\ntime.sleep(600)"], stdout=subprocess.PIPE
    )
    process.stdout.readline()
    yield process
    process.kill()
    process.communicate()


def content(folder):
    return {file: file.read_bytes() for file in folder.path.rglob("*") if file.is_file() and file.name != ".lock"}


def test_a_refused_resume_changes_nothing(run, elsewhere):
    before = content(run.folder)
    for options in ({"seconds": 1e5}, {"steps": 5, "keep_checkpoints": 9}, {"steps": 5, "evaluate_every": 3.0}):
        with pytest.raises(BlockingIOError, match="is being trained by another process"):
            gb.train(resume="a", **options)
    for extend in ({"steps": 5}, {"seconds": 5.0}):
        with pytest.raises(BlockingIOError):
            run.extend(**extend)
        assert run.config.steps == 2
    with pytest.raises(BlockingIOError):
        gb.train("digits", name="a", steps=2, overwrite=True, **MLP)
    assert content(run.folder) == before
    assert runs()["state"].tolist() == ["training elsewhere"]


def test_a_resume_writes_its_options_once_it_has_begun(run):
    gb.train(resume="a", steps=3, keep_checkpoints=7, wait=True)
    options = run.folder.config()["options"]
    assert (options["steps"], options["keep_checkpoints"]) == (3, 7)


def test_a_resume_names_the_file_whose_options_are_damaged(run):
    config = run.folder.config()
    config["options"]["batch_size"] = 0
    (run.folder.path / "config.json").write_text(json.dumps(config))
    with pytest.raises(ValueError, match=r"config.json cannot be read: --batch-size 0"):
        gb.train(resume="a", steps=5)


def test_a_failed_start_does_not_block_its_name(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("ganbook.training.run_config.write_text", full)
        with pytest.raises(PermissionError, match="cannot be written \\(No space left on device\\)"):
            gb.train("digits", name="a", steps=2, **MLP)
    assert list((tmp_path / "runs").iterdir()) == []
    # What earlier versions left, and a start that was killed before its first checkpoint.
    (tmp_path / "runs" / "a" / "checkpoints").mkdir(parents=True)
    (tmp_path / "runs" / "a" / "previews").mkdir()
    (tmp_path / "runs" / "a" / ".lock").touch()
    RunFolder(tmp_path / "runs" / "b").create({"options": {}, "data": {}})
    for name in "ab":
        assert gb.train("digits", name=name, steps=2, wait=True, **MLP).state == "finished"
    assert sorted(os.listdir(tmp_path / "runs")) == ["a", "b"]


def test_a_folder_with_anything_else_in_it_is_never_taken_for_a_failed_start(tmp_path):
    (tmp_path / "runs" / "a" / "checkpoints" / "mine").mkdir(parents=True)
    with pytest.raises(FileExistsError, match="is no run of ganbook"):
        gb.train("digits", name="a", steps=2, **MLP)
    assert (tmp_path / "runs" / "a" / "checkpoints" / "mine").is_dir()


def test_what_a_killed_training_left_is_swept_and_nothing_else(run):
    path = run.folder.path
    (path / "checkpoints" / ".step-0000099.4711").mkdir()
    (path / "checkpoints" / ".step-0000099.4711" / "arrays.npz").write_bytes(b"half")
    for name in (
        ".generator.4711.keras",
        ".config.4711.json",
        "previews/.step-0000003.4711.png",
        ".notes",
        "notes.txt",
    ):
        (path / name).write_bytes(b"x")
    gb.train(resume="a", steps=3, wait=True)
    left = {str(file.relative_to(path)) for file in path.rglob(".*")}
    assert left == {".lock", ".notes"}
    assert (path / "notes.txt").exists()


def test_replacing_a_run_keeps_what_is_not_ganbooks(run):
    (run.folder.path / "notes.txt").write_text("mine")
    again = gb.train("digits", name="a", steps=1, overwrite=True, wait=True, **MLP)
    assert again.history["step"].max() == 1
    assert [checkpoint.step for checkpoint in again.folder.checkpoints.newest_first()] == [1, 0]
    assert (run.folder.path / "notes.txt").read_text() == "mine"


def test_starts_at_the_same_moment_get_names_of_their_own(monkeypatch):
    barrier, module = threading.Barrier(2, timeout=300), importlib.import_module("ganbook.training.train")
    free_name, first = module._free_name, threading.local()

    def slow(*args):
        name = free_name(*args)
        if not hasattr(first, "done"):
            first.done = True
            barrier.wait()  # both have chosen, none has made its folder
        return name

    monkeypatch.setattr(module, "_free_name", slow)
    names = []
    threads = [
        threading.Thread(target=lambda: names.append(gb.train("digits", steps=1, wait=True, **MLP).name))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(400)
    assert sorted(names) == ["digits-mlp-1", "digits-mlp-2"]


@pytest.mark.parametrize("replaced", [False, True])
def test_a_run_folder_that_is_removed_ends_the_training_in_one_line(tmp_path, capsys, replaced):
    folder = tmp_path / "runs" / "b"

    def remove():
        while not (folder / "history.csv").exists():
            time.sleep(0.02)
        shutil.rmtree(folder.rename(tmp_path / "removed"))  # at once: the training writes into it
        if replaced:
            time.sleep(0.5)  # a write that had begun before ends
            RunFolder(folder).create({"options": {}, "data": {}})

    thread = threading.Thread(target=remove)
    thread.start()
    words = [
        "--data",
        "digits",
        "--network",
        "mlp",
        "--hidden",
        "64",
        "--jit",
        "off",
        "--batch-size",
        "8",
        "--checkpoint-every",
        "1",
    ]
    words += ["--seconds", "60"]
    assert main(["train", *words, "--name", "b"]) == 1
    thread.join()
    last = capsys.readouterr().err.strip().splitlines()[-1]
    assert "b failed: the folder of b was removed, renamed or replaced while it trained" in last
    assert "Errno" not in last
    assert folder.exists() == replaced
    if replaced:
        assert not (folder / "generator.keras").exists()


def test_one_run_that_cannot_be_read_hides_no_other(run, tmp_path):
    shutil.copytree(run.folder.path, tmp_path / "runs" / "b")
    for name, text in {"c": "{", "d": '{"format": 2, "options": [], "data": {}}', "e": "[" * 5000}.items():
        (tmp_path / "runs" / name).mkdir()
        (tmp_path / "runs" / name / "config.json").write_text(text)
    (tmp_path / "runs" / "f" / "config.json").mkdir(parents=True)
    table = runs().set_index("name")
    assert sorted(table.index) == ["a", "b", "c", "d", "e"]
    assert table.loc[["a", "b"], "state"].tolist() == ["finished", "finished"]
    assert all("\n" not in state and len(state) <= 100 for state in table["state"])
    assert not (tmp_path / "runs" / "c" / ".lock").exists()


def test_wrong_types_are_refused_in_one_line(run):
    for call, message in {
        lambda: gb.train("digits", overwrite="no"): "overwrite is True or False, not 'no'",
        lambda: gb.train("digits", wait="yes"): "wait is True or False, not 'yes'",
        lambda: gb.load_run(5): "the name of a run is text or a pathlib.Path, not int",
        lambda: gb.load_run(""): "the name of a run is empty",
        lambda: gb.runs(3): "runs_dir is text or a pathlib.Path, not int",
        lambda: gb.compare(5, 6): "compare takes runs, their names or folders, one after the other, not int",
        lambda: gb.compare([run, run]): "one after the other, not list",
        lambda: run.step("a"): "is a whole number from 1 to",
        lambda: run.extend(steps=1.5): "is a whole number from 1 to",
        lambda: run.extend(seconds="1"): "is a number above 0",
        lambda: run.wait("1"): "timeout is a number of seconds",
        lambda: run.observe(3): "an observer is a function",
        lambda: run.sample("many"): "--count many: should be a valid integer",
        lambda: run.sample(4, labels=[[1], [1, 2]]): "not conditional",
    }.items():
        with pytest.raises(ValueError, match=message) as caught:
            call()
        assert "\n" not in str(caught.value)


def test_class_folders_whose_names_are_no_utf_8(tmp_path):
    from PIL import Image

    for name in (b"caf\xe9", b"tea"):
        folder = os.path.join(os.fsencode(tmp_path / "set"), name)
        os.makedirs(folder)
        for i in range(8):
            image = Image.fromarray(np.random.default_rng(i).integers(0, 256, (8, 8), dtype=np.uint8))
            image.save(os.fsdecode(folder + b"/%d.png" % i))
    run = gb.train(tmp_path / "set", name="a", steps=1, wait=True, **MLP)
    assert run.state == "finished"
    (run.folder.path / "config.json").read_bytes().decode("utf-8")
    assert runs()["state"].tolist() == ["finished"]


@pytest.mark.parametrize("locale", ["C", "POSIX"])
def test_runs_on_names_of_any_script_are_listed_under_any_locale(tmp_path, locale):
    folder = RunFolder(tmp_path / "runs" / "a")
    options = {"network": "mlp", "steps": 9, "batch_size": 8}
    folder.create({"created": "2026", "options": options, "data": {"name": "caf\u00e9 \u732b", "source": "/\u732b"}})
    (folder.path / "history.csv").write_text("step,seconds,warning\n1,0.5,caf\u00e9\n", encoding="utf-8")
    environment = os.environ | {"LC_ALL": locale, "PYTHONCOERCECLOCALE": "0", "GANBOOK_RUNS": str(tmp_path / "runs")}
    listed = subprocess.run(
        [sys.executable, "-X", "utf8=0", "-m", "ganbook.cli", "runs"], env=environment, capture_output=True, check=False
    )
    assert listed.returncode == 0
    assert b"UnicodeDecodeError" not in listed.stdout + listed.stderr
    assert b"caf" in listed.stdout


def test_a_program_that_ends_saves_what_it_trained(tmp_path):
    code = f"""
import time, ganbook as gb
run = gb.train("digits", name="a", runs_dir={str(tmp_path)!r}, seconds=600, **{MLP!r})
while run.steps_done < 20:
    time.sleep(0.02)
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "a stops because the program ends" in ended.stderr
    run = gb.load_run("a", tmp_path)
    assert run.state == "stopped"
    assert run.steps_done >= 20
    assert run.steps_done == run.history["step"].iloc[-1]


def test_steps_that_were_not_saved_are_told_on_resuming(run):
    run.folder.append_history({"step": 7, "seconds": 1.0})
    with pytest.warns(UserWarning, match="a goes on from step 2, where it was saved last: its process ended at step 7"):
        gb.train(resume=run.folder.path, steps=3, wait=True)
