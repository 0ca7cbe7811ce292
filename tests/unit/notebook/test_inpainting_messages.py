"""The kernel's side of the inpainting panel: pictures, masks, fillings, and what is refused."""

import io
import struct
import time
import zlib

import numpy as np
import pytest
from PIL import Image

import ganbook as gb
from ganbook.config.inpaint import BY_TASK
from ganbook.notebook.panels.image_files import UPLOAD_BYTES
from ganbook.notebook.panels.image_source import MOST_PIXELS, open_images


class Wire:
    """A panel whose messages are kept, and which is spoken to as a page does."""

    def __init__(self, source=None):
        self.panel = gb.inpaint_panel(source)
        self.sent = []
        self.panel.send = lambda content, buffers=(): self.sent.append((content, list(buffers)))

    def __call__(self, verb, file=None, **content):
        self.panel._receive(self.panel, {"do": verb, "n": 1, **content}, [] if file is None else [memoryview(file)])
        return self

    def upload(self, array, what="image", name="given.png", **more):
        file = array if isinstance(array, bytes) else png(array)
        return self("upload", file, what=what, name=name, **more)

    def fill(self, *methods, candidates=1):
        self("fill", methods=list(methods), candidates=candidates)
        deadline = time.monotonic() + 300
        while self.panel.working:
            assert time.monotonic() < deadline, "the panel still works after 300 s"
            time.sleep(0.01)
        return self

    @property
    def said(self):
        return [content["text"] for content, _ in self.sent if content["kind"] == "message" and content["text"]]


def png(array):
    file = io.BytesIO()
    Image.fromarray(array).save(file, "PNG")
    return file.getvalue()


def noise(*shape, dtype=np.uint8):
    return np.random.default_rng(0).integers(0, np.iinfo(dtype).max, shape, dtype, endpoint=True)


@pytest.fixture
def square():
    mask = np.zeros((20, 30), bool)
    mask[5:12, 8:20] = True
    return mask


def claims(width, height):
    """A PNG whose header claims a size."""
    chunks = (b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0), b"IDAT" + zlib.compress(b""))
    parts = (struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"no picture at all", "given.png cannot be read: not a JPEG, PNG, WebP, GIF or BMP image"),
        (b"", "given.png cannot be read: not a JPEG"),
        (png(noise(40, 40, 3))[:900], "given.png cannot be read: "),
        (claims(40_000, 40_000), "given.png cannot be read: its header claims more than"),
        (claims(5000, 4000), f"given.png is 5000×4000; the panel takes at most {MOST_PIXELS // 10**6} megapixels"),
        (bytes(UPLOAD_BYTES + 1), f"given.png has 8.0 MB; an upload may have at most {UPLOAD_BYTES / 1e6:.0f} MB"),
    ],
)
def test_a_bad_upload_is_one_line_and_changes_nothing(file, said):
    wire = Wire(noise(20, 30, 3))
    before = wire.panel.image
    (line,) = wire.upload(file).said
    assert line.startswith(said)
    assert "\n" not in line
    assert wire.panel.image is before


def test_a_mask_of_another_size_is_resized_only_when_asked(square):
    wire = Wire(noise(40, 60, 3)).upload(square, "mask")
    (line,) = wire.said
    assert line == "given.png is 30×20, the image 60×40"
    assert not wire.panel.mask.any()
    wire.upload(square, "mask", resize=True)
    assert (wire.panel.mask == square.repeat(2, 0).repeat(2, 1)).all()


@pytest.mark.parametrize(("level", "said"), [(0, "the mask is empty"), (255, "the mask covers all")])
def test_an_empty_or_full_mask_is_refused(level, said, square):
    wire = Wire(noise(20, 30, 3))
    wire.panel.mask = square
    (line,) = wire.upload(np.full((20, 30), level, np.uint8), "mask").said
    assert line.startswith(said)
    assert (wire.panel.mask == square).all()


def test_soft_values_of_a_mask_are_said_and_a_threshold_decides():
    soft = np.zeros((20, 30), np.uint8)
    soft[:5], soft[5:10], soft[10:15] = 255, 200, 100
    wire = Wire(noise(20, 30, 3)).upload(soft, "mask")
    assert "soft values" in wire.said[0]
    assert (wire.panel.mask == (soft >= 128)).all()


