"""The magics in a real kernel."""

import json
import os
import signal
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from ganbook.training.run_folder import RunFolder

# Notes whether the thread that executes cells is the one that imports TensorFlow.
WATCH = """
import sys, threading

class Watch:
    in_the_cell = []

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name == "tensorflow":
            cls.in_the_cell.append(threading.current_thread() is threading.main_thread())

sys.meta_path.insert(0, Watch)
"""
QUICK = "--data digits --network mlp --hidden 32 --batch-size 16 --jit off"


@pytest.fixture(scope="module")
def fresh(new_kernel):
    """A kernel in which nothing has happened yet but ``%load_ext ganbook``, and what that imported."""
    kernel = new_kernel()
    kernel("import sys")
    imported = kernel.value("[name for name in ('tensorflow', 'keras', 'pandas') if name in sys.modules]")
    return SimpleNamespace(kernel=kernel, imported=imported)


@pytest.fixture(scope="module")
def first(fresh):
    """The first training of a kernel, as the variable ``first``: its outputs, and the state just after the cell."""
    fresh.kernel(WATCH)
    out = fresh.kernel(f"%gan_train {QUICK} --steps 80 --name first")
    state = fresh.kernel.value("first.state")
    last = fresh.kernel.value("_.name")
    fresh.kernel("first.wait()")
    in_the_cell = fresh.kernel.value("Watch.in_the_cell")
    return SimpleNamespace(out=out, in_the_cell=in_the_cell, state=state, last=last)


@pytest.fixture
def kernel(fresh, first):
    """The kernel that all tests of this module share, with the finished run ``first``."""
    return fresh.kernel


def test_loading_imports_no_tensorflow(fresh):
    assert fresh.imported == []


def test_nothing_stays_of_a_progress_bar(fresh):
    bar = "from ganbook.utils.progress import bar; import time"
    out = fresh.kernel(f"{bar}\nfor each in bar(range(3), desc='<x>', mininterval=0): time.sleep(0.05)")
    assert [(output.output_type, output.data["text/html"]) for output in out] == [("display_data", "")]
    assert list(fresh.kernel("list(bar(range(3), delay=5));")) == []


def test_a_cell_returns_at_once_and_the_run_is_a_variable(kernel, first):
    assert not first.out.error
    assert not first.out.said
    assert first.in_the_cell == [False], "TensorFlow, which takes seconds, is imported in the run's thread"
    assert first.state in ("preparing", "training")
    assert first.last == "first"
    assert kernel.value("[first.state, first.steps_done, len(first.history) > 0]") == ["finished", 80, True]


def test_the_panel_is_shown_once(kernel):
    for code in ("first", f"%gan_train {QUICK} --steps 10 --name shown --wait", "shown.wait()\nshown"):
        out = kernel(code)
        assert len(out.data("application/vnd.jupyter.widget-view+json")) == 1, code
        assert not [each for each in out if each.output_type == "execute_result"]


def test_what_stays_without_a_front_end_is_a_picture_of_the_end(kernel):
    waited = kernel(f"%gan_train {QUICK} --steps 10 --name waited --wait")
    assert "finished, step 10 of 10" in waited.data("text/html")[-1], "it is there when the cell ends"
    later = kernel(f"%gan_train {QUICK} --steps 20 --name later")
    kernel("later.wait()")
    assert "finished, step 20 of 20" in later.data("text/html")[-1], "a later cell brings it up to date"
    for out in (waited, later):
        assert "data:image/png;base64," in out.data("text/html")[-1]


def test_without_the_magic_nothing_is_shown(kernel):
    assert list(kernel("same = first")) == []
    assert "<Run 'first': finished, step 80 of 80" in kernel("print(first)").text


def test_the_cell_form_trains_the_same_as_the_line_form(kernel):
    kernel(f"a = %gan_train {QUICK} --steps 40 --seed 7 --loss hinge --wait")
    out = kernel(
        "%%gan_train\n"
        + QUICK.replace(" --", "\n").replace(" ", ": ")[2:]
        + "\n# the same\nsteps: 40\nseed: 7\nloss: hinge\nwait: true"
    )
    assert not out.error
    kernel("b = _")
    assert kernel.value("[a.state, b.state]") == ["finished"] * 2
    assert kernel.value("bool((a.sample(16) == b.sample(16)).all())")
    assert kernel.value("a.config.model_copy(update={'name': b.name}) == b.config")


def test_samples_are_shown_and_returned(kernel):
    out = kernel("%gan_sample first --count 20 --seed 3")
    assert len(out.data("image/png")) == 1
    assert [each.output_type for each in out] == ["display_data"], "no array of numbers below the picture"
    assert kernel.value("[str(_.dtype), _.shape, type(_).__name__]") == ["uint8", [20, 28, 28, 1], "ndarray"]
    assert kernel.value("bool((_ == first.sample(20, seed=3)).all())")
    assert kernel("import numpy as np; np.arange(3)").data("text/plain") == ["array([0, 1, 2])"]


def test_a_figure_is_shown_though_nobody_imported_pyplot(kernel):
    assert kernel("first.plot()").data("image/png")


def test_a_browser_shows_its_panel_is_a_variable_and_leaves_a_picture(kernel):
    out = kernel("%gan_browse first --seed 3")
    assert not out.error
    assert not out.said
    assert len(out.data("application/vnd.jupyter.widget-view+json")) == 1
    assert "data:image/png;base64," in out.data("text/html")[-1], "it is there when the cell ends"
    kernel("browser.pick(2).star()")
    assert kernel.value("[len(browser.selected), browser.view.look.seed]") == [1, 3]
    assert kernel.value("bool((browser.picked_images() == first.sample(3, seed=3)[2:]).all())")
    kernel("browser = 5")
    assert "your variable browser holds a value of type int" in kernel("b = %gan_browse first").text
    assert kernel.value("browser") == 5


