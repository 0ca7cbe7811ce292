"""Samples as files: a sheet, a ZIP of images, arrays, or an animation."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ganbook.data.grid import image_grid

if TYPE_CHECKING:
    from PIL.Image import Image

    from ganbook.browsing.samples import Sample

SHEETS, FILMS = ("png", "zip", "npz"), ("gif", "webp", "mp4")
FILM_SIDE, FILM_MS, LAST_MS = 256, 120, 900


def films() -> list[str]:
    """Return the kinds of animations that can be written here."""
    return [kind for kind in FILMS if kind != "mp4" or shutil.which("ffmpeg")]


def kept(selection: Sequence[tuple[str, Sample]], kind: str, identity: str) -> bytes:
    """Return favourites, each with the name of its collection, as a file.

    ``png`` is a sheet; ``zip`` holds a PNG each and ``samples.csv``; ``npz`` holds ``z``, ``images``, ``labels`` (−1
    where there are none), ``scores`` (NaN likewise), ``titles``, ``steps``, ``weights``, ``selections`` and
    ``identity``, and can be given back to :meth:`ganbook.browsing.browser.Browser.star_again`.
    """
    if not selection:
        raise ValueError("there are no favourites yet: add some first (browser.star)")
    samples = [sample for _, sample in selection]
    out = io.BytesIO()
    if kind == "png":
        image_grid(np.stack([s.image for s in samples])).save(out, "PNG")
    elif kind == "npz":
        np.savez_compressed(
            out, z=np.stack([s.z for s in samples]), images=np.stack([s.image for s in samples]),
            labels=np.array([-1 if s.label is None else s.label for s in samples], np.int32),
            scores=np.array([np.nan if s.score is None else s.score for s in samples], np.float32),
            titles=np.array([s.title for s in samples]), steps=np.array([s.step for s in samples]),
            weights=np.array([s.weights for s in samples]), selections=np.array([name for name, _ in selection]),
            identity=np.array(identity),
        )  # fmt: skip
    elif kind == "zip":
        _zip(selection, out)
    else:
        raise ValueError(f"favourites are written as {', '.join(SHEETS)}, not as {kind!r}")
    return out.getvalue()


def _zip(selection: Sequence[tuple[str, Sample]], out: io.BytesIO) -> None:
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(["file", "selection", "sample", "label", "score", "step", "weights"])
    with zipfile.ZipFile(out, "w") as archive:
        for number, (name, sample) in enumerate(selection, start=1):
            file = f"{number:03d}.png"
            png = io.BytesIO()
            _pil_image(sample.image).save(png, "PNG")
            archive.writestr(file, png.getvalue())
            rows.writerow([file, name, sample.title, sample.label, sample.score, sample.step, sample.weights])
        archive.writestr("samples.csv", table.getvalue())


def film(frames: np.ndarray, kind: str, columns: int | None = None) -> bytes:
    """Frames uint8 (T, H, W, C), or (T, N, H, W, C) as grids, as a ``gif``, a lossless ``webp`` or an ``mp4``.

    Small images are enlarged by whole multiples. GIF and WebP repeat, and their last frame stays longer. MP4 needs
    the program ffmpeg.
    """
    if kind not in FILMS:
        raise ValueError(f"a film is written as {', '.join(FILMS)}, not as {kind!r}")
    images = [_pil_image(frame) if frame.ndim == 3 else image_grid(frame, columns) for frame in frames]
    times = max(1, FILM_SIDE // max(images[0].size))
    images = [image.resize((image.width * times, image.height * times), resample=0) for image in images]
    if kind == "mp4":
        return _mp4(images)
    options = {"lossless": True} if kind == "webp" else {}
    out = io.BytesIO()
    images[0].save(
        out, kind.upper(), save_all=True, append_images=images[1:], loop=0,
        duration=[FILM_MS] * (len(images) - 1) + [LAST_MS], **options,
    )  # fmt: skip
    return out.getvalue()


def _mp4(images: Sequence[Image]) -> bytes:
    program = shutil.which("ffmpeg")
    if program is None:
        raise ValueError("an MP4 needs the program ffmpeg, which is not on the PATH: install it, or take gif or webp")
    width, height = images[0].size
    given = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", f"{1000 / FILM_MS:.3f}", "-i", "-"]
    # Every player takes yuv420p, which wants even sides.
    made = ["-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2", "-c:v", "libx264", "-crf", "12", "-pix_fmt", "yuv420p"]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "film.mp4"
        pixels = b"".join(image.convert("RGB").tobytes() for image in images)
        done = subprocess.run(
            [program, "-loglevel", "error", *given, *made, str(file)], input=pixels, capture_output=True
        )
        if done.returncode:
            raise ValueError(f"ffmpeg failed: {done.stderr.decode(errors='replace').strip()[-200:]}; take gif or webp")
        return file.read_bytes()


def _pil_image(image: np.ndarray) -> Image:
    from PIL import Image

    return Image.fromarray(image[..., 0] if image.shape[-1] == 1 else image)
