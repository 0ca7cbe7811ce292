"""Same options, same weights: repeated, split, and killed again and again.

    python benchmarks/exactness.py --kills 20 [any option of `ganbook train`]

Trains once without interruption, once more, once in two halves, and once killed with SIGKILL at random moments and
resumed each time; compares every variable of both networks, the average and both optimisers bit for bit.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ganbook.utils import backend

GANBOOK = [sys.executable, "-m", "ganbook.cli"]


def run(*words: str) -> None:
    subprocess.run([*GANBOOK, "train", *words], check=True, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def digest(folder: Path) -> str:
    """SHA-256 over every variable of the newest checkpoint."""
    backend.tensorflow()
    from ganbook.training.run_folder import RunFolder
    from ganbook.training.trainer import newest_state

    saved, notes = newest_state(RunFolder(folder))
    assert not notes, notes
    total = hashlib.sha256(str(saved.step).encode())
    for variable in [*saved.gan.variables, *saved.gan.g_optimizer.variables, *saved.gan.d_optimizer.variables]:
        total.update(variable.numpy().tobytes())
    return total.hexdigest()[:16]


def reports(history: Path) -> list[str]:
    return history.read_text(errors="replace").splitlines()[1:] if history.exists() else []


def killed(
    folder: Path, words: list[str], kills: int, rng: random.Random, after_kill: Callable[[], None] = lambda: None
) -> list[int]:
    """Train with ``kills`` kills at random moments; return the last step reported before each.

    ``after_kill`` is called after each kill, before the run is resumed.
    """
    steps, often = [], ["--checkpoint-every", "0.5"]
    history = folder / "history.csv"
    for kill in range(kills + 1):
        begun = (folder / "config.json").exists()
        place = (
            ["--resume", str(folder)] if begun else [*words, "--name", folder.name, "--runs-dir", str(folder.parent)]
        )
        process = subprocess.Popen(
            [*GANBOOK, "train", *place, *often], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
        )
        if kill == kills:
            said = process.communicate()[1].decode()
            if process.returncode:
                raise SystemExit(f"the last resume failed: {said[-500:]}")
            return steps
        if rng.random() < 0.25:  # somewhere before training begins
            time.sleep(rng.uniform(0.5, 8))
        else:  # somewhere in it
            rows = len(reports(history))
            while process.poll() is None and len(reports(history)) <= rows:
                rows = min(rows, len(reports(history)))  # resuming drops what came after the checkpoint
                time.sleep(0.02)
            time.sleep(rng.uniform(0, 2.5))
        if process.poll() is not None:
            return steps  # it was faster
        process.kill()
        process.communicate()
        rows = reports(history)
        # The last row may have been cut short.
        steps.append(max((int(step) for row in rows if (step := row.split(",")[0]).isdigit()), default=0))
        after_kill()
    return steps


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--kill-seed", type=int, default=0)
    asked, options = parser.parse_known_args()
    place = Path(tempfile.mkdtemp(prefix="exactness-"))
    words = [*options, "--steps", str(asked.steps)]
    rng = random.Random(asked.kill_seed)
    try:
        began = time.time()
        run(*words, "--name", "once", "--runs-dir", str(place))
        whole = time.time() - began
        run(*words, "--name", "again", "--runs-dir", str(place))
        half = [*options, "--steps", str(asked.steps // 2)]
        run(*half, "--name", "halves", "--runs-dir", str(place))
        run("--resume", str(place / "halves"), "--steps", str(asked.steps))
        steps = killed(place / "killed", words, asked.kills, rng)
        digests = {name: digest(place / name) for name in ("once", "again", "halves", "killed")}
    finally:
        shutil.rmtree(place, ignore_errors=True)
    print(" ".join(words))
    print(f"  one run took {whole:.0f} s; killed {len(steps)} times, last reported steps {steps}")
    for name, value in digests.items():
        print(f"  {name:8}{value}")
    same = len(set(digests.values())) == 1
    print("  bit-identical" if same else "  DIFFERENT")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
