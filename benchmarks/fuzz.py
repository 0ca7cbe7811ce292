"""Do damaged files ever crash ganbook, hang it, fill the memory, or make it write elsewhere?

    python -m benchmarks.fuzz [--minutes 5] [--seed 0] [--only npz image …] [--keep FOLDER]

Whole files of every kind that ganbook reads are damaged at random: archives, arrays, images, policies, ``config.json``,
``history.csv``, masks. What is read from them must be the right kind of result or one clear line, in time, in memory,
and without a write outside the place of the test. Each kind prints how many files were tried, how many were refused and
read, and every fault with the file that shows it, which is kept. A process of its own reads the files, so that a crash
is seen as well. The exit code is 1 if there is a fault.
"""

from __future__ import annotations

import argparse
import collections
import io
import json
import os
import random
import re
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

SECONDS = 20  # for one file
MEMORY = 700 * 2**20  # more than that for files of a few kilobytes is without bound
LINE = 600  # characters beyond the path
INTERESTING = (b"\0", b"\xff", b"\xff" * 4, b"\x7f\xff\xff\xff", b"\x80\0\0\0", b"\n", b"../x", b"\0" * 4)
WORDS = (
    "NaN",
    "-1",
    "1e999",
    "9" * 30,
    '""',
    "null",
    "[]",
    "{}",
    "true",
    "\x00",
    "\ud83d",
    "é",
    '"../../x"',
    "[[",
    "-0",
)

# Whole files


def npy(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=True)
    return file.getvalue()


def arrays(rng: np.random.Generator) -> list[bytes]:
    levels = rng.integers(0, 256, (6, 8, 8), dtype=np.uint8)
    colours = rng.integers(0, 256, (4, 8, 8, 3), dtype=np.uint8)
    return [npy(levels), npy(colours), npy(levels / 255.0), npy(np.asfortranarray(levels)), npy(levels > 99),
            npy(levels.astype(">i4")), npy(np.array(["a", "b"] * 3)), npy(np.arange(6))]  # fmt: skip


def archive(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as out:
        for name, content in members.items():
            out.writestr(name, content)
    return file.getvalue()


def images(rng: np.random.Generator) -> list[tuple[str, bytes]]:
    import cv2
    from PIL import Image, ImageCms

    def saved(image: Image.Image, kind: str, **options: Any) -> tuple[str, bytes]:
        file = io.BytesIO()
        image.save(file, kind, **options)
        return {"JPEG": ".jpg"}.get(kind, f".{kind.lower()}"), file.getvalue()

    colours = Image.fromarray(rng.integers(0, 256, (16, 24, 3), dtype=np.uint8))
    exif = Image.Exif()
    exif[0x0112] = 6
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    deep = rng.integers(0, 65536, (16, 24, 3)).astype(np.uint16)
    return [
        saved(colours, "PNG"), saved(colours, "PNG", icc_profile=profile, exif=exif.tobytes()),
        saved(colours.convert("RGBA"), "PNG"), saved(colours.convert("L"), "PNG", transparency=7),
        saved(colours.quantize(16), "PNG", transparency=b"\0\x80"),
        saved(colours, "PNG", save_all=True, append_images=[colours]),
        (".png", cv2.imencode(".png", deep)[1].tobytes()), (".png", cv2.imencode(".png", deep[..., 0])[1].tobytes()),
        saved(colours, "JPEG", exif=exif.tobytes(), icc_profile=profile), saved(colours, "JPEG", progressive=True),
        saved(colours.convert("CMYK"), "JPEG"), saved(colours.convert("L"), "JPEG"),
        saved(colours, "WEBP", exif=exif.tobytes()), saved(colours.convert("RGBA"), "WEBP", lossless=True),
        saved(colours.quantize(16), "GIF", save_all=True, append_images=[colours]), saved(colours, "BMP"),
        saved(colours.quantize(8), "BMP"),
    ]  # fmt: skip


# Damage


def damaged(content: bytes, rng: random.Random) -> bytes:
    content = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 3, 8, 30))):
        at = rng.randrange(len(content) or 1)
        match rng.randrange(8):
            case 0 if content:
                content[at % len(content)] ^= 1 << rng.randrange(8)
            case 1 if content:
                content[at % len(content)] = rng.randrange(256)
            case 2:
                del content[at : at + rng.choice((1, 4, 100))]
            case 3:
                piece = content[at : at + rng.choice((1, 8, 200))]
                content[rng.randrange(len(content) or 1) : 0] = piece
            case 4:
                piece = rng.choice(INTERESTING)
                content[at : at + len(piece)] = piece
            case 5:
                content[at:at] = rng.choice(INTERESTING) * rng.choice((1, 1, 50))
            case 6 if rng.random() < 0.3:
                del content[at:]
            case 7 if len(content) > 8:
                number = rng.choice((0, 1, 65536, 2**31, 2**32 - 1))
                struct.pack_into(rng.choice("<>") + "I", content, at % (len(content) - 4), number)
    return bytes(content)


