"""A folder of 200,000 images of 64×64: decoding beside Keras and Pillow, training from the disk and from memory.

    python -m benchmarks.data_scale [--images 200000] [--rounds 1] [--networks mlp:64,64 compact] [--seconds 10]
                                    [--turns 6] [--limit-gb 1.8] [--folder F]

The images, half JPEG and half PNG, are blends of the bundled emoji. All read them from the system's file cache, a
process each, in turn. Then two runs of the same training take turns, one with the images in memory, one from ganbook's
cache in a control group of Linux, which keeps its memory, that of the files it reads included, under ``--limit-gb``: it
needs the right to make such a group. At last a run from the cache, in that group, is killed, resumed and compared with
one that was not, and with one in memory.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import gc
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from benchmarks.exactness import digest, killed, run
from benchmarks.machine import processor

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


def options_of(network: str) -> dict[str, str]:
    """Return the options that ``mlp:64,64`` stands for."""
    name, _, hidden = network.partition(":")
    return {"network": name} | ({"hidden": hidden} if hidden else {})


class Group:
    """A control group whose processes may hold so much memory, pages of files included."""

    def __init__(self, limit: float):
        old, new = Path("/sys/fs/cgroup/memory"), Path("/sys/fs/cgroup")
        self.root = old if old.is_dir() else new
        self.folder = self.root / f"ganbook-{os.getpid()}"
        self.limit, self.peak = (
            ("memory.limit_in_bytes", "memory.max_usage_in_bytes") if old.is_dir() else ("memory.max", "memory.peak")
        )
        try:
            self.folder.mkdir()
            (self.folder / self.limit).write_text(str(int(limit * GIB)))
        except OSError as error:
            raise SystemExit(f"the limit of memory needs the right to make a control group: {error}") from None

    @property
    def most(self) -> float:
        """GiB held at most so far."""
        return int((self.folder / self.peak).read_text()) / GIB

    @contextlib.contextmanager
    def inside(self):
        """Put this process into the group, and those that it starts meanwhile."""
        (self.folder / "cgroup.procs").write_text(str(os.getpid()))
        try:
            yield
        finally:
            (self.root / "cgroup.procs").write_text(str(os.getpid()))

    def remove(self) -> None:
        self.folder.rmdir()


def cache_file() -> Path:
    """Return the one file of pixels in the cache, and have none of it in memory."""
    (file,) = (path for path in Path(os.environ["GANBOOK_CACHE"]).rglob("*") if path.stat().st_size > 10**7)
    with open(file, "rb") as opened:
        os.fsync(opened.fileno())
        os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    left = resident(np.memmap(file, np.uint8, "r"))
    if left > 0.01 * file.stat().st_size:
        raise SystemExit(f"{left / GIB:.2f} GiB of {file} stay in memory, which would be read for nothing")
    return file


def resident(pages: np.memmap) -> int:
    """Return how many bytes of a memory map are in memory, whoever has read them."""
    libc, seen = ctypes.CDLL(None, use_errno=True), np.zeros(-(-pages.nbytes // 4096) + 1, np.uint8)
    start = pages.ctypes.data & ~4095
    length = ctypes.c_size_t(pages.ctypes.data + pages.nbytes - start)
    if libc.mincore(ctypes.c_void_p(start), length, ctypes.c_void_p(seen.ctypes.data)):
        raise OSError(ctypes.get_errno(), "mincore")
    return int((seen & 1).sum()) * 4096


def train(where: str, folder: str, network: str) -> None:
    """Train as many steps as each line of the standard input says; print the seconds they took."""
    import ganbook as gb

    data = gb.data.load(folder)
    if not isinstance(data.images, np.memmap):
        raise SystemExit("the images are not in the cache: give more of them")
    pixels = data.images
    source = data if where == "cache" else np.fromfile(pixels.filename, np.uint8, offset=pixels.offset)
    if where == "memory":
        source = source.reshape(pixels.shape)
        data = pixels = None
        gc.collect()
    run = gb.train(
        source,
        **options_of(network),
        batch_size=BATCH,
        steps=WARM_UP,
        checkpoint_every=1e6,
        runs_dir=tempfile.mkdtemp(),
        name=where,
        wait=True,
    )
    print("ready", flush=True)
    for line in sys.stdin:
        steps, seconds = int(line), run.seconds
        run.extend(steps=steps).wait()
        answer = {"seconds": run.seconds - seconds, "images": resident(pixels) / GIB if where == "cache" else 0}
        print(json.dumps(answer), flush=True)


def compare_training(folder: Path, network: str, options: argparse.Namespace) -> None:
    processes, group = {}, Group(options.limit_gb)
    for where in ("memory", "cache"):
        with group.inside() if where == "cache" else contextlib.nullcontext():
            if where == "cache":
                cache_file()
            processes[where] = subprocess.Popen(
                [sys.executable, __file__, "--train", where, "--folder", str(folder), "--networks", network],
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
          f"{' · '.join(f'{ratio:.0%}' for ratio in ratios)} | {group.most:.2f} | {memory['images']:.2f} |",
          flush=True)  # fmt: skip
    group.remove()


def compare_weights(folder: Path, place: Path, steps: int, limit: float) -> None:
    """Train from the cache, once more with kills, and from an array in memory; compare all weights."""
    import random

    import ganbook as gb

    in_memory, group = place / "in-memory.npz", Group(limit)
    np.savez(in_memory, x_train=np.array(gb.data.load(str(folder)).images))
    words = ["--network", "mlp", "--hidden", "64,64", "--batch-size", str(BATCH), "--steps", str(steps)]
    run(*words, "--data", str(in_memory), "--name", "memory", "--runs-dir", str(place))
    in_memory.unlink()
    with group.inside():
        run(*words, "--data", str(folder), "--name", "whole", "--runs-dir", str(place))
        at = killed(place / "killed", [*words, "--data", str(folder)], KILLS, random.Random(0))
    group.remove()
    digests = {name: digest(place / name) for name in ("whole", "memory", "killed")}
    print(f"\n{steps} steps of mlp:64,64: from the cache {digests['whole']}; in memory {digests['memory']}; from the "
          f"cache, killed {len(at)} times, after steps {', '.join(map(str, at))}, and resumed {digests['killed']}: "
          f"{'bit-identical' if len(set(digests.values())) == 1 else 'DIFFERENT'}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=200_000)
    parser.add_argument("--folder", type=Path, help="where the images are, or are to be; else a temporary folder")
    parser.add_argument("--rounds", type=int, default=1, help="of decoding")
    parser.add_argument("--networks", nargs="*", default=["mlp:64,64", "compact"])
    parser.add_argument("--seconds", type=float, default=10, help="of a turn of training")
    parser.add_argument("--turns", type=int, default=6)
    parser.add_argument(
        "--limit-gb",
        type=float,
        default=1.8,
        help="of memory, pages of files included, for the training from the cache",
    )
    parser.add_argument("--steps", type=int, default=2000, help="of the runs whose weights are compared; 0: none")
    parser.add_argument("--decode", help=argparse.SUPPRESS)
    parser.add_argument("--train", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.decode:
        decode(options.decode, str(options.folder))
        return
    if options.train:
        train(options.train, str(options.folder), options.networks[0])
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
            print(f"\nbatch {BATCH}, from the cache with at most {options.limit_gb} GiB of memory, files included; "
                  f"{options.turns} turns of {options.seconds:g} s\n")  # fmt: skip
            print("| network | steps/s in memory | from the cache | median of turns | turns | memory at most, GiB | "
                  "images in it at last, GiB |\n|---|---|---|---|---|---|---|")  # fmt: skip
        for network in options.networks:
            compare_training(folder, network, options)
        if options.steps:
            compare_weights(folder, place, options.steps, options.limit_gb)
        print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
