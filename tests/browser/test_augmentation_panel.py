import pytest

import ganbook as gb

PANEL = ["%load_ext ganbook\nimport ganbook as gb", 'panel = %gan_augment --data emoji --policy "flip@0.5,zoom"']
LONG = 300_000  # ms: a cold kernel on a busy machine


def card(page):
    return page.page.locator(".gb-augmentation")


def shown(page, stamp):
    """Wait until the answer to a question of at least this number is drawn; return its number."""
    page.wait(
        "n => Number(document.querySelector('.gb-augmentation')?.dataset.shown ?? -1) >= n", arg=stamp, timeout=LONG
    )
    return int(card(page).get_attribute("data-shown"))


SUM = """async () => {
  const sheet = document.querySelector(".gb-augmentation img");
  await sheet.decode();
  const context = new OffscreenCanvas(sheet.naturalWidth, sheet.naturalHeight).getContext("2d");
  context.drawImage(sheet, 0, 0);
  const pixels = context.getImageData(0, 0, sheet.naturalWidth, sheet.naturalHeight).data;
  return pixels.reduce((sum, value) => (sum * 31 + value) % 1e9, 7);
}"""


def sheet(page):
    """The pixels that are shown, as one number."""
    return page.page.evaluate(SUM)


def drag(page, slider, share):
    box = slider.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.page.mouse.move(box["x"] + 0.5 * box["width"], middle)
    page.page.mouse.down()
    page.page.mouse.move(box["x"] + share * box["width"], middle, steps=6)
    page.page.mouse.up()


def test_a_policy_is_made_changed_undone_and_read(opened, expect):
    page = opened(PANEL)
    kernel = page.kernel
    shown(page, 0)
    first = sheet(page)
    expect(card(page).locator("li b")).to_have_text(["flip", "zoom"])

    card(page).get_by_label("Add an operation").select_option("rotation")
    stamp = shown(page, 1)
    kernel.until("[str(part) for part in panel.policy.operations]", ["flip@0.5", "zoom", "rotation"])
    added = sheet(page)
    assert added != first

    drag(page, card(page).get_by_label("strength of rotation"), 0.9)
    strength = float(card(page).get_by_label("strength of rotation").input_value())
    assert 0.8 < strength < 1
    kernel.until("panel.policy.operations[2].strength", strength)  # the last of several questions
    shown(page, stamp + 1)
    page.page.wait_for_timeout(500)
    dragged = sheet(page)
    assert dragged != added

    stamp = shown(page, 0)
    page.page.get_by_role("button", name="Undo").click()
    shown(page, stamp + 1)
    assert kernel("panel.policy.operations[2].strength") == 0.1
    assert sheet(page) == added
    stamp = shown(page, 0)
    page.page.keyboard.press("Control+z")
    shown(page, stamp + 1)
    assert kernel("len(panel.policy.operations)") == 2
    assert sheet(page) == first

    stamp = shown(page, 0)
    card(page).get_by_role("button", name="Move down: flip").click()
    shown(page, stamp + 1)
    assert kernel("str(panel.policy)") == "zoom,flip@0.5"
    card(page).get_by_role("button", name="Show five strengths: zoom").click()
    card(page).get_by_role("heading", name="zoom: original, then ±0 % · ±25 %").wait_for()
    card(page).get_by_role("button", name="Back to the preview").click()
    card(page).get_by_role("heading", name="Original and 8 augmented versions").wait_for()

    stamp = shown(page, 0)
    card(page).get_by_label("Presets").select_option("AugMix")
    shown(page, stamp + 1)
    assert kernel("panel.policy == gb.augmentation.Policy.named('AugMix')")
    card(page).get_by_text("Copy as code").click()
    expect(card(page).locator("footer")).to_contain_text("Not for training a GAN: no gradient passes through")
    expect(card(page).locator("pre")).to_contain_text("policy = ")
    code = card(page).locator("pre").inner_text()
    assert kernel(f"(exec({code!r}, globals()), policy == panel.policy)[1]")


