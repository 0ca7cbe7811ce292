"""The magics in a real kernel."""

import json
import os
import signal
import threading
import time
from pathlib import Path

QUICK = "--data digits --batch-size 16 --jit off"


def test_loading_imports_no_tensorflow(kernel):
    kernel("import sys")
    assert kernel.value("[name in sys.modules for name in ('tensorflow', 'keras', 'pandas')]") == [False] * 3


def test_a_cell_returns_at_once_and_the_run_is_a_variable(kernel):
    began = time.monotonic()
    out = kernel(f"%gan_train {QUICK} --steps 80 --name first")
    took = time.monotonic() - began
    assert not out.error
    assert not out.said
    assert took < 4, "TensorFlow is imported in the run's thread, not in the cell"
    assert kernel.value("first.state in ('preparing', 'training')")
    kernel("first.wait()")
    assert kernel.value("[first.state, first.steps_done, len(first.history) > 0]") == ["finished", 80, True]
    assert kernel.value("_.name") == "first"


def test_the_panel_is_shown_once(kernel):
    for code in ("first", f"%gan_train {QUICK} --steps 10 --name first --overwrite --wait", "first.wait()\nfirst"):
        out = kernel(code)
        assert len(out.data("application/vnd.jupyter.widget-view+json")) == 1, code
        assert not [each for each in out if each.output_type == "execute_result"]


def test_what_stays_without_a_front_end_is_a_picture_of_the_end(kernel):
    waited = kernel(f"%gan_train {QUICK} --steps 10 --name first --overwrite --wait")
    assert "finished, step 10 of 10" in waited.data("text/html")[-1], "it is there when the cell ends"
    later = kernel(f"%gan_train {QUICK} --steps 20 --name later")
    kernel("later.wait()")
    assert "finished, step 20 of 20" in later.data("text/html")[-1], "a later cell brings it up to date"
    for out in (waited, later):
        assert "data:image/png;base64," in out.data("text/html")[-1]


def test_without_the_magic_nothing_is_shown(kernel):
    assert list(kernel("same = first")) == []
    assert "<Run 'first': finished, step 10 of 10" in kernel("print(first)").text


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
    assert kernel.value("list(_['name'])")[-1] == "first"


def test_the_same_run_is_not_started_twice(kernel):
    kernel(f"%gan_train {QUICK} --steps 100000 --name long")
    for code, says in {
        f"%gan_train {QUICK} --name long": "there is a run named 'long'",
        "%gan_train --resume long": "pause(), resume() or extend() it",
        f"%gan_train {QUICK} --name long --overwrite": "stop",
    }.items():
        out = kernel(code)
        assert not out.error
        assert len(out.said) == 1, out.said
        assert says in out.said[0]
    kernel("long.stop(); long.wait()")
    assert kernel.value("long.state") == "stopped"


def test_resume_goes_on_and_renews_the_variable(kernel):
    before = kernel.value("long.steps_done")
    out = kernel(f"%gan_train --resume long --steps {before + 30} --wait")
    assert not out.error
    assert not out.said
    assert kernel.value("[long.state, long.steps_done]") == ["finished", before + 30]


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
pixels = np.random.default_rng(0).integers(0, 255, (40, 8, 8), np.uint8)
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
    for part in ("Train a GAN in the background", "%%gan_train", "--loss {", "--resume RUN", "[3000 unless --seconds]"):
        assert part in text


def _when(file: Path, pid: int, number: int) -> threading.Thread:
    """Send a signal once a file has a few lines."""

    def watch():
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if file.exists() and len(file.read_text().splitlines()) > 3:
                os.kill(pid, number)
                return
            time.sleep(0.05)

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


def test_an_interrupt_pauses_a_run_in_the_foreground(new_kernel, tmp_path):
    kernel = new_kernel()
    watch = _when(tmp_path / "runs" / "mine" / "history.csv", kernel.pid, signal.SIGINT)
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


def test_a_run_goes_on_after_its_kernel_was_killed(new_kernel, tmp_path):
    kernel = new_kernel()
    kernel(f"%gan_train {QUICK} --steps 1000000 --name mine --checkpoint-every 0.5")
    _when(tmp_path / "runs" / "mine" / "history.csv", kernel.pid, signal.SIGKILL).join()
    kernel = new_kernel()
    saved = max(int(path.name[5:]) for path in (tmp_path / "runs" / "mine" / "checkpoints").glob("step-*"))
    assert kernel.complete("%gan_train --resume m") == ["mine"]
    out = kernel(f"%gan_train --resume mine --steps {saved + 20} --wait")
    assert not out.error
    assert not out.said
    assert kernel.value("[mine.state, mine.steps_done]") == ["finished", saved + 20]
    assert json.loads((tmp_path / "runs" / "mine" / "config.json").read_text())["options"]["steps"] == saved + 20
