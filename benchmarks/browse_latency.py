"""How soon the browsing panel answers, from the press to the picture, in a real JupyterLab in Chromium.

    python benchmarks/browse_latency.py [--networks mlp dcgan] [--times 50] [--seconds 10]

Trains each network on `fashion` for some seconds, opens the panel, and makes each interaction so many times, one after
the other. Prints median and worst in milliseconds, as the page counts them: from the event until the browser is about
to show the decoded picture.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "browser"))

from conftest import CHROMIUM, FLAGS
from jupyter_server_of_its_own import Page, Server

TRAIN = """
%load_ext ganbook
import ganbook as gb
run = gb.train("fashion", network="{network}", seconds={seconds}, checkpoint_every={seconds} / 8, keep_checkpoints=9)
run.wait()
"""
# What is done the i-th time; `card` is the panel.
INTERACTIONS = {
    "seed": "set('Seed', 100 + i, 'change')",
    "pick a sample": "card.querySelectorAll('.gb-gallery .gb-thumb')[i % 50].click()",
    "steer": "set('direction 1', -3 + 0.1 * i, 'input')",
    "truncation": "set('truncation', 0.2 + 0.05 * (i % 20), 'input')",
    "checkpoint": "set('Checkpoint', i % 8, 'input')",
    "weights": "set('Weights', ['raw', 'ema'][i % 2], 'change')",
    "favourite": "button('Favourite', 'Remove favourite').click()",
    "add to slots: walk, mix": "button('Add sample').click()",
    "undo": "button('Undo').click()",
    "scroll on": "card.querySelector('.gb-gallery').scrollTo(0, 1e7)",
    "sort by score, new seed": "i || set('Sort', 'score', 'change'); set('Seed', 300 + i, 'change')",
    "sort by distance, new seed": "i || set('Sort', 'nearest', 'change'); set('Seed', 500 + i, 'change')",
    "map, new seed": "i || button('Map').click(); set('Seed', 700 + i, 'change')",
}
DRIVE = """
async ([action, times]) => {
  const card = document.querySelector(".gb-browsing");
  const set = (label, value, event) => {
    const control = card.querySelector(`[aria-label="${label}"]`);
    control.value = value;
    control.dispatchEvent(new Event(event));
  };
  const button = (...names) => [...card.querySelectorAll("button")].find((b) => names.includes(b.textContent));
  const rest = (ms) => new Promise((done) => setTimeout(done, ms));
  const act = new Function("i", "card", "set", "button", action);
  const took = [];
  for (let i = 0; i < times; i++) {
    const before = card.dataset.answered;
    act(i, card, set, button);
    const since = performance.now();
    while (card.dataset.answered === before) {
      if (performance.now() - since > 5000) throw new Error(`no answer to ${action}, ${i}`);
      await rest(2);
    }
    let [worst, last] = [Number(card.dataset.took), card.dataset.answered];
    for (let quiet = 0; quiet < 3; quiet++) { // further answers belong to it: the map follows the gallery
      await rest(20);
      if (card.dataset.answered === last) continue;
      [last, quiet] = [card.dataset.answered, 0];
      worst = Math.max(worst, Number(card.dataset.took));
    }
    took.push(worst);
  }
  return took;
}
"""


def measure(page: Page, times: int) -> Iterator[tuple[str, list[float]]]:
    card = page.page.locator(".gb-browsing")
    card.locator(".gb-thumb[data-number='0']").wait_for(timeout=120_000)
    page.kernel.until("browser.ready('directions') and browser.reals.ready('pixels')", True, 120)
    card.locator(".gb-working").wait_for(state="hidden", timeout=60_000)
    page.page.evaluate(DRIVE, [INTERACTIONS["pick a sample"], 3])
    for name, action in INTERACTIONS.items():
        yield name, page.page.evaluate(DRIVE, [action, times])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--networks", nargs="+", default=["mlp", "dcgan"])
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=10)
    asked = parser.parse_args()
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright, Server(Path(place)) as server:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for network in asked.networks:
            train = TRAIN.format(network=network, seconds=asked.seconds)
            page = Page(browser, server, [train, "browser = gb.browse(run)\nbrowser"])
            print(f"{network}: median and worst of {asked.times}, ms", flush=True)
            for name, took in measure(page, asked.times):
                print(f"  {name:28} {statistics.median(took):6.0f} {max(took):6.0f}", flush=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
