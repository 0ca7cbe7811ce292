"""What a paused run shows beside its curves, in a page without Jupyter: learning rates, networks."""

import os

import pytest

import ganbook as gb
from ganbook.notebook.panels.training.panel import TrainingPanel

TINY = {"network": "dcgan", "image_size": 12, "batch_size": 16, "learning_rate": 2e-4, "d_learning_rate": 2e-4}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run that was paused."""
    run = gb.train("digits", name="steered", steps=10**6, runs_dir=tmp_path_factory.mktemp("runs"), **TINY)
    while run.steps_done < 50:
        run.ended.wait(0.05)
    run.pause()
    while run.state != "paused":
        run.ended.wait(0.05)
    yield run
    run.stop()
    run.ended.wait(30)


@pytest.fixture
def page(beside, run):
    """The page of its panel; ``heard`` waits for what the kernel says."""
    page = beside(TrainingPanel.of(run))

    page.heard = lambda condition: page.wait_for_function(f"() => {condition}", timeout=300_000)
    page.heard("document.querySelector('.gb-state')?.textContent === 'paused'")
    return page


def look(page, name):
    """Keep pictures where GANBOOK_PICTURES names a folder."""
    folder = os.environ.get("GANBOOK_PICTURES")
    for theme in ("light", "dark") if folder else ():
        page.evaluate("(theme) => { document.querySelector('.gb').dataset.theme = theme; }", theme)
        for width in (1000, 700):
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_timeout(400)
            page.locator(".gb").first.screenshot(path=f"{folder}/{name}-{theme}-{width}.png")


def test_rates_are_set_in_the_panel_and_bad_ones_are_refused_in_a_line(page, run):
    page.get_by_role("button", name="Learning rates").click()
    form = page.locator(".gb-rates")
    generator = page.get_by_label("Learning rate of the generator")
    line = form.locator(".gb-rates-line")
    assert generator.input_value() == "0.0002"
    assert line.text_content() == "as the run began"
    look(page, "rates")
    for bad in ("0", "-1", "fast", "50", ""):
        generator.fill(bad)
        form.get_by_role("button", name="Apply").click()
        page.heard("document.querySelector('.gb-refused')?.textContent.includes('at most 10, not')")
        assert generator.input_value() == bad
    look(page, "rates-refused")
    generator.fill("5e-5")
    generator.press("Enter")
    page.heard("document.querySelector('.gb-rate-generator input').value === '0.00005'")
    assert line.text_content() == f"since step {run.steps_done}"
    assert run.learning_rates == (5e-5, 2e-4)
    mark = page.get_by_role("img", name="Loss.").locator(".gb-change-mark")
    assert mark.text_content() == "learning rate G 5e-05"
    end = page.get_by_role("img", name="Loss.").bounding_box()
    assert mark.bounding_box()["x"] == pytest.approx(end["x"] + end["width"] - 4, abs=2)  # it is paused
    assert f"5e-05/0.0002@{run.steps_done}" in page.locator(".gb-used").last.text_content()
    look(page, "rates-set")
    # set elsewhere
    run.set_learning_rates(discriminator=1e-3)
    page.heard("document.querySelector('.gb-rate-discriminator input').value === '0.001'")


def test_the_networks_are_drawn_in_a_fold(page, run):
    page.locator("summary", has_text="Networks").click()
    page.heard("document.querySelectorAll('.gb-networks svg').length === 2")
    networks = page.locator(".gb-networks")
    assert f"{run.networks().generator.parameters:,} parameters" in networks.text_content()
    assert networks.locator("rect").count() == sum(len(n.layers) for n in vars(run.networks()).values())
    if not run.history["d_gradient_norm"].dropna().empty:
        page.get_by_role("img", name="Gradient norm").wait_for()
    look(page, "networks")


def test_a_kernel_that_does_not_answer_is_said_with_how_the_run_goes_on(page, run, monkeypatch):
    note = page.locator(".gb-note")
    monkeypatch.setattr(TrainingPanel.of(run), "_receive", lambda *_: None)
    page.get_by_role("button", name="Save checkpoint").click()
    note.filter(has_text="The kernel does not answer").wait_for()
    assert f"%gan_train --resume {run.folder.path} continues the run" in note.text_content()
    assert page.locator(".gb-state").text_content() == "no kernel"
    assert page.locator(".gb-controls button:enabled").count() == 0
    look(page, "silent")
    monkeypatch.undo()
    TrainingPanel.of(run).send_all()
    page.heard("document.querySelector('.gb-state').textContent === 'paused'")
    assert note.count() == 0
