"""Processes on one or several machines share a training, or say what keeps them from it."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import ganbook as gb
from ganbook.config.cluster import from_tf_config
from ganbook.training import handshake
from ganbook.training.join import join
from ganbook.utils.messages import Link

NETWORK = {
    "network": "mlp",
    "hidden": "8",
    "r1": 0.5,
    "augment": "DiffAugment",
    "jit": "off",
    "batch_size": 8,
    "rate_changes": "1e-3/2e-3@3",
    "flip": "on",
}


def addresses(count=2):
    """Addresses on this machine that are free at the moment."""
    servers = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [server.getsockname()[1] for server in servers]
    for server in servers:
        server.close()
    return [f"127.0.0.1:{port}" for port in ports]


class Worker(threading.Thread):
    """Worker 1 in a thread of its own; ``error`` is what it raised."""

    def __init__(self, where, **options):
        super().__init__(daemon=True)
        self.error, self._options = None, {"workers": ",".join(where), "worker_index": 1} | options
        self.start()

    def run(self):
        try:
            join(self._options, print)
        except Exception as error:
            self.error = error


def refused(options, worker_options):
    """Start a chief and a worker that do not fit each other; return what each of them says."""
    where = addresses()
    worker = Worker(where, **worker_options)
    with pytest.raises(ValueError, match=r".") as chief:
        gb.train("digits", workers=",".join(where), worker_index=0, name="refused", **options)
    worker.join(300)
    return str(chief.value), str(worker.error)


def test_other_data_or_options_on_a_worker_are_named_to_both():
    chief, worker = refused({}, {"data": "fashion"})
    assert re.search(
        r"worker 1 \(127.0.0.1:\d+\): fashion \(10,000 images, fingerprint \w+\) is not the chief's", chief
    )
    assert worker in chief
    chief, worker = refused({"r1": 1.0}, {"r1": "2", "network": "auto"})
    assert "--r1 2.0 (the chief has 1.0)" in chief
    assert worker in chief


def test_what_the_chief_cannot_train_is_told_to_the_workers():
    chief, worker = refused({"batch_size": 15}, {})
    assert "2 --workers: a batch of 15 does not divide among them; give --batch-size 16" in chief
    assert worker == chief


def test_other_versions_on_a_worker_are_named_to_both():
    where, replies = addresses(), []

    def old_worker():
        with socket.create_server(("127.0.0.1", int(where[1].split(":")[1]))):
            while True:
                try:
                    link = Link(socket.create_connection(("127.0.0.1", int(where[0].split(":")[1]))))
                    break
                except OSError:
                    time.sleep(0.05)
            old = handshake.versions() | {"keras": "3.0.0"}
            link.send({"index": 1, "workers": where, "versions": old})
            replies.append(link.receive()[0])

    thread = threading.Thread(target=old_worker, daemon=True)
    thread.start()
    with pytest.raises(ValueError, match=r"worker 1 .* has keras 3.0.0 \(the chief has .*install the same versions"):
        handshake.gather(where, patience=300)
    thread.join(300)
    assert "has keras 3.0.0" in replies[0]["refused"]


def test_who_does_not_answer_is_named():
    where = addresses(3)
    with pytest.raises(ValueError, match=rf"worker 1 \({where[1]}\), worker 2 \({where[2]}\) did not call the chief"):
        handshake.gather(where, patience=0.2)
    with pytest.raises(ValueError, match=f"the chief, {where[0]}, did not answer within 0 s .*--worker-index 0"):
        handshake.call(where, 1, patience=0.2)


def test_another_program_that_calls_is_passed_over():
    where = addresses()
    found = []
    chief = threading.Thread(target=lambda: found.append(handshake.gather(where, patience=300)), daemon=True)
    chief.start()
    for _ in range(6000):
        try:
            with socket.create_connection(("127.0.0.1", int(where[0].split(":")[1]))) as browser:
                browser.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
            break
        except OSError:
            time.sleep(0.05)
    else:
        pytest.fail("no chief listens after 300 s")
    handshake.call(where, 1, patience=300)
    chief.join(300)
    assert list(found[0]) == [1]


def processes(where, runs, *options):
    """Start a chief and a worker in terminals."""
    environment = os.environ | {"GANBOOK_RUNS": str(runs), "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
    command = [sys.executable, "-m", "ganbook.cli", "train", "--workers", ",".join(where), *options, "--worker-index"]
    return [
        subprocess.Popen([*command, str(i)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for i in range(len(where))
    ]


def saved(run):
    """Return the newest checkpoint's step and arrays."""
    newest = max((run / "checkpoints").glob("step-*"))
    with np.load(newest / "arrays.npz") as arrays:
        return int(newest.name[5:]), [arrays[name] for name in arrays.files]


