"""Where a new user's first five minutes go: each cell of a first notebook, timed in a new kernel with an empty cache.

    python -m benchmarks.first_five_minutes [--seconds 60] [--rounds 1]

Cells run in an IPython shell, without a page; what a page adds is in ``panel_speed`` and ``browse_latency``.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

CELLS = {
    "%load_ext ganbook": "%load_ext ganbook",
    "%gan_train, until the cell returns": "%gan_train --data fashion --seconds {seconds} --name shoes",
    "… until the first picture": "while not shoes.folder.previews(): time.sleep(0.01)",
    "… until the first step": "while not shoes.steps_done: time.sleep(0.01)",
    "… until {seconds} s of training are over": "shoes.wait();",
    "shoes.plot()": "shoes.plot();",
    "%gan_sample --count 10000": "images = get_ipython().run_line_magic('gan_sample', 'shoes --count 10000')",
    "%gan_evaluate": "report = get_ipython().run_line_magic('gan_evaluate', 'shoes')",
    "%gan_evaluate again": "report = get_ipython().run_line_magic('gan_evaluate', 'shoes')",
    "gb.browse, first gallery": "browser = gb.browse(shoes); browser.gallery(0, 60).images",
    "… nearest training images": "browser.nearest(0)",
    "%gan_augment": "panel = get_ipython().run_line_magic('gan_augment', '--data fashion')",
    "gb.inpaint, classical": "filled = gb.inpaint(shoes.data.test_images[0], 'center', method='telea')",
    "gb.inpaint, latent": "filled = gb.inpaint(shoes.data.test_images[0], 'center', method='latent', run=shoes)",
}
SHELL = """
import json, sys, time
from IPython.core.interactiveshell import InteractiveShell
import ipykernel.ipkernel
shell = InteractiveShell.instance()
shell.run_cell("import time, ganbook as gb")
shell.display_pub.publish = lambda *_, **__: None
for name, cell in json.loads(sys.argv[1]).items():
    began = time.perf_counter()
    shell.run_cell(cell).raise_error()
    print("timed", json.dumps([name, time.perf_counter() - began]), flush=True)
"""


def once(seconds: float) -> dict[str, float]:
    cells = {name.format(seconds=f"{seconds:g}"): cell.format(seconds=seconds) for name, cell in CELLS.items()}
    with tempfile.TemporaryDirectory() as place:
        own = {"GANBOOK_CACHE": f"{place}/cache", "GANBOOK_RUNS": f"{place}/runs", "IPYTHONDIR": place}
        done = subprocess.run(
            [sys.executable, "-c", SHELL, json.dumps(cells)],
            capture_output=True, text=True, env=os.environ | own,
        )  # fmt: skip
    if done.returncode:
        sys.exit(done.stdout[-2000:] + done.stderr[-2000:])
    return dict(json.loads(line[6:]) for line in done.stdout.splitlines() if line.startswith("timed "))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rounds", type=int, default=1)
    asked = parser.parse_args()
    rounds = [once(asked.seconds) for _ in range(asked.rounds)]
    for name in rounds[0]:
        print(f"| {name} | {statistics.median(each[name] for each in rounds):.2f} |")


if __name__ == "__main__":
    main()