def damaged_text(text: str, rng: random.Random) -> bytes:
    """Damage of the kind that still looks like text, or bytes like any others."""
    if rng.random() < 0.3:
        return damaged(text.encode(), rng)
    for _ in range(rng.choice((1, 1, 2, 4))):
        pieces = re.split(r'([\w.+-]+|"[^"]*")', text)
        at = rng.randrange(len(pieces))
        other, times = pieces[rng.randrange(len(pieces))], rng.choice((2, 500))
        pieces[at] = rng.choice((rng.choice(WORDS), other, "", pieces[at] * times))
        text = "".join(pieces)
    return text.encode("utf-8", "surrogatepass")


def damaged_png(content: bytes, rng: random.Random) -> bytes:
    """Damage inside of chunks, with the right checksums: what is further in is reached."""
    chunks, position = [], 8
    while position + 8 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, position)
        chunks.append((kind, content[position + 8 : position + 8 + length]))
        position += 12 + length
    at = rng.randrange(len(chunks))
    kind, inside = chunks[at]
    match rng.randrange(4):
        case 0:
            chunks[at] = (kind, damaged(inside, rng))
        case 1 if kind == b"IDAT":
            chunks[at] = (kind, zlib.compress(damaged(zlib.decompress(inside), rng)))
        case 2:
            chunks.insert(at, rng.choice(chunks))
        case 3:
            del chunks[at]
    parts = (struct.pack(">I", len(c)) + k + c + struct.pack(">I", zlib.crc32(k + c)) for k, c in chunks)
    return content[:8] + b"".join(parts)


# What is read, and from what


