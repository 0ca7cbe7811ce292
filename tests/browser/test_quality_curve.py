LONG = 120_000  # ms: a cold kernel loads TensorFlow, and a small network learns to compare images


def test_the_distance_to_real_images_is_drawn_while_training(opened):
    options = "--data digits --network article --image-size 12 --steps 1000000 --evaluate-every 1 --name near"
    page = opened(["%load_ext ganbook", f"%gan_train {options}"])
    page.panel().get_by_role("img", name="Distance to real images").wait_for(timeout=LONG)
    page.kernel.until("bool(near.history['frechet'].count() > 2)", True, 120)
    page.button("Pause").click()
    page.kernel.until("near.state", "paused")
    chart = page.panel().locator(".gb-chart").nth(2)
    assert "Fréchet, averaged G" in chart.inner_text()
    assert "L" in chart.locator("path.gb-line").get_attribute("d"), "the line goes on over reports without it"
    assert "averaged G –" not in chart.get_by_role("img").get_attribute("aria-label")
    page.button("Stop").click()
    page.kernel.until("near.state", "stopped")
