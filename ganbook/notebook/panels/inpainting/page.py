"""What a page is told of a canvas: messages with their files, as ``panel.send`` takes them."""

from __future__ import annotations

import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from ganbook.config.inpaint import InpaintConfig
from ganbook.config.parser import choices
from ganbook.data.masks import KINDS
from ganbook.inpainting import inputs
from ganbook.inpainting.methods import TASK
from ganbook.notebook.panels.inpainting.canvas import Canvas
from ganbook.notebook.panels.inpainting.gallery import Gallery

UPLOAD_BYTES = 8_000_000  # a Jupyter server takes messages of up to 10 MiB
METHODS = choices(InpaintConfig.model_fields["method"])
TICKED = {"telea", "biharmonic"}
TRAIN = {"generate": "%gan_train", "inpaint": "%gan_train --task inpaint"}
# Pictures above this travel as JPEG of at most so many pixels a side: the page shows them, the kernel has the pixels.
LARGE_BYTES, LARGE_SIDE = 1_500_000, 2048

Message = tuple[dict[str, Any], list[bytes]]


def head(pictures: Gallery) -> Message:
    """What does not change: methods, kinds of masks, limits."""
    methods = []
    for name in METHODS:
        train = TRAIN.get(TASK.get(name))
        missing = train is not None and name not in pictures.runs
        why = f"{name} fills with a run: %gan_inpaint … --run RUN (made by {train})" if missing else ""
        methods.append({"name": name, "ticked": name in TICKED or name in pictures.runs, "why": why})
    return {"kind": "head", "methods": methods, "kinds": list(KINDS), "upload_bytes": UPLOAD_BYTES}, []


def picture(canvas: Canvas, pictures: Gallery, index: int | None, number: int) -> Message:
    """The picture in work: where it stands in its gallery, and the number by which it is known from earlier ones."""
    height, width = canvas.shape
    message = {
        "kind": "picture", "number": number, "name": canvas.picture.name, "width": width, "height": height,
        "channels": canvas.image.shape[2], "runs": [run.name for run in pictures.runs.values()],
        "index": index, "of": pictures.count, "layers": len(canvas.layers),
        "scored": canvas.scored, "scorable": canvas.scorable,
    }  # fmt: skip
    return message, [_for_page(canvas.image)]


def mask(canvas: Canvas, number: int, *, greeting: bool) -> Message:
    """The mask, as the page packs it too; one in a greeting is for pages that have none yet."""
    packed = zlib.compress(np.packbits(canvas.mask).tobytes(), 1)
    return {"kind": "mask", "number": number, "greeting": greeting}, [packed]


def unpacked(file: bytes, shape: tuple[int, int]) -> np.ndarray:
    """Read a mask as the page sends it, bool (H, W)."""
    bits = np.unpackbits(np.frombuffer(zlib.decompress(file), np.uint8), count=shape[0] * shape[1])
    return bits.reshape(shape).astype(bool)


def result(canvas: Canvas, method: str) -> Message:
    """A result: its candidates and what is said below them."""
    found = canvas.results[method]
    message = {"kind": "result", "method": method, "lines": lines(canvas, method), "error": ""}
    return message | {"seconds": found.seconds}, [_for_page(image) for image in found.candidates]


def file(canvas: Canvas, what: str) -> Message:
    """The ``mask``, ``picture`` or ``result`` as a PNG of its very pixels.

    Raises
    ------
    ValueError
        There is no result.
    """
    image = {"mask": canvas.mask, "picture": canvas.image, "result": canvas.result}[what]
    if image is None:
        raise ValueError("there is no result yet: press Fill")
    name = f"{Path(canvas.picture.name).stem.replace(' ', '-')}-{what}.png"
    return {"kind": "file", "name": name, "type": "image/png"}, [_png(image)]


def seen(image: np.ndarray) -> np.ndarray:
    """Return a picture of any depth as uint8 (H, W, C), C is 1 or 3."""
    return inputs.images(image).seen[0]


def _png(image: np.ndarray) -> bytes:
    """Return uint8 or uint16 (H, W, C), or bool (H, W), as a PNG of the same pixels."""
    import cv2

    levels = image.astype(np.uint8) * 255 if image.dtype == bool else image
    colours = levels[..., [2, 1, 0, 3][: levels.shape[2]]] if levels.shape[2:] in ((3,), (4,)) else levels
    return cv2.imencode(".png", colours)[1].tobytes()


def _for_page(image: np.ndarray) -> bytes:
    """Return a picture as a file fit for sending."""
    shown = seen(image)
    if shown.nbytes <= LARGE_BYTES:
        return _png(shown)
    from PIL import Image

    picture = Image.fromarray(shown.squeeze(-1) if shown.shape[2] == 1 else shown)
    picture.thumbnail((LARGE_SIDE, LARGE_SIDE))
    out = BytesIO()
    picture.save(out, "JPEG", quality=90)
    return out.getvalue()


def lines(canvas: Canvas, method: str) -> list[list[str]]:
    """What is said below each candidate of a result: scores in the hole, if the truth is known, and the time."""
    result, scores = canvas.results[method], canvas.scores(method)
    took, unit = (result.seconds, "s") if result.seconds >= 1 else (1000 * result.seconds, "ms")
    words = [f"{took:.{0 if took >= 10 else 1}f} {unit}"] + ["stopped"] * result.stopped
    if scores is None:
        return [words for _ in result.candidates]
    pairs = zip(scores["psnr_hole"], scores["ssim_hole"], strict=True)
    return [[f"{psnr:.1f} dB", f"SSIM {ssim:.2f}", *words] for psnr, ssim in pairs]
