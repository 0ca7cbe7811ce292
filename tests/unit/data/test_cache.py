"""Folders that do not fit in memory: decoded once into a memory-mapped cache."""

import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ganbook.data import cache, load
from ganbook.data import folder as folder_module


@pytest.fixture
def where(tmp_path, monkeypatch):
    monkeypatch.setenv("GANBOOK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(folder_module, "IN_MEMORY_BYTES", 1000)
    return tmp_path / "cache" / "images"


@pytest.fixture
def photos(tmp_path):
    rng = np.random.default_rng(0)
    for split, classes, count in (("train", ("cat", "dog"), 6), ("test", ("dog",), 3)):
        for name in classes:
            (tmp_path / "photos" / split / name).mkdir(parents=True)
            for number in range(count):
                pixels = rng.integers(0, 256, (10, 12, 3), dtype=np.uint8)
                Image.fromarray(pixels).save(tmp_path / "photos" / split / name / f"{number}.png")
    return tmp_path / "photos"


def entries(where):
    return sorted(entry.name for entry in where.iterdir()) if where.exists() else []


def test_a_large_folder_is_mapped_from_disk_and_equal_to_what_memory_would_hold(where, photos, monkeypatch):
    mapped = load(photos)
    assert isinstance(mapped.images, np.memmap)
    assert isinstance(mapped.test_images, np.memmap)
    assert not mapped.images.flags.writeable
    assert len(entries(where)) == 1
    monkeypatch.setattr(folder_module, "IN_MEMORY_BYTES", 10**9)
    shutil.rmtree(where)
    held = load(photos)
    assert not isinstance(held.images, np.memmap)
    assert np.array_equal(mapped.images, held.images)
    assert np.array_equal(mapped.test_images, held.test_images)
    assert mapped.labels.tolist() == held.labels.tolist()
    assert mapped.test_labels.tolist() == held.test_labels.tolist()
    assert mapped.fingerprint == held.fingerprint
    assert mapped.known_fingerprint is not None


def test_the_cache_is_reused_without_opening_a_picture(where, photos):
    first = load(photos)
    for file in photos.rglob("*.png"):  # unreadable now, though of the same size and time
        stat = file.stat()
        file.write_bytes(bytes(stat.st_size))
        os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    again = load(photos)
    assert isinstance(again.images, np.memmap)
    assert again.fingerprint == first.fingerprint
    assert np.array_equal(again.images, first.images)
    assert len(entries(where)) == 1


def test_changed_pictures_and_other_options_are_decoded_again(where, photos):
    first = load(photos)
    assert load(photos, image_size=9).shape == (9, 9, 3)
    assert load(photos, channels=1).shape == (10, 12, 1)
    Image.new("RGB", (12, 10), "red").save(photos / "train" / "cat" / "0.png")
    changed = load(photos)
    assert changed.images[0, 0, 0].tolist() == [255, 0, 0]
    assert changed.fingerprint != first.fingerprint
    os.utime(photos / "train" / "cat" / "1.png", ns=(1, 1))
    load(photos)
    assert len(entries(where)) == 5


def test_skipped_pictures_leave_no_gap_and_are_remembered(where, photos):
    content = (photos / "train" / "cat" / "2.png").read_bytes()
    (photos / "train" / "cat" / "2.png").write_bytes(content[: len(content) // 2])
    for _ in range(2):
        with pytest.warns(UserWarning, match="skipped 1 of 15"):
            data = load(photos)
        assert len(data) == len(data.labels) == 11
        assert data.labels.tolist() == [0] * 5 + [1] * 6
        assert [path for path, _ in data.skipped] == ["train/cat/2.png"]
        with Image.open(photos / "train" / "cat" / "3.png") as third:
            assert np.array_equal(data.images[2], np.asarray(third))
    assert data.fingerprint == cache_free_fingerprint(data)


def cache_free_fingerprint(data):
    return replace(data, known_fingerprint=None).fingerprint


def test_a_folder_without_a_test_split_is_cached_too(where, photos):
    data = load(photos / "train")
    assert isinstance(data.images, np.memmap)
    assert data.test_images.shape == (0, 10, 12, 3)
    assert data.fingerprint == cache_free_fingerprint(data) == load(photos / "train").fingerprint


def test_a_damaged_entry_is_made_anew(where, photos):
    first = load(photos)
    (entry,) = entries(where)
    file = where / entry / "train.npy"
    file.write_bytes(file.read_bytes()[:500])
    assert load(photos).fingerprint == first.fingerprint
    (where / entry / "about.json").write_text("{")
    assert load(photos).fingerprint == first.fingerprint
    assert entries(where) == [entry]


def test_an_entry_that_holds_something_else_is_made_anew(where, photos):
    first = load(photos)
    pixels_before = np.array(first.images)  # whose file is written over
    (entry,) = entries(where)
    about = (where / entry / "about.json").read_text()
    foreign = [np.zeros((12, 10, 12, 3)), np.zeros((11, 10, 12, 3), np.uint8), np.zeros((12, 9, 12, 3), np.uint8)]
    for pixels in [*foreign, np.array([{}], object)]:
        np.save(where / entry / "train.npy", pixels)
        assert load(photos).fingerprint == first.fingerprint
        assert load(photos).images.any()
    for text in ("[]", "{}", "null", about.replace('"count"', '"counts"')):
        (where / entry / "about.json").write_text(text)
        assert np.array_equal(load(photos).images, pixels_before)
    shutil.rmtree(where / entry)
    (where / entry).write_text("a file in its place")
    assert np.array_equal(load(photos).images, pixels_before)
    assert (where / entry).is_dir()


def test_images_added_to_the_folder_or_removed_from_it_are_noticed(where, photos):
    first = load(photos)
    added = photos / "train" / "cat" / "new.png"
    Image.new("RGB", (12, 10), "red").save(added)
    assert len(load(photos)) == len(first) + 1
    added.unlink()
    assert load(photos).fingerprint == first.fingerprint
    assert len(entries(where)) == 2


@contextmanager
def full_disk():
    """The kernel refuses to write more, as on a full disk."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def in_memory(photos):
    """Load a folder whose cache cannot be written."""
    with pytest.warns(UserWarning, match=r"cannot write .* GB of decoded images to .*GANBOOK_CACHE.*memory$") as caught:
        data = load(photos)
    (line,) = [str(warning.message) for warning in caught if "cannot write" in str(warning.message)]
    assert "\n" not in line
    assert not isinstance(data.images, np.memmap)
    return data


def test_where_the_disk_is_full_images_are_decoded_into_memory_with_a_warning(where, photos):
    with full_disk():
        held = in_memory(photos)
    assert entries(where) == []
    mapped = load(photos)  # and it is cached once there is space
    assert np.array_equal(held.images, mapped.images)
    assert np.array_equal(held.test_images, mapped.test_images)
    assert (held.labels.tolist(), held.fingerprint) == (mapped.labels.tolist(), mapped.fingerprint)


def test_a_cache_that_cannot_be_written_is_no_reason_to_fail(where, photos, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("GANBOOK_CACHE", str(tmp_path / "file"))
    (photos / "train" / "cat" / "broken.png").write_bytes(b"no image")
    with pytest.warns(UserWarning, match=r"broken\.png"):
        data = in_memory(photos)
    assert len(data) == 12
    assert [path for path, _ in data.skipped] == ["train/cat/broken.png"]


def test_what_fits_neither_the_disk_nor_the_memory_is_refused_in_one_line(where, photos, monkeypatch):
    monkeypatch.setattr(folder_module, "MEMORY_FRACTION", 0)
    with full_disk(), pytest.raises(ValueError, match=r"cannot write .* GB of decoded images.*GANBOOK_CACHE") as caught:
        load(photos)
    assert "\n" not in str(caught.value)
    assert entries(where) == []


def test_too_little_space_is_found_before_decoding(tmp_path):
    with pytest.raises(OSError, match=r"only .* GB are free"):
        cache.check_space(str(tmp_path), 10**18)
    cache.check_space(str(tmp_path), 1)


def test_no_room_is_said_before_anything_is_decoded(where, photos, monkeypatch):
    monkeypatch.setattr(folder_module, "MEMORY_FRACTION", 0)
    monkeypatch.setattr(folder_module, "decode_content", lambda *path, **shape: pytest.fail("decoded"))
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(2**30, 2**30 - 1000, 1000))
    with pytest.raises(ValueError, match=r"only 0\.0 GB are free; make space there or let GANBOOK_CACHE name another"):
        load(photos)
    assert entries(where) == []


def test_a_folder_with_nothing_to_read_leaves_no_entry(where, photos):
    for file in photos.rglob("*.png"):
        file.write_bytes(file.read_bytes()[:60])
    with pytest.raises(ValueError, match="can be read"):
        load(photos, image_size=20, channels=3)
    assert entries(where) == []


def test_what_a_killed_process_left_is_removed_a_day_later(where, photos):
    for name, age in (("unfinished-old", 2 * 24 * 3600), ("unfinished-new", 60)):
        (where / name).mkdir(parents=True)
        os.utime(where / name, (time.time() - age,) * 2)
    load(photos)
    assert "unfinished-old" not in entries(where)
    assert "unfinished-new" in entries(where)


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in kilobytes there")
def test_decoding_to_the_cache_keeps_memory_small(tmp_path):
    (tmp_path / "photos").mkdir()
    for number in range(6):
        Image.new("RGB", (64, 64), (number, 0, 0)).save(tmp_path / "photos" / f"{number}.png")
    for number in range(6, 150):
        os.link(tmp_path / "photos" / f"{number % 6}.png", tmp_path / "photos" / f"{number}.png")
    code = (
        "import resource, sys\n"
        "from ganbook.data import load\n"
        "load(sys.argv[1], image_size=8, channels=3)\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "data = load(sys.argv[1], image_size=800, channels=3)\n"
        "assert data.images.nbytes > 280e6, data\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "photos")],
        env={**os.environ, "GANBOOK_CACHE": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(run.stdout) < 150_000  # kilobytes, for 288 MB of pixels


def test_the_users_cache_folder_is_the_default(monkeypatch, photos):
    import platformdirs

    from ganbook.data.listing import list_images

    monkeypatch.delenv("GANBOOK_CACHE", raising=False)
    place = cache.place(list_images(str(photos)), None, None)
    assert Path(place).is_relative_to(platformdirs.user_cache_dir("ganbook", appauthor=False))
