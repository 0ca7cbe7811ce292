"""Each panel by the keyboard alone, in a page without Jupyter: Tab reaches every control, no key loses the focus."""

import threading

import numpy as np
import pytest

import ganbook as gb
from ganbook.config.sweep import SweepConfig
from ganbook.notebook.panels.augmentation.panel import AugmentationPanel
from ganbook.notebook.panels.browsing.panel import BrowsingPanel
from ganbook.notebook.panels.dashboard.panel import RunsPanel
from ganbook.notebook.panels.lines.panel import LinesPanel
from ganbook.notebook.panels.playground.panel import PlaygroundPanel
from ganbook.notebook.panels.start.panel import StartPanel
from ganbook.notebook.panels.sweep.panel import SweepPanel
from ganbook.notebook.panels.training.panel import TrainingPanel
from ganbook.studies.sweep_plan import begin, planned
from ganbook.studies.sweep_study import Sweep
from ganbook.training.active import active_runs

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


@pytest.fixture
def sweep(tmp_path):
    """A sweep that waits for a training of another process, and begins none itself."""
    config = SweepConfig(trials=3, seeds=0)
    fixed = {"network": "mlp", "hidden": "8", "jit": "off", "seconds": 400, "image_size": 8}
    plan, data = planned("digits", ["r1=0.1:10:log"], config, fixed)
    begin(tmp_path, plan, data)
    other = Sweep(tmp_path, plan, config, data)
    for value in (31.5, 12.25):
        job = other._trials.next(3, lambda params: "")
        other._trials.finish(job, value)
        job.release()
    held = other._trials.next(3, lambda params: "")
    sweep = Sweep(tmp_path, plan, config, data).start()
    yield sweep
    sweep.stop()
    sweep.wait(30)
    held.release()


@pytest.fixture
def playground(tmp_path):
    """A playground of small networks."""
    yield gb.playground("ring", hidden="8", batch_size=16, runs_dir=tmp_path)
    for run in active_runs():
        run.stop()
        run.ended.wait(60)


@pytest.fixture
def lines(tmp_path):
    """A browser of the lines of a short run."""
    options = {"hidden": "16", "jit": "off", "steps": 20, "wait": True}
    return gb.browse(gb.train("sums", name="adder", runs_dir=tmp_path, **options))


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
FEWEST = {"sweep": 3}  # controls that Tab reaches; five in other panels
OTHERS = {"playground": PlaygroundPanel.of, "lines": LinesPanel.of, "sweep": SweepPanel.of}  # with a fixture each


@pytest.fixture(params=[*PANELS, *OTHERS])
def page(request, beside):
    """The page of a panel."""
    name = request.param
    made = OTHERS[name] if name in OTHERS else PANELS[name]
    panel = made(request.getfixturevalue(name if name in OTHERS else "run"))
    page = beside(panel)
    page.locator(".gb button:enabled").first.wait_for()
    page.wait_for_timeout(1500)  # what comes by itself: thumbnails, a map, the estimate
    yield page
    panel.close()


def focused(page, ask):
    return page.evaluate(f"() => ({ask})(document.activeElement)")


def test_tab_reaches_every_control_and_no_key_loses_the_focus(page, request):
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
    reached = page.evaluate('document.querySelectorAll(\'[data-there="1"][data-reached="1"]\').length')
    assert reached >= FEWEST.get(request.node.callspec.params["page"], 5)
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


def press(page, name, key="Enter"):
    """Press a key on a button, which keeps the focus or hands it to the panel."""
    page.get_by_role("button", name=name, exact=True).focus()
    page.keyboard.press(key)


def until(page, condition):
    for _ in range(600):
        if condition():
            return
        page.wait_for_timeout(100)  # in which the kernel's answers come
    pytest.fail("it did not come")


def test_a_playground_runs_and_pauses_by_the_space_bar(beside, playground):
    page = beside(PlaygroundPanel.of(playground))
    at_rest = "() => document.querySelector('.gb-playground').dataset.state === 'paused'"
    page.wait_for_function(at_rest)
    page.locator(".gb-playground").focus()
    page.keyboard.press("Space")
    until(page, lambda: playground.run.steps_done > 0)
    page.keyboard.press("Space")
    page.wait_for_function(at_rest)
    steps = playground.run.steps_done
    press(page, "Step both", "Space")
    until(page, lambda: playground.run.steps_done == steps + 1)
    assert focused(page, "(e) => e.tagName") != "BODY"


def test_a_line_is_chosen_and_made_a_favourite_by_keys(beside, lines):
    page = beside(LinesPanel.of(lines))
    page.locator(".gb-all-lines button").nth(1).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".gb-near li").first.wait_for()
    press(page, "Favourite")
    until(page, lambda: list(lines.favourites) == [lines.lines(2, 1)[0]])
    page.get_by_role("button", name="Remove favourite", exact=True).wait_for()
    assert focused(page, NAMED) == "Remove favourite"


def test_a_sweep_is_stopped_and_continued_by_enter(beside, sweep):
    page = beside(SweepPanel.of(sweep))
    press(page, "Stop")
    page.get_by_role("button", name="Continue", exact=True).wait_for()
    until(page, lambda: sweep.state == "stopped")
    assert focused(page, "(e) => e.closest('.gb') !== null")
    press(page, "Continue")
    until(page, lambda: sweep.state == "running")
    page.get_by_role("button", name="Stop", exact=True).wait_for()


def test_nothing_can_be_pressed_before_the_kernel_has_said_what_it_would_do(beside, sweep):
    panel, answer = SweepPanel.of(sweep), threading.Event()
    panel._worker.submit(answer.wait)  # a kernel that is busy for a moment
    page = beside(panel, known=False)
    stop = page.get_by_role("button", name="Stop", exact=True, include_hidden=True)
    stop.focus()
    assert focused(page, "(e) => e.tagName") == "BODY"
    answer.set()
    page.locator(".gb:not([inert])").wait_for()
    stop.focus()
    assert focused(page, NAMED) == "Stop"


def test_the_slider_of_time_stays_where_it_was_put_while_the_kernel_looks_for_that_moment(beside, playground):
    panel, answer = PlaygroundPanel.of(playground), threading.Event()
    page = beside(panel)
    page.wait_for_function("() => document.querySelector('.gb-playground').dataset.state === 'paused'")
    press(page, "Step both")
    slider, plane = page.get_by_role("slider", name="Time"), page.locator("canvas").first
    until(page, lambda: plane.get_attribute("data-step") == "1" and slider.is_enabled())
    panel._worker.submit(answer.wait)
    slider.focus()
    page.keyboard.press("Home")
    panel.say("something else is new")
    page.get_by_text("something else is new").wait_for()
    assert slider.input_value() == "0"
    answer.set()
    until(page, lambda: plane.get_attribute("data-step") == "0")
    page.keyboard.press("End")
    until(page, lambda: plane.get_attribute("data-step") == "1")
    assert slider.input_value() == "1"
