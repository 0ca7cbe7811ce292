"""The terminal as its users see it."""

import json
import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from PIL import Image

import ganbook as gb
from ganbook.cli import main

SMALL = ["--data", "digits", "--network", "mlp", "--hidden", "16", "--jit", "off", "--image-size", "12"]
SMALL += ["--batch-size", "16"]


@pytest.fixture
def trained(tmp_path, capsys):
    words = ["train", *SMALL, "--steps", "6", "--name", "a", "--runs-dir", str(tmp_path), "--conditional"]
    assert main(words) == 0
    said = capsys.readouterr()
    assert said.out == f"{tmp_path / 'a'}\n"  # the result, alone, on stdout
    assert "6/6" in said.err
    assert "D loss" in said.err
    return tmp_path / "a"


def test_train_resume_sample_and_list(trained, tmp_path, capsys):
    assert main(["train", "--resume", str(trained), "--steps", "9"]) == 0
    assert json.loads((trained / "config.json").read_text())["options"]["steps"] == 9
    capsys.readouterr()

    out = tmp_path / "s.npz"
    assert main(["sample", str(trained), "--count", "25", "--seed", "3", "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"{out}\n"
    with np.load(out) as saved:
        assert saved["images"].shape == (25, 12, 12, 1)
        assert saved["images"].dtype == np.uint8
        assert saved["labels"].tolist() == [i % 10 for i in range(25)]
    grid = tmp_path / "s.png"
    assert main(["sample", "a", "--runs-dir", str(tmp_path), "--count", "9", "--label", "3", "--out", str(grid)]) == 0
    assert Image.open(grid).mode == "L"
    capsys.readouterr()

    assert main(["runs", "--runs-dir", str(tmp_path)]) == 0
    header, line = capsys.readouterr().out.splitlines()
    assert header.split() == ["name", "state", "step", "seconds", "of", "data", "network", "loss", "created"]
    name, state, step, seconds, *rest = line.split()
    assert (name, state, step, rest[:2]) == ("a", "finished", "9", ["9", "steps"])
    assert int(seconds) < 60
    assert main(["datasets"]) == 0
    assert {"digits", "fashion", "emoji", "mnist"} <= {line.split()[0] for line in capsys.readouterr().out.splitlines()}


def test_no_runs_yet_is_said_kindly(tmp_path, capsys):
    assert main(["runs", "--runs-dir", str(tmp_path)]) == 0
    assert "no runs here yet; start one with: ganbook train" in capsys.readouterr().err


def test_help_names_every_option_with_its_default_and_choices(capsys):
    from ganbook.config.parser import flag
    from ganbook.config.train import TrainConfig

    with pytest.raises(SystemExit) as left:
        main(["train", "--help"])
    assert left.value.code == 0
    text = capsys.readouterr().out
    assert all(flag(name) in text for name in TrainConfig.model_fields)
    assert "{auto,compact,photo,dcgan,mlp,context,restorer,text}" in text
    assert "[default: 3,000, unless --seconds is set]" in " ".join(text.split())
    assert "[default: 2e-3; mlp, text, custom: 2e-4; photo, restorer: 1e-3; points: 1e-3]" in " ".join(text.split())


ENDLESS = [*SMALL, "--steps", "100000000", "--name", "a"]


def test_an_interrupted_training_is_saved_and_exits_130(tmp_path):
    words = [*ENDLESS, "--runs-dir", str(tmp_path)]
    process = subprocess.Popen(
        [sys.executable, "-m", "ganbook.cli", "train", *words], stderr=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    history = tmp_path / "a" / "history.csv"
    deadline = time.monotonic() + 300
    while not (history.exists() and history.read_text().count("\n") > 2):
        assert process.poll() is None
        assert time.monotonic() < deadline, "no rows in the history after 300 s"
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=300)[1]
    assert process.returncode == 130, said
    assert "ganbook: stopping, as soon as it is saved" in said
    assert "Traceback" not in said
    assert f"go on with: ganbook train --resume {tmp_path / 'a'}" in said
    saved = max(int(path.name.removeprefix("step-")) for path in (tmp_path / "a" / "checkpoints").iterdir())
    assert f"saved at step {saved:,}" in said
    assert saved > 0


def test_a_terminated_training_is_saved_and_exits_130(tmp_path, capsys):
    history = tmp_path / "a" / "history.csv"

    def terminate():
        deadline = time.monotonic() + 300
        while not (history.exists() and history.read_text().count("\n") > 2) and time.monotonic() < deadline:
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGTERM)

    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)  # until the command wants it
    try:
        thread = threading.Thread(target=terminate)
        thread.start()
        assert main(["train", *ENDLESS, "--runs-dir", str(tmp_path)]) == 130
        thread.join()
    finally:
        signal.signal(signal.SIGTERM, before)
    saved = max(int(path.name.removeprefix("step-")) for path in (tmp_path / "a" / "checkpoints").iterdir())
    assert f"saved at step {saved:,}; go on with: ganbook train --resume {tmp_path / 'a'}" in capsys.readouterr().err
    assert saved > 0


def test_a_training_that_fails_exits_1_with_one_line(tmp_path, capsys):
    assert (
        main(["train", *SMALL, "--r1", "1e300", "--steps", "100000", "--name", "a", "--runs-dir", str(tmp_path)]) == 1
    )
    last = capsys.readouterr().err.strip().splitlines()[-1]
    assert last.startswith("ganbook: a failed: Not a number: ")
    assert "try a lower --learning-rate" in last


def test_data_are_looked_at_before_training(tmp_path, capsys):
    assert main(["data", "emoji", "--image-size", "16"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "emoji: 1,706 images to learn from, 16×16, colour"
    assert lines == str(gb.data.report("emoji", image_size=16)).splitlines()
    assert main(["data", "names"]) == 0
    assert capsys.readouterr().out.startswith("TextData('names'")
    assert main(["data", "ring", "--image-size", "16"]) == 2
    assert "image_size goes with images" in capsys.readouterr().err


@pytest.mark.parametrize("run", ["names-example", "fashion-example"])
def test_a_run_of_any_kind_is_evaluated(run, tmp_path, capsys):
    out = tmp_path / "report.json"
    line = ["evaluate", run, "--runs-dir", str(tmp_path), "--count", "100", "--quiet", "--json", str(out)]
    assert main(line) == 0
    assert run in capsys.readouterr().out
    assert json.loads(out.read_text())["about"]["count"] == 100
