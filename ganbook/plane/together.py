"""Two runs trained in step: some steps of one, the same steps of the other, and again."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ganbook.config.train import MOST_STEPS
from ganbook.gan.objective import checked_network
from ganbook.utils.bounds import whole_number

if TYPE_CHECKING:
    from ganbook.training.run import Run

POLL_SECONDS = 0.002
PART_SECONDS = 0.1  # of training, after which it is the other's turn


class Together:
    """Steers several runs as one: ``step``, ``pause`` and ``idle`` mean what they mean of a :class:`Run`.

    A run that has fewer steps than another catches up first.

    Parameters
    ----------
    runs
        Returns the runs, which a restart may have replaced.
    on_rest
        Called when no more steps are wanted, from the thread that has trained.
    """

    def __init__(self, runs: Callable[[], Sequence[Run]], on_rest: Callable[[], None]):
        self._runs, self._on_rest = runs, on_rest
        self._guard = threading.Lock()
        self._wanted: deque[list] = deque()  # [network, how many updates]
        self._thread: threading.Thread | None = None
        self._part = 1
        self.error: Exception | None = None  # of starting a run; that of a training is the run's own

    def step(self, count: int = 1, network: str = "both") -> None:
        """Train every run for ``count`` steps, as :meth:`Run.step`."""
        count, network = whole_number(count, "count, how many steps to train,", 1, MOST_STEPS), checked_network(network)
        with self._guard:
            self._wanted.append([network, count])
            if self._thread is None:
                self.error = None
                self._thread = threading.Thread(target=self._work, name="ganbook together", daemon=True)
                self._thread.start()

    def pause(self) -> None:
        """Stop after the current part, all runs at the same step."""
        with self._guard:
            self._wanted.clear()

    @property
    def idle(self) -> bool:
        """Whether all that was wanted is done."""
        return self._thread is None

    def _work(self) -> None:
        while (part := self._next_part()) is not None:
            try:
                self._train(*part)
            except Exception as error:
                self.error = error
                self.pause()
        self._on_rest()

    def _train(self, network: str, count: int) -> None:
        runs = self._runs()
        target = max(run.steps_done for run in runs) + count
        began = sum(run.seconds for run in runs)
        for run in runs:
            self._advance(run, network, target - run.steps_done if network == "both" else count)
            if run.error is not None:
                self.pause()
                return
        took = (sum(run.seconds for run in runs) - began) / len(runs)
        self._part = max(1, min(2 * self._part, int(self._part * PART_SECONDS / max(took, 1e-6))))

    def _next_part(self) -> tuple[str, int] | None:
        with self._guard:
            if not self._wanted:
                self._thread = None
                return None
            network, count = self._wanted[0]
            part = min(count, self._part)
            self._wanted[0][1] -= part
            if part == count:
                self._wanted.popleft()
            return network, part

    @staticmethod
    def _advance(run: Run, network: str, count: int) -> None:
        run.step(count, network)
        while not run.idle:
            time.sleep(POLL_SECONDS)
