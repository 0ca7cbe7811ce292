"""Did the default get better or worse? The same sets and seeds with an earlier commit's default and with today's.

    TF_NUM_INTRAOP_THREADS=1 taskset -c 0 python -m benchmarks.before_after COMMIT [--data fashion digits] …

Each version trains in a process of its own, the earlier one from a worktree of its commit. Seconds are processor
seconds, imports not counted and compilation counted; both are judged by today's measures on as many samples as there
are test images: Fréchet distance, patches, least class, as in ``benchmarks.time_to_quality``.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

import ganbook as gb
from benchmarks.time_to_quality import Judge

HERE = Path(__file__).parents[1]
TRAIN = """
import sys, tempfile, time
import numpy as np
import tensorflow
import ganbook as gb

data, seed, seconds, count, out = sys.argv[1:]
with tempfile.TemporaryDirectory() as place:
    began = time.process_time()
    run = gb.train(data, seed=int(seed), runs_dir=place, checkpoint_every=1e6, steps=10**8)
    while time.process_time() - began < float(seconds) and run.active:
        time.sleep(0.02)
    run.pause()
    while run.active and run.state != "paused":
        time.sleep(0.02)
    np.savez(out, samples=run.sample(int(count), seed=999), step=run.steps_done)
    run.stop()
    run.wait()
"""


def trained(code: Path, *wanted: object) -> tuple[np.ndarray, int]:
    """Train with the package in a folder; return samples, uint8 (N, H, W, C), and the steps it came to."""
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "samples.npz"
        command = [sys.executable, "-c", TRAIN, *map(str, wanted), str(out)]
        subprocess.run(command, check=True, cwd=place, env=os.environ | {"PYTHONPATH": str(code)})
        with np.load(out) as made:
            return made["samples"], int(made["step"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("commit", help="the earlier version")
    parser.add_argument("--data", nargs="+", default=["fashion", "digits"])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        before = Path(place) / "before"
        git = ["git", "-C", str(HERE), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(before), asked.commit], check=True)
        try:
            for name in asked.data:
                data = gb.data.load(name)
                judge = Judge(data, photographs=data.shape[2] == 3)
                for seed in asked.seeds:
                    for version, code in (("before", before), ("now", HERE)):
                        samples, step = trained(code, name, seed, asked.seconds, len(judge.images))
                        print(f"{name}  seed {seed}  {version}  step {step}  {judge(samples)}", flush=True)
        finally:
            subprocess.run([*git, "remove", "--force", str(before)], check=True)


if __name__ == "__main__":
    main()
