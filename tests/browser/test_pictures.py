"""Makes the pictures that the README shows. Not a check, so it runs only when asked: GANBOOK_PICTURES=1."""

import os
from pathlib import Path

import pytest

IMAGES = Path(__file__).parents[2] / "notebooks" / "images"
SECONDS = 60


@pytest.mark.skipif("GANBOOK_PICTURES" not in os.environ, reason="pictures are made with GANBOOK_PICTURES=1")
def test_the_training_panel_is_photographed(opened):
    train = f"%gan_train --data fashion --seconds {SECONDS} --name shoes"
    page = opened(["%load_ext ganbook", train], width=1180)
    page.kernel.until("shoes.seconds > 0.8 * shoes.config.seconds", True, 6 * SECONDS)
    IMAGES.mkdir(exist_ok=True)
    page.panel().screenshot(path=IMAGES / "training-panel.png", animations="disabled")
    page.theme("Dark")
    page.page.wait_for_timeout(500)
    page.panel().screenshot(path=IMAGES / "training-panel-dark.png", animations="disabled")
    page.button("Stop").click()
    page.kernel.until("shoes.state", "stopped")


@pytest.mark.skipif("GANBOOK_PICTURES" not in os.environ, reason="pictures are made with GANBOOK_PICTURES=1")
def test_the_browsing_panel_is_photographed(opened):
    options = f"--data fashion --seconds {SECONDS} --checkpoint-every 6 --keep-checkpoints 20"
    train = f"%gan_train {options} --name shoes --wait"
    page = opened(["%load_ext ganbook", train, "%gan_browse shoes --seed 7"], width=1180)
    panel = page.page.locator(".gb-browsing")
    page.kernel.until("browser.ready('directions') and browser.reals.ready('pixels')", True)
    panel.locator(".gb-working").wait_for(state="hidden")
    page.kernel("browser.star(2, 13).combine(2).combine(13).pick(13).steer(1.2, -0.4) and None")
    panel.get_by_role("heading", name="Sample 13, steered").wait_for()
    panel.locator(".gb-near-row").wait_for()
    IMAGES.mkdir(exist_ok=True)
    panel.screenshot(path=IMAGES / "browsing-panel.png", animations="disabled")
    page.theme("Dark")
    page.page.wait_for_timeout(500)
    panel.screenshot(path=IMAGES / "browsing-panel-dark.png", animations="disabled")
