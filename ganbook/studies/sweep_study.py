"""A sweep: many short trainings with other options, each in a process of its own, shared by any number of processes.

The folder of a sweep holds all there is to know: ``sweep.json`` (what is done), ``journal.log`` (Optuna's), ``runs/``
(every training, an ordinary run folder), ``logs/``, ``claims/`` (who works on what).

Akiba et al. 2019, arXiv 1907.10902 (Optuna); Bergstra et al. 2011 (the sampler, TPE).
"""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganbook.config import signature
from ganbook.config.parser import make
from ganbook.config.sweep import SweepConfig
from ganbook.config.train import TrainConfig
from ganbook.studies import sweep_plan
from ganbook.studies.sweep_plan import Plan
from ganbook.studies.sweep_results import SweepResults
from ganbook.studies.sweep_trials import Trials, optuna
from ganbook.studies.sweep_worker import SweepWorker
from ganbook.training.runs import load_run
from ganbook.utils.bounds import switch
from ganbook.utils.observers import Observer

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from ganbook.data import ImageData
    from ganbook.training.run import Run

_open: weakref.WeakSet[Sweep] = weakref.WeakSet()


class Sweep:
    """A sweep in which this process takes part, or took part. Made by :func:`ganbook.studies.sweep`.

    All methods may be called from any thread. What it tells is read from its folder each time: other processes may work
    on the same sweep.
    """

    def __init__(self, folder: Path, plan: Plan, config: SweepConfig, data: ImageData):
        self.folder, self.config = folder, config
        self._plan, self._data = plan, data
        for name in ("runs", "logs"):
            (folder / name).mkdir(exist_ok=True)
        self._trials = Trials(folder, plan.space, plan.measure.maximize, plan.options.get("seed", 0))
        self._results = SweepResults(folder, plan, self._trials)
        _open.add(self)
        self._worker = SweepWorker(folder, plan, config, data, self._trials, self._results)

    # Control

    def start(self) -> Sweep:
        """Work on the sweep in the background, until all is done or the time is over."""
        self._worker.start()
        return self

    def stop(self) -> None:
        """Save the trainings of this process and end; :meth:`start`, or the same command, goes on."""
        self._worker.stop()

    def wait(self, timeout: float | None = None) -> Sweep:
        """Wait until this process has done its part, or for ``timeout`` seconds.

        An interrupt (Ctrl-C, the notebook's stop button) stops it, once its trainings have been saved, and returns.

        Raises
        ------
        Exception
            What ended it, if it failed.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        try:
            while not self._worker.ended.wait(0.2):
                if deadline is not None and time.monotonic() >= deadline:
                    return self
        except KeyboardInterrupt:
            self.stop()
            while not self._worker.ended.wait(0.2):
                pass
            return self
        if self._worker.errors:
            raise self._worker.errors[0]
        return self

    # State and results

    @property
    def state(self) -> str:
        """One of ``running``, ``stopping``, ``finished`` (all is done), ``stopped`` and ``failed``."""
        if not self._worker.ended.is_set():
            return "stopping" if self._worker.stopping.is_set() else "running"
        if self._worker.errors:
            return "failed"
        return "finished" if self._results.is_complete(self.config.trials, self.config.seeds) else "stopped"

    @property
    def error(self) -> BaseException | None:
        """What ended a failed sweep."""
        return self._worker.errors[0] if self._worker.errors else None

    @property
    def out_of_time(self) -> bool:
        """Whether the last :meth:`start` ended because its minutes were over."""
        return self._worker.out_of_time

    @property
    def table(self) -> pd.DataFrame:
        """One row for each trial, the best first.

        ``trial``, the name of its run in ``runs/``; ``state`` (``finished``, ``pruned``, ``failed``, ``training``,
        ``interrupted``, ``waiting``); the distance or PSNR, the last one measured; the options that were tried;
        ``steps``, ``seconds`` of training; ``note``.
        """
        return self._results.table()

    @property
    def seeds(self) -> pd.DataFrame:
        """One row for each training of the best trials, and of the defaults, with another seed."""
        return self._results.seeds(self.config.seeds)

    @property
    def verdict(self) -> str:
        """The outcome in plain words, and whether it is more than the spread of seeds."""
        return self._results.verdict(self.config.seeds)

    @property
    def best_name(self) -> str | None:
        """Name of the best trial; None before one has finished."""
        return self._results.best(self.config.seeds)

    @property
    def best(self) -> Run:
        """The run of the best trial: in the mean over the other seeds, where these are there.

        Raises
        ------
        ValueError
            No trial has finished.
        """
        name = self.best_name
        if name is None:
            raise ValueError("no trial has finished yet: there is no best one")
        return load_run(self.folder / "runs" / name)

    @property
    def options(self) -> dict[str, Any]:
        """Options of the best trial that were tried, as :func:`ganbook.train` takes them."""
        name = self.best_name
        return {} if name is None else self._results.params(name)

    @property
    def importances(self) -> dict[str, float]:
        """How much each option matters, as fractions of the variance among good trials; empty below four trials."""
        return self._trials.importances()

    @property
    def progress(self) -> tuple[float, int]:
        """Trainings that have ended, those at work counted by their part, and trainings wanted: trials, and seeds of
        the best.
        """  # noqa: D205
        return self._results.progress(self.config.trials, self.config.seeds)

    @property
    def failures(self) -> dict[str, str]:
        """Why trainings failed, by their names."""
        return self._results.failures(self.config.seeds)

    def in_a_line(self, name: str) -> str:
        """Say in a line how a training ended; empty while it goes on."""
        return self._results.in_a_line(name)

    def plot(self) -> Figure:
        """Draw the best value so far, the options of all trials as parallel coordinates, and how much each matters."""
        return self._results.plot()

    def observe(self, observer: Observer) -> Callable[[], None]:
        """Call ``observer(event, value)`` from the sweep's threads; return a function that ends it.

        Events: ``state`` (str), ``trial`` (name of a training that began or ended), ``progress`` (None, at most twice a
        second).
        """
        return self._worker.observers.add(observer)

    def __repr__(self) -> str:
        done, wanted = self.progress
        failures = len(self.failures)
        failed = f", {failures} failed" if failures else ""
        return f"<Sweep {self.folder}: {self.state}, {done:.0f} of {wanted} trainings{failed}>"

    def _repr_html_(self) -> str:
        lines = "".join(f"<p>{line}</p>" for line in self.verdict.splitlines())
        return lines + self.table.to_html(index=False, float_format="{:.4g}".format, na_rep="")


@signature.takes(TrainConfig)
def sweep(
    data: Any = None,
    space: Mapping[str, Any] | Iterable[str] = (),
    trials: int = 20,
    metric: str = "auto",
    minutes: float | None = None,
    *,
    seeds: int = 3,
    folder: str | Path | None = None,
    at_once: int = 1,
    threads: int | None = None,
    wait: bool = True,
    **options: Any,
) -> Sweep:
    """Search for good options: many short trainings, compared on training images that all of them leave out.

    Parameters
    ----------
    data
        Images, in any form that :func:`ganbook.data.load` takes; ``fashion`` by default.
    space
        What to try, by name of the option: a list of choices, or a range ``(low, high)`` or ``(low, high, "log")``.
        Or texts as the terminal takes them: ``["network=compact,dcgan", "r1=0.1:10:log"]``.
    trials
        How many.
    metric
        ``frechet``, the Fréchet distance of samples to images held out, or ``psnr`` for ``task="enhance"``; ``auto``
        takes the one that the task measures.
    minutes
        A budget, from which the length of a trial follows: 30 unless ``steps`` or ``seconds`` say how long one is.
    seeds
        With so many other seeds the best three, and the defaults, are trained again.
    folder
        Where all of it is kept. The same call, in any process on any machine that sees the folder, joins the sweep or
        continues it. ``sweeps/DATA-CODE`` by default, where CODE follows from data and options.
    at_once, threads
        Trainings at a time in this process, and threads of each: all cores by default.
    wait
        Return when this process has done its part; Ctrl-C saves and returns. Without it, work in the background.
    **options
        Options of all trials, those of :class:`~ganbook.config.train.TrainConfig`.

    Returns
    -------
    Sweep
        ``.best`` is the best run, ``.options`` what it was trained with, ``.table``, ``.verdict``, ``.plot()``.

    Raises
    ------
    ValueError, OSError
        One line: an unknown option, an empty range, a folder of another sweep. Nothing has been changed.
    """
    wait = switch(wait, "wait")
    config = make(
        SweepConfig, trials=trials, metric=metric, minutes=minutes, seeds=seeds, folder=folder, at_once=at_once,
        threads=threads,
    )  # fmt: skip
    optuna()  # says how to install it
    plan, whole = sweep_plan.planned(data, space, config, options)
    place = config.folder or Path("sweeps") / f"{_stem(whole.name)}-{plan.code}"
    plan = sweep_plan.begin(place, plan, whole)
    made = _running(place, config) or Sweep(place, plan, config, whole).start()
    return made.wait() if wait else made


def _running(folder: Path, config: SweepConfig) -> Sweep | None:
    """Return the sweep of this process that works in a folder, if there is one."""
    for open_ in list(_open):
        if open_.folder.resolve() == folder.resolve() and open_.state in ("running", "stopping"):
            if open_.config.model_copy(update={"folder": config.folder}) != config:
                raise BlockingIOError(f"the sweep {folder} is running here already: stop() it first, or wait() for it")
            return open_
    return None


def _stem(name: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "_-") else "-" for c in name).strip("-")[:60] or "data"
