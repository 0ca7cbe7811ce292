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
