import json

from jupyter_server_of_its_own import SAVING_WIDGETS

# Small, and not compiled by XLA, which takes longer than all that these tests train.
MLP = "--network mlp --hidden 64,64 --jit off"
TRAIN = ["%load_ext ganbook", f"%gan_train --data fashion {MLP} --steps 10000000 --name shoes", "shoes"]
LONG = 300_000  # ms: a cold kernel loads TensorFlow, perhaps on a busy machine


def shown_step(page, which=0):
    return int(page.panel(which).locator("img.gb-sheet").get_attribute("data-step") or -1)


def wait_for_step(page, text, timeout=LONG):
    """Wait until the line under the samples says so."""
    page.panel().locator(".gb-when").filter(has_text=text).wait_for(timeout=timeout)


def test_the_panel_shows_and_steers_a_training(opened, expect):
    page = opened(TRAIN)
    kernel, panel = page.kernel, page.panel()
    assert kernel("shoes.state") in ("preparing", "training")

    # previews change while it trains
    page.wait("() => document.querySelector('img.gb-sheet')?.dataset.step > 0", timeout=LONG)
    first = shown_step(page)
    page.wait(f"() => document.querySelector('img.gb-sheet').dataset.step > {first}", timeout=LONG)
    assert kernel("shoes.state") == "training"
    assert kernel(f"{shown_step(page)} in shoes.folder.previews()")

    page.button("Pause").click()
    kernel.until("shoes.state", "paused")
    page.button("Resume").wait_for()
    step = kernel("shoes.steps_done")
    wait_for_step(page, f"latest · step {step:,}")
    kernel("shoes.extend(steps=5) and None")
    panel.get_by_text("of 10,000,005 steps").wait_for()

    # the past, by the mouse and by the keys
    box = panel.get_by_role("slider").bounding_box()
    page.page.mouse.move(box["x"] + box["width"] - 7, box["y"] + box["height"] / 2)
    page.page.mouse.down()
    page.page.mouse.move(box["x"] + 2, box["y"] + box["height"] / 2, steps=5)
    page.page.mouse.up()
    page.wait("() => document.querySelector('img.gb-sheet').dataset.step === '0'")
    expect(panel.locator(".gb-when")).not_to_contain_text("latest")
    page.page.keyboard.press("ArrowRight")
    page.wait("() => document.querySelector('img.gb-sheet').dataset.step > 0")
    page.page.keyboard.press("End")
    wait_for_step(page, "latest")
    assert kernel("shoes.steps_done") == step
    assert kernel("shoes.state") == "paused"

    page.button("Step").click()
    kernel.until("shoes.steps_done", step + 1)
    kernel.until("shoes.state", "paused")
    wait_for_step(page, f"latest · step {step + 1:,}")

    page.button("Save checkpoint").click()
    panel.locator(".gb-note").filter(has_text=f"Checkpoint saved at step {step + 1:,}.").wait_for()
    assert kernel("shoes.folder.checkpoints.newest().step") == step + 1

    page.button("Resume").click()
    kernel.until("shoes.state", "training")
    panel.get_by_role("slider").press("Space")
    kernel.until("shoes.state", "paused")
    page.button("Resume").click()
    kernel.until("shoes.state", "training")

    page.button("Stop").click()
    kernel.until("shoes.state", "stopped")
    panel.locator(".gb-state").filter(has_text="stopped").wait_for()
    assert page.button("Stop").is_disabled()
    assert kernel("shoes.folder.checkpoints.newest().step == shoes.steps_done")
    expect(page.button("Resume")).to_be_enabled()