def test_a_policy_assigned_in_python_is_shown_with_its_parameters(opened, expect):
    page = opened([*PANEL, "panel.policy = gb.augmentation.Policy(['brightness:0.3', 'cutout'], seed=3)"])
    card(page).locator("li b").filter(has_text="cutout").wait_for(timeout=LONG)
    expect(card(page).locator(".gb-options")).to_contain_text("seed 3")
    card(page).get_by_label("Show parameters").check()
    said = card(page).locator(".gb-cells div").nth(1).inner_text()
    assert "brightness " in said
    assert "cutout 16×16 px" in said
    expect(card(page).locator("footer")).to_contain_text("images/s")
    expect(card(page).locator("footer")).to_contain_text("May leak into GAN samples: cutout")


def test_a_study_that_cannot_be_made_says_why_before_it_is_begun(beside, expect, some_digits):
    study = beside(gb.augment_panel(some_digits[0])).locator(".gb-study")
    study.locator("summary").click()
    expect(study).to_contain_text("has no labels, and the study trains a classifier: give labels")
    expect(study.get_by_role("button", name="Measure")).to_be_disabled()


def test_what_is_no_policy_opens_no_panel(some_digits):
    with pytest.raises(ValueError, match="policy is 5: give a Policy, or text such as 'standard'"):
        gb.augment_panel(some_digits[0], 5)


def test_a_study_is_begun_stopped_and_read(opened, expect):
    page = opened([*PANEL, "digits = gb.data.load('digits', image_size=14)", "panel = %gan_augment --data digits"])
    study = page.page.locator(".gb-study").nth(1)
    study.locator("summary").click()
    study.get_by_label("fractions of the data (%)").fill("no")
    study.get_by_role("button", name="Measure").click()
    study.get_by_text("--fractions no: write per cent, as in 1,5,100").wait_for(timeout=LONG)

    study.get_by_label("fractions of the data (%)").fill("10")
    study.get_by_role("button", name="Measure").click()
    page.kernel.until("any(run.state == 'training' for run in gb.active_runs())", True)
    page.kernel("panel._start_study(panel.policy.to_json(), {'fractions': '5'})")  # as another view would
    study.get_by_text("a study is still running here").wait_for()
    assert page.kernel("len(gb.active_runs())") == 1
    study.get_by_role("button", name="Stop").click()
    study.get_by_text("No results yet.").wait_for(timeout=LONG)
    page.kernel.until("gb.active_runs()", [])

    (page.server.work / "cells.csv").write_text(
        "fraction,images,seed,arm,accuracy,gan_test,accepted,by_class,seconds\n"
        '0.1,1000,0,real,0.8,0.7,1.0,"[0.8]",\n0.1,1000,0,real + classical,0.83,,1.0,"[0.83]",\n'
    )
    page.kernel(f"panel._study_event('finished', gb.studies.AugmentationStudy.load({str(page.server.work)!r}))")
    study.get_by_text("classical: inconclusive with one seed (+3.0 points)").wait_for(timeout=LONG)
    expect(study.locator("td").filter(has_text="real + classical")).to_have_count(1)
    assert study.locator("img").evaluate("async e => (await e.decode(), e.naturalWidth)") > 300
    assert page.kernel("round(float(panel.study.table['gain'][1]), 3)") == 0.03


def test_the_panel_fits_narrow_windows_and_both_themes(opened):
    page = opened(PANEL, dark=True)
    shown(page, 0)
    ground = card(page).evaluate("e => getComputedStyle(e).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)")
    assert all(c < 60 for c in ground)
    page.theme("Light")
    ground = card(page).evaluate("e => getComputedStyle(e).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)")
    assert all(c > 200 for c in ground)
    assert card(page).bounding_box()["height"] < 760
    page.page.set_viewport_size({"width": 700, "height": 1000})
    page.page.wait_for_timeout(300)
    columns = card(page).locator(".gb-body").evaluate("e => getComputedStyle(e).gridTemplateColumns")
    assert len(columns.split()) == 2
    assert card(page).evaluate("e => e.scrollWidth <= e.clientWidth")
