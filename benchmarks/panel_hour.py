"""Memory of the kernel and of the page while a training runs with its panel open.

    python benchmarks/panel_hour.py [--minutes 60] [--every 5]

A real JupyterLab in Chromium, started as the browser tests start it. Prints the kernel's resident memory, the page's
JavaScript heap after a collection, its DOM nodes and the resident memory of its renderer process.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "browser"))

from conftest import CHROMIUM, FLAGS
from jupyter_server_of_its_own import Page, Server


def resident(pid: int) -> float:
    """Resident memory of a process in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


def renderer() -> float:
    """Resident memory of the largest renderer process of Chromium, in MiB."""
    largest = 0.0
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and b"--type=renderer" in (process / "cmdline").read_bytes():
                largest = max(largest, resident(int(process.name)))
        except (OSError, StopIteration):
            continue
    return largest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--every", type=float, default=5)
    asked = parser.parse_args()
    from playwright.sync_api import sync_playwright

    cells = [
        "%load_ext ganbook",
        f"%gan_train --data fashion --network mlp --seconds {asked.minutes * 60 + 600} --name hour",
    ]
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright, Server(Path(place)) as server:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = Page(browser, server, cells)
        page.kernel.until("hour.state", "training", 120)
        pid = page.kernel("__import__('os').getpid()")
        devtools = page.context.new_cdp_session(page.page)
        began = time.monotonic()
        print("minutes  step  reports  kernel MiB  JS heap MiB  DOM nodes  renderer MiB", flush=True)
        for mark in range(1, int(asked.minutes / asked.every) + 1):
            while time.monotonic() - began < mark * asked.every * 60:
                page.page.wait_for_timeout(1000)
            devtools.send("HeapProfiler.collectGarbage")
            heap = devtools.send("Runtime.getHeapUsage")["usedSize"] / 2**20
            nodes = devtools.send("Memory.getDOMCounters")["nodes"]
            step, reports = page.kernel("(hour.steps_done, len(hour.history))")
            print(
                f"{(time.monotonic() - began) / 60:7.1f} {step:6,} {reports:7,} {resident(pid):10.0f} {heap:11.1f} "
                f"{nodes:9,} {renderer():12.0f}",
                flush=True,
            )
        page.button("Stop").click()
        page.kernel.until("hour.state", "stopped")
        page.close()
        browser.close()


if __name__ == "__main__":
    main()
