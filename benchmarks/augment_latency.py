"""How soon the augmentation panel shows a change, from the slider to the decoded picture, in JupyterLab in Chromium.

    python benchmarks/augment_latency.py [--sides 28 256] [--policy standard] [--times 50]

Drags the strength of the policy's last operation so many times, one after the other; median and worst in milliseconds.
Pictures are those of `fashion`, enlarged to colour pictures of the side asked for.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "browser"))

from conftest import CHROMIUM, FLAGS
from jupyter_server_of_its_own import Page, Server

DRIVE = """
async (times) => {
  const card = document.querySelector(".gb-augmentation"), picture = card.querySelector("img");
  const slider = [...card.querySelectorAll("input[type=range][aria-label^='strength of']")].at(-1);
  const took = [];
  for (let i = 0; i < times; i++) {
    const before = picture.src, since = performance.now();
    slider.value = 0.2 + 0.6 * ((i * 7) % 10) / 10;
    slider.dispatchEvent(new Event("input"));
    while (picture.src === before) {
      if (performance.now() - since > 5000) throw new Error(`no answer to change ${i}`);
      await new Promise(requestAnimationFrame);
    }
    await picture.decode();
    took.push(performance.now() - since);
    await new Promise((done) => setTimeout(done, 100));
  }
  return took;
}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sides", type=int, nargs="+", default=[28, 256])
    parser.add_argument("--policy", default="standard")
    parser.add_argument("--times", type=int, default=50)
    asked = parser.parse_args()
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright, Server(Path(place)) as server:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for side in asked.sides:
            load = f"pictures = gb.data.load(gb.data.load('fashion').images[:500], image_size={side}, channels=3)"
            magic = f"panel = %gan_augment --data pictures --policy {asked.policy}"
            page = Page(browser, server, [f"%load_ext ganbook\nimport ganbook as gb\n{load}", magic])
            page.page.wait_for_function(
                "() => document.querySelector('.gb-augmentation')?.dataset.shown", timeout=120_000
            )
            took = page.page.evaluate(DRIVE, asked.times)
            print(f"{side}×{side}, {asked.policy}: median {statistics.median(took):.0f} ms, worst {max(took):.0f} ms")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
