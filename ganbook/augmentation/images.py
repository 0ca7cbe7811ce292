"""A policy on many images: piece by piece, in threads, with masks, labels and a log."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

from ganbook.augmentation import inputs
from ganbook.augmentation.arrays import COLUMNS, run
from ganbook.augmentation.catalogue import OPERATIONS
from ganbook.augmentation.operations import Step
from ganbook.augmentation.policy import Policy, as_policy
from ganbook.data import ImageData

if TYPE_CHECKING:
    import pandas as pd


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
    policy = as_policy(policy)
    if isinstance(images, ImageData):
        if labels is not None or masks is not None:
            raise ValueError("an ImageData brings its own labels: to augment masks with images, give arrays")
        return _augmented_data(images, policy, first=first, return_log=return_log)
    if type(images).__module__.startswith("tensorflow.python.data"):
        if labels is not None or masks is not None or return_log:
            raise ValueError("a tf.data.Dataset holds its own labels, and has neither masks nor a log: give arrays")
        from ganbook.augmentation.keras_layer import mapped

        return mapped(images, policy, value_range)

    return policy(images, labels, masks, first=first, value_range=value_range, return_log=return_log)


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
    return run(inputs.checked(images, labels, masks, value_range, mixes=mixes), steps_of, None)


def _augmented_data(data: ImageData, policy: Policy, *, first: int, return_log: bool) -> Any:
    if policy.mixes:
        raise ValueError(
            "mixup and cutmix make labels that are fractions of classes, which ImageData cannot hold: give arrays"
        )
    result = augment(data.images, policy, first=first, return_log=return_log)
    images, *log = result if return_log else (result,)
    new = dataclasses.replace(data, images=images, name=f"{data.name}-augmented", source=None, known_fingerprint=None)
    return (new, *log) if return_log else new
