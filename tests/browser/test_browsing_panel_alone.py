"""What the browsing panel shows is what is set, in a page without Jupyter."""

import threading

import pytest

import ganbook as gb
from ganbook.browsing import export
from ganbook.notebook.panels.browsing import messages
from ganbook.notebook.panels.browsing.panel import BrowsingPanel


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A short run that has ended."""
    return gb.train(
        "digits", name="seen", network="mlp", hidden="16", jit="off", image_size=12, steps=40, wait=True,
        runs_dir=tmp_path_factory.mktemp("runs"),
    )  # fmt: skip


@pytest.fixture
def seen(run):
    return gb.browse(run)


@pytest.fixture
def page(beside, seen, monkeypatch):
    """The page of its panel, once all that is slow is done, on a machine without ffmpeg."""
    monkeypatch.setattr(export, "films", lambda: ["gif", "webp"])
    panel = BrowsingPanel(seen)
    page = beside(panel)
    page.set_default_timeout(60_000)
    page.get_by_label("sample 0", exact=True).wait_for()
    page.wait_for_function("() => !document.querySelector('.gb-browsing button:disabled[aria-pressed]')")
    page.locator(".gb-working").wait_for(state="hidden")
    yield page
    panel.close()


def test_undo_seed_collection_and_exports_are_what_the_browser_has(page, seen):
    undo, seed = page.get_by_role("button", name="Undo"), page.get_by_label("Seed")
    assert undo.is_disabled(), "there is nothing to undo"
    for typed, meant in (("1.7", 1), ("-5", 0)):
        seed.fill(typed)
        seed.press("Enter")
        page.get_by_text(f"seed {meant}").wait_for()
        assert (seed.input_value(), seen.view.look.seed) == (str(meant), meant)
    assert undo.is_enabled()

    seen.star(3, selection="round ones")  # in a cell
    page.get_by_text("1 favourite", exact=True).wait_for()
    collection = page.get_by_label("Name of the collection")
    assert collection.input_value() == "round ones"

    exports = page.get_by_label("Export", exact=True)
    offered = exports.evaluate("(e) => [...e.options].filter((o) => !o.hidden && !o.disabled).map((o) => o.value)")
    assert offered == ["", "png", "zip", "npz", "gif", "webp"], "no MP4 without ffmpeg, no interpolation without two"
    for kind, name in {"gif": "seen-training.gif", "png": "seen-round ones.png"}.items():
        with page.expect_download() as download:
            exports.select_option(kind)
        assert download.value.suggested_filename == name


def test_no_map_stands_under_the_name_of_another_one(page, seen, monkeypatch):
    page.get_by_role("button", name="Map").click()
    legend = page.locator(".gb-map-foot .gb-hint")
    shown = page.locator(".gb-map:not(.gb-outdated)")
    legend.filter(has_text="draw a loop").wait_for()
    assert shown.count() == 1

    asked, made, sample_map = [], threading.Event(), messages.sample_map

    def slow(browser, method):
        asked.append(method)
        made.wait(300)
        message, files = sample_map(browser, "pca")  # another plane would take the same way
        message["parts"]["samples"]["how"] = method
        return message, files

    monkeypatch.setattr(messages, "sample_map", slow)
    page.get_by_label("Projection").select_option("tsne")
    legend.filter(has_text="Computing the map").wait_for()
    page.get_by_text("Computing the map …").first.wait_for()
    assert shown.count() == 0
    page.get_by_label("Projection").select_option("pca")  # nobody has to wait for a map
    legend.filter(has_text="draw a loop").wait_for()
    assert shown.count() == 1
    page.get_by_label("Projection").select_option("tsne")
    legend.filter(has_text="Computing the map").wait_for()
    seen.pick(5)  # all else goes on meanwhile
    page.get_by_role("heading", name="Sample 5").wait_for()
    made.set()
    legend.filter(has_text="draw a loop").wait_for()
    assert shown.count() == 1
    assert asked == ["tsne"]