class Kinds:
    """Every kind of file: how one is made, and how it is read."""

    def __init__(self, place: Path):
        rng = np.random.default_rng(0)
        self.place = place
        self.arrays, self.images = arrays(rng), images(rng)

    def npz(self, rng: random.Random) -> Callable[[], Any]:
        from ganbook.data import load

        names = rng.sample(("x_train", "y_train", "x_test", "class_names"), 3)
        members = {name: rng.choice(self.arrays) for name in names}
        members["x_train"] = rng.choice(self.arrays[:6])
        if rng.random() < 0.5:
            name = rng.choice(list(members))
            members[name] = damaged(members[name], rng)
        content = archive({f"{name}.npy": array for name, array in members.items()}, rng.choice((0, 8, 12, 14)))
        self.write("a.npz", content if rng.random() < 0.4 else damaged(content, rng))
        return lambda: load(self.place / "a.npz").fingerprint

    def npy(self, rng: random.Random) -> Callable[[], Any]:
        from ganbook.data import load

        self.write("a.npy", damaged(rng.choice(self.arrays), rng))
        return lambda: load(self.place / "a.npy").fingerprint

    def image(self, rng: random.Random) -> Callable[[], Any]:
        from ganbook.data import image_file, image_writer, load

        shutil.rmtree(self.place / "photos", ignore_errors=True)
        (self.place / "photos").mkdir()
        self.write("photos/whole.png", self.images[0][1])
        suffix, content = rng.choice(self.images)
        content = damaged_png(content, rng) if suffix == ".png" and rng.random() < 0.6 else damaged(content, rng)
        self.write(f"photos/a{suffix}", content)

        def read() -> None:
            data = load(self.place / "photos", 8)
            assert len(data) + len(data.skipped) == 2, "an image is not accounted for"
            path = str(self.place / f"photos/a{suffix}")
            content = image_file.read_content(path)
            assert content.pixels.dtype in (np.uint8, np.uint16)
            assert content.pixels.ndim == 3
            metadata, _ = image_writer.metadata_of(path, content.icc_profile)
            self.write("copy.png", image_writer.png(content.pixels, metadata))
            assert np.array_equal(image_file.read(str(self.place / "copy.png")), content.pixels), "the copy differs"

        return read

    def policy(self, rng: random.Random) -> Callable[[], Any]:
        from ganbook.augmentation.policy import Policy

        text = Policy.parse(rng.choice(("standard", "DiffAugment,flip@0.5", "translation:0.2,zoom:0.2"))).to_json()
        self.write("a.json", damaged_text(text, rng))

        def read() -> None:
            policy = Policy.parse(str(self.place / "a.json"))
            assert Policy.from_json(policy.to_json()) == policy

        return read

    def config(self, rng: random.Random) -> Callable[[], Any]:
        from ganbook.training.runs import load_run, runs

        config = {
            "format": 2, "created": "2026-11-27T05:00:00",
            "options": {"network": "mlp", "steps": 100, "data": "digits"},
            "data": {"name": "digits", "source": "digits", "fingerprint": "0" * 16, "count": 9, "shape": [8, 8, 1],
                     "num_classes": 2, "class_names": ["a", "b"]}, "versions": {"ganbook": "0.1.0"},
        }  # fmt: skip
        self.write("runs/one/config.json", damaged_text(json.dumps(config), rng))

        def read() -> None:
            assert len(runs(self.place / "runs")) == 1, "a run is not listed"
            repr(load_run("one", self.place / "runs"))

        return read

    def history(self, rng: random.Random) -> Callable[[], Any]:
        from ganbook.training.history import COLUMNS
        from ganbook.training.run_folder import RunFolder

        rows = [",".join(str(row * 7 + column) for column in range(len(COLUMNS) - 1)) + "," for row in range(6)]
        self.write("run/history.csv", damaged_text("\n".join([",".join(COLUMNS), *rows, ""]), rng))

        def read() -> None:
            history = RunFolder(self.place / "run").history()
            assert list(history.columns) == list(COLUMNS)
            assert all(history[name].dtype.kind in "if" for name in COLUMNS if name != "warning"), history.dtypes
            assert history["step"].is_monotonic_increasing or not history["step"].notna().all(), "steps go back"

        return read

    def mask(self, rng: random.Random) -> Callable[[], Any]:
        from ganbook.inpainting import inputs

        suffix, content = rng.choice(self.images)
        self.write(f"mask{suffix}", damaged_png(content, rng) if suffix == ".png" else damaged(content, rng))
        photo = inputs.images(np.full((16, 24, 3), 99, np.uint8))

        def read() -> None:
            mask = inputs.holes(str(self.place / f"mask{suffix}"), photo)
            assert mask.dtype == bool
            assert mask.shape == (1, 16, 24)

        return read

    def write(self, name: str, content: bytes) -> None:
        path = self.place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


ALL = ("npz", "npy", "image", "policy", "config", "history", "mask")


# One process reads many files


def fault_of(read: Callable[[], Any], place: Path) -> tuple[str, str]:
    """Read once: ("read" or "refused", ""), or ("fault", what)."""
    limit = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 + MEMORY
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            read()
        outcome = ("read", "")
        lines = [str(warning.message) for warning in caught if issubclass(warning.category, UserWarning)]
        if bad := next((line for line in lines if "\n" in line or len(line) > LINE + 200), None):
            outcome = ("fault", f"a warning of several lines, or endless: {bad[:200]!r}")
    except BaseException as error:
        outcome = ("refused", "")
        if not is_clear(error, place):
            outcome = ("fault", "".join(traceback.format_exception(error)[-3:]))
        if isinstance(error, KeyboardInterrupt):
            raise
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 > limit:
        outcome = ("fault", "more memory than a file of some kilobytes can need")
    return outcome