def test_transparent_pixels_are_the_hole_and_no_truth(square):
    image = noise(20, 30, 4)
    image[..., 3] = np.where(square, 0, 255)
    wire = Wire().upload(image)
    assert (wire.panel.mask == square).all()
    wire("score", known=True).fill("telea")
    (lines,) = (content["lines"] for content, _ in wire.sent if content["kind"] == "result")
    assert "dB" not in lines[0]
    assert (wire.panel.result[~square] == image[~square]).all()
    assert (wire.panel.result[..., 3] == 255).all()


def test_sixteen_bits_stay_sixteen_bits(square):
    image = noise(20, 30, dtype=np.uint16)
    file = io.BytesIO()
    Image.fromarray(image).save(file, "PNG")
    wire = Wire().upload(file.getvalue())
    wire.panel.mask = square
    wire.fill("telea")
    assert wire.panel.result.dtype == np.uint16
    assert (wire.panel.result[~square, 0] == image[~square]).all()


def test_each_ticked_method_gives_a_result_and_one_can_be_painted_on(square):
    image = noise(20, 30)
    wire = Wire(image)
    wire("mask", zlib.compress(np.packbits(square).tobytes()), number=0).fill("telea", "patch", candidates=3)
    results = wire.panel.results
    assert list(results) == ["telea", "patch"]
    assert len(results["patch"].candidates) == 3
    assert (wire.panel.result == results["telea"].image).all(), "the first is picked until someone chooses"
    picked = wire("pick", method="patch", candidate=2).panel.result
    assert (picked == results["patch"].candidates[2]).all()
    wire("use")
    assert (wire.panel.image == picked).all()
    assert not wire.panel.mask.any()
    assert wire.panel.result is None
    wire("back")
    assert (wire.panel.image[..., 0] == image).all()
    assert (wire.panel.mask == square).all(), "another result may be tried: mask and results are there again"
    assert list(wire.panel.results) == ["telea", "patch"]
    assert (wire.panel.result == picked).all()


def test_results_of_an_earlier_mask_are_marked_until_the_mask_is_theirs_again(square):
    def outdated():
        return [content["outdated"] for content, _ in wire.sent if content["kind"] == "picked"][-1]

    def paint(mask):
        wire("mask", zlib.compress(np.packbits(mask).tobytes()), number=0)

    wire = Wire(noise(20, 30))
    paint(square)
    wire.fill("telea")
    assert not outdated()
    paint(square[::-1])
    assert outdated()
    paint(square)
    assert not outdated()
    wire("random_mask", kind="center")
    assert outdated()


def test_what_cannot_be_filled_is_said_where_its_result_would_be(square):
    wire = Wire(noise(20, 30)).fill("telea")
    (error,) = (content["error"] for content, _ in wire.sent if content["kind"] == "result")
    assert "the mask is empty" in error
    assert not wire.panel.working


def test_stop_keeps_the_best_so_far(square):
    wire = Wire(noise(120, 120, 3))
    wire("random_mask", kind="center")("fill", methods=["patch", "telea"], candidates=8)
    wire("stop")
    while wire.panel.working:
        time.sleep(0.01)
    assert list(wire.panel.results) == ["patch"]
    assert wire.panel.results["patch"].stopped
    assert wire.panel.result.shape == (120, 120, 3)


def test_a_mask_of_a_picture_that_is_gone_is_dropped(square):
    wire = Wire(noise(20, 30)).upload(noise(20, 30))
    wire("mask", zlib.compress(np.packbits(square).tobytes()), number=0)
    assert not wire.panel.mask.any()


def test_a_mask_set_in_python_must_fit(square):
    wire = Wire(noise(20, 30))
    wire.panel.mask = square
    with pytest.raises(ValueError, match=r"the mask is bool \(30, 20\); for this image it must be bool \(20, 30\)"):
        wire.panel.mask = square.T
    with pytest.raises(ValueError, match="the mask is uint8"):
        wire.panel.mask = square.astype(np.uint8)


