"""Many files are read by several processes, with the results of one."""

import functools
import os
import shutil
import subprocess
import sys
import warnings
from contextlib import closing

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from ganbook.data import folder as folder_module
from ganbook.data import image_file, load, reader_processes
from ganbook.data.remarks import Remarks

CONTAINS_TENSORFLOW = "any(name in __import__('sys').modules for name in ('tensorflow', 'keras', 'pandas'))"


@pytest.fixture
def started(monkeypatch, tmp_path):
    """Processes for any number of files; the list of those that were started."""
    monkeypatch.setenv("GANBOOK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(folder_module, "IN_MEMORY_BYTES", 1000)
    monkeypatch.setattr(folder_module, "MANY_FILES", 1)
    monkeypatch.setattr(folder_module, "CHUNK", 3)
    monkeypatch.setattr(reader_processes, "usable_cores", lambda: 2)
    processes, popen = [], subprocess.Popen

    def start(*arguments, **options):
        processes.append(popen(*arguments, **options))
        return processes[-1]

    monkeypatch.setattr(reader_processes.subprocess, "Popen", start)
    return processes


@pytest.fixture
def photos(tmp_path):
    """Colour, grey and transparent images, one turned, some damaged, one with damaged metadata."""
    folder, rng = tmp_path / "photos", np.random.default_rng(0)
    for name in ("cat", "dog"):
        (folder / name).mkdir(parents=True)
        for number in range(10):
            pixels = rng.integers(0, 256, (12, 16, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{number}.{'jpg' if number % 2 else 'png'}")
    Image.new("LA", (16, 12), (7, 0)).save(folder / "cat" / "transparent.png")
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(rng.integers(0, 256, (16, 12, 3), dtype=np.uint8)).save(folder / "dog" / "turned.jpg", exif=exif)
    deep = rng.integers(0, 4096, (12, 16)).astype(np.uint16)
    Image.fromarray(deep).save(folder / "dog" / "deep.png")
    for name in ("cat/3.jpg", "dog/4.png"):
        (folder / name).write_bytes((folder / name).read_bytes()[:200])
    (folder / "dog" / "none.png").write_bytes(b"no image")
    texts = PngImagePlugin.PngInfo()
    texts.add_text("a", "b" * 2**21, zip=True)  # more than Pillow takes
    Image.new("RGB", (16, 12), "red").save(folder / "dog" / "texts.png", pnginfo=texts)
    return folder


def loaded(folder, **options):
    """Load with what is said on the way."""
    shutil.rmtree(os.environ["GANBOOK_CACHE"], ignore_errors=True)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        data = load(folder, **options)
    return data, [str(warning.message) for warning in caught]


def check_equal(one, other):
    (data, said), (other_data, other_said) = one, other
    assert np.array_equal(data.images, other_data.images)
    assert data.labels.tolist() == other_data.labels.tolist()
    assert data.skipped == other_data.skipped
    assert data.fingerprint == other_data.fingerprint
    assert said == other_said


@pytest.fixture
def here(started, photos, monkeypatch):
    """What one process makes of the folder."""
    with monkeypatch.context() as patch:
        patch.setattr(folder_module, "MANY_FILES", 10**9)
        result = loaded(photos)
    assert started == []
    assert len(result[0].skipped) == 3
    assert len(result[1]) == 4
    return result


def test_results_messages_and_their_order_are_those_of_one_process(started, photos, here):
    check_equal(loaded(photos), here)
    assert len(started) == 2
    assert all(process.poll() is not None for process in started)


@pytest.mark.parametrize("what", ["cannot be started", "ends at once", "is no Python"])
def test_without_processes_this_one_does_it(started, photos, here, monkeypatch, tmp_path, what):
    stand_in = tmp_path / "stand-in"
    if what != "cannot be started":
        if os.name != "posix":
            pytest.skip("a shell script")
        stand_in.write_text(f"#!/bin/sh\n{'exit 3' if what == 'ends at once' else 'echo Welcome; cat'}\n")
        stand_in.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(stand_in))
    check_equal(loaded(photos), here)


def test_a_process_that_is_killed_leaves_no_gap(started, photos, here, monkeypatch):
    note, noted = Remarks.note, []

    def kill(self, *arguments):
        noted.append(note(self, *arguments))
        if len(noted) == 3:
            for process in started:
                process.kill()

    monkeypatch.setattr(Remarks, "note", kill)
    check_equal(loaded(photos), here)


def test_an_interrupt_ends_the_processes_and_leaves_nothing_half_made(started, photos, monkeypatch, tmp_path):
    def interrupt(self, path, content):
        if path == "cat/6.png":
            raise KeyboardInterrupt

    monkeypatch.setattr(Remarks, "note", interrupt)
    with pytest.raises(KeyboardInterrupt):
        load(photos)
    assert all(process.poll() is not None for process in started)
    assert list((tmp_path / "cache" / "images").iterdir()) == []


def test_crops_are_cut_by_them_too(started, photos, here, monkeypatch):
    shared, said = loaded(photos, crop=8)
    assert len(started) == 2
    monkeypatch.setattr(folder_module, "MANY_FILES", 10**9)
    alone, said_alone = loaded(photos, crop=8)
    assert np.array_equal(shared.images, alone.images)
    assert said == said_alone


def test_a_large_image_and_what_fails_are_left_to_the_one_that_asked(tmp_path, started):
    Image.new("1", (4100, 4100)).save(tmp_path / "large.png")
    Image.new("L", (4, 4), 9).save(tmp_path / "small.png")
    read = functools.partial(image_file.decode, height=2, width=2, channels=1)
    with closing(reader_processes.ReaderProcesses()) as processes:
        paths = [str(tmp_path / name) for name in ("large.png", "none.png", "small.png")]
        large, missing, small = processes.results(read, paths)
    assert large is None
    assert missing is None
    assert small.tolist() == [[[9], [9]], [[9], [9]]]


def test_a_process_imports_no_tensorflow(started):
    with closing(reader_processes.ReaderProcesses()) as processes:
        assert processes.results(eval, [CONTAINS_TENSORFLOW]) == [False]


def test_a_script_needs_no_guard(photos, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "print('once')\n"
        "import sys, warnings\n"
        "from ganbook.data import folder, load, reader_processes\n"
        "warnings.simplefilter('ignore')\n"
        "folder.MANY_FILES, reader_processes.usable_cores = 1, lambda: 2\n"
        "print(len(load(sys.argv[1])))\n"
    )
    run = subprocess.run([sys.executable, script, photos], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["once", "22"]
    said = run.stderr.replace("\r", "\n").splitlines()
    assert [line for line in said if line.strip() and "%|" not in line] == []  # but for a bar, on a slow machine
