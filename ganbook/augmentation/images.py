"""A policy on many pictures: piece by piece, in threads, with masks, labels and a log."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from ganbook.augmentation.apply import Work
from ganbook.augmentation.operations import Step
from ganbook.augmentation.policy import Policy
from ganbook.data import ImageData

if TYPE_CHECKING:
    import pandas as pd

# A piece has about so many values; several are worked on at a time only if a picture is large enough that OpenCV, and
# not Python, is what takes the time.
PIECE, LARGE = 2**20, 64 * 64
MEMORY_SHARE = 0.8


def augment(
    images: Any,
    policy: Policy | str = "standard",
    labels: Any = None,
    masks: Any = None,
    *,
    first: int = 0,
    value_range: tuple[float, float] = (-1.0, 1.0),
    return_log: bool = False,
) -> Any:
    """Augment pictures.

    Parameters
    ----------
    images
        uint8 or float (N, H, W, C), C 1 or 3; one picture (H, W, C) or (H, W); an :class:`~ganbook.data.ImageData`,
        whose training split is augmented; or a ``tf.data.Dataset`` of pictures or batches, alone or with labels.
    policy
        A :class:`~ganbook.augmentation.Policy`, or its text.
    labels
        Whole numbers (N,), or shares of classes (N, K). They come back as they are, or as float32 (N, K) if the policy
        mixes pictures.
    masks
        (N, H, W), whole numbers up to 255. They are moved with their pictures, without interpolation.
    first
        The number of the first picture. What happens to a picture is a function of the policy's seed and this number,
        whatever the batch.
    value_range
        What black and white are, if the images are floats.
    return_log
        Return what was done, too.

    Returns
    -------
    images
        As given; new.
    labels, masks, log
        As far as given or asked for, in this order, as a tuple with the images. The log is a DataFrame with a row for
        each operation done: ``image``, ``step``, ``chain``, ``operation``, ``parameters``; :func:`replay` repeats it.

    Raises
    ------
    ValueError
        Other shapes or ranges, labels or masks that do not fit, mixing without labels.
    MemoryError
        The result would not fit in memory.
    """
    policy = Policy.parse(policy) if isinstance(policy, str) else policy
    if isinstance(images, ImageData):
        return _augmented_data(images, policy, first=first, return_log=return_log)
    if type(images).__module__.startswith("tensorflow.python.data"):
        from ganbook.augmentation.keras_layer import mapped

        return mapped(images, policy, value_range)

    def steps_of(numbers: np.ndarray, shape: tuple[int, ...]) -> list[Step]:
        return policy.steps(first + numbers, shape)

    images = np.asarray(images)
    policy.check(_checked(images, labels, masks)[0].shape[3], labels is not None)
    return _run(images, steps_of, labels, masks, policy.mixes, value_range, first if return_log else None)


def replay(
    images: Any,
    log: pd.DataFrame,
    labels: Any = None,
    masks: Any = None,
    *,
    first: int = 0,
    value_range: tuple[float, float] = (-1.0, 1.0),
) -> Any:
    """Do again, to the same pictures, what a log of :func:`augment` says.

    The parameters are as there; ``first`` is what it was then.
    """
    grouped = [(key, rows) for key, rows in log.groupby(["step", "chain", "operation"], sort=True)]

    def steps_of(numbers: np.ndarray, shape: tuple[int, ...]) -> list[Step]:
        found = []
        for (_, chain, name), rows in grouped:
            at = rows["image"].to_numpy() - first - numbers[0]
            here = (at >= 0) & (at < len(numbers))
            done = np.zeros(len(numbers), bool)
            done[at[here]] = True
            values = list(rows["parameters"][here])
            parameters = {}
            for key, some in values[0].items() if values else ():
                parameters[key] = np.full(len(numbers), some)  # anything that it may be, where it is not done
                parameters[key][at[here]] = [value[key] for value in values]
            found.append(Step(name, done, parameters, int(chain)))
        return found

    mixes = log["operation"].isin(["mixup", "cutmix"]).any()
    return _run(np.asarray(images), steps_of, labels, masks, mixes, value_range, None)


def _augmented_data(data: ImageData, policy: Policy, *, first: int, return_log: bool) -> Any:
    if policy.mixes:
        raise ValueError(
            "mixup and cutmix make labels that are shares of classes, which ImageData cannot hold: give arrays"
        )
    result = augment(data.images, policy, first=first, return_log=return_log)
    images, *log = result if return_log else (result,)
    new = dataclasses.replace(data, images=images, name=f"{data.name}-augmented", source=None, known_fingerprint=None)
    return (new, *log) if return_log else new


def _run(
    images: Any,
    steps_of: Callable[[np.ndarray, tuple[int, ...]], list[Step]],
    labels: Any,
    masks: Any,
    mixes: bool,
    value_range: tuple[float, float],
    log_from: int | None,
) -> Any:
    batch, single = _checked(images, labels, masks)
    if single:
        labels, masks = (None if each is None else np.asarray(each)[None] for each in (labels, masks))
    result = np.empty_like(batch)
    shares = _shares(labels) if mixes else None
    new_labels = shares.copy() if mixes else labels
    new_masks = None if masks is None else np.array(masks, np.uint8, copy=True)
    rows: list[list[dict]] = []

    def source(number: int) -> tuple[np.ndarray, Any, Any]:
        picture = _levels(batch[number], value_range)
        mask = None if masks is None else np.asarray(masks[number], np.uint8)
        return picture[..., 0] if picture.shape[2] == 1 else picture, mask, shares[number]

    def piece(start: int) -> list[dict]:
        part = slice(start, start + at_once)
        numbers = np.arange(start, min(start + at_once, len(batch)))
        steps = steps_of(numbers, (*batch.shape[1:], len(batch)))
        levels = _levels(batch[part], value_range)
        work = Work(
            levels,
            None if new_masks is None else new_masks[part],
            None if new_labels is None else new_labels[part],
            source,
        )
        work.do(steps)
        result[part] = _unlevels(levels, result.dtype, value_range)
        return [] if log_from is None else _rows(steps, log_from + numbers)

    at_once = max(1, PIECE // int(np.prod(batch.shape[1:])))
    starts = range(0, len(batch), at_once)
    if batch.shape[1] * batch.shape[2] >= LARGE:
        with ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="ganbook augment") as pool:
            rows = list(pool.map(piece, starts))
    else:
        rows = [piece(start) for start in starts]
    found = [result, *(each for each in (new_labels, new_masks) if each is not None)]
    found = [each[0] for each in found] if single else found
    found[0] = found[0].reshape(images.shape)
    if log_from is not None:
        found.append(_log(rows))
    return found[0] if len(found) == 1 else tuple(found)


def _checked(images: np.ndarray, labels: Any, masks: Any) -> tuple[np.ndarray, bool]:
    """The images as a batch, and whether they are a single one."""
    single = images.ndim == 2 or (images.ndim == 3 and images.shape[2] in (1, 3))
    batch = images.reshape(1, *images.shape[:2], -1) if single else images
    if batch.ndim != 4 or batch.shape[3] not in (1, 3) or not batch.size:
        raise ValueError(f"images have shape {images.shape}: give (N, H, W, 1) or (N, H, W, 3), or one picture")
    if batch.dtype != np.uint8 and not np.issubdtype(batch.dtype, np.floating):
        raise ValueError(f"images are {batch.dtype}: give uint8, or floats")
    for what, given in (("labels", labels), ("masks", masks)):
        if given is not None and not single and len(given) != len(batch):
            raise ValueError(f"there are {len(batch)} images but {len(given)} {what}: give one each")
    if masks is not None and np.shape(masks)[not single :] != batch.shape[1:3]:
        raise ValueError(f"masks have shape {np.shape(masks)} and images {images.shape}: give (N, H, W)")
    if hasattr(os, "sysconf") and batch.nbytes > MEMORY_SHARE * os.sysconf("SC_PAGE_SIZE") * os.sysconf(
        "SC_PHYS_PAGES"
    ):
        raise MemoryError(
            f"the result takes {batch.nbytes / 2**30:.1f} GB, more than this machine's memory: write it to a folder "
            "(ganbook augment --out DIR), or augment parts with first="
        )
    return batch, single


def _levels(pictures: np.ndarray, value_range: tuple[float, float]) -> np.ndarray:
    """A copy as levels 0 to 255."""
    if pictures.dtype == np.uint8:
        return pictures.copy()
    low, high = value_range
    levels = (np.asarray(pictures, np.float32) - np.float32(low)) * np.float32(255 / (high - low))
    if not (levels.min() >= -0.01 * 255 and levels.max() <= 1.01 * 255):
        raise ValueError(
            f"images go from {pictures.min():g} to {pictures.max():g}, not from {low:g} to {high:g}: give value_range"
        )
    return levels


def _unlevels(levels: np.ndarray, dtype: np.dtype, value_range: tuple[float, float]) -> np.ndarray:
    if dtype == np.uint8:
        return levels
    low, high = value_range
    return levels.clip(0, 255) * np.float32((high - low) / 255) + np.float32(low)


def _shares(labels: Any) -> np.ndarray:
    """Labels as shares of classes, a new float32 (N, K)."""
    labels = np.asarray(labels)
    return np.eye(int(labels.max()) + 1, dtype=np.float32)[labels] if labels.ndim == 1 else labels.astype(np.float32)


def _rows(steps: list[Step], numbers: np.ndarray) -> list[dict]:
    rows = []
    for place, step in enumerate(steps):
        names, where = list(step.parameters), np.flatnonzero(step.done)
        columns = (
            zip(*(step.parameters[name][where].tolist() for name in names), strict=True) if names else [()] * len(where)
        )
        for number, values in zip(numbers[where].tolist(), columns, strict=True):
            rows.append({
                "image": number, "step": place, "chain": step.chain, "operation": step.name,
                "parameters": dict(zip(names, values, strict=True)),
            })  # fmt: skip
    return rows


def _log(rows: list[list[dict]]) -> pd.DataFrame:
    import pandas as pd

    columns = ["image", "step", "chain", "operation", "parameters"]
    log = pd.DataFrame([row for part in rows for row in part], columns=columns)
    return log.sort_values(["image", "step"], ignore_index=True)
