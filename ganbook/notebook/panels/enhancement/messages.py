"""The messages of the enhancement panel, with their files."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np

from ganbook.config.enhance import SCALES
from ganbook.data.resampling import enlarge
from ganbook.enhancement.methods import network
from ganbook.enhancement.part import enhance_part
from ganbook.metrics.fidelity import luma, psnr, ssim
from ganbook.notebook.panels.base import one_line
from ganbook.notebook.panels.enhancement.session import Session
from ganbook.notebook.panels.image_files import LIMITS, as_shown, for_page, png
from ganbook.notebook.panels.image_source import ImageSource
from ganbook.utils.errors import is_bad_input

AMPLIFIED = 8  # times, in the map of what was invented
WITH_IT = "network"  # the method that takes a run, and the only one that knows crispness

Message = tuple[dict[str, Any], list[bytes]]


def about(images: ImageSource) -> dict[str, Any]:
    """Return what does not change: which methods there are at each scale, and what networks can do."""
    run = images.runs.get(WITH_IT)
    names = network.names()
    own = None if run is None else scale_of(images)
    networks = network.scales()
    return {
        "kind": "about",
        "scales": list(SCALES) if own is None else [own],
        "methods": {str(scale): methods_at(scale, own, networks) for scale in SCALES},
        "crisp": [] if run is not None else sorted(scale for scale, crisp in networks.items() if crisp),
        "denoises": "denoise" in names,
        "jpeg": "jpeg" in names,
        "run": run.name if run else "",
        **LIMITS,
    }


def scale_of(images: ImageSource) -> int | None:
    """Return how many times the network of the run enlarges, None without a run."""
    from ganbook.data.degradations import scale_of

    run = images.runs.get(WITH_IT)
    return None if run is None else scale_of(str(run.config.degrade))


def methods_at(scale: int, own: int | None, enlarging: Collection[int]) -> list[str]:
    """Return the methods for a scale; ``own`` is that of a run, ``enlarging`` those of the networks that come along."""
    if scale == 1:
        return [WITH_IT, "non-local-means"]
    with_network = own == scale or (own is None and scale in enlarging)
    return [*([WITH_IT] if with_network else []), "lanczos", "bicubic", "nearest"]


def image(session: Session, images: ImageSource, index: int | None, number: int) -> Message:
    """Return the image in work, its index in its source, and the number that tells it from earlier ones."""
    height, width, channels = session.image.shape
    message = {
        "kind": "image", "number": number, "name": session.opened.name, "width": width, "height": height,
        "channels": channels, "index": index, "of": images.count, "noise": round(session.noise, 1),
        "tested": session.tested, "bits": 8 * session.image.itemsize,
    }  # fmt: skip
    return message, [for_page(session.image)]


def settings(session: Session) -> dict[str, Any]:
    """Return the settings, where the part lies, and whether the results are of other settings."""
    top, left, height, width = session.box
    return {
        "kind": "settings", "settings": session.settings, "box": [left, top, width, height],
        "outdated": session.outdated,
    }  # fmt: skip


def part(session: Session, images: ImageSource, methods: list[str]) -> Message:
    """Enhance the part that is looked at by each method: the images before and after, and what was invented."""
    scale, (top, left, height, width) = session.settings["scale"], session.box
    before = session.image[top : top + height, left : left + width]
    files = [for_page(enlarge(before, scale, "nearest").astype(before.dtype))]
    truth = session.truth
    rows, columns = slice(top * scale, (top + height) * scale), slice(left * scale, (left + width) * scale)
    made, map_of = [], None
    for method in methods:
        try:
            after = part_by(session, images, method)
        except Exception as error:
            if not is_bad_input(error):
                raise
            made.append({"method": method, "lines": [], "error": one_line(error)})
            continue
        words = [] if truth is None else scored(after, truth[rows, columns], scale)
        made.append({"method": method, "lines": words, "error": ""})
        files.append(for_page(after))
        if method == WITH_IT and session.settings["crispness"]:
            faithful = part_by(session, images, method, crispness=0.0)
            map_of = invented(after, faithful)
    message = {
        "kind": "part", "methods": made, "width": width * scale, "height": height * scale, "map": map_of is not None
    }  # fmt: skip
    return message, files if map_of is None else [*files, png(map_of)]


def part_by(session: Session, images: ImageSource, method: str, **changes: Any) -> np.ndarray:
    """Return the part that is looked at by a method, uint8 or uint16 (scale h, scale w, C); ``changes`` of settings."""
    run, options = options_of(session.settings | changes, images, method)
    if options.get("denoise") == "auto":
        options["denoise"] = session.noise or None
    if options["scale"] == 1 and not options.get("denoise") and not options.get("jpeg") and run is None:
        top, left, height, width = session.box
        return session.image[top : top + height, left : left + width]
    return enhance_part(
        session.image, session.box, run=run, mask=session.mask if session.mask.any() else None, **options
    )


def options_of(settings: dict[str, Any], images: ImageSource, method: str) -> tuple[Any, dict[str, Any]]:
    """Return the run and the options with which a method is called: the plain ones enlarge, and that is all."""
    run = images.runs.get(WITH_IT) if method == WITH_IT else None
    if method == WITH_IT:
        options = dict(settings) if run is None else settings | {"crispness": 0.0}
        return run, options | {"method": method}
    if method == "non-local-means":
        return None, {"scale": 1, "denoise": settings["denoise"] or "auto", "method": method}
    return None, {"scale": settings["scale"], "method": method}


def scored(image: np.ndarray, truth: np.ndarray, scale: int) -> list[str]:
    """Return PSNR and SSIM of luma without a border of ``scale`` pixels, in words."""
    image, truth = as_shown(image), as_shown(truth)
    border = scale if scale > 1 and min(truth.shape[:2]) > 4 * scale else 0
    a, b = luma(image), luma(truth)
    return [f"{psnr(a, b, border):.2f} dB", f"SSIM {ssim(a, b, border):.3f}"]


def invented(crisp: np.ndarray, faithful: np.ndarray) -> np.ndarray:
    """Return where two results differ, amplified :data:`AMPLIFIED` times: uint8 (H, W, 1)."""
    difference = np.abs(as_shown(crisp).astype(np.int32) - as_shown(faithful)).max(2, keepdims=True)
    return np.minimum(difference * AMPLIFIED, 255).astype(np.uint8)


def result(session: Session, method: str) -> Message:
    """Return a result of the whole image and the words below it."""
    made = session.results[method]
    seconds = f"{made.seconds:.1f} s" if made.seconds >= 1 else f"{1000 * made.seconds:.0f} ms"
    words = [] if session.truth is None else scored(made.image, session.truth, session.settings["scale"])
    height, width = made.image.shape[:2]
    message = {
        "kind": "result", "method": method, "error": "", "width": width, "height": height,
        "lines": [*words, *made.steps, seconds, *(["stopped"] * made.stopped)],
    }  # fmt: skip
    return message, [for_page(made.image)]


def file(session: Session, method: str) -> tuple[str, str, bytes]:
    """Return a result as a PNG of its very pixels: name, media type, content.

    Raises
    ------
    ValueError
        There is no such result.
    """
    if method not in session.results:
        raise ValueError("there is no result of the whole image yet: press Enhance")
    name = f"{Path(session.opened.name).stem.replace(' ', '-')}-{method}.png"
    return name, "image/png", png(session.results[method].image)