def test_data_and_runs_are_returned(kernel):
    out = kernel("%gan_data digits --image-size 14")
    assert "14×14 grey" in out.data("text/html")[0]
    assert kernel.value("_.shape") == [14, 14, 1]
    kernel("%gan_runs")
    assert "first" in kernel.value("list(_['name'])")


def test_the_same_cell_again_shows_the_run_that_trains_and_overwrite_replaces_it(kernel):
    kernel(f"%gan_train {QUICK} --steps 100000000 --name long")
    for code, says in {
        f"%gan_train {QUICK} --name long": "--overwrite stops and replaces it",
        "%gan_train --resume long": "pause(), stop() and extend()",
    }.items():
        out = kernel(code)
        assert not out.error
        assert len(out.said) == 1, out.said
        assert says in out.said[0]
        assert len(out.data("application/vnd.jupyter.widget-view+json")) == 1, code
    kernel("first = long")
    kernel(f"%gan_train {QUICK} --name long --steps 5 --overwrite --wait")
    assert kernel.value("[first.state, long.state, long.steps_done]") == ["stopped", "finished", 5]


def test_resume_goes_on_and_renews_the_variable(kernel):
    kernel(f"%gan_train {QUICK} --steps 20 --name more --wait")
    out = kernel("%gan_train --resume more --steps 50 --wait")
    assert not out.error
    assert not out.said
    assert kernel.value("[more.state, more.steps_done]") == ["finished", 50]


def test_a_failed_training_is_raised_when_waited_for(kernel):
    wild = "--r1 1e300"
    out = kernel(f"%gan_train {QUICK} {wild} --steps 100 --name bad --wait")
    assert out.error.startswith("FloatingPointError: Not a number"), (out.error, out.said)
    assert kernel.value("bad.state") == "failed"


def test_names_with_html_are_shown_as_text(kernel):
    evil = "<img src=x onerror=alert(1)>"
    kernel(f"""
import numpy as np
from PIL import Image
from pathlib import Path
pixels = np.random.default_rng(0).integers(0, 255, (500, 8, 8), np.uint8)
for i, picture in enumerate(pixels):
    place = Path("{evil}") / f"{evil}{{i % 2}}"
    place.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture).save(place / f"{{i}}.png")
""")
    for code in (f"%gan_data './{evil}'", f"%gan_train --data './{evil}' --batch-size 8 --steps 5 --wait", "%gan_runs"):
        out = kernel(code)
        assert not out.error
        assert not out.said
        for html in out.data("text/html"):
            assert evil not in html
            assert "<script" not in html
    out = kernel(f"%gan_train --data '{evil}<script>'")
    assert len(out.said) == 1


def test_tab_and_help_work_through_the_kernel(kernel):
    assert kernel.complete("%gan_train --ne") == ["--network"]
    assert "dcgan" in kernel.complete("%gan_train --network ")
    assert "first" in kernel.complete("%gan_sample ")
    text = kernel.inspect("%gan_train")
    for part in (
        "Train a GAN in the background",
        "%%gan_train",
        "--loss {",
        "--resume RUN",
        "[default: 3,000, unless --seconds",
    ):
        assert part in text


def _when(file: Path, pid: int, number: int) -> threading.Thread:
    """Send a signal once a file has a few lines."""

    def watch():
        while not file.exists() or len(file.read_text().splitlines()) <= 3:
            time.sleep(0.05)
        os.kill(pid, number)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    return thread


def test_an_interrupt_pauses_a_run_in_the_foreground(kernel):
    watch = _when(kernel.runs / "mine" / "history.csv", kernel.pid, signal.SIGINT)
    out = kernel(f"%gan_train {QUICK} --steps 1000000 --name mine --wait")
    watch.join()
    assert not out.error
    assert not out.said
    assert "mine is paused at step" in out.text
    at = kernel.value("[mine.state, mine.steps_done]")
    assert at[0] == "paused"
    assert kernel.value("mine.sample(4).shape") == [4, 28, 28, 1]
    kernel("import time\nmine.step(5)\ntime.sleep(0.5)\nwhile mine.state != 'paused': time.sleep(0.05)")
    assert kernel.value("mine.steps_done") == at[1] + 5
    kernel("mine.resume(); mine.stop(); mine.wait()")
    assert kernel.value("mine.state") == "stopped"


def test_a_run_goes_on_in_another_kernel_after_its_own_was_killed(kernel, new_kernel):
    folder = kernel.runs / "orphan"
    killed = new_kernel(kernel.runs)
    killed(f"%gan_train {QUICK} --steps 1000000 --name orphan --checkpoint-every 0.5")
    _when(folder / "history.csv", killed.pid, signal.SIGKILL).join()
    while RunFolder(folder).is_locked():  # the system takes a moment to end it
        time.sleep(0.05)
    saved = max(int(path.name[5:]) for path in (folder / "checkpoints").glob("step-*"))
    assert kernel.complete("%gan_train --resume o") == ["orphan"]
    out = kernel(f"%gan_train --resume orphan --steps {saved + 20} --wait")
    assert not out.error
    unsaved = f"orphan goes on from step {saved:,}, where it was saved last"
    assert all(unsaved in line for line in out.said)  # nothing else
    assert kernel.value("[orphan.state, orphan.steps_done]") == ["finished", saved + 20]
    assert json.loads((folder / "config.json").read_text())["options"]["steps"] == saved + 20