def test_in_notebook_7_it_is_the_same_panel(opened, expect):
    page = opened(TRAIN, app="notebook")
    kernel = page.kernel
    page.wait("() => document.querySelector('img.gb-sheet')?.dataset.step > 0", timeout=LONG)
    first = shown_step(page)
    page.wait(f"() => document.querySelector('img.gb-sheet').dataset.step > {first}", timeout=LONG)
    page.button("Pause").click()
    kernel.until("shoes.state", "paused")
    step = kernel("shoes.steps_done")
    wait_for_step(page, f"latest · step {step:,}")
    slider = page.panel().get_by_role("slider")
    slider.press("Home")
    page.wait("() => document.querySelector('img.gb-sheet').dataset.step === '0'")
    slider.press("End")
    wait_for_step(page, "latest")
    page.button("Step").click()
    kernel.until("shoes.steps_done", step + 1)
    page.button("Save checkpoint").click()
    page.panel().locator(".gb-note").filter(has_text=f"Checkpoint saved at step {step + 1:,}.").wait_for()
    slider.press("Space")
    kernel.until("shoes.state", "training")
    page.button("Stop").click()
    kernel.until("shoes.state", "stopped")
    assert page.button("Stop").is_disabled()
    expect(page.button("Resume")).to_be_enabled()


def test_views_share_a_run_and_survive_a_reload(opened):
    page = opened([*TRAIN, "shoes"], own=True)
    page.wait("() => document.querySelectorAll('img.gb-sheet[data-step]').length === 3", timeout=LONG)
    page.button("Pause", 2).click()
    page.kernel.until("shoes.state", "paused")
    for which in range(3):
        page.button("Resume", which).wait_for()
    page.save()

    page.go()
    page.button("Resume", 0).wait_for(timeout=LONG)
    page.button("Resume", 0).click()
    page.kernel.until("shoes.state", "training")
    page.button("Stop", 1).click()
    page.kernel.until("shoes.state", "stopped")

    # a kernel that is restarted says so
    page.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    page.panel().locator(".gb-note").filter(has_text="The kernel does not answer").wait_for(timeout=LONG)


def test_two_runs_at_once_have_a_panel_each_and_a_folder_that_vanishes_is_said(opened, expect):
    second = f"%gan_train --data digits {MLP} --steps 10000000 --name digits"
    page = opened([*TRAIN[:2], second])
    waiting = page.panel(1).locator(".gb-note").filter(has_text="starts when shoes ends or is paused")
    waiting.wait_for(timeout=LONG)
    assert page.kernel("digits.state") == "queued"
    page.wait("() => document.querySelector('img.gb-sheet')?.dataset.step > 0", timeout=LONG)
    page.button("Stop", 0).click()
    page.kernel.until("shoes.state", "stopped")
    page.kernel.until("digits.state", "training")
    page.wait("() => document.querySelectorAll('img.gb-sheet')[1]?.dataset.step > 0", timeout=LONG)
    page.kernel("digits.folder.path.rename('gone') and None")
    page.panel(1).locator(".gb-note").filter(has_text="The folder of this run was deleted, renamed or moved").wait_for()
    assert page.button("Resume", 1).is_disabled()
    expect(page.button("Resume", 0)).to_be_enabled()
    page.kernel("type(digits.folder.path)('gone').rename(digits.folder.path) and None")
    expect(page.button("Resume", 1)).to_be_enabled(timeout=LONG)


def test_a_failure_is_said_with_what_helps(opened, expect):
    page = opened(["%load_ext ganbook", f"%gan_train --data digits {MLP} --steps 10000000 --name broken"])
    page.wait("() => document.querySelector('img.gb-sheet')?.dataset.step > 0", timeout=LONG)
    weight = "broken.gan.generator.trainable_weights[0]"
    page.kernel(f"broken._worker.ask(lambda: ({weight}.assign({weight} * float('nan')), None)[1])")
    note = page.panel().locator(".gb-note-failed")
    note.wait_for(timeout=LONG)
    assert page.kernel("broken.state") == "failed"
    expect(note).to_contain_text("try a lower --learning-rate")
    expect(page.button("Resume")).to_be_enabled()

    # begun anew with what is advised, below
    rate = page.kernel("broken.config.learning_rate")
    note.get_by_role("button", name=f"Restart with --learning-rate {rate / 4:g}").click()
    page.page.locator(".gb-below .gb-training").wait_for(timeout=LONG)
    runs = "[run for run in __import__('ganbook').active_runs()]"
    page.kernel.until(f"[run.state for run in {runs}]", ["training"])
    assert page.kernel(f"[(run.name, run.config.learning_rate) for run in {runs}]") == [("digits-mlp-1", rate / 4)]


