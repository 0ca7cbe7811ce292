from jupyter_server_of_its_own import look

CELLS = [
    """\
%load_ext ganbook
from pathlib import Path
from ganbook.config.sweep import SweepConfig
from ganbook.studies.sweep_plan import begin, planned
from ganbook.studies.sweep_study import Sweep
# three trials are there, as another process left them; the rest is done here
fixed = {"network": "mlp", "hidden": "8", "batch_size": 8, "jit": "off", "seconds": 400, "image_size": 8}
folder = Path("mine")
plan, data = planned("digits", ["r1=0.1:10:log", "loss=hinge,relativistic"], SweepConfig(), fixed)
begin(folder, plan, data)
earlier = Sweep(folder, plan, SweepConfig(), data)
for value in (31.5, 12.25, 17.0):
    job = earlier._trials.next(5, lambda params: "")
    earlier._trials.finish(job, value)
    job.release()
options = "--data digits " + " ".join(f"--{name.replace('_', '-')} {value}" for name, value in fixed.items())""",
    "sweep = %gan_sweep $options --try r1=0.1:10:log --try loss=hinge,relativistic --trials 5 --folder $folder",
]
LONG = 300_000


def test_a_sweep_is_watched_stopped_and_continued(opened, expect):
    page = opened(CELLS)
    panel = page.page.locator(".gb-sweep")
    rows = panel.locator("table").first.locator("tbody tr")
    expect(panel.locator(".gb-options")).to_contain_text("running · 3 of", timeout=LONG)
    expect(rows.first).to_contain_text("12.25")
    expect(rows.first).to_have_class("gb-state-finished gb-best")
    expect(rows.locator("td:nth-child(2)")).to_have_text(["finished"] * 3 + ["training"])
    expect(panel.locator(".gb-verdict p").first).to_contain_text("Best so far: trial-001, Fréchet distance 12.25")
    assert panel.locator("img").evaluate("async e => (await e.decode(), e.naturalWidth)") > 500
    look(panel, "sweep")

    panel.get_by_role("button", name="Stop").click()
    expect(panel.locator(".gb-options")).to_contain_text("stopped", timeout=LONG)
    expect(rows.locator("td:nth-child(2)").last).not_to_have_text("training")
    assert page.kernel("sweep.state") == "stopped"
    assert page.kernel("sweep.best_name") == "trial-001"
    panel.get_by_role("button", name="Continue").click()
    expect(panel.locator(".gb-options")).to_contain_text("running")
    panel.get_by_role("button", name="Stop").click()
    page.kernel.until("sweep.state", "stopped")

    page.page.set_viewport_size({"width": 640, "height": 1000})
    assert panel.evaluate("e => e.scrollWidth <= e.clientWidth")
    page.theme("Dark")
    look(panel, "sweep-dark")
