"""The dashboard of runs, used as one would."""

from jupyter_server_of_its_own import look

LONG = 300_000
CELLS = [
    "%load_ext ganbook\n"
    "import ganbook as gb\n"
    "for name, end in (('calm', {'steps': 300}), ('wild', {'seconds': 2})):\n"
    "    gb.train('digits', network='mlp', hidden='64', jit='off', name=name, runs_dir='shelf', overwrite=True,"
    " **end).wait()",
    "table = %gan_runs --runs-dir shelf",
]


def test_runs_are_compared_annotated_renamed_deleted_and_brought_back(opened, expect):
    page = opened(CELLS)
    kernel, panel = page.kernel, page.page.locator(".gb-runs")
    rows = panel.locator("tbody tr")
    expect(rows).to_have_count(2)
    assert kernel("list(table['name'])") == ["wild", "calm"]
    expect(rows.first).to_contain_text(" · 2 of 2 s")
    expect(rows.last).to_contain_text("300 of 300")

    steps = kernel("dict(zip(table['name'], map(int, table['step'])))")
    panel.get_by_title("Sort by step").click()
    expect(rows.first).to_contain_text("calm" if steps["calm"] < steps["wild"] else "wild")
    panel.get_by_title("Sort by step").click()
    expect(rows.first).to_contain_text("wild" if steps["calm"] < steps["wild"] else "calm")
    panel.get_by_title("Sort by step").click()

    for name in ("calm", "wild"):
        panel.get_by_label(f"Draw the curves of {name}").check()
    expect(panel.locator(".gb-overlay .gb-key")).to_have_count(2)
    panel.get_by_label("Curve", exact=True).select_option("d_loss")
    expect(panel.locator(".gb-overlay h4")).to_have_text("Discriminator loss")
    look(panel, "runs")

    note = panel.get_by_label("Note on calm")
    note.fill("the usual")
    note.press("Enter")
    kernel.until("__import__('pathlib').Path('shelf/calm/note.txt').exists()", True)
    assert kernel("open('shelf/calm/note.txt').read()") == "the usual\n"
    panel.locator("input[value='the usual']").wait_for()  # the table has been drawn anew

    panel.get_by_role("button", name="Rename").last.click()
    name = panel.get_by_label("New name of calm")
    name.fill("quiet")
    name.press("Enter")
    panel.get_by_role("button", name="quiet", exact=True).wait_for()
    assert kernel("sorted(gb.runs('shelf')['name'])") == ["quiet", "wild"]

    panel.get_by_label("Filter").fill("usual")
    expect(rows).to_have_count(1)
    panel.get_by_role("button", name="Delete").click()
    expect(panel.locator(".gb-note").first).to_contain_text("quiet is deleted")
    assert kernel("list(gb.runs('shelf')['name'])") == ["wild"]
    panel.get_by_role("button", name="Undo").click()
    panel.get_by_role("button", name="quiet", exact=True).wait_for()
    assert kernel("sorted(gb.runs('shelf')['name'])") == ["quiet", "wild"]

    panel.get_by_label("Filter").fill("")
    panel.get_by_role("button", name="quiet", exact=True).click()
    panel.locator(".gb-training img.gb-sheet").wait_for(timeout=LONG)
    look(panel, "runs-opened")
    page.theme("Dark")
    page.page.set_viewport_size({"width": 1000, "height": 1400})
    look(panel, "runs-dark")
    page.theme("Light")
    assert panel.evaluate("e => e.scrollWidth <= e.clientWidth")
