"""Each panel by the keyboard alone, in a page without Jupyter: Tab reaches every control, no key loses the focus."""

import numpy as np
import pytest

import ganbook as gb
from ganbook.notebook.panels.augmentation.panel import AugmentationPanel
from ganbook.notebook.panels.browsing.panel import BrowsingPanel
from ganbook.notebook.panels.dashboard.panel import RunsPanel
from ganbook.notebook.panels.start.panel import StartPanel
from ganbook.notebook.panels.training.panel import TrainingPanel

# Controls that a person can see and use, as a mouse finds them.
CONTROLS = """
() => [...document.querySelectorAll("button, input, select, textarea, summary, a[href], [tabindex='0']")].filter(
  (control) => control.tabIndex >= 0 && !control.disabled && control.checkVisibility({ visibilityProperty: true })
)"""
NAMED = "(e) => e.getAttribute('aria-label') || e.innerText || e.title || e.id || e.outerHTML.slice(0, 120)"
# Of radio buttons Tab reaches the one that is chosen; arrows reach the others.
# What came while Tab was on its way, it may have passed.
REACHED = "(e) => e.dataset.reached === '1' || e.dataset.there !== '1' || (e.type === 'radio' && !e.checked)"
STEPS = 400


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A short run that has ended."""
    return gb.train(
        "digits", name="typed", network="mlp", hidden="16", jit="off", steps=40, wait=True,
        runs_dir=tmp_path_factory.mktemp("runs"),
    )  # fmt: skip


PANELS = {
    "training": TrainingPanel.of,
    "browsing": lambda run: BrowsingPanel.of(gb.browse(run)),
    "augmentation": lambda run: AugmentationPanel(
        gb.data.load("digits", image_size=8), gb.augmentation.Policy(["flip:0.5", "zoom:0.5"])
    ),
    "inpainting": lambda run: gb.inpaint_panel(np.full((24, 24, 1), 99, np.uint8)),
    "enhancement": lambda run: gb.enhance_panel(np.full((24, 24, 1), 99, np.uint8)),
    "start": lambda run: StartPanel("no/such/folder"),  # of which no button begins a training
    "dashboard": lambda run: RunsPanel(run.folder.path.parent),
}


@pytest.fixture(params=PANELS)
def page(request, beside, run):
    """The page of a panel."""
    panel = PANELS[request.param](run)
    page = beside(panel)
    page.locator(".gb button:enabled").first.wait_for()
    page.wait_for_timeout(1500)  # what comes by itself: thumbnails, a map, the estimate
    yield page
    panel.close()


def focused(page, ask):
    return page.evaluate(f"() => ({ask})(document.activeElement)")


def test_tab_reaches_every_control_and_no_key_loses_the_focus(page):
    controls = f"({CONTROLS})()"
    page.evaluate(f"() => {{ for (const control of {controls}) control.dataset.there = '1'; }}")
    for _ in range(STEPS):
        page.keyboard.press("Tab")
        if focused(page, "(e) => e.tagName") == "BODY":  # past the end
            break
        focused(page, "(e) => { e.dataset.reached = '1'; }")
        assert focused(page, "(e) => e.closest('.gb') !== null"), focused(page, NAMED)
    else:
        pytest.fail(f"{STEPS} times Tab lead round and round")
    assert page.evaluate(f"{controls}.filter((e) => !({REACHED})(e)).map({NAMED})") == []

    # Enter on each button, as far as it does not lead out of the page
    assert page.evaluate('document.querySelectorAll(\'[data-there="1"][data-reached="1"]\').length') > 4
    names = page.evaluate(f"{controls}.filter((e) => e.tagName === 'BUTTON').map({NAMED})")
    for name in names:
        found = page.evaluate(
            f"(name) => {{ const one = {controls}.find((e) => e.tagName === 'BUTTON' && ({NAMED})(e) === name);"
            " one?.focus(); return Boolean(one); }",
            name,
        )
        if not found:  # another one hid it, or put it to rest
            continue
        page.keyboard.press("Enter")
        page.wait_for_timeout(150)
        assert focused(page, "(e) => e.tagName") != "BODY", f"after Enter on {name!r}"
        page.keyboard.press("Escape")
