"""The kernel's side of the enhancement panel: settings, parts, tests against the truth, and what is refused."""

import time
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from skimage import data

import ganbook as gb

CAT = data.chelsea()[60:200, 100:290]


class Wire:
    """A panel and what it sends."""

    def __init__(self, source):
        self.panel = gb.enhance_panel(source)
        self.sent = []
        self.panel.send = lambda message, files=(): self.sent.append((message, files))

    def __call__(self, verb, **arguments):
        self.sent.clear()
        self.panel._perform(verb, 1, arguments)
        return self

    def last(self, kind):
        return next((message, files) for message, files in reversed(self.sent) if message["kind"] == kind)


@pytest.fixture
def wire():
    return Wire(CAT)


def pixels(file):
    return np.asarray(Image.open(BytesIO(file)))


def test_the_part_is_that_of_the_whole(wire):
    message, files = wire("change", changes={"methods": ["network", "lanczos"], "spot": [95, 70]}).last("part")
    assert [made["method"] for made in message["methods"]] == ["network", "lanczos"]
    top, left, height, width = wire.panel._session.box
    whole = gb.enhance(CAT, 2).image
    assert np.array_equal(pixels(files[1]), whole[2 * top : 2 * (top + height), 2 * left : 2 * (left + width)])
    assert (message["width"], message["height"]) == (2 * width, 2 * height)


def test_settings_are_checked_and_kept(wire):
    wire("change", changes={"scale": 4, "denoise": "auto", "methods": ["network"]})
    assert wire.panel.settings == {"scale": 4, "denoise": "auto", "jpeg": False, "crispness": 0.0}
    for changes, said in (({"scale": 9}, "less than or equal to 4"), ({"size": 3}, "no setting size")):
        note, _ = wire("change", changes=changes).last("message")
        assert said in note["text"]
        assert note["failed"]
    assert wire.panel.settings["scale"] == 4
    message, files = wire("change", changes={"scale": 2, "denoise": None, "crispness": 0.5}).last("part")
    assert message["map"]
    assert pixels(files[-1]).any()


def test_a_test_knows_the_truth(wire):
    wire("test", tested=True)
    assert wire.panel.image.shape == (70, 95, 3)
    made = wire("change", changes={"methods": ["network", "bicubic"]}).last("part")[0]["methods"]
    scores = [float(method["lines"][0].split()[0]) for method in made]
    assert scores[0] > scores[1] + 0.3
    wire("change", changes={"scale": 1, "denoise": 20})
    assert wire.panel.image.shape == (140, 190, 3)
    assert wire.panel._session.noise == pytest.approx(20, rel=0.15)
    wire("test", tested=False)
    assert np.array_equal(wire.panel.image, CAT)


def test_the_whole_is_enhanced_in_the_background_and_what_is_outdated_says_so(wire):
    wire("enhance", methods=["bicubic", "nearest"])
    deadline = time.monotonic() + 300
    while wire.panel.working:
        assert time.monotonic() < deadline, "the panel still works after 300 s"
        time.sleep(0.02)
    assert np.array_equal(wire.panel.results["bicubic"].image, gb.enhance(CAT, 2, method="bicubic").image)
    assert not wire("change", changes={}).last("settings")[0]["outdated"]
    assert wire("change", changes={"scale": 3}).last("settings")[0]["outdated"]
    message, (content,) = wire("download", method="nearest").last("file")
    assert message["name"] == "array-nearest.png"
    assert pixels(content).shape == (280, 380, 3)
    assert "press Enhance" in wire("download", method="network").last("message")[0]["text"]
    snapshot, table = wire.panel.snapshot()
    assert snapshot.startswith(b"\x89PNG")
    assert "bicubic" in table


def test_uploads_and_small_images(wire):
    stream = BytesIO()
    Image.fromarray(CAT[:1, :50]).save(stream, "png")
    wire("upload", what="image", name="line.png", file=stream.getvalue())
    assert wire.panel.image.shape == (1, 50, 3)
    assert "too small" in wire("test", tested=True).last("message")[0]["text"]
    assert "cannot be read" in wire("upload", what="image", name="a.png", file=b"nothing").last("message")[0]["text"]
    assert Wire(None)("enhance", methods=["bicubic"]).last("message")[0]["text"].startswith("there is no image yet")


def test_a_run_of_another_task_is_refused(tmp_path):
    run = gb.train("digits", network="mlp", hidden="16", jit="off", steps=1, wait=True, runs_dir=tmp_path)
    with pytest.raises(ValueError, match="enhancement takes a run of --task enhance"):
        Wire(run)
