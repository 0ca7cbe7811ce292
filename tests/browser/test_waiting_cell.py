"""A cell that waits for its run: the panel's buttons work while the kernel is busy with it."""

MLP = "--network mlp --hidden 64,64 --jit off"
WAITS = f"%gan_train --data fashion {MLP} --steps 10000000 --name waited --wait"
WRITE = "(code) => { jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel.setSource(code); }"
RUN = "() => { jupyterapp.commands.execute('notebook:run-cell'); }"
COUNT = "jupyterapp.shell.currentWidget.content.activeCell.model.executionCount"


def begin(page, code):
    """Write code into a new last cell and begin it, without waiting for its end."""
    page.page.evaluate("() => jupyterapp.commands.execute('notebook:insert-cell-below')")
    page.page.evaluate(WRITE, code)
    page.page.evaluate(RUN)


def test_pause_step_and_stop_work_under_wait_and_the_cell_again_says_what_to_do(opened, expect):
    page = opened(["%load_ext ganbook"])
    begin(page, WAITS)
    panel, state = page.panel(), page.panel().locator(".gb-state")
    page.wait("() => document.querySelector('img.gb-sheet')?.dataset.step > 0")

    page.button("Pause").click()
    expect(state).to_have_text("paused")
    expect(page.button("Resume")).to_be_enabled()
    shown = int(panel.locator("img.gb-sheet").get_attribute("data-step"))
    page.button("Step").click()
    page.wait(f"() => document.querySelector('img.gb-sheet').dataset.step > {shown}")
    expect(state).to_have_text("paused")
    assert page.page.evaluate(f"() => {COUNT}") is None  # the cell waits still
    page.button("Resume").click()
    expect(state).to_have_text("training")
    page.button("Stop").click()
    expect(state).to_have_text("stopped")
    page.wait(f"() => {COUNT} !== null")
    assert page.kernel("waited.state") == "stopped"
    steps = page.kernel("waited.steps_done")

    # the same cell again: nothing is lost, and the line says how to go on
    page.page.evaluate(RUN)
    output = page.page.locator(".jp-OutputArea-output").filter(has_text="waited")
    expect(output.last).to_contain_text("--resume")
    assert page.kernel("waited.steps_done") == steps
    assert page.kernel("waited.state") == "stopped"
