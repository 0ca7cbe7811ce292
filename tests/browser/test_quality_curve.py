import re

LONG = 300_000  # ms: a cold kernel loads TensorFlow, and a small network learns to compare images


def test_the_distance_to_real_images_is_drawn_while_training(opened, expect):
    few = (
        "import ganbook as gb\ndigits = gb.data.load('digits', 12)\n"
        "few = gb.data.load("
        "((digits.images[:1000], digits.labels[:1000]), (digits.test_images[:1000], digits.test_labels[:1000])))"
    )
    options = "--data few --network mlp --steps 1000000 --evaluate-every 1 --name near"
    page = opened(["%load_ext ganbook", few, f"%gan_train {options}"])
    page.panel().get_by_role("img", name="Fréchet distance to real images").wait_for(timeout=LONG)
    page.kernel.until("bool(near.history['frechet'].count() > 2)", True, 120)
    page.button("Pause").click()
    page.kernel.until("near.state", "paused")
    chart = page.panel().locator(".gb-chart").nth(2)
    expect(chart).to_contain_text("EMA generator")
    assert "L" in chart.locator("path.gb-line").get_attribute("d"), "the line goes on over reports without it"
    expect(chart.get_by_role("img")).not_to_have_attribute("aria-label", re.compile("EMA generator –"))
    page.button("Stop").click()
    page.kernel.until("near.state", "stopped")
