"""Kill trainings with SIGKILL at random moments, resume them, and compare the weights with an uninterrupted run.

    python -m benchmarks.kills [--kills 100] [--networks mlp,mlp-xla,compact,dcgan,context,text] [--minutes 60]
                               [--share 0.4] [--json FILE]

Networks take turns. In each turn a run is killed a few times (``--chain``), resumed each time, trained to its end and
compared bit for bit: every variable of both networks, the average and both optimisers. A quarter of the kills comes
before training has begun, the others while it trains or writes. What a killed process left half-made must be gone at
the end, and the reports must be in order, none of them twice.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.exactness import digest, killed, run
from ganbook.training.run_folder import RunFolder
from ganbook.training.run_lock import LEFTOVER

# mlp mostly without XLA, whose compilation takes most of the time between two kills.
OPTIONS = {
    "mlp": ["--network", "mlp", "--jit", "off"],
    "mlp-xla": ["--network", "mlp", "--jit", "on"],
    "compact": ["--network", "compact"],
    "dcgan": ["--network", "dcgan"],
    "context": ["--task", "inpaint", "--network", "context"],
    "text": ["--data", "sums", "--jit", "off"],
}
STEPS = {"mlp": 1500, "mlp-xla": 1500, "compact": 400, "dcgan": 300, "context": 300, "text": 1500}
COMMON = ["--data", "digits", "--batch-size", "16"]


@dataclass
class Tally:
    """The result of one network so far."""

    uninterrupted: str
    kills: int = 0
    while_saving: int = 0
    comparisons: int = 0
    differences: list[str] = field(default_factory=list)


def uninterrupted(network: str, folder: Path) -> Tally:
    """Train a network without interruption."""
    run(*COMMON, *OPTIONS[network], "--runs-dir", str(folder), "--name", f"{network}-whole")
    return Tally(digest(folder / f"{network}-whole"))


def turn(network: str, folder: Path, tally: Tally, chain: int, rng: random.Random) -> None:
    """Kill one run a few times, resume it, train it to its end and compare."""
    path = folder / f"{network}-{tally.comparisons}"
    words = [*COMMON, *OPTIONS[network]]
    half_made: list[int] = []
    moments = killed(path, words, chain, rng, lambda: half_made.append(len(leftovers(path))))
    tally.kills += len(moments)
    tally.while_saving += sum(count > 0 for count in half_made)
    tally.comparisons += 1
    where = f"{path.name}, killed after steps {moments}"
    if digest(path) != tally.uninterrupted:
        tally.differences.append(f"other weights: {where}")
    if left := leftovers(path):
        tally.differences.append(f"left behind {', '.join(left)}: {where}")
    steps = RunFolder(path).history()["step"].tolist()
    if steps != sorted(set(steps)) and steps[:-1] != sorted(set(steps)):  # the last report may repeat its step
        tally.differences.append(f"reports out of order: {where}")
    shutil.rmtree(path)


def leftovers(path: Path) -> list[str]:
    """Names of half-made files and checkpoints in a run folder."""
    return [str(file.relative_to(path)) for file in path.rglob(".*") if LEFTOVER.fullmatch(file.name)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--chain", type=int, default=5, help="kills of one run before it is compared")
    parser.add_argument("--networks", default=",".join(OPTIONS))
    parser.add_argument("--share", type=float, default=1.0, help="train this share of the usual steps")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="begin no turn later than this")
    parser.add_argument("--kill-seed", type=int, default=0)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result after each turn")
    asked = parser.parse_args()
    folder, rng = Path(tempfile.mkdtemp(prefix="kills-")), random.Random(asked.kill_seed)
    began, tallies = time.monotonic(), {}
    networks = asked.networks.split(",")
    for network in networks:
        OPTIONS[network] += ["--steps", str(round(STEPS[network] * asked.share))]

    def in_time() -> bool:
        return time.monotonic() - began < 60 * asked.minutes

    try:
        while sum(tally.kills for tally in tallies.values()) < asked.kills and in_time():
            for network in networks:
                if sum(tally.kills for tally in tallies.values()) >= asked.kills or not in_time():
                    break
                if network not in tallies:
                    tallies[network] = uninterrupted(network, folder)
                turn(network, folder, tallies[network], asked.chain, rng)
                tally = tallies[network]
                print(
                    f"{(time.monotonic() - began) / 60:5.1f} min  {network:8} {tally.kills:3} kills, "
                    f"{tally.while_saving} of them while saving, {tally.comparisons} comparisons, "
                    f"{len(tally.differences)} differences",
                    flush=True,
                )
                if asked.json:
                    asked.json.write_text(json.dumps({name: asdict(t) for name, t in tallies.items()}, indent=1))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    differences = [line for tally in tallies.values() for line in tally.differences]
    kills = sum(tally.kills for tally in tallies.values())
    print(f"{kills} kills, {sum(t.comparisons for t in tallies.values())} comparisons, {len(differences)} differences")
    print("\n".join(differences), end="\n" if differences else "")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
