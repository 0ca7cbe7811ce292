"""The messages of the inpainting panel, with their files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ganbook.config.inpaint import WITHOUT_RUN, InpaintConfig
from ganbook.config.parser import choices
from ganbook.data.masks import KINDS
from ganbook.inpainting.methods import TASK
from ganbook.notebook.panels.image_files import LIMITS, for_page, png
from ganbook.notebook.panels.image_source import ImageSource
from ganbook.notebook.panels.inpainting.session import Session

# The default first: its result is the one that is shown when all are there.
METHODS = sorted(choices(InpaintConfig.model_fields["method"]), key=lambda name: name != WITHOUT_RUN)
TICKED = {WITHOUT_RUN, "telea"}
TRAIN = {"generate": "%gan_train", "inpaint": "%gan_train --task inpaint"}

Message = tuple[dict[str, Any], list[bytes]]


def about(images: ImageSource) -> dict[str, Any]:
    """Return what does not change: methods, kinds of masks, limits."""
    methods = []
    for name in METHODS:
        train = TRAIN.get(TASK.get(name, ""))
        missing = train is not None and name not in images.runs
        why = f"{name} needs a run: %gan_inpaint … --run RUN (train one with {train})" if missing else ""
        methods.append({"name": name, "ticked": name in TICKED or name in images.runs, "why": why})
    return {"kind": "about", "methods": methods, "mask_kinds": list(KINDS), **LIMITS}


def image(session: Session, images: ImageSource, index: int | None, number: int) -> Message:
    """Return the image in work, its index in its source, and the number that tells it from earlier ones."""
    height, width = session.shape
    message = {
        "kind": "image", "number": number, "name": session.opened.name, "width": width, "height": height,
        "channels": session.image.shape[2], "runs": [run.name for run in images.runs.values()],
        "index": index, "of": images.count, "layers": len(session.layers),
        "scored": session.scored, "scorable": session.scorable,
    }  # fmt: skip
    return message, [for_page(session.image)]


def result(session: Session, method: str) -> Message:
    """Return a result: its candidates and the lines below them."""
    seconds, candidates = session.results[method].seconds, session.results[method].candidates
    message = {
        "kind": "result", "method": method, "lines": lines(session, method), "error": "", "seconds": seconds,
        "stopped": session.results[method].stopped,
    }  # fmt: skip
    return message, [for_page(candidate) for candidate in candidates]


def file(session: Session, what: str) -> tuple[str, str, bytes]:
    """Return the ``mask``, ``image`` or ``result`` as a PNG of its very pixels: name, media type, content.

    Raises
    ------
    ValueError
        There is no result.
    """
    pixels = {"mask": session.mask, "image": session.image, "result": session.result}[what]
    if pixels is None:
        raise ValueError("there is no result yet: press Fill")
    return f"{Path(session.opened.name).stem.replace(' ', '-')}-{what}.png", "image/png", png(pixels)


def lines(session: Session, method: str) -> list[list[str]]:
    """Return the words below each candidate of a result: scores in the mask, if the truth is known, and the time."""
    result, scores = session.results[method], session.scores(method)
    time, unit = (result.seconds, "s") if result.seconds >= 1 else (1000 * result.seconds, "ms")
    words = [f"{time:.{0 if time >= 10 else 1}f} {unit}"] + ["stopped"] * result.stopped
    if scores is None:
        return [words for _ in result.candidates]
    pairs = zip(scores["psnr_hole"], scores["ssim_hole"], strict=True)
    return [[f"{psnr:.1f} dB", f"SSIM {ssim:.2f}", *words] for psnr, ssim in pairs]
