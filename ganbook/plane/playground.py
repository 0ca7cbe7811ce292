"""A GAN in the plane to play with: train it piece by piece, update one network, score it, take it away as code."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ganbook.data.points import PointData
from ganbook.metrics.points import COUNT, Judge
from ganbook.training.run import MOST_STEPS, Run
from ganbook.training.train import prepared
from ganbook.utils.bounds import positive_number, whole_number

if TYPE_CHECKING:
    import pandas as pd

POLL_SECONDS = 0.02


def playground(data: Any = "ring", **options: Any) -> Playground:
    """Set up a GAN in the plane, not yet trained.

    Parameters
    ----------
    data
        Points in any form that :func:`ganbook.data.load` takes: a name of
        :data:`ganbook.data.point_shapes.SHAPES` as in ``ring`` or ``ring:modes=6``, or an array or DataFrame (N, 2).
        Or a :class:`~ganbook.training.run.Run` that learns points.
    **options
        The options of :class:`~ganbook.config.train.TrainConfig`.

    Returns
    -------
    Playground
        Its run has its folder, and waits.

    Raises
    ------
    ValueError, OSError
        One line: what was given, what is allowed and what to do. Nothing has been changed.

    Examples
    --------
    >>> p = gb.playground("ring", r1=1.0)
    >>> p.train(seconds=10).scores()
    """
    if isinstance(data, Run):
        if options:
            raise ValueError(f"options {', '.join(sorted(options))} belong to a new run, and {data.name} has its own")
        _refuse_images(data.folder.config()["data"])
        return Playground(data)
    from ganbook.data import load

    _refuse_images(load(data).record())
    return Playground(prepared(data, **options))


def _refuse_images(record: Mapping[str, Any]) -> None:
    if record.get("kind", "images") != "points":
        raise ValueError(
            f"the playground takes points in the plane, and {record['name']} holds images: give ring, grid, another "
            "of gb.data's distributions, or an array (N, 2)"
        )


class Playground:
    """A run on points in the plane and what one does with it. Made by :func:`playground`.

    Attributes
    ----------
    run : Run
        The training itself.
    """

    def __init__(self, run: Run):
        self.run = run

    def train(self, steps: int | None = None, seconds: float | None = None) -> Playground:
        """Train for this many steps or seconds of training, and wait for them. Ctrl-C pauses.

        Raises
        ------
        ValueError
            Not exactly one of both, or out of range.
        FloatingPointError
            Training has diverged; the run is back at its last good checkpoint.
        """
        if (steps is None) == (seconds is None):
            raise ValueError("train takes either steps or seconds: p.train(steps=1000)")
        if steps is not None:
            self.run.step(whole_number(steps, "steps, how many to train,", 1, MOST_STEPS))
            return self._wait()
        until = self.run.seconds + positive_number(seconds, "seconds, how long to train,")
        self.run.step(MOST_STEPS)
        return self._wait(until)

    def step(self, network: str = "both", count: int = 1) -> Playground:
        """Update ``discriminator``, ``generator`` or ``both`` ``count`` times, and wait."""
        self.run.step(count, network)
        return self._wait()

    def _wait(self, until: float | None = None) -> Playground:
        try:
            while not self.run.idle:
                if until is not None and self.run.seconds >= until:
                    self.run.pause()
                    until = None
                time.sleep(POLL_SECONDS)
        except KeyboardInterrupt:
            self.run.pause()
        if self.run.error is not None:
            raise self.run.error
        return self

    def samples(self, count: int = COUNT, seed: int = 0, weights: str = "ema") -> np.ndarray:
        """Draw points, float32 (count, 2), from the averaged generator (``ema``) or the latest one (``raw``)."""
        self._begin()
        return self.run.sample(count, seed, weights=weights)

    def scores(self) -> dict[str, tuple[float, float]]:
        """Measure 2,500 samples against held-out points.

        Returns
        -------
        dict
            ``sliced_wasserstein`` (units of the plane), ``js_divergence`` (bits) and, where the data are a mixture of
            known modes, ``modes`` and ``high_quality`` (a fraction): the number, and its floor, that of real points.
        """
        values, floors = asdict(self._judge(self.samples(self._judge.count))), asdict(self._judge.floor)
        return {name: (value, floors[name]) for name, value in values.items() if value is not None}

    @cached_property
    def _judge(self) -> Judge:
        data = self.run.data
        assert isinstance(data, PointData), "playground() checks it"
        return Judge(data)

    def code(self) -> str:
        """Return Keras code that trains the same GAN without ganbook, for the steps done so far.

        It saves the 2,500 points of :meth:`samples`, to rounding that grows with the steps: sums are made in another
        order. Updates of one network alone are not repeated.

        Raises
        ------
        ValueError
            The run uses what the code does not write: classes, your own networks, ``one_backward``.
        """
        from ganbook.plane.keras_code import keras_code  # Keras is slow to import

        self._begin()
        return keras_code(self.run)

    def _begin(self) -> None:
        """Have the networks, without training them."""
        if self.run.state == "stopped" and not self.run.folder.checkpoints():
            self.run.start()
            self.run.pause()
            self._wait()

    @property
    def history(self) -> pd.DataFrame:
        """One row for each report, as :attr:`Run.history`."""
        return self.run.history

    def __repr__(self) -> str:
        return f"<Playground of {self.run!r}>"
