"""The one reader of image files: depth, orientation, transparency, profiles and metadata, the same for every use."""

import struct
import threading
import warnings
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from ganbook.data import image_file, load
from ganbook.data.library_warnings import collected

cv2 = pytest.importorskip("cv2")
RNG = np.random.default_rng(0)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("GANBOOK_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "photos").mkdir()
    return tmp_path / "photos"


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def deep_png(path, pixels, *chunks):
    """Write uint16 (H, W) or (H, W, C) in RGB order, with more chunks."""
    ordered = pixels if pixels.ndim == 2 else pixels[:, :, [2, 1, 0, 3][: pixels.shape[2]]]
    content = cv2.imencode(".png", ordered)[1].tobytes()
    path.write_bytes(content[:33] + b"".join(chunks) + content[33:])
    return str(path)


def exif(orientation):
    data = Image.Exif()
    data[0x0112] = orientation
    return chunk(b"eXIf", data.tobytes()[6:])


def warned(folder):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        data = load(folder)
    return data, [str(warning.message) for warning in caught]


# sixteen bits


@pytest.mark.parametrize("shape", [(6, 10), (6, 10, 3), (6, 10, 4)])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_sixteen_bits_are_turned_like_eight(folder, shape, orientation):
    eight = RNG.integers(0, 256, shape, dtype=np.uint8)
    Image.fromarray(eight).save(folder / "eight.png", exif=b"Exif\0\0" + exif(orientation)[8:-4])
    deep = image_file.read_content(deep_png(folder / "deep.png", eight.astype(np.uint16) * 257, exif(orientation)))
    plain = image_file.read_content(str(folder / "eight.png"))
    assert deep.orientation == plain.orientation == orientation
    assert deep.pixels.dtype == np.uint16
    assert np.array_equal(deep.pixels, plain.pixels.astype(np.uint16) * 257)
    height, width = plain.pixels.shape[:2]
    channels = 1 if len(shape) == 2 else 3
    sizes = {"height": height, "width": width, "channels": channels}
    assert np.array_equal(
        image_file.decode(str(folder / "deep.png"), **sizes), image_file.decode(str(folder / "eight.png"), **sizes)
    )


@pytest.mark.parametrize("colour", [False, True])
def test_a_transparent_colour_of_sixteen_bits_is_transparent(folder, colour):
    pixels = np.full((8, 8, 3) if colour else (8, 8), 30000, np.uint16)
    pixels[:4] = 513  # not the same in eight bits
    key = struct.pack(">H", 513) * (3 if colour else 1)
    path = deep_png(folder / "a.png", pixels, chunk(b"tRNS", key))
    read = image_file.read(path)
    assert read.shape == (8, 8, 4)
    assert not read[:4, :, 3].any()
    assert (read[4:, :, 3] == 65535).all()
    assert image_file.decode(path, 8, 8, 1)[:4].min() == 255
    assert image_file.decode(path, 8, 8, 1)[4:].max() < 130


@pytest.mark.parametrize(("bits", "most"), [(8, 255), (10, 1023), (12, 4095), (14, 16383)])
def test_few_bits_in_sixteen_are_warned_of(folder, bits, most, monkeypatch):
    for number in range(3):
        deep_png(folder / f"{number}.png", RNG.integers(0, most + 1, (9, 9)).astype(np.uint16) | 1)
    (line,) = warned(folder)[1]
    assert f"recorded with {bits} bits" in line
    assert "'0.png'" in line
    for number in range(4):  # three dark images among four others may be dark
        deep_png(folder / f"bright{number}.png", np.full((9, 9), 60000, np.uint16))
        lines = warned(folder)[1]
        assert [f"3 images of {number + 4} with 16 bits" in line for line in lines] == [True] * (number < 3)


# transparency


@pytest.mark.parametrize("kind", ["png", "webp", "gif"])
def test_images_that_are_transparent_all_over_are_warned_of(folder, kind):
    pixels = np.dstack([RNG.integers(0, 256, (9, 9, 3), dtype=np.uint8), np.zeros((9, 9), np.uint8)])
    Image.fromarray(pixels).save(folder / f"a.{kind}", **({"lossless": True} if kind == "webp" else {}))
    data, (line,) = warned(folder)
    assert data.images.min() == 255
    assert f"1 image transparent all over, read as white, such as 'a.{kind}'" in line


def test_a_bitmap_that_never_set_its_alpha_is_opaque(folder):
    pixels = RNG.integers(0, 256, (9, 9, 3), dtype=np.uint8)
    header = struct.pack("<IiiHHIIiiII", 124, 9, -9, 1, 32, 3, 9 * 9 * 4, 0, 0, 0, 0)
    header += struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000) + b"BGRs" + bytes(48 + 4 * 3)
    body = np.dstack([pixels[:, :, ::-1], np.zeros((9, 9), np.uint8)]).tobytes()
    header = header[:124].ljust(124, b"\0")
    content = b"BM" + struct.pack("<IHHI", 14 + 124 + len(body), 0, 0, 138) + header + body
    (folder / "a.bmp").write_bytes(content)
    assert np.array_equal(image_file.read(str(folder / "a.bmp")), pixels)
    data, lines = warned(folder)
    assert (np.array_equal(data.images[0], pixels), lines) == (True, [])


