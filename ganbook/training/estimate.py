"""How long training takes on this machine, by image size: a few real steps of the default networks, timed."""

from __future__ import annotations

import html
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ganbook.config.train import DEFAULT_STEPS, TrainConfig
from ganbook.data.batches import Batches
from ganbook.data.image_data import ImageData
from ganbook.data.load import load
from ganbook.data.report import SIZES, allowed_sizes, file_sizes
from ganbook.data.resize import checked_size, fit
from ganbook.training.expectations import LARGEST_MIDDLE, Expectation, expectation
from ganbook.utils import backend

# Each size is timed for so long, and for so many steps at least; the first step, which is slow, does not count.
SECONDS, LEAST_STEPS = 0.7, 3
SAMPLES = 256  # images that are resized for it
PATIENCE = 600.0  # seconds that the default number of steps may take at the size that is suggested


@dataclass(frozen=True)
class SizeEstimate:
    """One image size: the networks that ``auto`` stands for, their batch, and the seconds that 1,000 steps take."""

    image_size: tuple[int, int]
    network: str
    batch_size: int
    seconds: float

    def __str__(self) -> str:
        """Return the size as it is read, and the time."""
        height, width = self.image_size
        return (
            f"{width}×{height}: {_duration(self.seconds)} for 1,000 steps, {_duration(self.default_seconds)} for the "
            f"usual {DEFAULT_STEPS:,} ({self.network}, batch {self.batch_size})"
        )

    @property
    def default_seconds(self) -> float:
        """Seconds that the default number of steps takes."""
        return self.seconds * DEFAULT_STEPS / 1000


@dataclass(frozen=True)
class Estimate:
    """What :func:`estimate` measured.

    Attributes
    ----------
    name : str
        Of the data.
    sizes : tuple of SizeEstimate
        Ascending.
    images, channels : int
        How many images there are, and their channels.
    photographs : bool
        Whether they are photographs in colour.
    """

    name: str
    sizes: tuple[SizeEstimate, ...]
    images: int
    channels: int
    photographs: bool = False

    @property
    def suggested(self) -> SizeEstimate:
        """The largest size that was tried (:func:`expectation`) and whose steps take ten minutes; else the smallest."""
        tried = [size for size in self.sizes if max(size.image_size) <= LARGEST_MIDDLE]
        return next((size for size in reversed(tried) if size.default_seconds <= PATIENCE), self.sizes[0])

    @property
    def expectation(self) -> Expectation:
        """What was drawn of images like these, of the suggested size."""
        return expectation(max(self.suggested.image_size), self.channels, self.images, self.photographs)

    @property
    def lines(self) -> tuple[str, ...]:
        """One line a size, then which to choose and what to expect of it."""
        height, width = self.suggested.image_size
        lines = [str(size) for size in self.sizes]
        if len(self.sizes) > 1 and height == width:
            lines.append(f"Begin with --image-size {height}.")
        return (*lines, str(self.expectation))

    def _title(self) -> str:
        return f"{self.name}: training time on this machine, measured just now"

    def __str__(self) -> str:
        """Return a title and the lines."""
        return "\n".join([self._title(), *(f"- {line}" for line in self.lines)])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        items = "".join(f"<li>{html.escape(line)}</li>" for line in self.lines)
        return f"<div><strong>{html.escape(self._title())}</strong><ul>{items}</ul>{self.expectation.html}</div>"


def estimate(
    data: Any, image_sizes: Sequence[int | tuple[int, int]] | None = None, channels: int | None = None
) -> Estimate:
    """Measure how long training on images takes on this machine, and say what to expect of it.

    The default networks of each size are built and trained for a moment; nothing is kept. That takes a few seconds a
    size, most of them for TensorFlow to prepare the step. What else runs on the machine counts.

    Parameters
    ----------
    data
        An :class:`ImageData`, or what :func:`ganbook.data.load` takes.
    image_sizes
        Sizes to measure. By default the images' own, and those of 32, 64 and 128 pixels that their files allow.
    channels
        As for :func:`ganbook.data.load`.

    Raises
    ------
    ValueError
        The data cannot be loaded, are no images, or fewer than two.
    """
    if not isinstance(data, ImageData):
        data = load(data, None, channels)
    if not isinstance(data, ImageData):
        raise ValueError(f"an estimate is about images, and {data.name} is {data.kind}: give a folder, .npz or arrays")
    if len(data) < 2:
        raise ValueError(f"{data.name} holds one image; a GAN needs at least two, and hundreds to be of use")
    wanted = sizes_for(data) if image_sizes is None else [checked_size(size) for size in image_sizes]
    if not wanted:
        raise ValueError("image_sizes is empty: give sizes as in [32, 64], or leave it out")
    backend.tensorflow()
    few = replace(
        data, images=data.images[:SAMPLES], test_images=data.test_images[:0], labels=None, test_labels=None,
        class_names=(), known_fingerprint=None,
    )  # fmt: skip
    measured = tuple(_measured(fit(few, size, channels), len(data)) for size in sorted(set(wanted)))
    return Estimate(data.name, measured, len(data), channels or data.shape[2], data.photographs)


def sizes_for(data: ImageData) -> list[tuple[int, int]]:
    """Return the sizes that suit images: their own, and of the usual ones those that do not enlarge them."""
    files = file_sizes(data)
    if files is None:
        own = data.shape[:2]
        return [*((size, size) for size in SIZES if size < min(own)), own]
    return [(size, size) for size in allowed_sizes(files)]


def _measured(data: ImageData, images: int) -> SizeEstimate:
    from ganbook.training.build import new_gan
    from ganbook.training.trainer import CALL_SECONDS

    config = TrainConfig(data=data.name, conditional=False).resolved(images, data.shape, data.photographs)
    batch = min(config.batch_size, images)
    gan = new_gan(config, data)
    batches = Batches(np.resize(data.images, (max(len(data), batch), *data.shape)), None, batch, config.seed)
    gan.prepare(*batches.block(0, 1))
    gan.train_steps(*batches.block(0, 1))
    # As a run does it, many steps are one call: what a call costs by itself must not count for each of them.
    count, done, spent = 1, 0, []
    while sum(spent) < SECONDS or done < LEAST_STEPS:
        block = batches.block(done, count)
        began = time.perf_counter()
        gan.train_steps(*block)
        spent.append(took := time.perf_counter() - began)
        done += count
        count = max(1, min(2 * count, int(count * CALL_SECONDS / took)))
    return SizeEstimate(data.shape[:2], config.network, batch, 1000 * sum(spent) / done)


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
