"""The thread of a run: it prepares, trains, rests and saves, and hears what others want between two graph calls."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ganbook.config import learning_rates
from ganbook.config.presets import NETWORKS
from ganbook.config.train import TrainConfig
from ganbook.training import beginning, scheduler
from ganbook.training.active import active_runs
from ganbook.training.mailbox import Mailbox
from ganbook.training.patient_writer import PatientWriter
from ganbook.training.run_folder import RunFolder
from ganbook.training.saved_gans import SavedGANs
from ganbook.utils.observers import Observer, Observers

if TYPE_CHECKING:
    import keras

    from ganbook.data.dataset import Dataset
    from ganbook.gan.model import GAN
    from ganbook.metrics.frechet_probe import FrechetProbe
    from ganbook.training.cluster import Cluster
    from ganbook.training.trainer import Trainer

DISK_RETRY_SECONDS = 2.0
# After steps that were asked for, others may follow: the rest is saved once it has lasted this long.
SETTLED_SECONDS = 1.0


class Worker:
    """All that changes while a run trains; :class:`ganbook.training.run.Run` is its public face.

    Others set what they want (``pausing``, ``stopping``, ``wanted``) and :meth:`wake` the thread, or
    :meth:`ask` for a call to be made by it.
    """

    def __init__(
        self,
        folder: RunFolder,
        config: TrainConfig,
        data: Dataset | None,
        pair: tuple[keras.Model, keras.Model] | None,
        cluster: Cluster | None,
        on_end: Callable[[], None],
    ):
        self.folder, self.config = folder, config
        self.state, self.note = "stopped", ""
        self.error: BaseException | None = None
        self.trainer: Trainer | None = None
        self.observers = Observers(folder.name)
        self.pausing = self.stopping = False
        self.stepping = False  # it pauses because the steps asked for are done
        self.wanted: deque[list] = deque()  # [network, how many updates], to be done even while pausing
        self.guard = threading.RLock()
        self.ended = threading.Event()
        self.ended.set()
        self._data, self._pair, self._cluster, self._on_end = data, pair, cluster, on_end
        self.saved = SavedGANs(folder)
        self._thread: threading.Thread | None = None
        self._mailbox, self._woken = Mailbox(), threading.Event()
        self._intervals: list[float] = []

    # For other threads

    def start(self) -> None:
        """Begin to work, and write the options to the folder if they differ from those there.

        Raises
        ------
        OSError
            Another process trains in the folder, or it cannot be written. Then nothing in it has been changed.
        ValueError
            Its workers have ended.
        """
        if self._cluster is not None and self._cluster.over:
            raise ValueError(f"the workers of {self.name} have ended: {self._cluster.go_on(self.folder.path)}")
        path = self.folder.path.resolve()
        for run in active_runs():
            if run.folder.path.resolve() == path and run.folder is not self.folder:
                raise BlockingIOError(f"{self.name} is {run.state} here already: gb.load_run({self.name!r}) is it")
        lock = self.folder.lock()
        try:
            self._catch_up()
            options = self.config.to_save()
            if self.folder.config()["options"] != options:
                self.folder.change_options(options)
        except BaseException:
            lock.release()
            raise
        self._write = PatientWriter(self.folder, self._wait_for_room)
        self.stopping, self.error = False, None
        self.ended.clear()
        if scheduler.busy():
            self._set_state("queued")
        else:
            self._set_state("preparing", self._building)
        self._thread = threading.Thread(target=self._work, args=(lock,), name=f"ganbook {self.name}", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Have the thread look at what is wanted."""
        self._woken.set()

    def ask(self, call: Callable[[], Any]) -> Any:
        """Have the thread make a call between two graph calls; return its answer."""
        if self.state == "queued" and self.trainer is None:
            raise RuntimeError(f"{self.name} has not begun: {self.note or 'another run trains'}")
        answer = self._mailbox.put(call)
        self.wake()
        if self.ended.is_set():
            self._mailbox.serve()
        return answer.result()

    def with_gan(self, use: Callable[[GAN], Any]) -> Any:
        """Use the GAN as it is now, while nobody trains it."""
        if self.is_me():
            return use(self.trainer.gan)
        if not self.ended.is_set():
            return self.ask(lambda: use(self.trainer.gan))
        with self.guard:
            self._catch_up()
            return use(self.trainer.gan if self.trainer is not None else self.saved.newest())

    def is_me(self) -> bool:
        """Return True in the thread itself."""
        return threading.current_thread() is self._thread

    @property
    def name(self) -> str:
        """The run's name."""
        return self.folder.name

    @property
    def data(self) -> Dataset:
        """The data set, loaded again if need be."""
        if self._data is None:
            from ganbook.data.load import load_recorded

            self._data = load_recorded(self.folder.config()["data"])
        return self._data

    def _catch_up(self) -> None:
        """Forget the weights in memory if another object or process has trained the run further since it ended here."""
        if self.trainer is None or not self.ended.is_set():
            return
        saved = self.folder.checkpoints.newest()
        if saved and saved.step > self.trainer.step:
            self.trainer, self.config = None, self.folder.options()

    @property
    def step(self) -> int:
        """Steps trained so far."""
        self._catch_up()
        if self.trainer is not None:
            return self.trainer.step
        saved = self.folder.checkpoints.newest()
        return saved.step if saved else 0

    @property
    def seconds(self) -> float:
        """Seconds trained so far."""
        self._catch_up()
        if self.trainer is not None:
            return self.trainer.seconds
        history = self.folder.history()
        return float(history["seconds"].iloc[-1]) if len(history) else 0.0

    def complete(self) -> bool:
        """Return True if the run has its steps or seconds."""
        steps, seconds = self.config.steps, self.config.seconds
        return (steps is not None and self.step >= steps) or (seconds is not None and self.seconds >= seconds)

    def follow(self, observer: Observer, every: float | None) -> Callable[[], None]:
        """Tell an observer of events, and report as often as it wishes; return a function that ends it."""
        leave = self.observers.add(observer)
        if every is None:
            return leave
        self._intervals.append(every)

        def leave_too() -> None:
            leave()
            if every in self._intervals:
                self._intervals.remove(every)

        return leave_too

    def reconfigure(self, config: TrainConfig) -> None:
        """Change options of what is still to be trained. The folder of an idle run follows when it starts."""
        if not self.ended.is_set():  # this process holds the lock
            self.folder.change_options(config.to_save())
        self.config = config
        if self.trainer is not None:
            self.trainer.config = config

    def change_rates(self, generator: float | str | None, discriminator: float | str | None) -> int:
        """Have other learning rates from the step on at which it is; return that step."""

        def change() -> int:
            step = self.step
            self.reconfigure(learning_rates.changed(self.config, step, generator, discriminator))
            self.observers.tell("rates", step)
            return step

        return change() if self.is_me() else self.ask(change)

    # The thread

    def _work(self, lock: Any) -> None:
        try:
            with scheduler.take(self, lambda: self.stopping, self._queue) as turn:
                if turn is not None:
                    self._set_state("preparing", self._building)
                    self._prepare()
                    self._train(turn)
            self._set_state("finished" if self.complete() else "stopped")
        except BaseException as error:
            self.error = error
            if self._cluster is not None and self._cluster.is_broken():
                self.error = RuntimeError(
                    f"{error}; saved at step {self.step:,}: {self._cluster.go_on(self.folder.path)}"
                )
            self._set_state("failed")
        finally:
            self.pausing = False
            self.wanted.clear()
            if self._cluster is not None:
                self._cluster.end(self.state)
            lock.release()
            self._on_end()
            self.ended.set()
            self._mailbox.serve()

    def _set_state(self, state: str, note: str = "") -> None:
        if (state, note) != (self.state, self.note):
            self.state, self.note = state, note
            self.observers.tell("state", state)

    @property
    def _building(self) -> str:
        """What is under way before the first step, and which network that is, whoever chose it."""
        if self.trainer is not None:
            return ""
        network, classes = self.config.network, self.folder.config()["data"]["num_classes"]
        each = f", each of {classes} classes by itself" if self.config.conditional else ""
        return f"building {network} ({NETWORKS[network].summary}){each}; slower the first time, when TensorFlow loads"

    def _queue(self, note: str) -> None:
        self._set_state("queued", note)
        if self.trainer is not None:
            self._mailbox.serve()

    def _prepare(self) -> None:
        """Build the GAN or load the newest checkpoint."""
        if self.trainer is not None:
            return
        beginning.load_tensorflow(self.folder)
        from ganbook.training.trainer import Trainer

        data = self.data
        gan, saved = beginning.begin(self.folder, self.config, data, self._pair, self._cluster, self._end_soon)
        self._persist(lambda: self.folder.forget_after(gan.steps_done))
        seconds = saved.seconds if saved else 0.0
        self.trainer = Trainer(gan, data, self.config, self.folder, seconds, self._new_probe(), self._cluster)
        if not saved:
            self.checkpoint()
            self._preview(force=True)
        self._persist(self.trainer.write_references)

    def _new_probe(self) -> FrechetProbe | None:
        """Return what measures the distance to real images, if it is wanted."""
        if not self.config.evaluate_every:
            return None
        from ganbook.metrics.frechet_probe import FrechetProbe

        self._set_state("preparing", "a small network learns to compare images of this data, once")
        return FrechetProbe(self.data)

    def _end_soon(self, reason: str) -> None:
        """Stop after the current graph call, because of a worker."""
        self._set_state(self.state, reason)
        self.stopping = True
        self.wake()

    def _train(self, turn: scheduler.Turn) -> None:
        from ganbook.training.cluster import WorkerLost
        from ganbook.training.trainer import NonFinite

        trainer = self.trainer
        try:
            while not self.stopping and (self.wanted or not self.complete()):
                self._mailbox.serve()
                if self.pausing and not self.wanted:
                    self._rest(turn)
                    continue
                self._set_state("training")
                row = self._advance()
                self._report(row, trainer.watch(row) + self._evaluate(row))
                self._preview(force=self.pausing and not self.stepping)
                if trainer.checkpoint_due() and not self.complete():  # the last one comes after all else
                    self.checkpoint()
            if self.complete():
                self._evaluate_the_end()
            self.checkpoint()  # first: at the end of a program there is little time
            self._preview(force=True)
        except NonFinite as error:
            message = f"Not a number: {error}; {trainer.go_back()}"
            self._report({"step": trainer.step, "seconds": trainer.seconds}, [message])
            raise FloatingPointError(message) from None
        except WorkerLost:
            self.trainer = None  # it may be in the middle of a step
            raise
        if self._cluster is not None and not self.complete():
            self._cluster.check()

    def _advance(self) -> dict[str, Any]:
        """Train for one graph call, of what is wanted first; return a row of history."""
        trainer, before = self.trainer, self.trainer.step
        with self.guard:
            first = self.wanted[0] if self.wanted else None
        every = min(self._intervals, default=None)
        if first is None:
            return trainer.advance(every=every)
        network, count = first
        row = trainer.advance(count, every=every) if network == "both" else trainer.update(network)
        with self.guard:
            first[1] -= trainer.step - before if network == "both" else 1
            if first[1] <= 0 and self.wanted and self.wanted[0] is first:
                self.wanted.popleft()
        return row

    def _evaluate(self, row: dict[str, Any], *, force: bool = False) -> list[Any]:
        """Measure how far samples are from real images, if it is time; keep the checkpoint if never nearer."""
        alarms = self.trainer.evaluate(row, force=force)
        if self.trainer.is_best(row):
            self.checkpoint()
            self._persist(lambda: self.folder.checkpoints.keep_best(row["step"], row["frechet"]))
        return alarms

    def _evaluate_the_end(self) -> None:
        row = {"step": self.trainer.step, "seconds": round(self.trainer.seconds, 3)}
        alarms = self._evaluate(row, force=True)
        if "frechet" in row:
            self._report(row, alarms)

    def _rest(self, turn: scheduler.Turn) -> None:
        """Wait, saved and without keeping others from training, until something is wanted."""
        unsaved = self.stepping  # a pause is saved before it is told; after steps, saving would keep the next waiting
        if not unsaved:
            self.checkpoint()
        self._set_state("paused")
        settled = time.monotonic() + SETTLED_SECONDS
        with turn.lent():
            while self.pausing and not self.wanted and not self.stopping:
                if unsaved and (not self.stepping or time.monotonic() >= settled):
                    unsaved = False
                    self._preview(force=True)
                    self.checkpoint()
                    self._set_state("paused")
                self._woken.wait(0.2)
                self._woken.clear()
                self._mailbox.serve()

    def _report(self, row: dict[str, Any], alarms: list[Any]) -> None:
        row["warning"] = " ".join(map(str, alarms))
        self._persist(lambda: self.folder.append_history(row))
        self.observers.tell("report", row)
        for alarm in alarms:
            self.observers.tell("warning", str(alarm))

    def _preview(self, *, force: bool = False) -> None:
        step = self._persist(lambda: self.trainer.preview(force=force))
        if step is not None:
            self.observers.tell("preview", step)

    def checkpoint(self) -> None:
        """Save, from the thread."""
        self.observers.tell("checkpoint", self._persist(self.trainer.checkpoint))

    def _persist(self, write: Callable[[], Any]) -> Any:
        """Write to disk; while it is full, wait for room."""
        result = self._write(write)
        if self.state == "paused" and self.note:
            self._set_state("training")
        return result

    def _wait_for_room(self, note: str) -> bool:
        if self.stopping:
            return False
        self._set_state("paused", note)
        self._woken.wait(DISK_RETRY_SECONDS)
        self._woken.clear()
        return True