def test_downloads_are_the_kernel_s_own_pixels(square):
    image = noise(20, 30, 3)
    wire = Wire(image)
    wire.panel.mask = square
    wire.fill("telea")
    for what, wanted in (("image", image), ("result", wire.panel.result), ("mask", square * np.uint8(255))):
        content, (file,) = wire("download", what=what).sent[-2]
        assert content["name"] == f"array-{what}.png"
        assert (np.array(Image.open(io.BytesIO(file))) == wanted).all()


def test_a_folder_s_pictures_keep_their_sizes(tmp_path):
    for side in (8, 12):
        Image.fromarray(noise(side, side + 1, 3)).save(tmp_path / f"{side:02}.png")
    wire = Wire(tmp_path)
    assert wire.panel.image.shape == (8, 9, 3)
    wire("go", index=1)
    assert wire.panel.image.shape == (12, 13, 3)


def test_an_image_that_is_left_and_returned_to_has_its_mask_and_results(tmp_path, square):
    for i in range(8):
        Image.fromarray(noise(20, 30, 3)).save(tmp_path / f"{i}.png")
    wire = Wire(tmp_path)
    wire.panel.mask = square
    result = wire.fill("telea", "patch")("pick", method="patch", candidate=0).panel.result
    for index in range(1, 8):  # only looked at
        wire("go", index=index)
        assert not wire.panel.mask.any()
        assert wire.panel.results == {}
    wire("go", index=0)
    assert (wire.panel.mask == square).all()
    assert list(wire.panel.results) == ["telea", "patch"]
    assert (wire.panel.result == result).all()
    wire("use")("go", index=1)("go", index=0)
    assert (wire.panel.image == result).all()
    for index in range(1, 7):
        wire("go", index=index)
        wire.panel.mask = square
    wire("go", index=0)  # that many are not kept
    assert not wire.panel.mask.any()


def test_a_run_brings_its_pictures_and_the_method_it_fills_with(tmp_path):
    options = {"network": "mlp", "hidden": "16", "jit": "off", "image_size": 12, "steps": 1, "batch_size": 8}
    run = gb.train("digits", name="a", runs_dir=tmp_path, wait=True, **options)
    wire = Wire(run)("hello")
    listed = next(content["methods"] for content, _ in wire.sent if "methods" in content)
    methods = {method["name"]: method for method in listed}
    assert methods["latent"]["ticked"]
    assert "train one with %gan_train --task inpaint" in methods["context"]["why"]
    assert (wire.panel.image == run.data.test_images[0]).all()
    wire("random_mask", kind="center").fill("telea", "latent", candidates=2)
    assert [len(result.candidates) for result in wire.panel.results.values()] == [1, 2]
    assert (
        open_images(tmp_path / "a", by_task=BY_TASK, purpose="inpainting").runs["latent"].folder.path == run.folder.path
    )


@pytest.mark.parametrize("source", ["nowhere.png", "nosuchrun"])
def test_what_is_no_picture_folder_data_or_run_is_one_line(source, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match=f"{source} is not an image, folder or data set, and as a run: no run"):
        open_images(source, by_task=BY_TASK, purpose="inpainting")


@pytest.mark.parametrize("content", [b"no image", b"", b"\0\0\0\x18ftypheic" + bytes(40)])
def test_a_folder_opens_though_its_first_picture_cannot_be_read(tmp_path, content):
    (tmp_path / "00.png").write_bytes(content)
    for index in (1, 2):
        Image.fromarray(noise(8, 8 + index, 3)).save(tmp_path / f"{index:02}.png")
    with pytest.warns(UserWarning, match=r"00.png cannot be read: .*; opened 01.png instead"):
        wire = Wire(tmp_path)
    assert wire.panel.image.shape == (8, 9, 3)
    wire("go", index=2)
    assert wire.panel.image.shape == (8, 10, 3)
    wire("go", index=0)  # back to the one that cannot be read
    assert any("00.png cannot be read" in text for text in wire.said)
    wire("go", index=1)
    assert wire.panel.image.shape == (8, 9, 3)


def test_a_folder_of_which_nothing_can_be_read_is_one_line(tmp_path):
    for name in ("a.png", "b.jpg"):
        (tmp_path / name).write_bytes(b"no image")
    with pytest.raises(ValueError, match=r"a.png cannot be read: not a JPEG"):
        Wire(tmp_path)
