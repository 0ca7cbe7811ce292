"""What a page does by itself, its kernel this process: gestures are undone as a whole, keys stay alive."""

import numpy as np
import pytest

import ganbook as gb
from ganbook.notebook.panels.augmentation.panel import AugmentationPanel

FOCUS = "() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.tagName"


@pytest.fixture(scope="module")
def policies():
    """An augmentation panel."""
    return AugmentationPanel(gb.data.load("digits", image_size=8), gb.augmentation.Policy(["flip:0.5", "zoom:0.5"]))


def test_keys_on_a_slider_are_one_step_of_undo_and_so_is_a_drag(beside, policies):
    page = beside(policies)
    slider = page.get_by_label("strength of zoom")
    slider.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    assert slider.input_value() == "0.54"
    page.keyboard.press("Control+z")
    assert slider.input_value() == "0.5"
    assert page.evaluate(FOCUS) == "strength of zoom"
    assert page.get_by_role("button", name="Undo").is_disabled()

    page.keyboard.press("ArrowRight")
    box = slider.bounding_box()
    page.mouse.move(box["x"] + 0.51 * box["width"], box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    page.keyboard.press("ArrowRight")
    page.get_by_label("probability of zoom").focus()
    page.keyboard.press("ArrowLeft")
    undo = page.get_by_role("button", name="Undo")
    undo.click()
    assert page.get_by_label("probability of zoom").input_value() == "1"
    undo.click()  # the key after the drag
    dragged = float(slider.input_value())
    assert dragged > 0.8
    undo.click()
    assert slider.input_value() == "0.51"
    undo.click()
    assert slider.input_value() == "0.5"
    assert undo.is_disabled()
    assert page.evaluate(FOCUS) == "Augmentation"
    page.keyboard.press("Control+Shift+z")
    assert slider.input_value() == "0.51"


def test_a_result_of_a_study_is_of_its_policy_and_pale_once_that_has_changed(beside, policies, tmp_path):
    (tmp_path / "cells.csv").write_text(
        "fraction,images,seed,arm,accuracy,gan_test,accepted,by_class,seconds\n"
        '0.1,1000,0,real,0.8,0.7,1.0,"[0.8]",\n0.1,1000,0,real + classical,0.83,,1.0,"[0.83]",\n'
    )
    policies.policy = policies._studied = gb.augmentation.Policy(["flip:0.5", "zoom:0.5"])
    policies._study_event("finished", gb.studies.AugmentationStudy.load(tmp_path))
    page = beside(policies)
    study, changed = page.locator(".gb-study"), page.get_by_text("The policy has changed since")
    study.get_by_text("Policy: flip").wait_for()
    page.get_by_text("Copy as code").click()
    page.get_by_role("button", name="Copy").click()  # which such a page may not
    page.get_by_role("button", name="Selected: Ctrl-C").wait_for()
    assert page.evaluate("() => getSelection().toString()").startswith("from ganbook.augmentation import")
    assert study.locator("td").count() == 10
    assert changed.is_hidden()
    page.get_by_role("button", name="Resample").click()
    page.get_by_text("seed 1").wait_for()
    assert changed.is_hidden()
    page.get_by_role("button", name="Remove: flip").click()
    changed.wait_for()
    page.get_by_role("button", name="Undo").click()
    changed.wait_for(state="hidden")


def test_strengths_and_what_was_done_are_in_units_that_people_know(beside):
    policy = gb.augmentation.Policy(["rotation:0.1", "translation:0.125@0.5"])
    page = beside(AugmentationPanel(gb.data.load("digits", image_size=16), policy))
    slider = page.get_by_label("strength of rotation")
    assert [output.inner_text() for output in page.locator(".gb-operation output").all()] == [
        "100 %", "±18°", "50 %", "±12.5 %"]  # fmt: skip
    slider.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "±19.8°"
    page.locator(".gb-cells div").nth(1).hover()
    page.locator(".gb-pointed").get_by_text("rotation ").wait_for()
    page.get_by_role("button", name="Show five strengths: rotation").click()
    page.get_by_role("heading", name="rotation: original, then ±0° · ±45° · ±90° · ±135° · ±180°").wait_for()


def test_what_python_has_fill_or_enhance_is_ticked(beside):
    image = np.tile(np.arange(24, dtype=np.uint8)[:, None, None], (1, 24, 1))
    panel = gb.inpaint_panel(image)
    page = beside(panel)
    page.get_by_label("navier-stokes", exact=True).check()
    hole = np.zeros((24, 24), bool)
    hole[4:8, 4:8] = True
    panel.mask = hole
    panel.fill(["biharmonic", "flat"], candidates=3)
    page.wait_for_function("() => document.querySelectorAll('.gb-result').length === 2")
    ticked = [box.get_attribute("aria-label") or box.locator("..").inner_text() for box in _ticked(page)]
    assert sorted(ticked) == ["biharmonic", "flat"]
    assert page.get_by_label("Candidates").input_value() == "3"
    page.get_by_label("telea", exact=True).check()
    assert len(_ticked(page)) == 3
    # the end of the slider at "original" shows the original, over all of the result
    row = page.locator(".gb-compare")
    assert row.inner_text().split() == ["original", "filled"]
    assert row.evaluate("e => [...e.childNodes].map((node) => node.nodeName)") == ["#text", "INPUT", "#text"]
    for value, left in (("0", "0%"), ("100", "100%")):
        row.locator("input").fill(value)
        clip = page.locator(".gb-large .gb-before").evaluate("(e) => getComputedStyle(e).clipPath")
        assert clip.endswith(f" {left})")

    panel = gb.enhance_panel(image)
    page = beside(panel)
    panel.enhance(["bicubic"])
    assert [box.locator("..").inner_text() for box in _ticked(page)] == ["bicubic"]


def _ticked(page):
    """The boxes of methods that are ticked, once the page has heard all."""
    page.evaluate("() => window.listen()")
    return page.locator(".gb-methods").last.locator("input[type=checkbox]:checked").all()


def test_a_button_that_is_done_leaves_the_keys_to_its_panel(beside):
    page = beside(gb.inpaint_panel(np.full((24, 24, 1), 99, np.uint8)))
    undo, redo = page.get_by_role("button", name="Undo"), page.get_by_role("button", name="Redo")
    page.get_by_role("button", name="Invert").click()
    undo.focus()
    page.keyboard.press("Enter")
    assert undo.is_disabled()
    assert page.evaluate(FOCUS) == "Inpaint"
    page.keyboard.press("Control+Shift+z")
    assert redo.is_disabled()
    assert undo.is_enabled()
    page.keyboard.press("Control+z")
    redo.focus()
    page.keyboard.press("Enter")
    assert redo.is_disabled()
    assert page.evaluate(FOCUS) == "Inpaint"


def test_enter_moves_an_operation_on_and_a_removed_one_leaves_the_focus_to_the_next(beside):
    policy = gb.augmentation.Policy(["flip", "zoom:0.5", "rotation:0.1"])
    page = beside(AugmentationPanel(gb.data.load("digits", image_size=8), policy))
    names = page.locator(".gb-operation b")
    page.get_by_role("button", name="Move down: flip").focus()
    for order, focused in {"zoom flip rotation": "Move down: flip", "zoom rotation flip": "Move up: flip"}.items():
        page.keyboard.press("Enter")
        assert names.all_inner_texts() == order.split()
        assert page.evaluate(FOCUS) == focused
    page.get_by_role("button", name="Remove: zoom").focus()
    for left, focused in {"rotation flip": "Remove: rotation", "flip": "Remove: flip", "": "Add an operation"}.items():
        page.keyboard.press("Enter")
        assert names.all_inner_texts() == left.split()
        assert page.evaluate(FOCUS) == focused
    page.keyboard.press("Control+z")
    assert names.all_inner_texts() == ["flip"]
