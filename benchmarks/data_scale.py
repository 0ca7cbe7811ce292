"""A folder of 200,000 images of 64×64: decoding beside Keras and Pillow, training from the disk and from memory.

    python benchmarks/data_scale.py [--images 200000] [--rounds 1] [--networks mlp compact] [--seconds 10] [--turns 6]
                                    [--folder F]

The images, half JPEG and half PNG, are blends of the bundled emoji. All read them from the system's file cache, a
process each, in turn. Then two runs of the same training take turns, one with the images in memory, one from ganbook's
cache; that one may have ``--limit-gb`` of private memory (RLIMIT_DATA), and every ``--evict`` seconds all of the images
are thrown out of memory, the system's file cache included: each image has to come from the disk again. How much of them
was in memory is counted before (mincore). At last a run from the cache is killed, resumed and compared with one that
was not, and with one in memory.
"""

from __future__ import annotations

import argparse
import ctypes
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from exactness import digest, killed, run
from machine import processor

SIDE, BATCH = 64, 64
KILLS = 2
WARM_UP = 20  # steps before the first turn
GIB = 2**30


# images


def write_images(folder: Path, emoji: np.ndarray, first: int, last: int) -> None:
    from PIL import Image

    for number in range(first, last):
        rng = np.random.default_rng(number)
        one, other = emoji[rng.integers(0, len(emoji), 2)].astype(np.float32)
        share = rng.random((1, 1, 3), np.float32)
        blend = (one * share + other * (1 - share)).astype(np.uint8)
        image = Image.fromarray(np.roll(blend, rng.integers(0, len(blend), 2), (0, 1))).resize((SIDE, SIDE))
        if number % 2:
            image.save(folder / f"{number:07}.jpg", quality=85)
        else:
            image.save(folder / f"{number:07}.png", compress_level=1)


def generate(folder: Path, count: int) -> None:
    import ganbook as gb

    folder.mkdir(parents=True, exist_ok=True)
    emoji, began = gb.data.load("emoji").images, time.perf_counter()
    bounds = np.linspace(0, count, 65).astype(int)
    with ProcessPoolExecutor() as pool:
        for part in [pool.submit(write_images, folder, emoji, *pair) for pair in itertools.pairwise(bounds)]:
            part.result()
    size, pixels = sum(file.stat().st_size for file in os.scandir(folder)), count * SIDE * SIDE * 3
    print(f"{count:,} images of {SIDE}×{SIDE}, {size / GIB:.2f} GiB of files, {pixels / GIB:.2f} GiB decoded, written "
          f"in {time.perf_counter() - began:.0f} s", flush=True)  # fmt: skip


# decoding


def start() -> tuple[float, float]:
    """Return the time, and the processor time of this process and of its children that have ended."""
    return time.perf_counter(), sum(os.times()[:4])


def decode(how: str, folder: str) -> None:
    """Decode all images; print seconds, how many, and the peak of resident memory of this process and its children."""
    import resource

    if how == "ganbook":
        import ganbook as gb

        began = start()
        count = len(gb.data.load(folder))
    elif how == "Keras":
        from ganbook.utils import backend

        backend.tensorflow()
        import keras

        began = start()
        options = {"labels": None, "image_size": (SIDE, SIDE), "batch_size": BATCH, "shuffle": False}
        count = sum(len(batch) for batch in keras.utils.image_dataset_from_directory(folder, verbose=False, **options))
    else:
        from PIL import Image

        began = start()
        paths = sorted(Path(folder).iterdir())
        pixels = np.empty((len(paths), SIDE, SIDE, 3), np.uint8)
        for row, path in zip(pixels, paths, strict=True):
            with Image.open(path) as image:
                row[:] = image.convert("RGB")
        count = len(pixels)
    seconds, cpu = (now - then for now, then in zip(start(), began, strict=True))
    peaks = [resource.getrusage(who).ru_maxrss / 2**20 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps({"seconds": seconds, "cpu": cpu, "count": count, "peak": peaks}))