def test_the_snapshot_below_is_for_pages_without_a_kernel(opened, expect):
    page = opened(["%load_ext ganbook", f"%gan_train --data digits {MLP} --steps 3 --name short"])
    page.kernel.until("short.state", "finished")
    still = page.page.locator("[class^=ganbook-still]")
    page.wait("() => document.querySelector('[class^=ganbook-still] img')")
    expect(page.panel()).to_be_visible()
    expect(still).to_be_hidden()
    page.save()

    page.open_with_a_new_kernel()
    still.locator("img").wait_for()
    expect(still).to_be_visible()
    message = page.page.get_by_text("Error displaying widget")
    expect(message).to_have_count(1)
    expect(message).to_be_hidden()
    saved = json.loads((page.server.work / page.path).read_text())
    assert "image/png" in saved["cells"][1]["outputs"][-1]["data"]


def test_a_panel_saved_with_the_notebook_shows_the_end_and_says_that_no_kernel_answers(opened, expect):
    cells = ["%load_ext ganbook", f"%gan_train --data digits {MLP} --steps 3 --name short"]
    page = opened(cells, settings=SAVING_WIDGETS)
    page.kernel.until("short.state", "finished")
    page.panel().locator(".gb-state").filter(has_text="finished").wait_for()
    page.save_with_widgets(lambda message: message.get("preview") == 3)
    page.open_with_a_new_kernel()
    page.panel().locator("img.gb-sheet").wait_for(timeout=LONG)
    assert shown_step(page) == 3
    expect(page.panel().locator("footer")).to_contain_text("3 of 3 steps")
    page.panel().locator(".gb-note").filter(has_text="The kernel does not answer").wait_for()
    expect(page.panel().locator(".gb-controls button:enabled")).to_have_count(0)


def test_markup_in_names_is_text_and_the_panel_fits_narrow_windows_and_both_themes(opened):
    page = opened(
        [
            "import numpy as np, PIL.Image, pathlib, ganbook as gb\n"
            "%load_ext ganbook\n"
            "folder = pathlib.Path('<img src=x onerror=window.hurt=1>'); folder.mkdir()\n"
            "for i in range(8): PIL.Image.fromarray(np.full((28, 28), 30 * i, 'uint8')).save(folder / f'{i}.png')\n"
            "run = gb.train(folder, network='mlp', hidden='64,64', jit='off', steps=2, batch_size=4, name='markup')",
            "run",
        ],
        dark=True,
    )
    page.kernel.until("run.state", "finished")
    panel = page.panel()
    panel.locator("img.gb-sheet").wait_for(timeout=LONG)
    panel.get_by_text("<img src=x onerror=window.hurt=1>").first.wait_for()
    page.wait("() => document.querySelector('[class^=ganbook-still] img')")
    assert not page.page.evaluate("() => window.hurt")

    ground = panel.evaluate("e => getComputedStyle(e).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)")
    assert all(c < 60 for c in ground)
    page.theme("Light")
    ground = panel.evaluate("e => getComputedStyle(e).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)")
    assert all(c > 200 for c in ground)
    side_by_side = panel.evaluate("e => getComputedStyle(e.querySelector('.gb-body')).gridTemplateColumns")
    assert len(side_by_side.split()) == 2
    assert panel.bounding_box()["width"] <= 962
    assert panel.bounding_box()["height"] < 740

    page.page.set_viewport_size({"width": 700, "height": 1000})
    page.page.locator(".gb-narrow").wait_for()
    stacked = panel.evaluate("e => getComputedStyle(e.querySelector('.gb-body')).gridTemplateColumns")
    assert len(stacked.split()) == 1
    assert panel.evaluate("e => e.scrollWidth <= e.clientWidth")
    assert panel.locator("footer").evaluate("e => e.scrollWidth <= e.clientWidth")
