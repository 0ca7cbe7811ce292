"""Pictures of a folder that cannot be read: named, counted and skipped."""

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from ganbook.data import load


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("GANBOOK_CACHE", str(tmp_path / "cache"))
    (tmp_path / "photos").mkdir()
    return tmp_path / "photos"


def save(path, colour=(255, 0, 0), size=(8, 8)):
    """Write a picture of one colour; size is (width, height)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path)
    return path


def skipped(folder, **options):
    """Load, check that there is one warning of one line about what was skipped, and return data and line."""
    with pytest.warns(UserWarning, match="skipped") as caught:
        data = load(folder, **options)
    (line,) = [str(warning.message) for warning in caught]
    assert "\n" not in line
    return data, line


@pytest.mark.parametrize("options", [{}, {"image_size": 8, "channels": 3}])
@pytest.mark.parametrize("kind", ["png", "jpg", "gif", "webp", "bmp"])
def test_a_truncated_picture_is_named_and_skipped(folder, kind, options):
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8))
    noise.save(folder / f"cut.{kind}")
    content = (folder / f"cut.{kind}").read_bytes()
    (folder / f"cut.{kind}").write_bytes(content[: len(content) // 2])
    save(folder / "good.png", size=(64, 64))
    data, line = skipped(folder, **options)
    assert len(data) == 1
    assert [path for path, _ in data.skipped] == [f"cut.{kind}"]
    assert line.startswith("skipped 1 of 2 images in ")
    assert f"'cut.{kind}'" in line


def test_labels_stay_with_their_pictures_when_some_are_skipped(folder):
    for number, name in enumerate(("ant", "bee", "cat")):
        save(folder / name / "1.png", (number, 0, 0))
        (folder / name / "0.png").write_bytes(b"")
    data, line = skipped(folder)
    assert "skipped 3 of 6" in line
    assert "and 2 more; see .skipped" in line
    assert data.labels.tolist() == data.images[:, 0, 0, 0].tolist() == [0, 1, 2]
    assert [path for path, _ in data.skipped] == ["ant/0.png", "bee/0.png", "cat/0.png"]
    assert "3 skipped" in repr(data)
    assert "ant/0.png" in data._repr_html_()


def test_a_file_name_with_a_newline_stays_in_one_line(folder):
    save(folder / "good.png")
    (folder / "a\nb.png").write_bytes(b"")
    data, line = skipped(folder)
    assert r"'a\nb.png'" in line
    assert data.skipped[0][0] == "a\nb.png"


def test_a_file_that_is_no_picture_despite_its_name_is_skipped(folder):
    save(folder / "good.png")
    (folder / "text.jpg").write_text("<script>alert(1)</script>")
    data, _ = skipped(folder)
    assert data.skipped == (("text.jpg", "not a JPEG, PNG, WebP, GIF or BMP image, whatever its name says"),)


def test_pictures_of_a_kind_that_is_not_read_are_named(folder):
    save(folder / "good.png")
    save(folder / "scan.tiff")
    data, _ = skipped(folder)
    assert data.skipped == (("scan.tiff", "this format is not read; JPEG, PNG, WebP, GIF and BMP are"),)
    renamed = save(folder / "scan.tiff").rename(folder / "scan.png")
    data, _ = skipped(folder)
    assert [path for path, _ in data.skipped] == [renamed.name]


def bomb(path, width=60_000, height=60_000):
    """Write a few bytes of PNG whose header claims gigabytes."""

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(bytes(1000))), chunk(b"IEND", b""))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))


@pytest.mark.parametrize("options", [{}, {"image_size": 8, "channels": 3}])
@pytest.mark.parametrize("limit", [Image.MAX_IMAGE_PIXELS, None])
def test_a_header_that_claims_gigabytes_is_refused_before_decoding(folder, monkeypatch, limit, options):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", limit)  # users lift Pillow's own limit
    save(folder / "good.png")
    bomb(folder / "bomb.png")
    data, _ = skipped(folder, **options)
    assert data.skipped == (("bomb.png", "its header claims more than 178 megapixels"),)
    assert data.shape == (8, 8, 3)


def test_a_folder_is_named_as_from_the_working_folder(folder, monkeypatch):
    save(folder / "good.png")
    (folder / "bad.png").write_bytes(b"")
    assert f"in {str(folder)!r}: 'bad.png'" in skipped(folder)[1]
    monkeypatch.chdir(folder.parent)
    assert "in 'photos': 'bad.png'" in skipped(folder)[1]
