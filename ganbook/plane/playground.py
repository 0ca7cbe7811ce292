"""A GAN in the plane to play with: train it piece by piece, update one network, score it, take it away as code."""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ganbook.config import signature
from ganbook.config.base import default_runs_dir
from ganbook.config.presets import CRITIC
from ganbook.config.train import TrainConfig
from ganbook.data.points import PointData
from ganbook.metrics.points import COUNT, Judge
from ganbook.plane.command import train_command
from ganbook.plane.lessons import LESSONS
from ganbook.plane.recorder import Recorder
from ganbook.training.run import MOST_STEPS, Run
from ganbook.training.train import prepared
from ganbook.utils.bounds import positive_number, whole_number
from ganbook.utils.errors import nearest
from ganbook.utils.files import atomic, checked_out

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from ganbook.gan.model import GAN
    from ganbook.plane.frame import Frame
    from ganbook.plane.view import View

POLL_SECONDS = 0.002
NAME = "playground"
Listener = Callable[[str, Any], None]


@signature.takes(TrainConfig)
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
    return Playground(_new_run(data, options), options | {"data": data})


def _new_run(data: Any, options: dict[str, Any]) -> Run:
    """Return a run of the name asked for, or of the first free one of playground-1, playground-2 and so on."""
    from ganbook.data import load

    _refuse_images(load(data).record())
    if not {"steps", "seconds"} & set(options):
        options = options | {"steps": MOST_STEPS}
    if options.get("name") is not None:
        return prepared(data, **options)
    folder = Path(options.get("runs_dir") or default_runs_dir())
    for number in itertools.count(1):
        if not (folder / f"{NAME}-{number}").exists():
            with contextlib.suppress(FileExistsError):  # another process took it meanwhile
                return prepared(data, **options | {"name": f"{NAME}-{number}"})
    raise AssertionError("numbers do not end")


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

    def __init__(self, run: Run, asked: dict[str, Any] | None = None):
        self.run = run
        # What restart() changes; a run that was given is not this playground's own, and is never overwritten.
        self._asked = asked
        self._recorder: Recorder | None = None
        self._view: tuple[GAN, View] | None = None
        self._listeners: list[Listener] = []

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

    def restart(self, data: Any = None, **options: Any) -> Playground:
        """Begin anew with some options changed; all others stay as they are.

        The new run takes the place and the folder of the old one. Of a playground that was made of a run, that run
        stays, and the new one has a folder of its own.

        Parameters
        ----------
        data
            Other points, as :func:`playground` takes them.
        **options
            Options of :class:`~ganbook.config.train.TrainConfig`. Into and out of the loss ``wasserstein``, the
            penalty and ``critic_steps`` follow the loss unless given.

        Raises
        ------
        ValueError, OSError
            One line; the run goes on as it was.
        """
        before = self._asked
        if before is None:
            before = {name: value for name, value in self.run.config.to_save().items() if value is not None}
            before |= {"data": self.run.data, "runs_dir": self.run.config.runs_dir, "steps": None, "seconds": None}
        asked = before | options | ({} if data is None else {"data": data})
        losses = {before.get("loss"), asked.get("loss")}
        if len(losses) == 2 and "wasserstein" in losses:
            asked = {name: value for name, value in asked.items() if name in options or name not in (*CRITIC, "r2")}
        asked = {name: value for name, value in asked.items() if value is not None}
        options = {name: value for name, value in asked.items() if name != "data"}
        old = self.run
        if self._asked is None:
            run = _new_run(asked["data"], options)
        else:
            run = self._in_place(asked["data"], options | {"name": old.name, "runs_dir": old.folder.path.parent})
        self.run, self._asked = run, asked
        self.__dict__.pop("_judge", None)
        if self._recorder is not None:
            self._record()
        return self

    def lesson(self, name: str) -> Playground:
        """Begin anew with the options of a lesson; all others are the defaults.

        Parameters
        ----------
        name
            A key of :data:`ganbook.plane.lessons.LESSONS`, whose ``watch`` says what to watch for.

        Raises
        ------
        ValueError
            There is no such lesson.
        """
        if name not in LESSONS:
            raise ValueError(f"no lesson is called {name!r}{nearest(name, LESSONS)}; there are {', '.join(LESSONS)}")
        kept = ("name", "runs_dir", "steps", "seconds")
        plain = dict.fromkeys(option for option in TrainConfig.model_fields if option not in (*kept, "data"))
        return self.restart(**{**plain, "data": "ring", **LESSONS[name].options})

    def _in_place(self, data: Any, options: dict[str, Any]) -> Run:
        """Replace the run's folder; the run is ended only once all options have been found good."""
        options["overwrite"] = True
        try:
            return _new_run(data, options)
        except BlockingIOError:
            if not self.run.active:
                raise
        self.run.stop()
        self.run.ended.wait()
        return _new_run(data, options)

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

        self._begin()
        return keras_code(self.run)

    def command(self) -> str:
        """Return the line for a notebook that trains the same GAN for the steps done so far."""
        return train_command(self.run)

    def begin(self) -> Playground:
        """Load TensorFlow and build the networks, without training them, unless that is done."""
        self._begin()
        return self

    def look(self) -> Frame:
        """Return what there is to see now: samples, D everywhere, gradients, the warped grid of z."""
        self._begin()

        def take(gan: GAN) -> Frame:
            from ganbook.plane.view import View

            if self._view is None or self._view[0] is not gan:
                data = self.run.data
                assert isinstance(data, PointData), "playground() checks it"
                self._view = gan, View(gan, data, str(self.run.config.loss))
            return self._view[1].take(self.run.seconds)

        return self.run.with_gan(take)

    def plot(self) -> Figure:
        """Draw the plane as it is now, beside the discriminator's output since the beginning."""
        from ganbook.plane.plots import playground_figure

        return playground_figure(self.run, self.look())

    def save_film(self, out: str | Path) -> Path:
        """Write the training as an animation: the frames since someone watches.

        Parameters
        ----------
        out
            A file that ends in ``.gif`` or ``.webp``.

        Raises
        ------
        ValueError
            Another ending; or nobody has watched, so that there are no frames.
        OSError
            It cannot be written.
        """
        from ganbook.plane.film import FORMATS, film

        path = checked_out(out, FORMATS)
        frames = self._recorder.frames if self._recorder is not None else []
        if not frames:
            raise ValueError("there is no film yet: show the panel, or call watch(), before you train")
        with atomic(path) as temporary:
            temporary.write_bytes(film(self.run.data, frames, path.suffix.lower()))
        return path

    # Watching

    def watch(self, listener: Listener) -> Callable[[], None]:
        """Record frames and scores from now on, and tell a listener of them; return a function that ends it.

        The listener is called as ``listener(kind, value)`` with what :class:`~ganbook.plane.recorder.Recorder` tells,
        and with ``restart`` (the playground) when the run is another.
        """
        self._listeners.append(listener)
        if self._recorder is None:
            self._record()

        def leave() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)
            if not self._listeners and self._recorder is not None:
                self._recorder.close()
                self._recorder = None

        return leave

    def _record(self) -> None:
        if self._recorder is not None:
            self._recorder.close()
        self._recorder = Recorder(self.run, lambda: self._judge, self._tell)
        self._tell("restart", self)

    def _tell(self, kind: str, value: Any) -> None:
        for listener in list(self._listeners):
            listener(kind, value)

    @property
    def recorder(self) -> Recorder | None:
        """Frames and scores since :meth:`watch` was called, by a panel for instance; None while nobody watches."""
        return self._recorder

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
