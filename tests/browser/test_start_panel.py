"""A first training without a line of code."""

from jupyter_server_of_its_own import look

LONG = 300_000


def test_data_are_looked_at_a_run_is_begun_and_bad_input_is_one_line(opened, expect):
    page = opened(["%load_ext ganbook", "form = %gan digits"])
    kernel, panel = page.kernel, page.page.locator(".gb-start")
    expect(panel.locator(".gb-looked")).to_contain_text("28×28")
    expect(panel.locator(".gb-looked img")).to_have_count(2)
    expect(panel.locator(".gb-expectation")).to_contain_text("What to expect: 3,000 steps on")
    assert panel.locator(".gb-looked img").last.evaluate("async e => (await e.decode(), e.naturalHeight)") == 28
    expect(panel).to_contain_text("compact for these data: learns fastest on grey images and few drawings")
    look(panel, "start")

    # options are offered where they have a meaning for the data
    data = panel.get_by_label("Data", exact=True)
    panel.get_by_text("More options").click()
    of_images, of_text = (panel.get_by_label(name, exact=True) for name in ("image size", "max length"))
    expect(of_images).to_be_visible()
    expect(of_text).to_be_hidden()
    task, augment, masks = (panel.get_by_label(name, exact=True) for name in ("task", "augment", "masks"))
    expect(masks).to_be_hidden()
    task.select_option("inpaint")
    expect(panel).to_contain_text("context for these data: fills holes")
    expect(masks).to_be_visible()
    expect(augment).to_be_hidden()
    task.select_option("generate")
    expect(augment).to_be_visible()
    of_images.fill("14")
    expect(panel.locator(".gb-line code")).to_contain_text("--image-size 14")
    data.fill("sums")
    panel.get_by_role("button", name="Look").click()
    expect(of_text).to_be_visible()
    expect(of_images).to_be_hidden()
    expect(panel.locator(".gb-line code")).to_have_text("%gan_train --data sums --seconds 120")
    data.fill("digits")
    panel.get_by_role("button", name="Look").click()
    expect(of_images).to_have_value("14")
    of_images.fill("")
    panel.get_by_text("More options").click()

    # a run that comes with ganbook is looked at before any is trained
    panel.get_by_role("button", name="names-example", exact=True).click()
    panel.locator(".gb-training .gb-lines bdi").first.wait_for(timeout=LONG)
    kernel.until("form.run.name", "names-example")
    expect(panel.locator(".gb-training").get_by_role("button", name="Browse")).to_be_visible()
    look(panel, "start-shipped")

    # bad input says what is wrong, and begins nothing
    panel.get_by_label("How long", exact=True).fill("-2")
    panel.get_by_role("button", name="Train", exact=True).click()
    expect(panel.locator(".gb-note").first).to_have_text("Train for -2: give a number above 0, as 2")
    panel.get_by_label("How long", exact=True).fill("2")
    expect(panel.locator(".gb-form > .gb-note")).to_be_hidden()
    data.fill("no/such/folder")
    panel.get_by_role("button", name="Train", exact=True).click()
    expect(panel.locator(".gb-note").first).to_contain_text("no/such/folder")
    assert kernel("form.run.name") == "names-example"

    # what was shown of other data is gone while it is not meant, and an error once it may be mended
    expect(panel.locator(".gb-looked")).to_be_hidden()
    data.fill("digits")
    expect(panel.locator(".gb-form > .gb-note")).to_be_hidden()
    expect(panel.locator(".gb-looked img").first).to_be_visible()
    panel.get_by_label("Network", exact=True).select_option("mlp")
    panel.get_by_label("Unit", exact=True).select_option("steps")
    panel.get_by_label("How long", exact=True).fill("20")
    panel.get_by_label("Name", exact=True).fill("begun")
    panel.get_by_text("More options").click()
    panel.get_by_label("hidden", exact=True).fill("16")
    panel.get_by_label("jit", exact=True).select_option("off")
    panel.get_by_label("conditional", exact=True).select_option("no")
    expect(panel.locator(".gb-line code")).to_contain_text("--name begun --no-conditional --hidden 16")
    panel.get_by_label("conditional", exact=True).select_option("yes")
    panel.get_by_title("What is hidden?").click()
    expect(panel.locator(".gb-explanation")).to_contain_text("Widths")
    page.page.keyboard.press("Escape")
    look(panel, "start-options")
    line = "%gan_train --data digits --network mlp --steps 20 --name begun --conditional --hidden 16 --jit off"
    expect(panel.locator(".gb-line code")).to_have_text(line)
    panel.get_by_role("button", name="Train", exact=True).click()
    panel.locator(".gb-training img.gb-sheet").wait_for(timeout=LONG)
    kernel.until("form.run.state", "finished")
    assert kernel("[form.run.name, form.run.config.hidden, form.run.config.conditional, form.run.steps_done]") == [
        "begun", "16", True, 20
    ]  # fmt: skip

    # the same again: the name is taken
    panel.get_by_role("button", name="Train", exact=True).click()
    expect(panel.locator(".gb-note").first).to_contain_text("already")
    page.page.set_viewport_size({"width": 700, "height": 1000})
    page.theme("Dark")
    look(panel, "start-dark")
    page.theme("Light")
    assert panel.evaluate("e => e.scrollWidth <= e.clientWidth")
