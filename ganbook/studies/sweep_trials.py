"""The trials of a sweep, in Optuna's journal: which options are next, which trial ends early, who works on what.

Any number of processes share the journal, a file in the sweep's folder. A process that works on a training holds a lock
named after it, which the system releases when the process dies: a trial that is not finished and that nobody holds is
tried again, from its last checkpoint.
"""

from __future__ import annotations

import math
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import filelock
import numpy as np

from ganbook.config.space import Choices, Space

JOURNAL, CLAIMS = "journal.log", "claims"
NAME = "sweep"
TRIES = 3  # of a trial whose process is killed again and again
RUNGS = 10  # a trial is compared with others at each tenth of its length …
WARM_UP, STARTUP = 3, 5  # … from this one on, once this many trials have finished
RANDOM = 8  # trials before the sampler learns from them
# Options that make no training, in a row, after which there is nothing to find.
MOST_REFUSED = 50


@dataclass
class Job:
    """A training to be done: its name, its options beside the plan's, and the lock that is held meanwhile."""

    name: str
    params: dict[str, Any]
    lock: filelock.BaseFileLock
    trial: Any = None  # Optuna's; None where a trial is repeated with another seed

    def release(self) -> None:
        """Let go of it."""
        self.lock.release()


def optuna() -> ModuleType:
    """Import Optuna, which is an extra, without its reports of every trial.

    Raises
    ------
    ValueError
        It is not installed.
    """
    try:
        import optuna
    except ImportError:
        raise ValueError("a sweep needs Optuna: pip install 'ganbook[sweep]'") from None
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna


class Trials:
    """What Optuna knows of a sweep.

    Parameters
    ----------
    folder
        The sweep's.
    space
        What is tried.
    maximize
        Whether larger values are better.
    seed
        Decides what is tried, with the number of the trial.
    """

    def __init__(self, folder: Path, space: Space, maximize: bool, seed: int):
        self._optuna, self._folder, self._space, self._seed = optuna(), folder, space, seed
        journal = self._optuna.storages.journal
        (folder / CLAIMS).mkdir(exist_ok=True)
        file = str(folder / JOURNAL)
        # With the default, a symbolic link, a killed process would keep the others waiting for half a minute.
        backend = journal.JournalFileBackend(file, lock_obj=_Lock(folder / CLAIMS / "journal.lock"))
        self._lock = _Lock(folder / CLAIMS / "next.lock")
        with self._quietly(), self._lock:
            self._study = self._optuna.create_study(
                storage=self._optuna.storages.JournalStorage(backend), study_name=NAME, load_if_exists=True,
                direction="maximize" if maximize else "minimize",
                pruner=self._optuna.pruners.MedianPruner(STARTUP, WARM_UP, n_min_trials=2),
            )  # fmt: skip
        self._distributions = {name: self._distribution(values) for name, values in space.items()}

    def _distribution(self, values: Any) -> Any:
        kinds = self._optuna.distributions
        if isinstance(values, Choices):
            return kinds.CategoricalDistribution(values.values)
        kind = kinds.IntDistribution if isinstance(values.low, int) else kinds.FloatDistribution
        return kind(values.low, values.high, log=values.log)

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield

    def all(self) -> list[Any]:
        """Return Optuna's trials, in order."""
        return self._study.get_trials(deepcopy=False)

    def begin_with(self, params: dict[str, Any] | None) -> None:
        """Try these options first, unless the sweep has begun."""
        with self._lock, self._quietly():
            if params is not None and not self.all():
                self._study.enqueue_trial(params, user_attrs={"default": True})

    def next(self, wanted: int, refusal: Callable[[dict[str, Any]], str]) -> Job | None:
        """Claim the next trial; None if ``wanted`` are done or being done.

        ``refusal`` says why options cannot make a training; those are not counted.
        """
        with self._lock, self._quietly():
            self._retry_stale()
            reason = ""
            for _ in range(MOST_REFUSED):
                job = self._ask(wanted)
                if job is None:
                    return None
                reason = refusal(job.params)
                if not reason:
                    return job
                job.trial.set_user_attr("refused", reason)
                self._study.tell(job.trial, state=self._optuna.trial.TrialState.PRUNED)
                job.release()
        raise ValueError(f"{MOST_REFUSED} combinations of what is tried, in a row, cannot be trained: {reason}")

    def _ask(self, wanted: int) -> Job | None:
        states = self._optuna.trial.TrialState
        trials = self.all()
        counted = {_run(t) for t in trials if t.state != states.WAITING and "refused" not in t.user_attrs}
        waiting = [t for t in trials if t.state == states.WAITING]
        if not waiting and len(counted) >= wanted:
            return None
        self._study.sampler = self._optuna.samplers.TPESampler(
            n_startup_trials=RANDOM, multivariate=True, constant_liar=True,
            seed=int(np.random.SeedSequence((self._seed, len(trials))).generate_state(1)[0]),
        )  # fmt: skip
        trial = self._study.ask(self._distributions)
        name = trial.user_attrs.get("run") or f"trial-{trial.number:03d}"
        trial.set_user_attr("run", name)
        lock = self.claim(name)
        if lock is None:  # its process is at its last words: somebody else takes it later
            self._again(trial, trial.user_attrs.get("tries", 1))
            return None
        return Job(name, dict(trial.params), lock, trial)

    def claim(self, name: str) -> filelock.BaseFileLock | None:
        """Hold a training against all other processes and threads; None if somebody holds it."""
        lock = filelock.FileLock(self._folder / CLAIMS / f"{name}.lock", timeout=0, thread_local=False)
        try:
            lock.acquire()
        except filelock.Timeout:
            return None
        return lock

    def _retry_stale(self) -> None:
        """Try again what killed processes left."""
        for trial in self.all():
            if trial.state != self._optuna.trial.TrialState.RUNNING:
                continue
            lock = self.claim(_run(trial))
            if lock is None:
                continue
            lock.release()
            self._again(trial, trial.user_attrs.get("tries", 1) + 1)

    def _again(self, trial: Any, tries: int) -> None:
        """End an attempt at a trial; another is made unless there were too many."""
        self._study.tell(trial.number, state=self._optuna.trial.TrialState.FAIL)
        if tries <= TRIES:
            kept = {name: trial.user_attrs[name] for name in ("default",) if name in trial.user_attrs}
            self._study.enqueue_trial(dict(trial.params), user_attrs={"run": _run(trial), "tries": tries} | kept)

    # From the process that works on a trial

    def report(self, job: Job, rung: int, value: float) -> bool:
        """Report what a trial has reached at a tenth of its length; return True if it should end."""
        with self._quietly():
            job.trial.report(value, rung)
            return bool(job.trial.should_prune())

    def finish(self, job: Job, value: float) -> None:
        """Record the end of a trial, and its value."""
        state = None if math.isfinite(value) else self._optuna.trial.TrialState.PRUNED
        self._study.tell(job.trial, value if state is None else None, state=state)

    def prune(self, job: Job, why: str = "") -> None:
        """Record that a trial ended early, perhaps because it failed."""
        if why:
            job.trial.set_user_attr("failed", why)
        self._study.tell(job.trial, state=self._optuna.trial.TrialState.PRUNED)

    def again(self, job: Job, *, blame: bool) -> None:
        """Have a trial continued later; with ``blame``, a limited number of times."""
        tries = job.trial.user_attrs.get("tries", 1)
        with self._lock, self._quietly():
            self._again(self.all()[job.trial.number], tries + blame)

    def importances(self) -> dict[str, float]:
        """Return how much each option matters, fractions that add up to 1; empty where too little is known.

        PED-ANOVA (Watanabe et al. 2023, arXiv 2304.10255), on the finished trials.
        """
        states = self._optuna.trial.TrialState
        finished = [t for t in self.all() if t.state == states.COMPLETE]
        if len(finished) < 4 or len(self._space) < 2:
            return {}
        try:
            with self._quietly():
                return dict(
                    self._optuna.importance.get_param_importances(
                        self._study, evaluator=self._optuna.importance.PedAnovaImportanceEvaluator()
                    )
                )
        except (RuntimeError, ValueError):  # all values alike, say
            return {}


def _run(trial: Any) -> str:
    return trial.user_attrs.get("run", f"trial-{trial.number:03d}")


class _Lock:
    """A lock among threads and processes, which the system releases when its process dies."""

    def __init__(self, path: Path):
        self._thread, self._process = threading.Lock(), filelock.FileLock(path, thread_local=False)

    def acquire(self) -> bool:
        self._thread.acquire()
        try:
            self._process.acquire(poll_interval=0.01)
        except BaseException:
            self._thread.release()
            raise
        return True

    def release(self) -> None:
        self._process.release()
        self._thread.release()

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *_: Any) -> None:
        self.release()
