"""A policy on many images: piece by piece, in threads, with masks, labels and a log."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from ganbook.augmentation import inputs
from ganbook.augmentation.apply import Work
from ganbook.augmentation.catalogue import OPERATIONS
from ganbook.augmentation.operations import Step
from ganbook.augmentation.policy import Policy
from ganbook.data import ImageData

if TYPE_CHECKING:
    import pandas as pd

# A piece has about this many values; several are worked on at a time only if an image is large enough that OpenCV, and
# not Python, is what takes the time.
PIECE, LARGE = 2**20, 64 * 64


def augment(
    images: Any,
    policy: Policy | str = "standard",
    labels: Any = None,
    masks: Any = None,
    *,
    first: int = 0,
    value_range: tuple[float, float] | None = None,
    return_log: bool = False,
) -> Any:
    """Augment images.

    Parameters
    ----------
    images
        uint8 or float (N, H, W, C), C 1 or 3; one image (H, W, C) or (H, W); an :class:`~ganbook.data.ImageData`,
        whose training split is augmented; or a ``tf.data.Dataset`` of images or batches, alone or with labels.
    policy
        A :class:`~ganbook.augmentation.Policy`, its text, or a list of its operations.
    labels
        Whole numbers (N,) from 0 on, or fractions of classes (N, K). They come back as they are, or as float32 (N, K)
        if the policy mixes images; a data set's labels must then be (N, K).
    masks
        (N, H, W), whole numbers from 0 to 255. They are moved with their images, without interpolation, and come back
        in their own dtype.
    first
        The number of the first image. What happens to an image is a function of the policy's seed and this number,
        whatever the batch.
    value_range
        Black and white, if the images are floats. It may be left out where images have negative values and are
        therefore in [−1, 1].
    return_log
        Return a log of all operations, too.

    Returns
    -------
    images
        New, of the shape and dtype of the input.
    labels, masks, log
        Those that were passed or asked for, in this order, as a tuple with the images. The log is a DataFrame with a
        row for each operation on each image: ``image``, ``step``, ``chain``, ``operation``, ``parameters``;
        :func:`replay` repeats it.

    Raises
    ------
    ValueError
        Other shapes, dtypes or ranges, labels or masks that do not fit, mixing without labels.
    MemoryError
        The result would not fit in memory.
    """
    policy, first = inputs.checked_policy(policy), inputs.checked_first(first)
    if isinstance(images, ImageData):
        if labels is not None or masks is not None:
            raise ValueError("an ImageData brings its own labels: to augment masks with images, give arrays")
        return _augmented_data(images, policy, first=first, return_log=return_log)
    if type(images).__module__.startswith("tensorflow.python.data"):
        if labels is not None or masks is not None or return_log:
            raise ValueError("a tf.data.Dataset holds its own labels, and has neither masks nor a log: give arrays")
        from ganbook.augmentation.keras_layer import mapped

        return mapped(images, policy, value_range)

    def steps_of(numbers: np.ndarray, shape: tuple[int, ...]) -> list[Step]:
        return policy.steps(first + numbers, shape)

    batch = inputs.checked(images, labels, masks, value_range, mixes=policy.mixes)
    policy.check(batch.images.shape[3], labels is not None)
    return _run(batch, steps_of, first if return_log else None)


def replay(
    images: Any,
    log: pd.DataFrame,
    labels: Any = None,
    masks: Any = None,
    *,
    first: int = 0,
    value_range: tuple[float, float] | None = None,
) -> Any:
    """Repeat on the same images what a log of :func:`augment` says.

    The parameters are as there; ``first`` is what it was then.

    Raises
    ------
    ValueError
        As :func:`augment`; or the log has other columns or an unknown operation.
    """
    first = inputs.checked_first(first)
    if missing := [name for name in COLUMNS if name not in getattr(log, "columns", ())]:
        raise ValueError(f"this is no log of augment: it has no column {missing[0]!r}; give the DataFrame it returned")
    for name in log["operation"].unique():
        if name not in OPERATIONS and name != "blend":
            raise ValueError(f"the log has an unknown operation {name!r}: a newer ganbook may have written it")
    grouped = [(key, rows) for key, rows in log.groupby(["step", "chain", "operation"], sort=True)]

    def steps_of(numbers: np.ndarray, shape: tuple[int, ...]) -> list[Step]:
        steps = []
        for (_, chain, name), rows in grouped:
            index = rows["image"].to_numpy() - first - numbers[0]
            here = (index >= 0) & (index < len(numbers))
            done = np.zeros(len(numbers), bool)
            done[index[here]] = True
            logged = list(rows["parameters"][here])
            parameters = {}
            for key, value in logged[0].items() if logged else ():
                parameters[key] = np.full(len(numbers), value)  # where the step is not done, any value will do
                parameters[key][index[here]] = [values[key] for values in logged]
            steps.append(Step(name, done, parameters, int(chain)))
        return steps

    mixes = bool(log["operation"].isin(["mixup", "cutmix"]).any())
    return _run(inputs.checked(images, labels, masks, value_range, mixes=mixes), steps_of, None)


def _augmented_data(data: ImageData, policy: Policy, *, first: int, return_log: bool) -> Any:
    if policy.mixes:
        raise ValueError(
            "mixup and cutmix make labels that are fractions of classes, which ImageData cannot hold: give arrays"
        )
    result = augment(data.images, policy, first=first, return_log=return_log)
    images, *log = result if return_log else (result,)
    new = dataclasses.replace(data, images=images, name=f"{data.name}-augmented", source=None, known_fingerprint=None)
    return (new, *log) if return_log else new


def _run(
    batch: inputs.Batch, steps_of: Callable[[np.ndarray, tuple[int, ...]], list[Step]], log_from: int | None
) -> Any:
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


COLUMNS = ("image", "step", "chain", "operation", "parameters")


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