def measure(how: str, folder: Path) -> dict:
    words = [sys.executable, __file__, "--decode", how, "--folder", str(folder)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def compare_decoding(folder: Path, count: int, rounds: int) -> None:
    found: dict[str, list[dict]] = {"ganbook": [], "Keras": [], "Pillow loop": []}
    again = []
    for _ in range(rounds):
        shutil.rmtree(os.environ["GANBOOK_CACHE"], ignore_errors=True)
        for how, results in found.items():
            results.append(measure(how, folder))
            print(how, results[-1], f"load {os.getloadavg()[0]:.1f}", file=sys.stderr, flush=True)
            if results[-1]["count"] != count:
                raise SystemExit(f"{how} read {results[-1]['count']:,} images")
        again.append(measure("ganbook", folder)["seconds"])
    print("\n| | images/s | ganbook's are so many times these | CPU ms an image | peak resident, GiB (of a child) |")
    print("|---|---|---|---|---|")
    ours = [result["seconds"] for result in found["ganbook"]]
    for how, results in found.items():
        seconds = [result["seconds"] for result in results]
        ratios = " · ".join(f"{theirs / own:.2f}" for theirs, own in zip(seconds, ours, strict=True))
        own_peak, child_peak = max(result["peak"] for result in results)
        cpu = np.median([result["cpu"] for result in results]) / count * 1e3
        print(
            f"| {how} | {count / np.median(seconds):,.0f} | {ratios} | {cpu:.2f} | {own_peak:.2f} ({child_peak:.2f}) |"
        )
    print(f"\nthe second time, from the cache: {np.median(again):.1f} s", flush=True)


# training


class Evictor:
    """Throws a memory-mapped array out of memory again and again; counts what was there."""

    def __init__(self, images: np.memmap, every: float):
        self._images, self._every, self.most = images, every, 0
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._resident = np.zeros(-(-images.nbytes // 4096) + 1, np.uint8)
        self.evict()
        self.most = 0
        threading.Thread(target=self._go_on, daemon=True).start()

    def evict(self) -> None:
        start = self._images.ctypes.data & ~4095
        length = self._images.ctypes.data + self._images.nbytes - start
        address, size = ctypes.c_void_p(start), ctypes.c_size_t(length)
        if self._libc.mincore(address, size, ctypes.c_void_p(self._resident.ctypes.data)):
            raise OSError(ctypes.get_errno(), "mincore")
        self.most = max(self.most, int((self._resident & 1).sum()) * 4096)
        if self._libc.madvise(address, size, 4):  # MADV_DONTNEED; the pages are those of a file, and unchanged
            raise OSError(ctypes.get_errno(), "madvise")
        with open(self._images.filename, "rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)

    def _go_on(self) -> None:
        while True:
            time.sleep(self._every)
            self.evict()


def train(where: str, folder: str, network: str, limit: float, every: float) -> None:
    """Train as many steps as each line of the standard input says; print the seconds they took."""
    import resource

    if where == "cache":
        resource.setrlimit(resource.RLIMIT_DATA, (int(limit * GIB),) * 2)
    import ganbook as gb

    data = gb.data.load(folder)
    if not isinstance(data.images, np.memmap):
        raise SystemExit("the images are not in the cache: give more of them")
    source = data if where == "cache" else np.array(data.images)
    evictor = Evictor(data.images, every) if where == "cache" else None
    del data
    options = {"network": network, "batch_size": BATCH, "steps": WARM_UP, "checkpoint_every": 1e6}
    run = gb.train(source, **options, runs_dir=tempfile.mkdtemp(), name=where, wait=True)
    print("ready", flush=True)
    for line in sys.stdin:
        steps, seconds = int(line), run.seconds
        run.extend(steps=steps).wait()
        status = Path("/proc/self/status").read_text().splitlines()
        memory = {row.split(":")[0]: int(row.split()[1]) / 2**20 for row in status if row.endswith("kB")}
        answer = {"seconds": run.seconds - seconds, "private": memory["RssAnon"], "peak": memory["VmHWM"]}
        print(json.dumps(answer | {"images": evictor.most / GIB if evictor else 0}), flush=True)


def compare_training(folder: Path, network: str, options: argparse.Namespace) -> None:
    processes = {}
    for where in ("memory", "cache"):  # the first one decodes, if nobody has
        processes[where] = subprocess.Popen(
            [sys.executable, __file__, "--train", where, "--folder", str(folder), "--networks", network,
             "--limit-gb", str(options.limit_gb), "--evict", str(options.evict)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        if not processes[where].stdout.readline():
            raise SystemExit(f"the training from {where} failed: is --limit-gb {options.limit_gb} too little?")

    def go(where: str, steps: int) -> dict:
        processes[where].stdin.write(f"{steps}\n")
        processes[where].stdin.flush()
        return json.loads(processes[where].stdout.readline())

    go("memory", WARM_UP)
    steps = max(1, int(options.seconds * WARM_UP / go("memory", WARM_UP)["seconds"]))
    go("cache", steps)
    speeds: dict[str, list[float]] = {"memory": [], "cache": []}
    for turn in range(options.turns):
        for where in list(speeds)[:: 1 if turn % 2 else -1]:
            answer = go(where, steps)
            speeds[where].append(steps / answer["seconds"])
            print(where, f"{speeds[where][-1]:.2f} steps/s", answer, file=sys.stderr, flush=True)
            if where == "cache":
                memory = answer
    for process in processes.values():
        process.communicate()
    ratios = np.array(speeds["cache"]) / np.array(speeds["memory"])
    medians = {where: np.median(values) for where, values in speeds.items()}
    print(f"| {network} | {medians['memory']:.1f} | {medians['cache']:.1f} | {np.median(ratios):.1%} | "
          f"{' · '.join(f'{ratio:.0%}' for ratio in ratios)} | {memory['private']:.2f} | {memory['images']:.2f} |",
          flush=True)  # fmt: skip


def compare_weights(folder: Path, place: Path, steps: int) -> None:
    """Train from the cache, once more with kills, and from an array in memory; compare all weights."""
    import random

    import ganbook as gb

    in_memory = place / "in-memory.npz"
    np.savez(in_memory, x_train=np.array(gb.data.load(str(folder)).images))
    words = ["--network", "mlp", "--batch-size", str(BATCH), "--steps", str(steps)]
    run(*words, "--data", str(folder), "--name", "whole", "--runs-dir", str(place))
    run(*words, "--data", str(in_memory), "--name", "memory", "--runs-dir", str(place))
    in_memory.unlink()
    at = killed(place / "killed", [*words, "--data", str(folder)], KILLS, random.Random(0))
    digests = {name: digest(place / name) for name in ("whole", "memory", "killed")}
    print(f"\n{steps} steps of mlp: from the cache {digests['whole']}; in memory {digests['memory']}; from the cache, "
          f"killed {len(at)} times, after steps {', '.join(map(str, at))}, and resumed {digests['killed']}: "
          f"{'bit-identical' if len(set(digests.values())) == 1 else 'DIFFERENT'}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=200_000)
    parser.add_argument("--folder", type=Path, help="where the images are, or are to be; else a temporary folder")
    parser.add_argument("--rounds", type=int, default=1, help="of decoding")
    parser.add_argument("--networks", nargs="*", default=["mlp", "compact"])
    parser.add_argument("--seconds", type=float, default=10, help="of a turn of training")
    parser.add_argument("--turns", type=int, default=6)
    parser.add_argument(
        "--limit-gb", type=float, default=3.0, help="of private memory, for the training from the cache"
    )
    parser.add_argument("--evict", type=float, default=2.0, help="seconds after which the images are thrown out again")
    parser.add_argument("--steps", type=int, default=600, help="of the runs whose weights are compared; 0: none")
    parser.add_argument("--decode", help=argparse.SUPPRESS)
    parser.add_argument("--train", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.decode:
        decode(options.decode, str(options.folder))
        return
    if options.train:
        train(options.train, str(options.folder), options.networks[0], options.limit_gb, options.evict)
        return
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        os.environ["GANBOOK_CACHE"] = str(place / "cache")
        folder = options.folder or place / "images"
        print(f"{processor()}, {len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}")
        if not folder.exists():
            generate(folder, options.images)
        count = sum(1 for _ in os.scandir(folder))
        if options.rounds:
            compare_decoding(folder, count, options.rounds)
        if options.networks:
            print(f"\nbatch {BATCH}, at most {options.limit_gb} GiB of private memory, the images thrown out every "
                  f"{options.evict:g} s; {options.turns} turns of {options.seconds:g} s\n")  # fmt: skip
            print("| network | steps/s in memory | from the cache | median of turns | turns | private, GiB | "
                  "images in memory at most, GiB |\n|---|---|---|---|---|---|---|")  # fmt: skip
        for network in options.networks:
            compare_training(folder, network, options)
        if options.steps:
            compare_weights(folder, place, options.steps)
        print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
