"""Peak memory: 60,000 pictures of 28×28, and a folder whose decoded size is above a memory limit.

    python benchmarks/memory.py [--pictures 20000] [--side 256] [--limit-gb 3]

The folder is generated from the bundled emoji: each picture a different tile of them. The limit is RLIMIT_DATA: all
private memory of the process, mapped files left out.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

TRAIN = """
import resource, sys, time
limit = float(sys.argv[1])
if limit:
    resource.setrlimit(resource.RLIMIT_DATA, (int(limit * 2**30),) * 2)
import ganbook as gb
import numpy as np
source, network, batch, steps, place = sys.argv[2:7]
data = source if source != "array" else np.random.default_rng(0).integers(0, 256, (60_000, 28, 28, 1), dtype=np.uint8)
began = time.time()
data = gb.data.load(data)
print(f"  loaded {data!r} in {time.time() - began:.0f} s, decoded {data.images.nbytes / 2**30:.2f} GiB", flush=True)
options = {"batch_size": int(batch), "steps": int(steps), "runs_dir": place, "name": "m", "overwrite": True}
run = gb.train(data, network=network, **options).wait()
def field(name):
    return int(next(line.split()[1] for line in open("/proc/self/status") if line.startswith(name))) / 2**20
print(f"  {run!r}: peak resident {field('VmHWM'):.2f} GiB, private data now {field('VmData'):.2f} GiB", flush=True)
"""


def generate(folder: Path, count: int, side: int) -> None:
    """Write ``count`` JPEG pictures, each a tile of four real emoji."""
    from PIL import Image

    import ganbook as gb

    emoji = gb.data.load("emoji").images
    rng = np.random.default_rng(0)
    picks = rng.integers(0, len(emoji), (count, 4))

    def write(i: int) -> None:
        tile = np.block([[[emoji[picks[i, 0]]], [emoji[picks[i, 1]]]], [[emoji[picks[i, 2]]], [emoji[picks[i, 3]]]]])
        Image.fromarray(tile).resize((side, side), Image.Resampling.BICUBIC).save(folder / f"{i:06}.jpg", quality=85)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, range(count)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=20_000)
    parser.add_argument("--side", type=int, default=256)
    parser.add_argument("--limit-gb", type=float, default=3.0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        env = os.environ | {"GANBOOK_CACHE": f"{place}/cache"}

        def train(*words: object) -> None:
            subprocess.run([sys.executable, "-c", TRAIN, *map(str, words), place], check=True, env=env)

        print("60,000 pictures of 28×28, mlp, batch 128", flush=True)
        train(0, "array", "mlp", 128, 200)
        folder = Path(place) / "pictures"
        folder.mkdir()
        began = time.time()
        generate(folder, asked.pictures, asked.side)
        decoded = asked.pictures * asked.side**2 * 3 / 2**30
        print(
            f"{asked.pictures:,} pictures of {asked.side}×{asked.side} ({decoded:.2f} GiB decoded, written in "
            f"{time.time() - began:.0f} s) under a limit of {asked.limit_gb} GiB, dcgan, batch 8"
        )
        for attempt in ("first", "from the cache"):
            print(f" {attempt}", flush=True)
            train(asked.limit_gb, folder, "dcgan", 8, 3)
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
    print(f"largest peak resident of any process, mapped files included: {children:.2f} GiB")


if __name__ == "__main__":
    main()
