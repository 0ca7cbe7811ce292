"""The work of an augmentation on arrays, in pieces and threads."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from ganbook.augmentation import inputs
from ganbook.augmentation.apply import Work
from ganbook.augmentation.operations import Step

if TYPE_CHECKING:
    import pandas as pd

# A piece has about this many values; several are worked on at a time only if an image is large enough that OpenCV, and
# not Python, is what takes the time.
PIECE, LARGE = 2**20, 64 * 64

# Columns of a log.
COLUMNS = ("image", "step", "chain", "operation", "parameters")


def run(
    batch: inputs.Batch, steps_of: Callable[[np.ndarray, tuple[int, ...]], list[Step]], log_from: int | None
) -> Any:
    """Do the steps that ``steps_of(numbers, shape)`` decides for the images of these numbers, int (n,).

    Returns
    -------
    images, labels, masks, log
        New, in this order, as far as there are any; the log only if ``log_from``, the number of the first image, is
        given.
    """
    images = batch.images
    result = np.empty_like(images)
    labels = batch.fractions.copy() if batch.fractions is not None else batch.labels
    masks = None if batch.masks is None else batch.masks.copy()

    def source(number: int) -> tuple[np.ndarray, Any, Any]:
        image = batch.levels(slice(number, number + 1))[0]
        mask = None if batch.masks is None else batch.masks[number]
        return image[..., 0] if image.shape[2] == 1 else image, mask, batch.fractions[number]

    def piece(start: int) -> list[dict]:
        part = slice(start, start + piece_size)
        numbers = np.arange(start, min(start + piece_size, len(images)))
        steps = steps_of(numbers, (*images.shape[1:], len(images)))
        levels = batch.levels(part)
        fractions = labels[part] if batch.fractions is not None else None
        Work(levels, None if masks is None else masks[part], fractions, source).do(steps)
        result[part] = batch.values(levels)
        return [] if log_from is None else _rows(steps, log_from + numbers)

    piece_size = max(1, PIECE // int(np.prod(images.shape[1:])))
    starts = range(0, len(images), piece_size)
    if images.shape[1] * images.shape[2] >= LARGE:
        with ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="ganbook augment") as pool:
            rows = list(pool.map(piece, starts))
    else:
        rows = [piece(start) for start in starts]
    results = [batch.shaped(result)]
    if labels is not None:
        results.append(labels[0] if batch.single else labels)
    if masks is not None:
        masks = masks.astype(batch.mask_dtype)
        results.append(masks[0] if batch.single else masks)
    if log_from is not None:
        results.append(_log(rows))
    return results[0] if len(results) == 1 else tuple(results)


def _rows(steps: list[Step], numbers: np.ndarray) -> list[dict]:
    rows = []
    for index, step in enumerate(steps):
        names, done = list(step.parameters), np.flatnonzero(step.done)
        columns = (
            zip(*(step.parameters[name][done].tolist() for name in names), strict=True) if names else [()] * len(done)
        )
        for number, values in zip(numbers[done].tolist(), columns, strict=True):
            rows.append({
                "image": number, "step": index, "chain": step.chain, "operation": step.name,
                "parameters": dict(zip(names, values, strict=True)),
            })  # fmt: skip
    return rows


def _log(rows: list[list[dict]]) -> pd.DataFrame:
    import pandas as pd

    log = pd.DataFrame([row for part in rows for row in part], columns=list(COLUMNS))
    return log.sort_values(["image", "step"], ignore_index=True)
