"""The list of the augmentation panel: switches, groups that fold, the preset that is active."""

import pytest
from PIL import Image

import ganbook as gb
from ganbook.notebook.panels.augmentation.panel import AugmentationPanel


@pytest.fixture
def panel():
    """A panel with a preset."""
    return AugmentationPanel(gb.data.load("emoji", image_size=16), gb.augmentation.Policy.named("standard"))


def test_an_operation_is_switched_off_and_keeps_its_strength(beside, expect, panel):
    page = beside(panel)
    presets = page.get_by_label("Presets").locator("option:checked")
    expect(presets).to_have_text("standard")
    rotation = page.get_by_label("On: rotation")
    rotation.focus()
    page.keyboard.press("Space")
    expect(presets).to_have_text("standard (changed)")
    expect(rotation).to_be_focused()
    assert [part.name for part in panel.policy.operations if part.name == "rotation"] == []
    page.get_by_label("strength of rotation").press("ArrowRight")
    page.get_by_role("button", name="Show five strengths: rotation").click()
    page.get_by_role("heading", name="rotation: original").wait_for()
    rotation.check()
    expect(presets).to_have_text("standard (changed)")
    assert panel.policy.operations[2].strength == pytest.approx(0.06)
    page.get_by_label("Presets").select_option("standard")
    expect(presets).to_have_text("standard")
    assert panel.policy == gb.augmentation.Policy.named("standard")
    panel.policy = gb.augmentation.Policy(["flip"])
    expect(presets).to_have_text("own policy")
    page.get_by_label("On: flip").uncheck()
    again = beside(panel)  # another page has it switched off, too
    expect(again.get_by_label("On: flip")).not_to_be_checked()
    assert panel.policy.operations == ()


def test_groups_fold_and_stay_folded(beside, expect, panel):
    page = beside(panel)
    headings = page.locator(".gb-operations summary b")
    expect(headings).to_have_text(["Geometry", "Colour"])
    headings.first.click()
    expect(page.get_by_label("strength of rotation")).to_be_hidden()
    page.get_by_role("button", name="Remove: saturation").click()
    expect(page.get_by_label("strength of rotation")).to_be_hidden()
    page.get_by_label("Add an operation").select_option("shear")
    expect(headings).to_have_text(["Geometry", "Colour", "Geometry"])
    expect(page.get_by_label("strength of shear")).to_be_visible()
    page.get_by_label("Presets").select_option("RandAugment")
    page.get_by_text("What it holds").click()
    expect(page.locator(".gb-members li").filter(has_text="rotation")).to_have_text("rotation ±9°")


def test_a_preset_with_colours_is_shown_for_grey_images(beside, expect):
    page = beside(AugmentationPanel(gb.data.load("digits", image_size=8), gb.augmentation.Policy.named("standard")))
    item = page.locator("li").filter(has_text="saturation")
    expect(item).to_contain_text("nothing to do on grey images")
    expect(page.get_by_label("Add an operation").locator("option[value=saturation]")).to_have_count(0)


def test_a_policy_is_tried_on_images_of_ones_own(beside, expect, panel, tmp_path):
    page = beside(panel)
    files = [tmp_path / name for name in ("tall.png", "wide.png", "broken.png")]
    Image.new("RGB", (30, 90), "red").save(files[0])
    Image.new("L", (80, 20), 90).save(files[1])
    files[2].write_bytes(b"no image")
    page.get_by_label("On: rotation").uncheck()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Upload images").click()
    chooser.value.set_files(files)
    summary = page.locator(".gb-options")
    expect(summary).to_contain_text("2 of your own images")
    expect(page.get_by_text("broken.png cannot be read")).to_be_visible()
    expect(page.get_by_label("On: rotation")).not_to_be_checked()
    expect(page.locator(".gb-original")).to_have_count(2)
    assert panel._images[0][8, 8].tolist() == [255, 0, 0]
    page.get_by_role("button", name="Back to emoji").click()
    expect(summary).not_to_contain_text("your own")
    expect(page.locator(".gb-original")).to_have_count(6)


def test_code_is_written_while_it_can_be_read(beside, expect, panel, monkeypatch):
    written = []
    code = gb.augmentation.Policy.code
    monkeypatch.setattr(gb.augmentation.Policy, "code", lambda self, *args: written.append(self) or code(self, *args))
    page = beside(panel)
    page.get_by_label("strength of zoom").press("ArrowRight")
    page.get_by_role("button", name="Resample").click()
    expect(page.locator(".gb-options")).to_contain_text("seed 1")
    assert written == []
    page.get_by_text("Copy as code").click()
    text = page.locator(".gb-code pre")
    expect(text).to_contain_text("seed=1")
    page.get_by_role("button", name="Resample").click()
    expect(text).to_contain_text("seed=2")
    page.get_by_label("Language").select_option("torchvision")
    expect(text).to_contain_text("from torchvision.transforms import v2")
    assert len(written) == 6
    page.get_by_text("Copy as code").click()
    page.get_by_role("button", name="Remove: zoom").click()
    expect(page.get_by_label("strength of zoom")).to_have_count(0)
    assert len(written) == 6


def test_sliders_stand_beside_the_images_in_a_narrow_window(beside, panel):
    page = beside(panel)
    page.set_viewport_size({"width": 700, "height": 900})
    images, slider = page.locator(".gb-sheet").bounding_box(), page.get_by_label("strength of zoom").bounding_box()
    assert slider["x"] + slider["width"] < images["x"]
    assert slider["width"] > 60
    assert page.locator(".gb-augmentation").evaluate("e => e.scrollWidth <= e.clientWidth")