def is_clear(error: BaseException, place: Path) -> bool:
    """Whether an error is one line of ganbook's, of a kind that both faces show without a traceback."""
    from ganbook.utils.errors import BAD_INPUT

    line = str(error).replace(str(place), "")
    own = type(error) in BAD_INPUT or type(error).__module__.startswith("ganbook")
    return own and isinstance(error, BAD_INPUT) and bool(line) and "\n" not in line and len(line) <= LINE


def read_many(kind: str, first: int, count: int, place: Path) -> None:
    """Read so many damaged files; print one JSON line for each."""

    def guard(event: str, arguments: tuple[Any, ...]) -> None:
        writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
        if writes or event in ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.symlink", "shutil.rmtree"):
            target = arguments[0]
            path = os.path.abspath(os.fsdecode(target)) if isinstance(target, str | bytes | os.PathLike) else ""
            if path and not path.startswith((str(place), "/dev/", "/proc/")) and "__pycache__" not in path:
                outside.append(f"{event} {path}")

    def too_long(*_: Any) -> None:
        raise TimeoutError(f"not read after {SECONDS} s")

    outside: list[str] = []
    os.environ["GANBOOK_CACHE"] = str(place / "cache")
    signal.signal(signal.SIGALRM, too_long)
    kinds = Kinds(place)
    make = getattr(kinds, kind)
    sys.addaudithook(guard)
    for number in range(first, first + count):
        read = make(random.Random(f"{kind} {number}"))
        print(json.dumps({"begun": number}), flush=True)
        outside.clear()
        outcome, what = fault_of(read, place)
        if outside:
            outcome, what = "fault", f"wrote outside: {outside[0]}"
        print(json.dumps({"number": number, "outcome": outcome, "what": what}), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="+", choices=ALL, default=ALL)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-faults"), help="folder for the files that show a fault")
    parser.add_argument("--worker", nargs=4, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.worker:
        kind, first, count, place = asked.worker
        return read_many(kind, int(first), int(count), Path(place))
    end, faults = time.monotonic() + 60 * asked.minutes, 0
    counts: dict[str, collections.Counter] = {kind: collections.Counter() for kind in asked.only}
    seen: set[str] = set()
    first = dict.fromkeys(asked.only, asked.seed * 10**7)
    while time.monotonic() < end:
        for kind in asked.only:
            with tempfile.TemporaryDirectory(prefix="fuzz-") as place:
                results, begun = run_worker(kind, first[kind], 400, place)
                for result in results:
                    counts[kind][result["outcome"]] += 1
                    if result["outcome"] != "fault":
                        continue
                    faults += 1
                    *_, where, last = ["", *result["what"].strip().splitlines()]
                    summary = f"{kind} {where} {last.split(':')[0]}"
                    if summary not in seen:
                        seen.add(summary)
                        print(f"FAULT {kind} {result['number']}: {result['what'].strip()[-800:]}", flush=True)
                        keep(kind, result["number"], asked.keep)
                first[kind] = begun + 1
            if time.monotonic() > end:
                break
    for kind, counter in counts.items():
        read, refused, wrong = (f"{counter[outcome]:,}" for outcome in ("read", "refused", "fault"))
        print(f"{kind:8} {sum(counter.values()):7,} files: {read} read, {refused} refused, {wrong} faults")
    sys.exit(1 if faults else 0)


def run_worker(kind: str, first: int, count: int, place: str) -> tuple[list[dict[str, Any]], int]:
    """Read files in a process of its own; a crash is the fault of the file that was begun last."""
    command = [sys.executable, "-m", "benchmarks.fuzz", "--worker", kind, str(first), str(count), place]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=SECONDS * count, cwd=Path(__file__).parents[1]
    )
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    results = [line for line in lines if "number" in line]
    begun = max((line["begun"] for line in lines if "begun" in line), default=first)
    if not results or results[-1]["number"] != begun or done.returncode:
        what = f"the process ended with {done.returncode}: {done.stderr[-600:]}"
        results.append({"number": begun, "outcome": "fault", "what": what})
    return results, begun


def keep(kind: str, number: int, folder: Path) -> None:
    """Make the file once more, where it can be looked at."""
    place = (folder / f"{kind}-{number}").resolve()
    place.mkdir(parents=True, exist_ok=True)
    getattr(Kinds(place), kind)(random.Random(f"{kind} {number}"))


if __name__ == "__main__":
    main()
