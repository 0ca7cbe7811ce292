"""Text in JupyterLab: lines change while a GAN learns them; they are browsed, walked between and made favourites."""

from jupyter_server_of_its_own import look

CELLS = [
    "%load_ext ganbook",
    "%gan_train --data sums --hidden 64,64 --jit off --steps 10000000 --name adder",
    "adder",
    "import time\nwhile not adder.steps_done: time.sleep(0.1)\nbrowser = %gan_browse adder",
]
LONG = 300_000  # ms


def test_lines_are_trained_browsed_walked_and_made_favourites(opened, expect, tmp_path):
    page = opened(CELLS, width=1060)
    kernel, panel = page.kernel, page.panel()
    page.wait("() => document.querySelector('.gb-training .gb-lines')?.dataset.step > 0", timeout=LONG)
    lines = panel.locator(".gb-lines bdi")
    assert lines.count() == 48
    before, first = lines.all_text_contents(), panel.locator(".gb-lines").get_attribute("data-step")
    page.wait(f"() => document.querySelector('.gb-training .gb-lines').dataset.step > {first}", timeout=LONG)
    assert lines.all_text_contents() != before
    expect(panel.locator(".gb-lines-key")).to_contain_text("✗ wrong")
    panel.get_by_text("Distance of 3-grams to held-out lines").wait_for(timeout=LONG)
    page.button("Stop").click()
    kernel.until("adder.state", "stopped")
    look(panel, "text-training")

    card = page.page.locator(".gb-browsing-lines")
    button = lambda name: card.get_by_role("button", name=name, exact=True)  # noqa: E731
    written = card.locator(".gb-all-lines button bdi")
    kernel.until("browser.look(seed=3).look_at.seed", 3)
    shown = kernel("browser.lines(0, 60)")
    expect(written).to_have_text(shown, timeout=LONG)
    button("More lines").click()
    expect(written).to_have_count(120)

    choose = lambda number: written.nth(number).click()  # noqa: E731
    choose(3)
    expect(card.locator(".gb-near li")).to_have_count(6)
    button("Favourite").click()
    expect(card.locator(".gb-favourite-lines")).to_have_text(f"★ {shown[3]}")
    assert kernel("list(browser.favourites)") == [shown[3]]
    assert page.page.evaluate("document.activeElement.textContent") == "Remove favourite", (
        "the focus stays where it was"
    )

    button("Walk from here").click()
    choose(7)
    button("Walk to here").click()
    walk = card.locator(".gb-side .gb-lines bdi")
    expect(walk).to_have_text(kernel("browser.walk(3, 7, 12)"))
    look(card, "text-lines")

    with page.page.expect_download() as got:
        button("Download").click()
    got.value.save_as(file := tmp_path / "lines.txt")
    assert file.read_text("utf-8").split("\n")[:-1] == [shown[3]]

    button("New seed").click()
    expect(written).to_have_text(kernel("browser.look(seed=4).lines(0, 60)"))
