"""What the training panel explains, compares and leads to."""

from jupyter_server_of_its_own import look
from test_training_panel import LONG, MLP

CELLS = [
    "%load_ext ganbook",
    f"%gan_train --data digits {MLP} --conditional --steps 600 --name seen --overwrite --wait",
    "seen",
]


def test_numbers_are_explained_curves_looked_at_closely_and_the_run_leads_on(opened, expect):
    page = opened(CELLS)
    kernel, panel = page.kernel, page.panel()
    kernel.until("seen.state", "finished")
    page.wait("() => document.querySelector('img.gb-sheet')?.dataset.step == 600", timeout=LONG)
    expect(panel.locator(".gb-health")).to_contain_text("diversity")
    look(page.panel(), "training")

    # a "?" opens its explanation, and Escape closes it and leaves the focus where it was
    question = panel.get_by_title("What is Loss?")
    question.click()
    expect(panel.locator(".gb-explanation")).to_contain_text("do not measure quality")
    look(page.panel(), "explained")
    page.page.keyboard.press("Escape")
    expect(panel.locator(".gb-explanation")).to_have_count(0)
    assert page.page.evaluate("() => document.activeElement.className") == "gb-help"

    # real images of the same classes, and the class of a cell
    panel.get_by_role("button", name="Real", exact=True).click()
    page.wait("() => document.querySelector('img.gb-sheet').dataset.step === 'real'")
    look(page.panel(), "real")
    box = panel.locator("img.gb-sheet").bounding_box()
    page.page.mouse.move(box["x"] + box["width"] * 2.5 / 8, box["y"] + box["height"] * 1.5 / 8)
    expect(panel.locator("img.gb-sheet")).to_have_attribute("title", "0")  # the eleventh of ten classes in turn
    panel.get_by_role("button", name="Samples", exact=True).click()
    page.wait("() => document.querySelector('img.gb-sheet').dataset.step === '600'")

    # a chart shows the samples of the step under the pointer, and a drag enlarges a part
    plot = panel.locator("svg.gb-plot").first
    box = plot.bounding_box()
    page.page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.wait("() => Number(document.querySelector('img.gb-sheet').dataset.step) < 300")
    page.page.mouse.down()
    page.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 60, steps=4)
    page.page.mouse.up()
    whole = panel.get_by_role("button", name="Whole run")
    whole.wait_for()
    page.page.mouse.move(box["x"] - 60, box["y"] - 40)
    page.wait("() => document.querySelector('img.gb-sheet').dataset.step === '600'")
    assert "step" in plot.locator("text").last.text_content()
    panel.get_by_label("smooth").check()
    panel.get_by_label("log scale").check()
    assert plot.locator(".gb-line-raw").count() == 2
    look(page.panel(), "closer")
    whole.click()
    panel.get_by_label("Horizontal axis").select_option("images")
    assert f"{kernel('600 * seen.config.batch_size'):,} images" in plot.text_content()

    # browsing opens below, in the same cell
    panel.get_by_role("button", name="Browse", exact=True).click()
    browsing = panel.locator(".gb-browsing")
    browsing.locator(".gb-gallery").wait_for(timeout=LONG)
    look(page.panel(), "browse")
    panel.get_by_role("button", name="Close", exact=True).click()
    expect(browsing).to_have_count(0)
    with page.page.expect_download() as download:
        panel.get_by_role("button", name="Download generator").click()
    assert download.value.suggested_filename == "seen-generator.keras"
