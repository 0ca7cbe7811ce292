"""A training in the background, as its users see it.

Whoever wants to follow a :class:`Run` (a panel, a progress bar) calls :meth:`Run.observe`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ganbook.config import learning_rates
from ganbook.config.train import MOST_STEPS, TrainConfig
from ganbook.data.dataset import kind_of
from ganbook.gan.objective import checked_network
from ganbook.training.active import ACTIVE, stop_all_first
from ganbook.training.run_folder import RunFolder
from ganbook.training.worker import Worker
from ganbook.utils.bounds import positive_number, whole_number
from ganbook.utils.observers import Observer

if TYPE_CHECKING:
    import keras
    from matplotlib.figure import Figure

    from ganbook.data.dataset import Dataset
    from ganbook.gan.model import GAN
    from ganbook.networks.summary import Networks
    from ganbook.training.cluster import Cluster

ENDS = ("finished", "stopped", "failed")


class Run:
    """A training: running, paused or ended. Made by :func:`train` and :func:`load_run`.

    All methods may be called from any thread. While training, requests are served between two graph calls, within
    about 0.2 s.
    """

    def __init__(
        self,
        folder: RunFolder,
        config: TrainConfig,
        data: Dataset | None = None,
        pair: tuple[keras.Model, keras.Model] | None = None,
        cluster: Cluster | None = None,
    ):
        self._worker = Worker(folder, config, data, pair, cluster, lambda: ACTIVE.discard(self))
        self._worker.follow(stop_all_first, None)
        if self._worker.complete():
            self._worker.state = "finished"

    # Control

    def start(self, *, paused: bool = False) -> Run:
        """Train in the background until the steps or seconds in ``config`` are used up.

        ``paused`` builds the networks and waits; steps that are asked for meanwhile are done.
        """
        if self.state in ENDS and not self._worker.is_me():
            self.ended.wait()  # the thread is at its last words
        with self._worker.guard:
            if not self.active:
                ACTIVE.add(self)  # before it can end
                self._worker.pausing = self._worker.pausing or paused
                try:
                    self._worker.start()
                except BaseException:
                    ACTIVE.discard(self)
                    raise
        return self

    def pause(self) -> None:
        """Stop after the current graph call, save, and wait for :meth:`resume`."""
        with self._worker.guard:
            self._worker.pausing, self._worker.stepping = self.active, False
            self._worker.wanted.clear()
        self._worker.wake()

    def resume(self) -> None:
        """Go on after a pause or a stop."""
        self._worker.pausing = self._worker.stepping = False
        self._worker.wanted.clear()
        self._worker.wake()
        self.start()

    def step(self, count: int = 1, network: str = "both") -> None:
        """Train ``count`` steps, then pause. A second later the run is saved, unless more steps have been asked for.

        Parameters
        ----------
        count
            How many.
        network
            ``both``; or ``discriminator`` or ``generator``, to update one of them alone ``count`` times. Updates of
            the generator alone are not counted as steps.
        """
        count, network = whole_number(count, "count, how many steps to train,", 1, MOST_STEPS), checked_network(network)
        with self._worker.guard:
            self._worker.pausing = self._worker.stepping = True
            self._worker.wanted.append([network, count])
        self._worker.wake()
        self.start()

    def stop(self) -> None:
        """Save and end, after the current graph call. :meth:`resume` goes on from there."""
        self._worker.stopping = True
        self._worker.wake()

    def extend(self, steps: int | None = None, seconds: float | None = None) -> Run:
        """Train this many more steps or seconds than were asked for."""
        if (steps is None) == (seconds is None):
            raise ValueError("extend takes either steps or seconds: run.extend(steps=1000)")
        steps = None if steps is None else whole_number(steps, "steps, how many more to train,", 1, MOST_STEPS)
        seconds = None if seconds is None else positive_number(seconds, "seconds, how long to train on,")
        now_at = self.steps_done if self.config.steps is None else max(self.steps_done, self.config.steps)
        used = self.seconds if self.config.seconds is None else max(self.seconds, self.config.seconds)
        more = {"steps": now_at + steps, "seconds": None} if steps else {"steps": None, "seconds": used + seconds}
        before = self.config
        self._worker.reconfigure(TrainConfig(**before.model_dump() | more).resolved())
        try:
            self.start()
        except BaseException:
            self._worker.reconfigure(before)
            raise
        self._worker.observers.tell("extended", steps or seconds)
        return self

    def set_learning_rates(self, generator: float | str | None = None, discriminator: float | str | None = None) -> int:
        """Train with other learning rates from now on, whether it trains, is paused or has ended.

        The change becomes the option ``rate_changes`` of the run: ``config.json`` has it with the step from which it
        holds, a run that is interrupted or goes back makes it at the same step again, and :func:`ganbook.again`
        repeats it. Changes at later steps, to be seen after going back, are dropped.

        Parameters
        ----------
        generator, discriminator
            The new learning rates, above 0 and at most 10, as numbers or text; one that is not given stays as it is.

        Returns
        -------
        int
            The step from which they hold.

        Raises
        ------
        ValueError
            A rate is out of range, or the rates follow a schedule (``rate_half_life``).
        RuntimeError
            The run is queued.

        Examples
        --------
        >>> run.set_learning_rates(generator=1e-4)
        """
        return self._worker.change_rates(generator, discriminator)

    @property
    def learning_rates(self) -> tuple[float, float]:
        """The learning rates of generator and discriminator at the step at which it is."""
        return learning_rates.at(self.config, self.steps_done)

    def save(self) -> Path:
        """Write a checkpoint now; return its folder. An ended run was saved when it ended."""
        if self.active:
            self._worker.ask(self._worker.checkpoint)
        newest = self.folder.checkpoints.newest()
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
        if timeout is not None and (isinstance(timeout, bool) or not isinstance(timeout, int | float)):
            raise ValueError(f"timeout is a number of seconds, not {timeout!r}")
        deadline = None if timeout is None else time.monotonic() + timeout
        try:
            # join() and wait() without a timeout lose interrupts on Python 3.11 (cpython#90882).
            while not self.ended.wait(0.2 if deadline is None else min(0.2, max(0.0, deadline - time.monotonic()))):
                if deadline is not None and time.monotonic() >= deadline:
                    return self
        except KeyboardInterrupt:
            self.pause()
            while not self.ended.wait(0.05) and self.state not in ("paused", "queued"):
                pass
            return self
        if self.error is not None:
            raise self.error
        return self

    # State and results

    @property
    def folder(self) -> RunFolder:
        """What it has on disk."""
        return self._worker.folder

    @property
    def config(self) -> TrainConfig:
        """Its options, resolved."""
        return self._worker.config

    @property
    def state(self) -> str:
        """One of ``queued`` (another run trains), ``preparing``, ``training``, ``paused``, ``finished``, ``stopped``
        and ``failed``.
        """  # noqa: D205
        return self._worker.state

    @property
    def note(self) -> str:
        """Why the run waits, in words; empty if it does not."""
        return self._worker.note

    @property
    def error(self) -> BaseException | None:
        """What ended a failed run."""
        return self._worker.error

    @property
    def ended(self) -> threading.Event:
        """Set while no thread works on it."""
        return self._worker.ended

    @property
    def name(self) -> str:
        """The run's name, that of its folder."""
        return self.folder.name

    @property
    def active(self) -> bool:
        """Whether a thread works on it: queued, preparing, training or paused."""
        return not self.ended.is_set()

    @property
    def idle(self) -> bool:
        """Whether it neither trains nor is about to: paused or ended, and all steps asked for are done."""
        return self.state in ("paused", *ENDS) and not self._worker.wanted

    @property
    def steps_done(self) -> int:
        """Steps trained so far."""
        return self._worker.step

    @property
    def seconds(self) -> float:
        """Seconds of training so far, pauses left out."""
        return self._worker.seconds

    @property
    def history(self) -> pd.DataFrame:
        """One row for each report: ``step``, ``seconds``, ``images_per_second``, ``d_loss``, ``g_loss``, ``d_real``
        = D(x), ``d_fake`` = D(G(z)); the monitors' ``diversity``, ``nearest``, ``change``, ``warning``;
        ``d_gradient_norm`` and ``g_gradient_norm``, root mean squares since the measurement before; of an adaptive
        augmentation ``augment_probability`` and the ``overfitting`` that steers it; with ``evaluate_every`` the Fréchet
        distance of samples to real images, ``frechet``; of images ``patches``, their patch distance, and that of real
        images, ``patches_real``; of ``--task enhance`` ``psnr``, dB, and ``ssim`` of held-out
        images, and those of bicubic and Lanczos interpolation, ``psnr_bicubic``, ``ssim_lanczos`` and so on; and of
        ``--task text`` ``js_3`` and ``js_3_real``, distances of 3-grams to held-out lines.
        """  # noqa: D205
        return self.folder.history()

    @property
    def warnings(self) -> list[str]:
        """The alarms of the monitors, oldest first."""
        return [line for line in self.history["warning"].dropna() if line]

    @property
    def data(self) -> Dataset:
        """The data set it learns; loaded again if need be."""
        return self._worker.data

    def sample(
        self,
        count: int = 64,
        seed: int = 0,
        labels: int | str | np.ndarray | None = None,
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
            For conditional runs: a class, by its name or number, or int (count,); all classes in turn unless given.
        truncation
            z is multiplied by it: smaller is more typical and less varied. Lines of text hardly change.
        weights
            ``ema``, the averaged generator; ``raw``; or ``best``, the averaged one that ``keep="best"`` kept.

        Returns
        -------
        ndarray
            uint8 (count, H, W, C); of points in the plane, float32 (count, 2); of lines of text a list of str.

        Raises
        ------
        ValueError
            Labels where there are none, of another length, or out of range; no best checkpoint.
        RuntimeError
            The run has no weights yet.
        """
        from ganbook.training.sampling import draw

        def now(gan: GAN) -> np.ndarray:
            return draw(
                gan,
                count,
                seed=seed,
                labels=labels,
                truncation=truncation,
                weights="ema" if weights == "best" else weights,
                classes=self.num_classes,
                class_names=self.class_names,
            )

        samples = now(self._worker.saved.best()) if weights == "best" else self._worker.with_gan(now)
        record = self.folder.config()["data"]
        return kind_of(record).decode(samples, record)

    @property
    def gan(self) -> GAN:
        """The :class:`~ganbook.gan.model.GAN`; do not change it while the run trains."""
        return self._worker.with_gan(lambda gan: gan)

    def with_gan(self, use: Callable[[GAN], Any]) -> Any:
        """Return ``use(gan)``, called while nobody trains the GAN: by the training thread, or at rest by the caller's.

        Raises
        ------
        RuntimeError
            The run has no weights yet.
        """
        return self._worker.with_gan(use)

    def networks(self) -> Networks:
        """Return both networks layer by layer, with shapes and parameters: a diagram in a notebook, else a table.

        Raises
        ------
        RuntimeError
            The run has no weights yet.
        """
        from ganbook.networks.summary import summary

        return self.with_gan(summary)

    @property
    def num_classes(self) -> int:
        """Classes one can ask for, 0 unless conditional."""
        return self.folder.config()["data"]["num_classes"] if self.config.conditional else 0

    @property
    def class_names(self) -> tuple[str, ...]:
        """Names of the classes one can ask for, in the order of their numbers; empty unless conditional."""
        return tuple(self.folder.config()["data"]["class_names"]) if self.config.conditional else ()

    def __repr__(self) -> str:
        steps, seconds = self.config.steps, self.config.seconds
        of = ""
        if steps != MOST_STEPS:
            of = f" of {steps:,}" if steps else f" in {self.seconds:.0f} of {seconds:.0f} s"
        learns = f"{self.config.network} on {Path(self.config.data).name}"
        return f"<Run {self.name!r}: {self.state}, step {self.steps_done:,}{of}, {learns}>"

    def plot(self, x: str = "step") -> Figure:
        """Draw losses and discriminator outputs over ``step`` or ``seconds``, with alarms and changes of rates."""
        from ganbook.training.plots import history_figure

        return history_figure(self.history, x=x, changes=learning_rates.marks(self.config, self.steps_done))

    # Following it

    def observe(self, observer: Observer, every: float | None = None) -> Callable[[], None]:
        """Call ``observer(event, value)`` from the training thread; return a function that ends it.

        Events: ``state`` (str), ``report`` (a row of history, dict), ``preview`` (step), ``checkpoint`` (step),
        ``warning`` (str), ``rates`` (the step from which learning rates are others); and ``extended`` (by how many
        steps or seconds), from the thread that extended it.
        An observer that raises is dropped with a Python warning.

        ``every`` is the time between two reports, in seconds of training, about 0.12 unless an observer asks for less.
        What is learned does not depend on it.
        """
        return self._worker.follow(observer, every)
