"""What a policy does to some images of a data set, for the augmentation panel and in words."""

from __future__ import annotations

import time
import warnings
from io import BytesIO
from typing import Any

import numpy as np

from ganbook.augmentation import Policy, augment
from ganbook.augmentation.code.libraries import LIBRARIES
from ganbook.augmentation.operations import Operation
from ganbook.augmentation.units import in_words
from ganbook.data import ImageData

ROWS, DRAWS = 6, 8
STRENGTHS = (0.0, 0.25, 0.5, 0.75, 1.0)
# Images whose augmentation is timed; the largest side of an image on the sheet.
TIMED, SIDE, VALUES = 128, 128, 2**22


def examples(data: ImageData) -> np.ndarray:
    """Return some images of a data set, spread over it: uint8 (N, H, W, C)."""
    chosen = np.linspace(0, len(data) - 1, min(ROWS, len(data))).astype(int)
    return np.stack([data.images[i] for i in chosen])


def samples(images: np.ndarray, policy: Policy) -> tuple[np.ndarray, list[str]]:
    """Return each image followed by :data:`DRAWS` augmented versions, and the parameters of each in words."""
    repeated = np.repeat(images, DRAWS, axis=0)
    augmented, log = _augmented(repeated, policy)
    rows = augmented.reshape(len(images), DRAWS, *augmented.shape[1:])
    sheet = np.concatenate([images[:, None], rows], 1).reshape(-1, *augmented.shape[1:])
    captions = [""] * len(sheet)
    for number, operations in log[log["operation"].ne("blend")].groupby("image"):
        words = (in_words(row.operation, row.parameters) for row in operations.itertuples())
        captions[number // DRAWS * (DRAWS + 1) + number % DRAWS + 1] = ", ".join(words)
    return sheet, captions


def sweep(images: np.ndarray, operation: Operation, seed: int) -> np.ndarray:
    """Return each image followed by an operation at :data:`STRENGTHS`, with the same random draw for each."""
    columns = [_augmented(images, Policy([Operation(operation.name, s)], seed))[0] for s in STRENGTHS]
    return np.stack([images, *columns], 1).reshape(-1, *images.shape[1:])


def speed(images: np.ndarray, policy: Policy) -> float:
    """Measure how many images a policy augments in a second."""
    count = max(1, min(TIMED, VALUES // images[0].size))
    batch = images[np.arange(count) % len(images)]
    began = time.perf_counter()
    _augmented(batch, policy)
    return count / (time.perf_counter() - began)


def refusal(policy: Policy) -> str:
    """Say why no GAN can be trained through a policy; empty if one can."""
    try:
        policy.check_differentiable()
    except ValueError as error:
        return str(error).partition(";")[0]
    return ""


def leaks(policy: Policy) -> list[str]:
    """Return the operations that may leak into a GAN's samples at their probability."""
    single = (part for part in policy.operations if isinstance(part, Operation))
    return [part.name for part in single if part.kind.leaks is not None and part.probability >= part.kind.leaks]


def programs(policy: Policy, size: tuple[int, int]) -> dict[str, str]:
    """Return a policy as Python code, as JSON, and as code of each library that does the same."""
    libraries = {library: policy.code(library, size) for library in LIBRARIES}
    return {"python": _python(policy), "json": policy.to_json(), **libraries}


def _python(policy: Policy) -> str:
    code = repr(policy)
    used = [name for name in ("Choice", "Mix", "Operation", "Policy") if name in code]
    return f"from ganbook.augmentation import {', '.join(used)}\n\npolicy = {code}"


def png(images: np.ndarray, columns: int) -> bytes:
    """Return images side by side as a PNG, large ones reduced to :data:`SIDE` pixels."""
    from PIL import Image

    from ganbook.data.grid import image_grid

    sheet, out = image_grid(images, columns, gap=0), BytesIO()
    height, width = images.shape[1:3]
    if max(height, width) > SIDE:
        scale = SIDE / max(height, width)
        sheet = sheet.resize((round(sheet.width * scale), round(sheet.height * scale)), Image.Resampling.BILINEAR)
    sheet.save(out, "PNG", compress_level=1)
    return out.getvalue()


def _augmented(images: np.ndarray, policy: Policy) -> tuple[np.ndarray, Any]:
    """Return augmented images and the log, without a warning for what does nothing to grey images."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        augmented, _, log = augment(images, policy, np.zeros(len(images), int), return_log=True)
    return augmented, log
