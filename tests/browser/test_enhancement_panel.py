import io
from pathlib import Path

import numpy as np
from jupyter_server_of_its_own import look
from PIL import Image

import ganbook as gb

CELLS = [
    "%load_ext ganbook\nfrom skimage import data\ncat = data.chelsea()[:200, 60:340]",
    "panel = %gan_enhance cat",
]
LONG = 300_000


def test_a_part_at_once_and_the_whole_at_a_button(opened, expect):
    page = opened(CELLS, height=1300, width=1060, own=True)
    panel = page.page.locator(".gb-enhancement")
    button = lambda name: panel.get_by_role("button", name=name)  # noqa: E731
    large = panel.locator(".gb-large > img").first
    expect(large).to_be_visible(timeout=LONG)
    expect(panel.locator(".gb-larger")).to_have_text("560×400 enlarged")
    assert page.kernel("panel.settings['scale']") == 2
    cards = panel.get_by_role("radio")
    expect(cards).to_have_count(3)
    right = "(rows) => rows.map((e) => e{}.getBoundingClientRect().right)"
    last, column = (panel.locator(".gb-setting").evaluate_all(right.format(e)) for e in (".lastChild", ".parentNode"))
    assert max(last) <= column[0], "settings stay in their column"
    look(panel, "first")

    # settings: the part follows, the kernel knows
    button("4 times larger").click()
    page.kernel.until("panel.settings['scale']", 4)
    expect(panel.locator(".gb-larger")).to_have_text("1120×800 enlarged")
    button("2 times larger").click()
    panel.get_by_label("Noise", exact=True).select_option("given")
    panel.get_by_role("slider", name="Noise").fill("12")
    page.kernel.until("panel.settings['denoise']", 12)
    panel.get_by_label("Remove traces of JPEG").check()
    page.kernel.until("panel.settings['jpeg']", True)
    panel.get_by_label("Remove traces of JPEG").uncheck()
    panel.get_by_label("Noise", exact=True).select_option("none")
    page.kernel.until("panel.settings['denoise']", None)
    crispness = panel.get_by_role("slider", name="Crispness")
    crispness.fill("0.5")
    page.kernel.until("panel.settings['crispness']", 0.5)
    panel.get_by_label("What was invented").check()
    expect(large).to_have_attribute("alt", "what was invented, bright where most")
    look(panel, "invented")
    panel.get_by_label("What was invented").uncheck()

    # look elsewhere, by a click and by keys; the slider between before and after; another method in large
    view = panel.locator(".gb-view")
    box = view.bounding_box()
    view.click(position={"x": box["width"] * 0.3, "y": box["height"] * 0.4})
    page.kernel.until("panel._session.box[1] < 40", True)
    slider = panel.get_by_role("slider", name="How much of the enhanced image is shown")
    track = slider.bounding_box()
    middle = track["height"] / 2
    slider.hover(position={"x": track["width"] - 6, "y": middle})  # its handle: all is enhanced at first
    page.page.mouse.down()
    slider.hover(position={"x": 0.4 * track["width"], "y": middle})
    page.page.mouse.up()
    shown = int(slider.input_value())
    assert 35 <= shown <= 45
    clip = panel.locator(".gb-large .gb-before").evaluate("(e) => getComputedStyle(e).clipPath")
    assert f"{shown}%" in clip
    slider.fill("40")
    large.hover(position={"x": 120, "y": 200})
    expect(panel.locator(".gb-lens")).to_be_visible()
    look(panel, "lens")
    cards.first.press("ArrowRight")
    expect(cards.nth(1)).to_have_attribute("aria-checked", "true")
    cards.nth(1).press("ArrowLeft")
    crispness.fill("0")

    # paint what stays as it is, enhance the whole: that is the result, read in the kernel and downloaded
    panel.get_by_text("Keep parts as they are").click()
    expect(button("Brush").first).to_have_attribute("aria-pressed", "true")
    view.focus()
    view.scroll_into_view_if_needed()
    box = view.bounding_box()  # where it is by now
    page.page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.page.mouse.down()
    page.page.mouse.move(box["x"] + 160, box["y"] + 60, steps=5)
    page.page.mouse.up()
    page.kernel.until("bool(panel.mask.any())", True)
    button("Enhance").click()
    page.kernel.until("sorted(panel.results)", ["bicubic", "lanczos", "network"])
    page.kernel.until("panel.working", False)
    page.kernel.run("import ganbook as gb, numpy as np\nplain = gb.enhance(cat, 2, protect=panel.mask).image")
    assert page.kernel("np.array_equal(panel.result, plain)")
    expect(large).to_have_attribute("alt", "cat enhanced by network")
    expect(panel.locator(".gb-advice")).to_contain_text("enlarged 2 times by the network")
    look(panel, "whole")
    with page.page.expect_download() as download:
        button("Download").click()
    saved = np.asarray(Image.open(io.BytesIO(Path(download.value.path()).read_bytes())))
    assert saved.shape == (400, 560, 3)
    assert saved.astype(int).sum() == page.kernel("int(panel.result.astype(int).sum())")

    # the same image made small first: the numbers are against the truth
    panel.get_by_label("Test: make it small first").check()
    expect(panel.locator(".gb-result").first).to_contain_text("dB")
    expect(panel.locator(".gb-larger")).to_have_text("280×200 enlarged")
    look(panel, "test")
    page.theme("Dark")
    page.page.wait_for_timeout(300)
    look(panel, "dark")
    page.theme("Light")
    page.page.set_viewport_size({"width": 760, "height": 1700})
    page.page.wait_for_timeout(300)
    look(panel, "narrow")

    # stop in the middle of a large one: the rest is bicubic, and the panel lives on
    page.kernel.run(
        "panel._open_session(panel.session_type(type(panel._session.opened)(np.tile(cat, (9, 6, 1)), 'cats')))"
    )
    expect(panel.locator(".gb-size")).to_have_text("1680×1800 colour")
    for method in ("lanczos", "bicubic"):
        panel.get_by_role("checkbox", name=method).uncheck()
    button("Enhance").click()
    page.kernel.until("(panel._progress or {}).get('fraction', 0) > 0.02", True)
    button("Stop").click()
    page.kernel.until("panel.working", False)
    assert page.kernel("panel.results['network'].stopped and panel.result.shape == (3600, 3360, 3)")
    expect(panel.locator(".gb-advice")).to_contain_text("stopped")


def test_methods_ticked_for_one_size_stay_ticked_when_another_was_enhanced(beside, expect):
    panel = gb.enhance_panel(np.tile(np.arange(24, dtype=np.uint8)[:, None, None], (1, 24, 3)))
    page = beside(panel)
    page.get_by_role("checkbox", name="bicubic").uncheck()
    page.get_by_role("button", name="Keep the size").click()
    page.get_by_label("Noise", exact=True).select_option("auto")
    page.get_by_role("button", name="Enhance").click()
    expect(page.locator(".gb-result").first).to_contain_text("network")
    page.get_by_role("button", name="2 times larger").click()
    expect(page.get_by_role("checkbox", name="lanczos")).to_be_checked()
    expect(page.get_by_role("checkbox", name="bicubic")).not_to_be_checked()
