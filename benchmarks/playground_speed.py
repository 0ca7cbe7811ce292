"""What watching costs: steps and frames a second of the playground, in a real JupyterLab in Chromium.

    python -m benchmarks.playground_speed [--seconds 8] [--turns 3] [--data ring]

By turns in one kernel: the panel open in a page that draws it, its page closed, and the panel closed, so that nobody
takes frames. Frames are counted when the page says that it has drawn them. Prints a Markdown table of medians, with the
cores that the kernel, the browser and Jupyter's server were busy on.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "browser"))

import psutil
from conftest import CHROMIUM, FLAGS
from jupyter_server_of_its_own import Page, Server

from benchmarks.machine import processor

PANEL = "__import__('ganbook.notebook.panels.playground.panel', fromlist=['x']).PlaygroundPanel.of(playground)"
NOW = f"(playground.run.steps_done, {PANEL}._drawn, __import__('time').perf_counter())"
CLOSED = "(playground.run.steps_done, 0, __import__('time').perf_counter())"
ARMS = ("open in a page", "its page closed", "no panel")


WHO = ("kernel", "browser", "server")


def processor_seconds() -> list[float]:
    """Return what each of :data:`WHO` has taken so far."""
    taken = dict.fromkeys(WHO, 0.0)
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            words = " ".join(process.cmdline())
            who = "kernel" if "ipykernel" in words else "browser" if "chrom" in words else "server"
            taken[who] += sum(process.cpu_times()[:2])
    return list(taken.values())


def rate(page: Page, seconds: float, now: str) -> list[float]:
    """Train in the notebook's kernel; return steps and frames drawn per second, and the cores that were busy."""
    page.kernel("playground.begin_steps(10**9)")
    page.kernel.until("playground.state", "training")
    time.sleep(1.0)
    before = [*page.kernel(now), *processor_seconds()]
    time.sleep(seconds)
    after = [*page.kernel(now), *processor_seconds()]
    page.kernel("playground.pause()")
    page.kernel.until("playground.state", "paused")
    steps, drawn, took, *busy = (last - first for first, last in zip(before, after, strict=True))
    return [value / took for value in (steps, drawn, *busy)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--data", default="ring")
    args = parser.parse_args()
    from playwright.sync_api import sync_playwright

    rates: dict[str, list[list[float]]] = {arm: [] for arm in ARMS}
    cells = ["%load_ext ganbook", f"%gan_playground {args.data}"]
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright, Server(Path(place)) as server:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = Page(browser, server, cells)
        for turn in range(args.turns):
            if turn:
                page.go()
                page.run_all(len(cells))
            page.wait("() => document.querySelector('.gb-playground')?.dataset.state === 'paused'")
            page.kernel("playground.train(steps=20) and None")  # traced before it is timed
            rates[ARMS[0]].append(rate(page, args.seconds, NOW))
            page.page.goto("about:blank")
            rates[ARMS[1]].append(rate(page, args.seconds, NOW))
            page.kernel(f"{PANEL}.close()")
            rates[ARMS[2]].append(rate(page, args.seconds, CLOSED))
        browser.close()
    print(f"{processor()}; {args.turns} turns of {args.seconds:g} s, medians\n")
    print(f"| | steps/s | frames/s | cores: {', '.join(WHO)} |\n|---|---|---|---|")
    for arm, each in rates.items():
        steps, frames, *busy = (median(column) for column in zip(*each, strict=True))
        print(f"| {arm} | {steps:.0f} | {frames:.0f} | {', '.join(f'{cores:.2f}' for cores in busy)} |")


if __name__ == "__main__":
    main()
