"""What a playground saw: frames of its training as a film, and its scores as curves. It watches while it is open."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

from ganbook.metrics.points import COUNT, Judge

if TYPE_CHECKING:
    from ganbook.data.points import PointData
    from ganbook.gan.model import GAN
    from ganbook.plane.frame import Frame
    from ganbook.plane.view import View
    from ganbook.training.run import Run

# Of training between two frames, while somebody sees them and while they are for the film alone.
SEEN_SECONDS, UNSEEN_SECONDS = 1 / 40, 1 / 8
FRAME_SHARE = 0.3  # frames take at most this fraction of the time
SCORE_SECONDS = 1.0
MOST_FRAMES = 400  # then every second one is dropped

# Measures where training need not wait for it.
_measuring = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ganbook scores")


class Recorder:
    """Takes frames of a run on points while it trains, and scores its samples about once a second.

    Parameters
    ----------
    run
        It learns points; it need not have begun.
    judge
        Returns what scores samples; called in a thread of its own.
    on_news
        Called as ``on_news(kind, value)``: ``state`` (str), ``frame`` (:class:`Frame`), ``scores`` (dict), ``report``
        (a row of history), from the threads of the training and of the scores.
    training
        Returns whether it trains, or another has its turn for a moment: then scores may wait.

    Attributes
    ----------
    frames : list of Frame
        Those that are kept, oldest first, evenly spaced: at most 400 and the latest.
    scores : list of dict
        ``step``, ``seconds`` and the numbers of :class:`~ganbook.metrics.points.Scores`, of the averaged generator.
    """

    def __init__(
        self,
        run: Run,
        judge: Callable[[], Judge],
        on_news: Callable[[str, Any], None],
        training: Callable[[], bool],
    ):
        self._run, self._judge, self._on_news, self._training = run, judge, on_news, training
        self.frames: list[Frame] = []
        self.latest: Frame | None = None
        self.scores: list[dict[str, float]] = []
        self._stride, self._count = 1, 0
        self._view: View | None = None
        self._gan: object = None
        self._scored: tuple[int, int] | None = None
        self._next_frame = self._next_score = 0.0
        self._missed, self._measured = False, threading.Event()
        self._measured.set()
        self._leave = run.observe(self._follow, SEEN_SECONDS)

    def close(self) -> None:
        """Watch no more."""
        self._leave()

    def hurry(self, seen: bool) -> None:
        """Take as many frames as an eye can follow, or as a film needs, which leaves more time to the training."""
        self._leave()
        self._leave = self._run.observe(self._follow, SEEN_SECONDS if seen else UNSEEN_SECONDS)

    def look(self) -> None:
        """Take a frame now; while the run trains it comes by itself.

        Raises
        ------
        RuntimeError
            The run has no weights yet.
        """
        if self._run.state != "training":
            self._run.with_gan(self._take)

    def _follow(self, event: str, value: Any) -> None:
        if event == "report":
            self._on_news("report", value)
        elif event == "state":
            self._on_news("state", value)
        if event == "report" or (event == "state" and value == "paused"):
            self._run.with_gan(self._take)

    def _take(self, gan: GAN) -> None:
        from ganbook.plane.view import View, updates

        run = self._run
        training = self._training()
        if self._view is None or gan is not self._gan:  # after a divergence it is another
            self._gan, self._view = gan, View(gan, cast("PointData", run.data), str(run.config.loss))
        began = time.perf_counter()
        if training and began < self._next_frame:
            return
        latest = self.latest
        if latest is None or (latest.step, latest.g_updates) != updates(gan):
            self._keep(self._view.take(run.seconds))
            self._next_frame = began + (time.perf_counter() - began) / FRAME_SHARE
        if not training or run.seconds >= self._next_score:
            self._score()

    def _keep(self, frame: Frame) -> None:
        self.latest = frame
        if self._count % self._stride == 0:
            self.frames.append(frame)
        self._count += 1
        if len(self.frames) > MOST_FRAMES:
            self.frames, self._stride = self.frames[::2], 2 * self._stride
        self._on_news("frame", frame)

    def _score(self) -> None:
        run, latest = self._run, self.latest
        step, seconds = run.steps_done, run.seconds
        at = None if latest is None else (latest.step, latest.g_updates)  # steps are those of D
        if self.scores and at == self._scored:
            return
        if not self._measured.is_set():
            self._missed = not self._training()  # nobody asks again at rest
            return
        self._next_score, self._scored = seconds + SCORE_SECONDS, at
        self._measured.clear()
        _measuring.submit(self._measure, run.sample(COUNT), step, seconds)

    def _measure(self, samples: Any, step: int, seconds: float) -> None:
        try:
            judge = self._judge()
            row = {"step": step, "seconds": seconds} | {
                name: value for name, value in asdict(judge(samples)).items() if value is not None
            }
            self.scores.append(row)
            self._on_news("scores", row)
        finally:
            self._measured.set()
        if self._missed:
            self._missed = False
            self._measured.clear()
            self._measure(self._run.sample(COUNT), self._run.steps_done, self._run.seconds)
