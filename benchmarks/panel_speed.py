"""What the panel costs and how soon it answers, in a real JupyterLab in Chromium.

    python benchmarks/panel_speed.py [--seconds 15] [--rounds 4] [--data fashion] [--network mlp]

Prints, in parts, the time from pressing Run in a cold kernel to the first picture; steps per second with the panel
open, with its page closed, and of the same training in a plain Python process, in turns, one at a time; the messages
that an open page receives and sends a second, with their bytes; and the time from pressing Stop to stopped.
"""

from __future__ import annotations

import argparse
import base64
import functools
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "browser"))

from conftest import CHROMIUM, FLAGS
from jupyter_server_of_its_own import Page, Server

CORE = """
import sys, tempfile, time
import ganbook as gb
run = gb.train(runs_dir=tempfile.mkdtemp(), **{options})
while run.steps_done < 50: time.sleep(0.05)
run.pause()
print("ready", flush=True)
for line in sys.stdin:
    run.resume()
    while run.state != "training": time.sleep(0.01)
    start, began = run.steps_done, time.perf_counter()
    time.sleep(float(line))
    print((run.steps_done - start) / (time.perf_counter() - began), flush=True)
    run.pause()
    while run.state != "paused": time.sleep(0.01)
"""


def cold_start(page: Page) -> None:
    """Run all cells of a fresh kernel; print when what was there."""
    began = time.perf_counter()
    page.page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells') }")
    since = {}
    page.page.wait_for_selector(".gb-training")
    since["panel shown"] = time.perf_counter() - began
    page.kernel.until("'tensorflow.python' in __import__('sys').modules", True, 60)
    since["TensorFlow begins to load"] = time.perf_counter() - began
    page.kernel.until("r._worker.trainer is not None", True, 60)
    since["networks built and traced"] = time.perf_counter() - began
    page.page.wait_for_selector("img.gb-sheet[data-step]", timeout=60_000)
    since["first picture"] = time.perf_counter() - began
    page.page.wait_for_function("() => document.querySelector('img.gb-sheet').dataset.step > 0", timeout=60_000)
    since["first picture of trained weights"] = time.perf_counter() - began
    print(
        "cold kernel, seconds since Run: " + ", ".join(f"{what} {when:.1f}" for what, when in since.items()), flush=True
    )


def rate(page: Page, seconds: float) -> float:
    """Steps per second in the notebook's kernel."""
    page.kernel("r.resume()")
    page.kernel.until("r.state", "training")
    start, began = page.kernel("(r.steps_done, __import__('time').perf_counter())")
    page.page.wait_for_timeout(1000 * seconds)
    end, ended = page.kernel("(r.steps_done, __import__('time').perf_counter())")
    page.kernel("r.pause()")
    page.kernel.until("r.state", "paused")
    return (end - start) / (ended - began)


class Traffic:
    """What a page and its kernel say to each other, through the WebSocket between them."""

    def __init__(self, page: Page) -> None:
        self._tools = page.page.context.new_cdp_session(page.page)
        self._tools.send("Network.enable")
        self.counts = {"received": [0, 0], "sent": [0, 0]}
        for way in self.counts:
            self._tools.on(f"Network.webSocketFrame{way.title()}", functools.partial(self._count, way))

    def _count(self, way: str, event: dict) -> None:
        frame = event["response"]
        binary = frame["opcode"] == 2
        size = len(base64.b64decode(frame["payloadData"])) if binary else len(frame["payloadData"].encode())
        self.counts[way] = [total + more for total, more in zip(self.counts[way], (1, size), strict=True)]

    def close(self, seconds: float) -> str:
        """Stop counting; return messages and kilobytes a second."""
        self._tools.detach()
        return ", ".join(
            f"{way} {count / seconds:.1f} messages and {size / seconds / 1000:.1f} kB a second"
            for way, (count, size) in self.counts.items()
        )


def cost(page: Page, options: dict[str, object], seconds: float, rounds: int) -> None:
    """Compare the panel open, closed, and no notebook at all."""
    page.kernel("r.pause()")
    page.kernel.until("r.state", "paused")
    script = CORE.format(options=options)
    core = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    core.stdout.readline()
    rates = {"open": [], "closed": [], "core": []}
    traffic = []
    for _ in range(rounds):
        page.go()
        page.page.wait_for_selector("img.gb-sheet[data-step]", timeout=60_000)
        page.page.wait_for_timeout(2000)
        counted = Traffic(page)
        rates["open"].append(rate(page, seconds))
        traffic.append(counted.close(seconds))
        page.page.goto("about:blank")
        rates["closed"].append(rate(page, seconds))
        print(seconds, file=core.stdin, flush=True)
        rates["core"].append(float(core.stdout.readline()))
    core.kill()
    print(*traffic, sep="\n")
    for what, each in rates.items():
        print(f"{what:7} {statistics.median(each):6.1f} steps/s ({', '.join(f'{r:.1f}' for r in each)})")
    for what in ("open", "closed"):
        ratios = [a / b for a, b in zip(rates[what], rates["core"], strict=True)]
        print(f"{what} / core: {statistics.median(ratios):.3f} ({', '.join(f'{r:.3f}' for r in ratios)})", flush=True)


SAID = "r.observe(lambda event, value: said.update({value: time.time()}) if event == 'state' else None) and None"
CLICKED = "document.addEventListener('click', () => { globalThis.clickedAt = Date.now() / 1000 }, true)"


def stopping(page: Page, times: int = 8) -> None:
    """Press Stop while it trains; print how long it takes from the click to the run's word that it has stopped."""
    page.go()
    page.kernel("globals().update(said={}, time=__import__('time'))")
    page.kernel(SAID)
    page.page.evaluate(CLICKED)
    took = []
    for _ in range(times):
        page.kernel("r.resume()")
        page.kernel.until("r.state", "training")
        page.page.wait_for_timeout(2000)
        page.button("Stop").click()
        page.kernel.until("r.state", "stopped")
        took.append(page.kernel("said['stopped']") - page.page.evaluate("globalThis.clickedAt"))
    print(f"Stop to stopped: {', '.join(f'{t:.2f}' for t in took)} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--data", default="fashion")
    parser.add_argument("--network", default="mlp")
    asked = parser.parse_args()
    options = {"data": asked.data, "network": asked.network, "steps": 10**8}
    from playwright.sync_api import sync_playwright

    line = " ".join(f"--{name} {value}" for name, value in options.items())
    cells = ["%load_ext ganbook", f"%gan_train {line} --name r"]
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright, Server(Path(place)) as server:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = Page(browser, server, cells, run=False)
        cold_start(page)
        page.save()  # so that a page opened later finds its panel again
        if asked.rounds:
            cost(page, options, asked.seconds, asked.rounds)
        stopping(page)
        browser.close()


if __name__ == "__main__":
    main()