@pytest.mark.slow  # two times two processes with TensorFlow
def test_two_workers_learn_what_one_process_does_and_one_that_is_killed_ends_both(tmp_path):
    options = [word for name, value in NETWORK.items() for word in (f"--{name.replace('_', '-')}", str(value))]
    both = processes(addresses(), tmp_path, "--data", "digits", *options, "--steps", "6", "--name", "two")
    alone = gb.train("digits", **NETWORK, steps=6, name="alone", runs_dir=tmp_path, wait=True)
    says = [process.communicate(timeout=300)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], says
    assert "the run is finished, at step 6" in says[1]
    for ours, theirs in zip(saved(tmp_path / "two")[1], saved(alone.folder.path)[1], strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=2e-3, atol=2e-5)

    chief, worker = both = processes(addresses(), tmp_path, "--resume", "two", "--steps", "100000000")
    while gb.load_run(tmp_path / "two").history["step"].max() < 8:
        assert [process.poll() for process in both] == [None, None]
        time.sleep(0.1)
    worker.send_signal(signal.SIGKILL)
    says = chief.communicate(timeout=300)[1]
    worker.communicate()
    assert chief.returncode == 1
    assert re.search(r"two failed: worker 1 \(.*\) is gone; saved at step [\d,]+: start the same command", says), says
    assert saved(tmp_path / "two")[0] >= 6


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"workers": "a:1,b"}, "'b' is no address: give host:port,host:port"),
        ({"workers": "a:1,b:70000"}, "'b:70000' is no address"),
        ({"workers": "a:1"}, "give 2 to 1,024 addresses"),
        ({"workers": "a:1,a:1"}, "a:1 is there twice"),
        ({"workers": "a:1,b:1"}, "--workers needs --worker-index, 0 for the chief and 1 to 1 for the others"),
        ({"worker_index": 1}, "give both, or neither"),
        ({"workers": "a:1,b:1", "worker_index": 2}, "there are 2 --workers, 0 to 1"),
        ({"workers": "a:1,b:1", "worker_index": 1}, "start the others in a terminal"),
    ],
)
def test_mistakes_are_one_clear_line(options, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        gb.train("digits", name="refused", **options)


@pytest.mark.parametrize(
    ("variable", "options"),
    [
        ("", {}),
        ('{"cluster": {"worker": ["a:1"]}, "task": {"type": "worker", "index": 0}}', {}),
        (
            '{"cluster": {"worker": ["a:1", "b:1"]}, "task": {"type": "worker", "index": 1}}',
            {"workers": "a:1,b:1", "worker_index": "1"},
        ),
        (
            '{"cluster": {"chief": ["c:1"], "worker": ["a:1", "b:1"]}, "task": {"type": "worker", "index": 1}}',
            {"workers": "c:1,a:1,b:1", "worker_index": "2"},
        ),
        (
            '{"cluster": {"chief": ["c:1"], "worker": ["a:1"]}, "task": {"type": "chief", "index": 0}}',
            {"workers": "c:1,a:1", "worker_index": "0"},
        ),
    ],
)
def test_tf_config_says_which_workers_there_are(monkeypatch, variable, options):
    monkeypatch.setenv("TF_CONFIG", variable)
    assert from_tf_config() == options


@pytest.mark.parametrize("variable", ["{", "[]", '{"cluster": {"ps": ["a:1"], "worker": ["b:1", "c:1"]}}'])
def test_a_tf_config_of_another_kind_is_refused(monkeypatch, variable):
    monkeypatch.setenv("TF_CONFIG", variable)
    with pytest.raises(ValueError, match="mend or unset it, or give --workers"):
        from_tf_config()
