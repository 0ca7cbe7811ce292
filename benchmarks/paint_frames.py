"""Frames per second while painting on the inpainting panel, in a real JupyterLab in Chromium.

    python benchmarks/paint_frames.py [--side 512] [--size 40] [--seconds 5]

The mouse draws circles as fast as the page takes its moves, and the page counts its animation frames. Prints frames
per second, how far apart they are, and the share that came later than 1/60 s and a tenth of that; the same first for
the page at rest.
"""

from __future__ import annotations

import argparse
import itertools
import math
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "browser"))

from conftest import CHROMIUM, FLAGS
from jupyter_server_of_its_own import Page, Server

COUNT = """(milliseconds) => new Promise((done) => {
  const frames = [];
  const began = performance.now();
  const next = (now) => {
    frames.push(now);
    if (now - began < milliseconds) requestAnimationFrame(next);
    else done(frames);
  };
  requestAnimationFrame(next);
})"""
WATCH = """() => {
  globalThis.moves = 0;
  const count = (event) => { moves += event.getCoalescedEvents().length || 1 };
  document.querySelector('.gb-view').addEventListener('pointermove', count);
}"""


def counted(page: Page, seconds: float, busy: bool) -> list[float]:
    """Milliseconds between frames, while the mouse paints or rests."""
    page.page.evaluate(f"globalThis.frames = ({COUNT})({1000 * seconds})")
    box = page.page.locator(".gb-view").bounding_box()
    began, turn = time.monotonic(), 0
    while time.monotonic() - began < seconds:
        if not busy:
            page.page.wait_for_timeout(100)
            continue
        angle, reach = turn / 7, 0.1 + 0.3 * (turn % 97) / 97
        page.page.mouse.move(
            box["x"] + box["width"] * (0.5 + reach * math.cos(angle)),
            box["y"] + box["height"] * (0.5 + reach * math.sin(angle)),
        )
        turn += 1
    frames = page.page.evaluate("frames")
    return [after - before for before, after in itertools.pairwise(frames)]


def report(what: str, gaps: list[float]) -> None:
    """Print what the gaps between frames say."""
    late = sum(gap > 1.1 * 1000 / 60 for gap in gaps) / len(gaps)
    print(
        f"{what:9} {1000 / statistics.mean(gaps):5.1f} frames/s, median gap {statistics.median(gaps):.1f} ms, "
        f"99 % below {sorted(gaps)[int(0.99 * len(gaps))]:.1f} ms, slowest {max(gaps):.1f} ms, late {late:.1%}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--side", type=int, default=512)
    parser.add_argument("--size", type=int, default=40, help="of the brush, in pixels")
    parser.add_argument("--seconds", type=float, default=5)
    asked = parser.parse_args()
    from playwright.sync_api import sync_playwright

    cells = [
        "%load_ext ganbook\nimport numpy as np",
        f"noise = np.random.default_rng(0).integers(0, 256, ({asked.side}, {asked.side}, 3), np.uint8)\n"
        "panel = %gan_inpaint noise",
    ]
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright, Server(Path(place)) as server:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = Page(browser, server, cells)
        view = page.page.locator(".gb-view")
        view.wait_for(timeout=90_000)
        page.page.get_by_role("slider", name="Brush size").fill(str(asked.size))
        view.scroll_into_view_if_needed()
        page.page.evaluate(WATCH)
        report("at rest", counted(page, asked.seconds, busy=False))
        view.hover()
        page.page.mouse.down()
        report("painting", counted(page, asked.seconds, busy=True))
        page.page.mouse.up()
        moves = page.page.evaluate("moves")
        painted = page.kernel("int(panel.mask.sum())")
        print(f"{moves / asked.seconds:.0f} moves of the mouse a second; {painted:,} pixels of the mask in the kernel")
        page.close()
        browser.close()


if __name__ == "__main__":
    main()
