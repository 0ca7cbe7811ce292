"""The part of a sweep that one process does: claim a training, start a process for it, watch it, compare it."""

from __future__ import annotations

import atexit
import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganbook.config.sweep import MINUTES, SweepConfig
from ganbook.studies import sweep_plan
from ganbook.studies.sweep_plan import START_SECONDS, Plan
from ganbook.studies.sweep_process import FINISHED, TrainingProcess
from ganbook.studies.sweep_results import SweepResults
from ganbook.studies.sweep_trials import RUNGS, Job, Trials
from ganbook.training.run_folder import RunFolder
from ganbook.utils.errors import INTERRUPTED
from ganbook.utils.observers import Observers

if TYPE_CHECKING:
    from ganbook.data import ImageData

POLL_SECONDS = 0.5
MEASUREMENTS = 10  # of a trial, evenly over its length
STEPS_EVERY = 5.0  # seconds between measurements, where a trial's length is given in steps
GOODBYE_SECONDS = 30

_active: set[SweepWorker] = set()


class SweepWorker:
    """Threads that do trainings, one at a time each, until all is done or the time is over.

    :class:`ganbook.studies.sweep_study.Sweep` is its public face.
    """

    def __init__(
        self, folder: Path, plan: Plan, config: SweepConfig, data: ImageData, trials: Trials, results: SweepResults
    ):
        self._folder, self._plan, self._config = folder, plan, config
        self._trials, self._results = trials, results
        self._part = sweep_plan.set_aside(data, plan.options["hold_out"])
        self.observers = Observers(f"the sweep {folder.name}")
        self.stopping, self.ended = threading.Event(), threading.Event()
        self.ended.set()
        self.errors: list[BaseException] = []
        self.out_of_time = False
        self._began, self._longest = 0.0, 0.0
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin, or begin again."""
        if not self.ended.is_set():
            return
        self._trials.begin_with(sweep_plan.defaults(self._plan, self._part))
        self.stopping.clear()
        self.ended.clear()
        self._began, self.out_of_time, self.errors = time.monotonic(), False, []
        self._threads = [
            threading.Thread(target=self._work, name=f"ganbook sweep {number}", daemon=True)
            for number in range(self._config.at_once)
        ]
        _active.add(self)
        for thread in self._threads:
            thread.start()
        threading.Thread(target=self._wait_for_threads, name="ganbook sweep", daemon=True).start()

    def stop(self) -> None:
        """Save the trainings of this process and end."""
        self.stopping.set()
        if not self.ended.is_set():
            self.observers.tell("state", "stopping")

    def _wait_for_threads(self) -> None:
        for thread in self._threads:
            thread.join()
        _active.discard(self)
        self.ended.set()
        self.observers.tell("state", "ended")

    def _work(self) -> None:
        try:
            self.observers.tell("state", "running")
            while not self.stopping.is_set():
                job = self._next()
                if job is not None:
                    self._do(job)
                elif self.out_of_time or not self._others_work():
                    return
                else:  # another process is at the last trainings: their seeds may be left for this one
                    self.stopping.wait(1.0)
        except BaseException as error:
            self.errors.append(error)
            self.stopping.set()

    def _next(self) -> Job | None:
        """Claim the next training: a trial, or the best ones with another seed."""
        if time_left := self._fits(for_trials=True):
            job = self._trials.next(
                self._config.trials, lambda params: sweep_plan.refusal_of(self._plan, self._part, params)
            )
            if job is not None:
                return job
        self.out_of_time = not time_left and self._results.trials_left(self._config.trials)
        if not self._fits(for_trials=False):
            self.out_of_time = True
            return None
        for name, params in self._results.seeds_left(self._config.seeds):
            if (lock := self._trials.claim(name)) is not None:
                if self._results.is_open(name):  # nobody has finished it meanwhile
                    return Job(name, params, lock)
                lock.release()
        return None

    def _others_work(self) -> bool:
        return self._results.is_anybody_at_work(self._config.seeds)

    def _fits(self, *, for_trials: bool) -> bool:
        """Tell whether another training fits into the time; the seeds of the best have a part of it for themselves."""
        minutes = self._config.minutes or (MINUTES if self._plan.timed else None)
        if minutes is None:
            return True
        part = 1.0
        if for_trials and self._config.seeds:
            again = self._config.seeds * (min(sweep_plan.BEST, self._config.trials) + 1)
            part = self._config.trials / (self._config.trials + again)
        longest = self._longest or START_SECONDS
        return time.monotonic() - self._began + longest <= 60 * minutes * part or self._longest == 0

    def _do(self, job: Job) -> None:
        """Do a training, or go on with it."""
        began = time.monotonic()
        self.observers.tell("trial", job.name)
        try:
            code = self._trained(job)
        finally:
            job.release()
        if code == FINISHED:
            self._longest = max(self._longest, time.monotonic() - began)
        self.observers.tell("trial", job.name)

    def _trained(self, job: Job) -> int | None:
        """Start a process for a training, watch and compare it, and record how it ended."""
        folder = RunFolder(self._folder / "runs" / job.name)
        if not self._is_free(folder):
            if job.trial is not None:
                self._trials.again(job, blame=False)
            return None
        if self._results.is_finished(job.name):
            return self._record(job, folder, FINISHED, "")
        process = TrainingProcess(
            self._options(job, folder), self._threads_each(), self._folder / "logs" / f"{job.name}.txt"
        )
        reported = 0
        try:
            while (code := process.code) is None:
                if self.stopping.wait(POLL_SECONDS):
                    code = process.stop()
                    break
                self.observers.tell("progress", None)
                if job.trial is None:
                    continue
                reported, prune = self._compare(job, reported)
                if prune:
                    process.stop()
                    self._trials.prune(job)
                    return None
        except BaseException:
            process.stop()
            raise
        finally:
            process.close()
        return self._record(job, folder, code, process.last_words())

    def _record(self, job: Job, folder: RunFolder, code: int, last_words: str) -> int:
        value = self._results.value_of(job.name)
        if code == FINISHED and value is not None:
            if job.trial is not None:
                self._compare(job, 0)
                self._trials.finish(job, value)
        elif code == INTERRUPTED or code < 0 or self.stopping.is_set():
            if job.trial is not None:  # a killed process is tried again, a number of times
                self._trials.again(job, blame=code < 0)
            elif code < 0:
                self._results.note_kill(job.name)
        else:
            why = last_words if code != FINISHED else f"{self._plan.measure.name} was not measured"
            why = f"{why or f'exit code {code}'}; see logs/{job.name}.txt"
            if job.trial is not None:
                self._trials.prune(job, why)
            else:
                self._results.note_failure(job.name, why)
        return code

    def _is_free(self, folder: RunFolder) -> bool:
        """Wait until a process whose parent died, and which is saving now, has let go of the folder."""
        for _ in range(int(GOODBYE_SECONDS / POLL_SECONDS)):
            if not folder.path.is_dir() or not folder.is_locked():
                return True
            if self.stopping.wait(POLL_SECONDS):
                return False
        return False

    def _options(self, job: Job, folder: RunFolder) -> dict[str, Any]:
        """Return the options of a training for its process."""
        if folder.checkpoints.newest() is not None:
            return {"resume": str(folder.path)}
        options = self._plan.trial_options(self._folder, job.params)
        seconds = options.get("seconds")
        own = {
            "runs_dir": str(self._folder / "runs"), "name": job.name, "keep_checkpoints": 1, "overwrite": True,
        }  # fmt: skip
        if self._plan.metric == "frechet":
            own["evaluate_every"] = max(0.1, seconds / MEASUREMENTS) if seconds else STEPS_EVERY
        return options | own

    def _threads_each(self) -> int:
        return self._config.threads or max(1, (os.cpu_count() or 1) // self._config.at_once)

    def _compare(self, job: Job, reported: int) -> tuple[int, bool]:
        """Report the tenths that a trial has reached since; return how many there are, and whether it should end."""
        prune = False
        for rung, value in self._results.rungs(job.name)[reported:]:
            reported += 1
            prune = self._trials.report(job, rung, value) and rung < RUNGS
        return reported, prune


@atexit.register
def _stop_all() -> None:
    left = list(_active)
    for worker in left:
        worker.stop()
    for worker in left:
        worker.ended.wait(GOODBYE_SECONDS)
