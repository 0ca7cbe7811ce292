"""A training in the background, and the calls that start one.

A :class:`Run` owns the thread that trains; its folder owns what is on disk. Whoever wants to follow it (a panel, a
progress bar) calls :meth:`Run.observe`.
"""

from __future__ import annotations

import errno
import threading
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ganbook import active, backend, turns
from ganbook.config import TrainConfig
from ganbook.mailbox import Mailbox
from ganbook.observers import Observer, Observers
from ganbook.store import RunFolder

if TYPE_CHECKING:
    import keras
    from matplotlib.figure import Figure

    from ganbook.data import ImageData
    from ganbook.gan import GAN
    from ganbook.trainer import Trainer

DISK_FULL = {errno.ENOSPC, errno.EDQUOT}
DISK_RETRY_SECONDS = 2.0


class Run:
    """A training: running, paused or ended. Made by :func:`train` and :func:`load_run`.

    All methods may be called from any thread. While training, requests are served between two graph calls, within
    about 0.2 s.

    Attributes
    ----------
    folder
        The :class:`~ganbook.store.RunFolder`.
    config
        Resolved :class:`~ganbook.config.TrainConfig`.
    state
        ``queued`` (another run trains), ``preparing``, ``training``, ``paused``, ``finished``, ``stopped`` or
        ``failed``.
    error
        The exception that ended a failed run, else None.
    note
        Why the run waits, in words; empty if it does not.
    ended
        Set while no thread works on it.
    """

    def __init__(
        self,
        folder: RunFolder,
        config: TrainConfig,
        data: ImageData | None = None,
        pair: tuple[keras.Model, keras.Model] | None = None,
    ):
        self.folder, self.config = folder, config
        self.error: BaseException | None = None
        self.note = ""
        self._data, self._pair = data, pair
        self._trainer: Trainer | None = None
        self._idle_gan: GAN | None = None
        self._thread: threading.Thread | None = None
        self._observers, self._mailbox = Observers(folder.name), Mailbox()
        self._wake, self.ended, self._guard = threading.Event(), threading.Event(), threading.RLock()
        self._pausing = self._stopping = False
        self._steps_wanted = 0
        self.ended.set()
        self.state = "finished" if self._complete() else "stopped"

    # Control

    def start(self) -> Run:
        """Train in the background until the steps or seconds in ``config`` are used up."""
        with self._guard:
            if self.active:
                return self
            lock = self.folder.lock()
            self._stopping = False
            self.error, self.note = None, ""
            self.ended.clear()
            self._set_state("queued" if turns.busy() else "preparing")
            self._thread = threading.Thread(target=self._work, args=(lock,), name=f"ganbook {self.name}", daemon=True)
            self._thread.start()
        active.add(self)
        return self

    def pause(self) -> None:
        """Stop after the current graph call, save, and wait for :meth:`resume`."""
        self._pausing = self.active
        self._wake.set()

    def resume(self) -> None:
        """Go on after a pause or a stop."""
        self._pausing, self._steps_wanted = False, 0
        self._wake.set()
        self.start()

    def step(self, count: int = 1) -> None:
        """Train ``count`` steps, then pause."""
        if count < 1:
            raise ValueError(f"step takes 1 or more steps, not {count}")
        with self._guard:
            self._pausing = True
            self._steps_wanted += count
        self._wake.set()
        self.start()

    def stop(self) -> None:
        """Save and end, after the current graph call. :meth:`resume` goes on from there."""
        self._stopping = True
        self._wake.set()

    def extend(self, steps: int | None = None, seconds: float | None = None) -> Run:
        """Train this many more steps or seconds than were asked for."""
        if (steps is None) == (seconds is None):
            raise ValueError("extend takes either steps or seconds: run.extend(steps=1000)")
        now_at = self.steps_done if self.config.steps is None else max(self.steps_done, self.config.steps)
        used = self.seconds if self.config.seconds is None else max(self.seconds, self.config.seconds)
        more = {"steps": now_at + steps, "seconds": None} if steps else {"steps": None, "seconds": used + seconds}
        self._reconfigure(TrainConfig(**self.config.model_dump() | more).resolved())
        return self.start()

    def save(self) -> Path:
        """Write a checkpoint now; return its folder. An ended run was saved when it ended."""
        if self.active:
            self._ask(self._checkpoint)
        newest = next(iter(self.folder.checkpoints()), None)
        if newest is None:
            raise FileNotFoundError(f"{self.folder.path} holds no checkpoint: train it first (--resume {self.name})")
        return newest.path

    def wait(self, timeout: float | None = None) -> Run:
        """Wait until the run ends, or for ``timeout`` seconds.

        An interrupt (Ctrl-C, the notebook's stop button) pauses the run and returns; ``resume()`` goes on.

        Raises
        ------
        Exception
            What ended a failed run.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        try:
            # join() and wait() without a timeout lose interrupts on Python 3.11 (cpython#90882).
            while not self.ended.wait(0.2 if deadline is None else min(0.2, max(0.0, deadline - time.monotonic()))):
                if deadline is not None and time.monotonic() >= deadline:
                    return self
        except KeyboardInterrupt:
            self.pause()
            while not self.ended.wait(0.05) and self.state != "paused":
                pass
            return self
        if self.error is not None:
            raise self.error
        return self

    # What it knows

    @property
    def name(self) -> str:
        """The run's name, that of its folder."""
        return self.folder.name

    @property
    def active(self) -> bool:
        """Whether a thread works on it: queued, preparing, training or paused."""
        return not self.ended.is_set()

    @property
    def steps_done(self) -> int:
        """Steps trained so far."""
        if self._trainer is not None:
            return self._trainer.step
        checkpoints = self.folder.checkpoints()
        return checkpoints[0].step if checkpoints else 0

    @property
    def seconds(self) -> float:
        """Seconds of training so far, pauses left out."""
        if self._trainer is not None:
            return self._trainer.seconds
        history = self.history
        return float(history["seconds"].iloc[-1]) if len(history) else 0.0

    @property
    def history(self) -> pd.DataFrame:
        """One row for each report: ``step``, ``seconds``, ``images_per_second``, ``d_loss``, ``g_loss``, ``d_real``
        = D(x), ``d_fake`` = D(G(z)), and the monitors' ``diversity``, ``nearest``, ``change``, ``warning``.
        """  # noqa: D205
        return self.folder.history()

    @property
    def warnings(self) -> list[str]:
        """What the monitors said, oldest first."""
        said = self.history["warning"].dropna()
        return [line for line in said if line]

    @property
    def data(self) -> ImageData:
        """The data set it learns; loaded again if need be."""
        if self._data is None:
            from ganbook.data.record import load_recorded

            self._data = load_recorded(self.folder.config()["data"])
        return self._data

    def sample(
        self,
        count: int = 64,
        seed: int = 0,
        labels: int | np.ndarray | None = None,
        truncation: float = 1.0,
        weights: str = "ema",
    ) -> np.ndarray:
        """Draw images from the generator as it is now.

        Parameters
        ----------
        count
            How many.
        seed
            Decides the noise; the first images do not depend on ``count``.
        labels
            For conditional runs: a class, or int (count,); all classes in turn unless given.
        truncation
            z is multiplied by it: smaller is more typical and less varied.
        weights
            ``ema``, the averaged generator, or ``raw``.

        Returns
        -------
        ndarray
            uint8 (count, H, W, C); float32 for data that are no pixels.

        Raises
        ------
        ValueError
            Labels where there are none, of another length, or out of range.
        RuntimeError
            The run has no weights yet.
        """
        from ganbook.sampling import draw

        def now(gan: GAN) -> np.ndarray:
            return draw(
                gan,
                count,
                seed=seed,
                labels=labels,
                truncation=truncation,
                weights=weights,
                classes=self.num_classes,
            )

        return self._with_gan(now)

    @property
    def gan(self) -> GAN:
        """The :class:`~ganbook.gan.GAN`; do not change it while the run trains."""
        return self._with_gan(lambda gan: gan)

    @property
    def num_classes(self) -> int:
        """Classes one can ask for, 0 unless conditional."""
        return self.folder.config()["data"]["num_classes"] if self.config.conditional else 0

    def __repr__(self) -> str:
        steps, seconds = self.config.steps, self.config.seconds
        of = f"of {steps:,}" if steps else f"in {self.seconds:.0f} of {seconds:.0f} s"
        data = self.folder.config()["data"]["name"]
        return f"<Run {self.name!r}: {self.state}, step {self.steps_done:,} {of}, {self.config.network} on {data}>"

    def plot(self, x: str = "step") -> Figure:
        """Draw the history as a figure of seaborn: losses and beliefs over ``step`` or ``seconds``."""
        from ganbook.plots import history_figure

        return history_figure(self.history, x=x)

    # Following it

    def observe(self, observer: Observer) -> Callable[[], None]:
        """Call ``observer(event, value)`` from the training thread; return a function that ends it.

        Events: ``state`` (str), ``report`` (a row of history, dict), ``preview`` (step), ``checkpoint`` (step),
        ``warning`` (str). An observer that raises is dropped with a Python warning.
        """
        return self._observers.add(observer)

    def _set_state(self, state: str, note: str = "") -> None:
        if (state, note) != (getattr(self, "state", None), self.note):
            self.state, self.note = state, note
            self._observers.tell("state", state)

    # The thread

    def _work(self, lock: Any) -> None:
        try:
            with turns.take(self, lambda: self._stopping, self._queue) as turn:
                if turn is not None:
                    self._set_state("preparing")
                    self._prepare()
                    self._train(turn)
            self._set_state("finished" if self._complete() else "stopped")
        except BaseException as error:
            self.error = error
            self._set_state("failed")
        finally:
            self._pausing, self._steps_wanted = False, 0
            lock.release()
            active.discard(self)
            self.ended.set()
            self._mailbox.serve()

    def _queue(self, note: str) -> None:
        self._set_state("queued", note)
        if self._trainer is not None:
            self._mailbox.serve()

    def _prepare(self) -> None:
        """Build the GAN or load the newest checkpoint."""
        if self._trainer is not None:
            return
        backend.tensorflow()
        from ganbook import trainer
        from ganbook.data.grid import image_grid
        from ganbook.data.pixels import to_uint8

        data = self.data
        saved, notes = trainer.newest_state(self.folder)
        for note in notes:
            warnings.warn(note, stacklevel=2)
        gan = saved.gan if saved else trainer.new_gan(self.config, data.shape, data.num_classes, self._pair)
        seconds = saved.seconds if saved else 0.0
        self._persist(lambda: self.folder.forget_after(int(gan.step)))

        def draw(samples: np.ndarray) -> Any:
            return image_grid(to_uint8(samples))

        self._trainer = trainer.Trainer(gan, data.images, data.labels, self.config, self.folder, draw, seconds)
        if not saved:
            self._checkpoint()
            self._preview(force=True)

    def _train(self, turn: turns.Turn) -> None:
        from ganbook.trainer import NonFinite

        trainer = self._trainer
        try:
            while not self._stopping and not (trainer.finished() and not self._steps_wanted):
                self._mailbox.serve()
                if self._pausing and not self._steps_wanted:
                    self._rest(turn)
                    continue
                self._set_state("training")
                wanted = min(self._steps_wanted, trainer._steps_a_call) if self._steps_wanted else None
                before = trainer.step
                row = trainer.advance(wanted)
                with self._guard:
                    self._steps_wanted = max(0, self._steps_wanted - (trainer.step - before))
                self._report(row, trainer.watch(row))
                self._preview(force=self._pausing)
                if trainer.checkpoint_due():
                    self._checkpoint()
            self._preview(force=True)
            self._checkpoint()
        except NonFinite as error:
            message = f"Not a number: {error}; {trainer.go_back()}"
            self._report({"step": trainer.step, "seconds": trainer.seconds}, [message])
            raise FloatingPointError(message) from None

    def _rest(self, turn: turns.Turn) -> None:
        """Wait, saved and without keeping others from training, until something is wanted."""
        self._checkpoint()
        self._set_state("paused")
        with turn.lent():
            while self._pausing and not self._steps_wanted and not self._stopping:
                self._wake.wait(0.2)
                self._wake.clear()
                self._mailbox.serve()

    def _report(self, row: dict[str, Any], alarms: list[Any]) -> None:
        row["warning"] = " ".join(map(str, alarms))
        self._persist(lambda: self.folder.append_history(row))
        self._observers.tell("report", row)
        for alarm in alarms:
            self._observers.tell("warning", str(alarm))

    def _preview(self, *, force: bool = False) -> None:
        step = self._persist(lambda: self._trainer.preview(force=force))
        if step is not None:
            self._observers.tell("preview", step)

    def _checkpoint(self) -> None:
        self._observers.tell("checkpoint", self._persist(self._trainer.checkpoint))

    def _persist(self, write: Callable[[], Any]) -> Any:
        """Write to disk; while it is full, wait for room."""
        while True:
            try:
                result = write()
            except OSError as error:
                if (error.errno not in DISK_FULL and "No space left" not in str(error)) or self._stopping:
                    raise
                self._set_state("paused", f"the disk that holds {self.folder.path} is full: waiting for room")
                self._wake.wait(DISK_RETRY_SECONDS)
                self._wake.clear()
                continue
            if self.state == "paused" and self.note:
                self._set_state("training")
            return result

    # For other threads

    def _ask(self, call: Callable[[], Any]) -> Any:
        """Have the training thread make a call between two graph calls."""
        if self.state == "queued" and self._trainer is None:
            raise RuntimeError(f"{self.name} has not begun: {self.note or 'another run trains'}")
        answer = self._mailbox.put(call)
        self._wake.set()
        if self.ended.is_set():
            self._mailbox.serve()
        return answer.result()

    def _with_gan(self, use: Callable[[GAN], Any]) -> Any:
        if threading.current_thread() is self._thread:
            return use(self._trainer.gan)
        if self.active:
            return self._ask(lambda: use(self._trainer.gan))
        with self._guard:
            if self._trainer is not None:
                return use(self._trainer.gan)
            if self._idle_gan is None:
                backend.tensorflow()
                from ganbook.trainer import newest_state

                saved, notes = newest_state(self.folder)
                for note in notes:
                    warnings.warn(note, stacklevel=2)
                if saved is None:
                    raise RuntimeError(
                        f"{self.folder.path} holds no sound checkpoint: train it first (--resume {self.name})"
                    )
                self._idle_gan = saved.gan
            return use(self._idle_gan)

    def _complete(self) -> bool:
        steps, seconds = self.config.steps, self.config.seconds
        return (steps is not None and self.steps_done >= steps) or (seconds is not None and self.seconds >= seconds)

    def _reconfigure(self, config: TrainConfig) -> None:
        """Change what does not change the result."""
        self.config = config
        self.folder.change_options(config.to_save())
        if self._trainer is not None:
            self._trainer.config = config