# profiles


def adobe_like():
    """Return a profile with other primaries than sRGB: its red and green are exchanged."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {bytes(profile[132 + 12 * i : 136 + 12 * i]): 132 + 12 * i for i in range(profile[131])}
    red, green = tags[b"rXYZ"], tags[b"gXYZ"]
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(profile)


def test_colours_are_converted_to_srgb_for_training_and_kept_with_their_profile_otherwise(folder):
    Image.new("RGB", (8, 8), (250, 20, 30)).save(folder / "a.png", icc_profile=adobe_like())
    content = image_file.read_content(str(folder / "a.png"))
    assert content.icc_profile == adobe_like()
    assert content.pixels[0, 0].tolist() == [250, 20, 30]
    converted = image_file.decode(str(folder / "a.png"), 8, 8, 3)[0, 0]
    assert converted[1] > 200 > 60 > converted[0]


def test_an_srgb_profile_changes_nothing(folder):
    pixels = RNG.integers(0, 256, (8, 8, 3), dtype=np.uint8)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.fromarray(pixels).save(folder / "a.png", icc_profile=profile)
    assert np.array_equal(image_file.decode(str(folder / "a.png"), 8, 8, 3), pixels)
    assert image_file.read_content(str(folder / "a.png")).icc_profile == profile


@pytest.mark.parametrize("profile", [b"nonsense", adobe_like()[:200], bytes(128)], ids=["nonsense", "cut", "zeros"])
def test_a_damaged_profile_does_not_spoil_the_pixels(folder, profile):
    pixels = RNG.integers(0, 256, (8, 8, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(folder / "a.png", icc_profile=profile)
    assert np.array_equal(image_file.decode(str(folder / "a.png"), 8, 8, 3), pixels)
    assert np.array_equal(image_file.read(str(folder / "a.png")), pixels)


def test_a_profile_for_other_channels_is_not_passed_on(folder):
    Image.new("L", (8, 8), 99).save(folder / "a.png", icc_profile=adobe_like())
    assert image_file.read_content(str(folder / "a.png")).icc_profile is None
    assert image_file.decode(str(folder / "a.png"), 8, 8, 1).max() == 99


# metadata


@pytest.mark.parametrize("where", [33, -12])  # before and after the pixels
@pytest.mark.parametrize("kind", ["iCCP", "iTXt", "zTXt"])
def test_large_metadata_do_not_spoil_the_pixels(folder, kind, where):
    packed = zlib.compress(b"a" * 2_000_000)
    start = {"iCCP": b"p\0\0", "iTXt": b"k\0\1\0\0\0", "zTXt": b"k\0\0"}[kind]
    chunks = chunk(kind.encode(), start + packed) * (40 if kind == "zTXt" else 1)
    pixels = RNG.integers(0, 256, (8, 8, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(folder / "a.png")
    content = (folder / "a.png").read_bytes()
    (folder / "a.png").write_bytes(content[:where] + chunks + content[where:])
    assert np.array_equal(image_file.read(str(folder / "a.png")), pixels)
    data, (line,) = warned(folder)
    assert np.array_equal(data.images[0], pixels)
    assert "1 image with damaged metadata, such as 'a.png' (its texts or its colour profile are damaged" in line


@pytest.mark.parametrize("kind", [b"tEXt", b"iTXt", b"iCCP", b"eXIf", b"tIME", b"gAMA"])
def test_a_wrong_checksum_of_metadata_does_not_spoil_the_pixels(folder, kind):
    pixels = RNG.integers(0, 256, (8, 8, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(folder / "a.png")
    content = (folder / "a.png").read_bytes()
    (folder / "a.png").write_bytes(content[:33] + chunk(kind, b"k\0\0text")[:-1] + b"\0" + exif(6) + content[33:])
    read = image_file.read_content(str(folder / "a.png"))
    assert np.array_equal(read.pixels, np.rot90(pixels, -1))
    assert read.orientation == 6


def test_what_pillow_warns_of_is_one_line_with_a_file_and_a_count(folder):
    damaged = b"Exif\0\0II*\0\x08\0\0\0\x28\0\x12\0\0\0\0"
    for number in range(30):
        Image.new("RGB", (9, 9), "red").save(folder / f"{number:02}.jpg", exif=damaged)
    data, (line,) = warned(folder)
    assert len(data) == 30
    assert "30 images with damaged metadata, such as '00.jpg' (Corrupt EXIF data" in line
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert image_file.read(str(folder / "00.jpg")).shape == (9, 9, 3)


def test_warnings_of_other_threads_go_where_they_went():
    seen = []
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = lambda message, *_: seen.append(str(message))
        before = warnings.showwarning
        with collected() as inside:
            thread = threading.Thread(target=warnings.warn, args=("theirs",))
            thread.start()
            thread.join()
            warnings.warn("ours", stacklevel=1)
        assert (inside, seen) == (["ours"], ["theirs"])
        assert warnings.showwarning is before


def test_many_threads_that_collect_leave_the_filters_as_they_were():
    before = (list(warnings.filters), warnings.showwarning)
    barrier = threading.Barrier(8)

    def collect():
        for _ in range(50):
            with collected():
                barrier.wait()

    threads = [threading.Thread(target=collect) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (list(warnings.filters), warnings.showwarning) == before


def test_reasons_are_words(folder):
    noise = Image.fromarray(RNG.integers(0, 256, (64, 64, 3), dtype=np.uint8))
    noise.save(folder / "a.jpg")
    content = (folder / "a.jpg").read_bytes()
    (folder / "a.jpg").write_bytes(content[: len(content) // 2])
    with pytest.raises(image_file.UnreadableImageError, match="^it is cut short$"):
        image_file.read(str(folder / "a.jpg"))


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("photo.heic", b"\0\0\0\x18ftypheic"), ("photo.png", b"\0\0\0\x18ftypheic"), ("drawing.svg", b"<svg/>"),
        ("scan.TIF", b"II*\0"), ("raw.dng", b"\0" * 20),
    ],
)  # fmt: skip
def test_a_format_that_is_not_read_is_called_so(tmp_path, name, start):
    (tmp_path / name).write_bytes(start + bytes(40))
    with pytest.raises(image_file.UnreadableImageError, match=r"this format is not read; JPEG, PNG, .* are"):
        image_file.read(str(tmp_path / name))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr", "HSV"])
def test_a_pillow_image_has_the_pixels_that_it_shows(mode):
    image = Image.fromarray(np.full((6, 5, 3), 204, np.uint8)).convert(mode)
    pixels = image_file.pixels_of(image)
    assert pixels.dtype == np.uint8
    assert pixels.shape[:2] == (6, 5)
    assert pixels.shape[2] == {"1": 1, "L": 1, "RGB": 3}.get(mode, 4 if mode.endswith("A") else 3)
    if mode == "1":
        assert set(np.unique(pixels)) == {0, 255}  # dithered
    else:
        assert np.abs(pixels.astype(int)[..., :3] - 204).max() <= 10


def test_a_pillow_image_of_sixteen_bits_keeps_them():
    levels = np.arange(30, dtype=np.uint16).reshape(6, 5) * 2000
    assert np.array_equal(image_file.pixels_of(Image.fromarray(levels))[..., 0], levels)
