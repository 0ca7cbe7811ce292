"""What one reads off a run on points: samples, scores, a frame, its history, the code and the line that repeat it."""

from __future__ import annotations

import time
from dataclasses import asdict
from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from ganbook.data.points import PointData
from ganbook.metrics.points import COUNT, Judge
from ganbook.plane.command import train_command
from ganbook.plane.together import POLL_SECONDS
from ganbook.training.run import Run

if TYPE_CHECKING:
    import pandas as pd

    from ganbook.gan.model import GAN
    from ganbook.plane.frame import Frame
    from ganbook.plane.view import View


class Readings:
    """Reads a run on points; trains nothing, and builds networks where it needs them.

    Attributes
    ----------
    run : Run
        The training itself.
    """

    def __init__(self, run: Run):
        self.run = run
        self._view: tuple[GAN, View] | None = None

    def samples(self, count: int = COUNT, seed: int = 0, weights: str = "ema") -> np.ndarray:
        """Draw points, float32 (count, 2), from the averaged generator (``ema``) or the latest one (``raw``)."""
        self.begin()
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

    @property
    def floor(self) -> dict[str, float]:
        """What real points score, for each of the numbers of :meth:`scores`."""
        return {name: value for name, value in asdict(self._judge.floor).items() if value is not None}

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

        self.begin()
        return keras_code(self.run)

    def command(self) -> str:
        """Return the line for a notebook that trains the same GAN for the steps done so far."""
        return train_command(self.run)

    def begin(self) -> Self:
        """Load TensorFlow and build the networks, without training them, unless that is done."""
        if self.run.state == "stopped" and self.run.folder.checkpoints.newest() is None:
            self.run.start(paused=True)
            while not self.run.idle:
                time.sleep(POLL_SECONDS)
            if self.run.error is not None:
                raise self.run.error
        return self

    def look(self) -> Frame:
        """Return what there is to see now: samples, D everywhere, gradients, the warped grid of z."""
        self.begin()

        def take(gan: GAN) -> Frame:
            from ganbook.plane.view import View

            if self._view is None or self._view[0] is not gan:
                data = self.run.data
                assert isinstance(data, PointData), "playground() checks it"
                self._view = gan, View(gan, data, str(self.run.config.loss))
            return self._view[1].take(self.run.seconds)

        return self.run.with_gan(take)

    @property
    def history(self) -> pd.DataFrame:
        """One row for each report, as :attr:`Run.history`."""
        return self.run.history
