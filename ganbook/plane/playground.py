"""A GAN in the plane to play with: train it piece by piece, update one network, score it, take it away as code."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganbook.config import signature
from ganbook.config.train import MOST_STEPS, TrainConfig
from ganbook.plane.lessons import LESSONS
from ganbook.plane.new_run import asked_for, changed, in_place, new_run, opposite_penalty, refuse_images
from ganbook.plane.readings import Readings
from ganbook.plane.recorder import Recorder
from ganbook.plane.together import POLL_SECONDS, Together
from ganbook.training.run import Run
from ganbook.utils.bounds import positive_number, whole_number
from ganbook.utils.errors import nearest
from ganbook.utils.files import atomic, checked_out

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Listener = Callable[[str, Any], None]
SHARED = ("data", "seed")  # by two recipes side by side


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
        refuse_images(data.folder.config()["data"])
        return Playground(data)
    asked = options | {"data": data}
    return Playground(new_run(asked), asked)


class Playground(Readings):
    """A run on points in the plane and what one does with it. Made by :func:`playground`.

    Attributes
    ----------
    run : Run
        The training itself.
    second : Playground or None
        What :meth:`beside` returned: another recipe that trains in step with this one.
    """

    def __init__(self, run: Run, asked: dict[str, Any] | None = None):
        super().__init__(run)
        self.second: Playground | None = None
        self._together: Together | None = None  # which both of a pair have
        # What restart() changes; a run that was given is not this playground's own, and is never overwritten.
        self._asked = asked
        self._recorder: Recorder | None = None
        self._listeners: list[Listener] = []
        self._seen = True

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
            self.begin_steps(whole_number(steps, "steps, how many to train,", 1, MOST_STEPS))
            return self._wait()
        until = self.run.seconds + positive_number(seconds, "seconds, how long to train,")
        self.begin_steps(MOST_STEPS)
        return self._wait(until)

    def step(self, network: str = "both", count: int = 1) -> Playground:
        """Update ``discriminator``, ``generator`` or ``both`` ``count`` times, and wait."""
        self.begin_steps(count, network)
        return self._wait()

    def begin_steps(self, count: int, network: str = "both") -> None:
        """Train for this many steps in the background, both recipes if there are two; :meth:`pause` ends it."""
        (self._together or self.run).step(count, network)

    def pause(self) -> None:
        """End what :meth:`begin_steps` began."""
        (self._together or self.run).pause()

    @property
    def state(self) -> str:
        """That of the run, see :attr:`Run.state`; of two recipes ``training`` while either has its turn."""
        states = [each.run.state for each in self.both]
        if self._together is not None and not self._together.idle:
            return "preparing" if "preparing" in states else "training"
        return "failed" if "failed" in states else self.run.state

    @property
    def both(self) -> list[Playground]:
        """Return this one, and the second if there is one."""
        return [self] if self.second is None else [self, self.second]

    def beside(self, **options: Any) -> Playground:
        """Train a second recipe in step with this one, on the same points and from the same seed.

        ``train`` and ``step`` then train both, one after the other for some steps at a time; a recipe that has fewer
        steps catches up. What :meth:`restart` changes here belongs to this recipe alone, but for data and seed.

        Parameters
        ----------
        **options
            What differs, options of :class:`~ganbook.config.train.TrainConfig`. Without any, the second one has no
            penalty on D, or one if the first has none.

        Returns
        -------
        Playground
            The second one, with ``samples``, ``scores``, ``plot`` and all else of its own.

        Raises
        ------
        ValueError, OSError
            One line; nothing has been changed.

        Examples
        --------
        >>> p = gb.playground("ring", loss="non-saturating", r1=0.0)
        >>> q = p.beside(r1=0.1)
        >>> p.train(steps=2000).scores(), q.scores()
        """
        options = options or opposite_penalty(self.run.config)
        asked = self._changed({"name": None} | options | {"runs_dir": self.run.folder.path.parent})
        if self.second is not None:
            self.restart()
            self.second._begin_anew(asked)
            return self.second
        self._settle()
        second = self.second = Playground(new_run(asked), asked)
        self._together = second._together = Together(lambda: (self.run, second.run), self._rest)
        self._tell("beside", second)
        return second

    def alone(self) -> Playground:
        """End the second recipe; its run keeps its folder."""
        if (second := self.second) is not None:
            self._settle()
            self.second = self._together = second._together = None
            second.run.stop()
            self._tell("beside", None)
        return self

    def _rest(self) -> None:
        """Show both of a pair as they are once neither trains."""
        for each in self.both:
            if each._recorder is not None:
                each._recorder.look()
        self._tell("state", self.state)

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
        asked = self._changed(options | {"data": data} if data is not None else options)
        if self._together is not None:
            self._settle()
        self._begin_anew(asked)
        if self.second is not None:
            shared = {name: asked[name] for name in SHARED if name in asked}
            self.second._begin_anew(self.second._changed(shared))
        return self

    def _changed(self, options: dict[str, Any]) -> dict[str, Any]:
        return changed(self._asked or asked_for(self.run), options)

    def _begin_anew(self, asked: dict[str, Any]) -> None:
        self.run = new_run(asked) if self._asked is None else in_place(self.run, asked)
        self._asked = asked
        self.__dict__.pop("_judge", None)
        if self._recorder is not None:
            self._record()

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
        lesson = LESSONS[name]
        if lesson.beside is None:
            self.alone()
        self.restart(**{**plain, "data": "ring", **lesson.options})
        if lesson.beside is not None:
            self.beside(**lesson.beside)
        return self

    def _wait(self, until: float | None = None) -> Playground:
        try:
            while not self._idle:
                if until is not None and self.run.seconds >= until:
                    self.pause()
                    until = None
                time.sleep(POLL_SECONDS)
        except KeyboardInterrupt:
            self.pause()
        errors = [each.run.error for each in self.both] + ([self._together.error] if self._together else [])
        for error in filter(None, errors):
            raise error
        return self

    def _settle(self) -> None:
        """Pause, and wait for it."""
        if not self._idle:
            self.pause()
        while not self._idle:
            time.sleep(POLL_SECONDS)

    @property
    def _idle(self) -> bool:
        return (self._together or self.run).idle

    def plot(self) -> Figure:
        """Draw the plane as it is now, beside the discriminator's output since the beginning, or beside the second."""
        from ganbook.plane.plots import playground_figure

        return playground_figure([(each.run, each.look()) for each in self.both])

    def save_film(self, out: str | Path) -> Path:
        """Write the training as an animation, of both recipes if there are two: the frames since someone watches.

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
        trainings = [(each.run.data, list(each.recorder.frames)) for each in self.both if each.recorder is not None]
        if not trainings or not all(frames for _, frames in trainings):
            raise ValueError("there is no film yet: show the panel, or call watch(), before you train")
        with atomic(path) as temporary:
            temporary.write_bytes(film(trainings, path.suffix.lower()))
        return path

    # Watching

    def watch(self, listener: Listener) -> Callable[[], None]:
        """Record frames and scores from now on, and tell a listener of them; return a function that ends it.

        The listener is called as ``listener(kind, value)`` with what :class:`~ganbook.plane.recorder.Recorder` tells,
        with ``restart`` (the playground) when the run is another, and with ``beside`` (the second one or None).
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
        self._recorder = Recorder(self.run, lambda: self._judge, self._follow, lambda: self.state == "training")
        if not self._seen:
            self._recorder.hurry(seen=False)
        self._tell("restart", self)

    @property
    def seen(self) -> bool:
        """Whether somebody sees its frames as they come; if not, they are fewer and the training is faster."""
        return self._seen

    @seen.setter
    def seen(self, seen: bool) -> None:
        changed, self._seen = self._seen != seen, seen
        if changed and self._recorder is not None:
            self._recorder.hurry(seen)

    def _follow(self, kind: str, value: Any) -> None:
        # One of a pair rests while the other has its turn.
        if kind != "state" or self._together is None or value in ("preparing", "failed"):
            self._tell(kind, value)

    def _tell(self, kind: str, value: Any) -> None:
        for listener in list(self._listeners):
            listener(kind, value)

    @property
    def recorder(self) -> Recorder | None:
        """Frames and scores since :meth:`watch` was called, by a panel for instance; None while nobody watches."""
        return self._recorder

    def __repr__(self) -> str:
        return f"<Playground of {self.run!r}>"
