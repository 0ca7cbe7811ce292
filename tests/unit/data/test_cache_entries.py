"""The cache can be listed and cleared, and stays within its limit."""

import time

import numpy as np
import pytest
from PIL import Image

from ganbook.cli import main
from ganbook.data import folder as folder_module
from ganbook.data import load


@pytest.fixture
def photos(tmp_path, monkeypatch):
    """Three folders of images, each of which takes 1,200 bytes of the cache, and some for its description."""
    monkeypatch.setenv("GANBOOK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(folder_module, "IN_MEMORY_BYTES", 1000)
    rng = np.random.default_rng(0)
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        for number in range(4):
            pixels = rng.integers(0, 256, (10, 10, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(tmp_path / name / f"{number}.png")
    return [tmp_path / name for name in ("a", "b", "c")]


def listed(capsys):
    assert main(["cache"]) == 0
    return capsys.readouterr().out.splitlines()


def test_what_was_decoded_is_listed_and_cleared_by_name_or_kind(photos, capsys):
    a, b, _ = photos
    images = load(a).images
    load(b)
    lines = listed(capsys)
    assert len(lines) == 2
    (about_a,) = (line for line in lines if line.endswith(f"4 images of 10×10 from {a}"))
    assert main(["cache", "--clear", about_a.split()[1]]) == 0
    assert "1 removed" in capsys.readouterr().out
    assert [str(b) in line for line in listed(capsys)] == [True]
    assert images.shape == (4, 10, 10, 3)
    assert int(images.sum()) > 0  # of a run that has them open
    assert main(["cache", "--clear", "nothing-like-it"]) == 2
    assert "the cache has no entry nothing-like-it" in capsys.readouterr().err
    assert main(["cache", "--clear", "images", "features"]) == 0
    assert "1 removed" in capsys.readouterr().out
    assert listed(capsys) == []


def test_beyond_its_limit_what_was_not_used_for_the_longest_time_makes_room(photos, capsys, monkeypatch):
    a, b, c = photos
    monkeypatch.setenv("GANBOOK_CACHE_GB", str(4000 / 2**30))
    for folder in (a, b, a):
        load(folder)
        time.sleep(0.02)
    load(c)
    lines = " ".join(listed(capsys))
    assert str(a) in lines
    assert str(c) in lines
    assert str(b) not in lines


def test_images_larger_than_the_limit_are_decoded_into_memory_or_refused_before_decoding(photos, monkeypatch):
    monkeypatch.setenv("GANBOOK_CACHE_GB", str(1100 / 2**30))
    with pytest.warns(UserWarning, match="GANBOOK_CACHE_GB sets another limit"):
        assert not isinstance(load(photos[0]).images, np.memmap)
    monkeypatch.setattr(folder_module, "MEMORY_FRACTION", 0.0)
    with pytest.raises(ValueError, match="GANBOOK_CACHE_GB sets another limit"):
        load(photos[1])
    monkeypatch.setenv("GANBOOK_CACHE_GB", "much")
    with pytest.raises(ValueError, match="give a number of gigabytes above 0"):
        load(photos[2])
