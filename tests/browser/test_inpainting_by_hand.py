"""What makes the inpainting panel one to work with: paste, hold to compare, known times, a phone's photograph."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

import ganbook as gb

PASTE = """(with_image) => {
  const data = new DataTransfer();
  if (with_image) {
    const bytes = Uint8Array.from(atob(with_image), (c) => c.charCodeAt(0));
    data.items.add(new File([bytes], "copied.png", { type: "image/png" }));
  } else data.setData("text/plain", "words");
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  document.querySelector(".gb").dispatchEvent(event);
}"""


def panel_with_hole(top):
    panel = gb.inpaint_panel(np.tile(np.arange(24, dtype=np.uint8)[:, None, None], (1, 24, 1)))
    hole = np.zeros((24, 24), bool)
    hole[top : top + 4, 4:8] = True
    panel.mask = hole
    return panel


def fill(page):
    page.get_by_role("button", name="Fill").click()
    page.wait_for_function("() => document.querySelectorAll('.gb-result').length === 2")


def test_an_image_is_pasted_and_a_clipboard_without_one_is_said(beside, expect):
    page = beside(gb.inpaint_panel(np.full((24, 24, 1), 99, np.uint8)))
    page.evaluate(PASTE, "")
    expect(page.locator(".gb-note")).to_contain_text("The clipboard holds no image")
    with io.BytesIO() as file:
        Image.new("L", (8, 8), 99).save(file, "PNG")
        page.evaluate(PASTE, base64.b64encode(file.getvalue()).decode())
    expect(page.locator(".gb-options")).to_contain_text("copied.png")


def test_the_original_shows_while_a_key_or_the_pointer_is_held(beside, expect):
    page = beside(panel_with_hole(4))
    times = page.locator(".gb-times")
    expect(times).to_have_text("Time not known yet: pyramid, telea")
    fill(page)
    expect(times).to_have_text(re.compile(r"Time, as last measured: pyramid .* s, telea .* s"))
    cut = "e => getComputedStyle(e).clipPath"
    before, hold = page.locator(".gb-large .gb-before"), page.get_by_role("button", name="Hold for original")
    assert before.evaluate(cut) != "none"
    hold.focus()
    page.keyboard.down("Space")
    assert before.evaluate(cut) == "none"
    page.keyboard.up("Space")
    assert before.evaluate(cut) != "none"
    page.locator(".gb-large").hover()
    page.mouse.down()
    assert before.evaluate(cut) == "none"
    page.mouse.up()
    assert before.evaluate(cut) != "none"


def test_a_photograph_that_is_too_large_is_reduced_and_that_is_said(beside, expect, tmp_path):
    page = beside(gb.inpaint_panel())
    noise = np.random.default_rng(0).integers(0, 256, (1800, 2000, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "phone.png")  # 10.8 MB
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Upload image").click()
    chooser.value.set_files(tmp_path / "phone.png")
    expect(page.locator(".gb-note")).to_contain_text("phone.png was reduced to")
    expect(page.locator(".gb-options")).to_contain_text("phone.png")


def test_a_result_is_looked_at_closely_around_the_mask(beside, expect):
    page = beside(panel_with_hole(16))
    fill(page)
    large = page.locator(".gb-large")
    after, before = large.locator("img").first, large.locator(".gb-before")
    closer = page.get_by_role("button", name="Zoom in on the result")
    whole = page.get_by_role("button", name="Show the whole result")
    expect(whole).to_be_disabled()
    for _ in range(3):
        closer.press("Enter")
    frame, box = large.bounding_box(), after.bounding_box()
    assert box["width"] == pytest.approx(1.5**3 * frame["width"], rel=1e-3)
    middle = [box[a] + place * box[side] for a, place, side in (("x", 0.25, "width"), ("y", 0.75, "height"))]
    wanted = [frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2]
    assert middle[1] == pytest.approx(wanted[1], abs=1)
    assert box["x"] <= frame["x"]
    assert middle[0] == pytest.approx(wanted[0], abs=1)
    # the slider cuts the part that is seen
    page.locator(".gb-compare input").fill("50")
    left = before.evaluate("e => parseFloat(getComputedStyle(e).clipPath.split(' ').at(-1))")
    assert left == pytest.approx(25, abs=0.5)
    large.hover()
    page.mouse.wheel(40, 0)
    page.wait_for_function("(x) => document.querySelector('.gb-large img').getBoundingClientRect().x < x", arg=box["x"])
    whole.focus()
    page.keyboard.press("Enter")
    expect(whole).to_be_disabled()
    assert after.bounding_box() == pytest.approx(frame, abs=1)
    assert page.evaluate("() => document.activeElement.getAttribute('aria-label')") == "Inpaint"
