"""Let every write fail in turn, and see that nothing is lost: a full disk, no permission, Ctrl-C, or killed.

A shim around the functions that write (``os.open``, ``write``, ``replace``, ``rename``, ``mkdir``, ``fsync``, …) counts
the calls below a folder and lets the n-th one fail. After each: files from before are there, byte for byte; every
result that is visible is whole; and the next call completes and ends in the same files as one that was never disturbed.
A training that failed is resumed, and ends in the same weights.

    python benchmarks/failing_writes.py [--quick]
"""

from __future__ import annotations

import argparse
import builtins
import contextlib
import errno
import io
import os
import re
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

WAYS = ("full", "denied", "interrupted", "killed")
TRAINING_WAYS = ("brief", *WAYS)  # a disk that is full for a moment: a training waits for room and goes on
# The calls of os that change a disk; those that only remove something do not fail on a full disk.
CREATE = ("mkdir", "replace", "rename", "link", "symlink", "fsync", "write", "pwrite", "truncate", "ftruncate",
          "posix_fallocate")  # fmt: skip
REMOVE = ("unlink", "remove", "rmdir")


class KilledError(BaseException):
    """The process is dead: nothing that it does from here on reaches the disk."""


class FailingWrites:
    """Lets the ``at``-th write below ``root`` fail in a way of :data:`WAYS`; with ``at=None`` it only counts.

    A killed process writes nothing any more, not even when exceptions clean up; half of what it was writing is there.
    A full disk takes half of a write and stays full until the end. Processes have numbers of their own, as they would.
    """

    processes = 4_000_000

    def __init__(self, root: Path, at: int | None = None, way: str = "killed"):
        self.root, self.at, self.way, self.count = os.path.realpath(root), at, way, 0
        self.failed, self.calls = False, []
        self._real: dict[Any, Any] = {}

    def __enter__(self) -> FailingWrites:
        FailingWrites.processes += 1
        pid = FailingWrites.processes
        for name in (*CREATE, *REMOVE, "open"):
            self._patch(os, name, self._wrapped(name, getattr(os, name)))
        self._patch(os, "getpid", lambda: pid)
        self._patch(builtins, "open", self._open)
        self._patch(io, "open", self._open)
        return self

    def __exit__(self, *_: object) -> None:
        for (module, name), function in self._real.items():
            setattr(module, name, function)

    def _patch(self, module: Any, name: str, function: Any) -> None:
        self._real[module, name] = getattr(module, name)
        setattr(module, name, function)

    def _inside(self, place: Any, dir_fd: int | None = None) -> bool:
        if isinstance(place, int):
            try:
                place = os.readlink(f"/proc/self/fd/{place}")
            except OSError:
                return False
        path = os.fsdecode(place)
        if dir_fd is not None and not os.path.isabs(path):
            path = os.path.join(os.readlink(f"/proc/self/fd/{dir_fd}"), path)
        return os.path.abspath(path).startswith(self.root + os.sep)

    def point(self, name: str, partly: Callable[[], Any] = lambda: None) -> None:
        """Count a call; let it fail if it is its turn."""
        if self.failed and self.way == "killed":
            raise KilledError
        if self.failed and self.way == "full" and name not in REMOVE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.count += 1
        self.calls.append(name)
        if self.failed or self.at != self.count:
            return
        if self.way in ("full", "brief") and name in REMOVE:
            self.at += 1  # this one does not fail: the next one does
            return
        self.failed = True
        if self.way == "killed":
            partly()
            raise KilledError
        if self.way == "interrupted":
            raise KeyboardInterrupt
        code = errno.EACCES if self.way == "denied" else errno.ENOSPC
        raise OSError(code, os.strerror(code))

    def _wrapped(self, name: str, function: Any) -> Any:
        def call(*args: Any, **options: Any) -> Any:
            writes = name != "open" or args[1] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            if writes and self._inside(args[0], options.get("dir_fd")):
                self.point(name)
            return function(*args, **options)

        return call

    def _open(self, file: Any, mode: str = "r", *args: Any, **options: Any) -> Any:
        real = self._real[builtins, "open"]
        if not set(mode) & set("wax+") or isinstance(file, int) or not self._inside(file):
            return real(file, mode, *args, **options)
        self.point("open")
        shim = self

        class Raw(io.FileIO):
            def write(self, content: Any) -> int:
                half = bytes(content)[: len(content) // 2]
                already = shim.failed
                try:
                    shim.point("write", lambda: io.FileIO.write(self, half))
                except OSError as error:
                    if error.errno == errno.ENOSPC and half and not already:
                        return super().write(half)  # the rest finds no room
                    raise
                return super().write(content)

            def truncate(self, size: int | None = None) -> int:
                if shim.failed and shim.way == "killed":
                    raise KilledError
                return super().truncate(size)

        raw = Raw(file, mode.replace("b", "").replace("t", ""))
        if options.get("buffering", args[0] if args else -1) == 0:
            return raw
        buffered = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        if "b" in mode:
            return buffered
        names = ("buffering", "encoding", "errors", "newline")
        text = dict(zip(names, args, strict=False)) | options
        text.pop("buffering", None)
        return io.TextIOWrapper(buffered, **{"encoding": "utf-8"} | text)


@dataclass(frozen=True)
class Scenario:
    """What is done, on files made by ``prepare`` in a folder; ``protected`` are those that must stay as they are."""

    name: str
    prepare: Callable[[Path], None]
    act: Callable[[Path], Any]
    check: Callable[[Path], None] = lambda folder: None
    compare: bool = True  # the files at the end are the same byte for byte
    equal: str = ""  # if not all of them are: a regular expression for those that are
    whole: Callable[[Path, Path], None] | None = None  # look at what is left, in place of a comparison byte for byte
    ways: tuple[str, ...] = WAYS


def tree(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder by path."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def try_all(scenario: Scenario, place: Path, most: int = 10**9) -> tuple[int, list[str]]:
    """Let each write of a scenario fail in each way; return the number of points tried, and what was lost."""
    start = place / "start"
    start.mkdir(parents=True)
    scenario.prepare(start)
    undisturbed = Path(shutil.copytree(start, place / "work"))
    with FailingWrites(undisturbed) as shim:
        _quiet(scenario.act, undisturbed)
    reference, count = tree(undisturbed), shim.count
    shutil.rmtree(undisturbed)
    tried, losses = 0, []
    points = sorted({round(1 + i * (count - 1) / max(1, min(count, most) - 1)) for i in range(min(count, most))})
    for way in scenario.ways:
        for at in points:
            work = Path(shutil.copytree(start, place / "work"))
            with FailingWrites(work, at, way) as shim, contextlib.suppress(OSError, KeyboardInterrupt, KilledError):
                _quiet(scenario.act, work)
            tried += 1
            label = f"{scenario.name}, {way} at write {at} of {count} ({shim.calls[-1] if shim.calls else 'none'})"
            losses += [f"{label}: {loss}" for loss in _losses(scenario, work, start, reference)]
            shutil.rmtree(work)
    return tried, losses


def _losses(scenario: Scenario, work: Path, start: Path, reference: dict) -> Iterator[str]:
    if scenario.whole is not None:
        try:
            scenario.whole(work, start)
        except Exception as error:
            yield f"what is left is not whole: {type(error).__name__}: {error}"
    else:
        before, after = tree(start), tree(work)
        for name, content in before.items():
            if after.get(name) not in (content, reference.get(name, content)):
                yield f"{name} from before is {'gone' if name not in after else 'changed'}"
        for name, content in after.items() if scenario.compare else ():
            hidden = any(part.startswith(".") for part in Path(name).parts)
            if not hidden and name not in before and content != reference.get(name):
                yield f"{name} is visible and not whole"
    try:
        with FailingWrites(work):
            _quiet(scenario.act, work)
        scenario.check(work)
    except BaseException as error:
        yield f"the next call fails: {type(error).__name__}: {error}"
        return
    end = tree(work)
    if scenario.compare:
        different = [name for name in {*end, *reference} if end.get(name) != reference.get(name)]
    else:
        different = [name for name in {*reference} - {*end} if _lasting(name)]
        different += [name for name in {*end} - {*reference} if _lasting(name) and not SPARE.fullmatch(name)]
        equal = re.compile(scenario.equal)
        different += [n for n in {*end} & {*reference} if equal.fullmatch(n) and end[n] != reference[n]]
    if different:
        yield f"in the end {', '.join(sorted(different)[:3])} differ"


# What may be there for a while: a checkpoint that could not be dropped goes with the next one, and what a killed start
# left half-made is swept by a start an hour later.
SPARE = re.compile(r"runs/(run/checkpoints/step-\d+|\.run\.[-\d.]+)/.+")


def _lasting(name: str) -> bool:
    """Tell whether a file belongs to the result: a lock does not, nor a preview, of which there are as many as time."""
    return not Path(name).name.startswith(".lock") and "previews" not in Path(name).parts


def _quiet(act: Callable[[Path], Any], folder: Path) -> None:
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        act(folder)


# Scenarios


def images_in(folder: Path, count: int = 3, side: int = 12) -> None:
    from PIL import Image

    for label in ("cat", "dog"):
        (folder / "in" / label).mkdir(parents=True)
        for k in range(count):
            pixels = np.random.default_rng(k).integers(0, 256, (side, side, 3), np.uint8)
            Image.fromarray(pixels).save(folder / "in" / label / f"{k}.png")


def augment_to(out: str) -> Callable[[Path], Any]:
    def act(folder: Path) -> None:
        from ganbook.augmentation import augment_dataset, enlarge

        piece, enlarge.PIECE = enlarge.PIECE, 4 * 12 * 12 * 3
        try:
            augment_dataset(folder / "in", folder / out, "flip@0.5", copies=1)
        finally:
            enlarge.PIECE = piece

    return act


def loads(out: str) -> Callable[[Path], None]:
    def check(folder: Path) -> None:
        from ganbook.data import load

        data = load(folder / out)
        assert (len(data), data.class_names) == (12, ("cat", "dog"))

    return check


def inpaint_all(folder: Path) -> None:
    from ganbook.inpainting.files import inpaint_files

    inpaint_files(folder / "in", "center", folder / "out", method="patch", candidates=2)


def with_results(folder: Path) -> None:
    images_in(folder)
    inpaint_all(folder)


def inpaint_again(folder: Path) -> None:
    from ganbook.inpainting.files import inpaint_files

    inpaint_files(folder / "in", "center", folder / "out", method="telea", candidates=1, overwrite=True)


SCENARIOS = [
    Scenario("augment to .npz", images_in, augment_to("more.npz"), loads("more.npz")),
    Scenario("augment to a folder", images_in, augment_to("more"), loads("more")),
    Scenario("inpaint a folder", images_in, inpaint_all),
    Scenario("inpaint again, --overwrite", with_results, inpaint_again),
]


def with_run(folder: Path) -> None:
    import ganbook as gb

    gb.train("digits", name="run", steps=2, image_size=12, batch_size=16, runs_dir=folder / "runs", wait=True)
    (folder / "old.npz").write_bytes(b"of before")
    (folder / "old.png").write_bytes(b"of before")


def sample_to(name: str) -> Callable[[Path], Any]:
    def act(folder: Path) -> None:
        import ganbook as gb
        from ganbook.training.sampling import write

        write(gb.load_run("run", folder / "runs"), folder / name, count=4)

    return act


def export(folder: Path) -> None:
    import ganbook as gb

    browser = gb.browse(gb.load_run("run", folder / "runs"))
    browser.star(1)
    browser.save(folder / "old.png")


WITH_RUN = [
    Scenario("sample to .npz", with_run, sample_to("old.npz"), compare=False),
    Scenario("sample to .png", with_run, sample_to("old.png"), compare=False),
    Scenario("export favourites", with_run, export, compare=False),
]


# Training: a pair of networks so small that its checkpoints are written in few calls, and a run costs little.


def data_in(folder: Path) -> None:
    np.savez(folder / "data.npz", x_train=np.random.default_rng(0).integers(0, 256, (64, 8, 8), dtype=np.uint8))


def tiny_pair() -> tuple[Any, Any]:
    from ganbook.utils import backend

    backend.tensorflow()
    import keras

    keras.utils.set_random_seed(0)
    layers = keras.layers
    generator = [keras.Input((4,)), layers.Dense(64, "tanh"), layers.Reshape((8, 8, 1))]
    return keras.Sequential(generator), keras.Sequential([keras.Input((8, 8, 1)), layers.Flatten(), layers.Dense(1)])


@contextlib.contextmanager
def eagerly() -> Iterator[None]:
    """Run steps without a graph: to trace one takes longer than to train so few steps, and writes nothing."""
    from ganbook.utils import backend

    backend.tensorflow()
    import tensorflow as tf

    before = tf.config.functions_run_eagerly()
    tf.config.run_functions_eagerly(True)
    try:
        yield
    finally:
        tf.config.run_functions_eagerly(before)


@eagerly()
def train(folder: Path, steps: int, **options: Any) -> None:
    """Start a training and wait for its end; while it waits for room on a full disk, stop it if there is none."""
    import ganbook as gb

    run = gb.train(folder / "data.npz", steps=steps, runs_dir=folder / "runs", **options)
    while not run.ended.wait(0.02):
        if run.state != "paused":
            continue
        try:
            (folder / "room").write_bytes(b"is there any?")
            (folder / "room").unlink()
        except OSError:
            run.stop()
    run.wait()


def resume(folder: Path) -> None:
    with contextlib.suppress(ValueError):  # it was complete before the write failed
        train(folder, 4, resume="run", keep_checkpoints=2)


def start(folder: Path, **options: Any) -> None:
    """Start the run, or resume it if it has begun: a start that never began does not hold its name."""
    common = {"batch_size": 8, "jit": "off", "keep_checkpoints": 2, "latent_dim": 4, "checkpoint_every": 3600.0}
    try:
        train(folder, 2, name="run", network=tiny_pair(), **common, **options)
    except FileExistsError:
        with contextlib.suppress(ValueError):
            train(folder, 2, resume="run")


def start_again(folder: Path) -> None:
    start(folder, overwrite=True, seed=1)


def started(folder: Path) -> None:
    data_in(folder)
    start(folder)
    (folder / "runs" / "run" / "notes.txt").write_text("mine")


def sound(folder: Path, before: Path) -> None:
    """Check that everything visible in a run folder can be read, and that nothing from ``before`` is missing."""
    import keras
    from PIL import Image

    from ganbook.training.run_folder import RunFolder
    from ganbook.training.trainer import newest_state

    old, run = RunFolder(before / "runs" / "run"), RunFolder(folder / "runs" / "run")
    if not run.path.exists():
        assert not old.path.exists(), "the run is gone"
        return
    options = run.config()["options"]
    replaced = old.path.exists() and (
        options["seed"] != old.config()["options"]["seed"] or not run.checkpoints.newest_first()
    )  # as was asked for
    for checkpoint in run.checkpoints.newest_first():
        checkpoint.read()
    for preview in run.previews().values():
        with Image.open(preview) as image:
            image.load()
    if (run.path / "generator.keras").exists():
        keras.saving.load_model(run.path / "generator.keras")
    if not old.path.exists():
        return
    assert (run.path / "notes.txt").read_text() == "mine", "notes.txt is gone"
    if not replaced:
        saved, notes = newest_state(run)
        assert saved is not None, "no checkpoint is left"
        assert not notes, notes
        assert saved.step >= old.checkpoints.newest().step, f"training went back to step {saved.step}"
        reports = old.history()
        assert run.history()[: len(reports)].equals(reports), "reports from before are gone"
        assert {*old.previews()} <= {*run.previews()}, "previews from before are gone"
        assert (run.path / "generator.keras").exists(), "the generator is gone"


WEIGHTS = r"runs/run/checkpoints/step-\d+/arrays\.npz"
TRAINING = [
    Scenario(name, prepare, act, compare=False, equal=WEIGHTS, whole=sound, ways=TRAINING_WAYS)
    for name, prepare, act in [
        ("train anew", data_in, start),
        ("train --resume", started, resume),
        ("train --overwrite", started, start_again),
    ]
]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="at most 20 points of each scenario and way")
    parser.add_argument("--points", type=int, default=10**9, help="the most points of each scenario and way")
    parser.add_argument("--only", default="", help="scenarios whose names contain this")
    options = parser.parse_args()
    total, lost = 0, 0
    for scenario in SCENARIOS + WITH_RUN + TRAINING:
        if options.only not in scenario.name:
            continue
        began = time.perf_counter()
        with tempfile.TemporaryDirectory() as place:
            os.environ["GANBOOK_CACHE"] = f"{place}/cache"
            tried, losses = try_all(
                scenario, Path(place) / "try", most=min(options.points, 20 if options.quick else 10**9)
            )
        total, lost = total + tried, lost + len(losses)
        print(
            f"{scenario.name:28}{tried:6} points{len(losses):6} losses{time.perf_counter() - began:8.1f} s", flush=True
        )
        for loss in losses[:10]:
            print(f"  {loss}")
    print(f"{total} points, {lost} losses")
    return min(lost, 1)


if __name__ == "__main__":
    sys.unraisablehook = lambda _: None  # files of a killed process cannot be closed in order
    sys.exit(main())
