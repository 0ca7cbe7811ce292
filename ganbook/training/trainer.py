"""One training, without threads: advance, measure, save, go back. :class:`ganbook.training.run.Run` drives it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ganbook.config import learning_rates
from ganbook.config.train import TrainConfig
from ganbook.data.batches import Batches
from ganbook.data.dataset import Dataset
from ganbook.data.image_data import ImageData
from ganbook.gan.model import GAN
from ganbook.metrics.patches import PATCH, PatchProbe
from ganbook.training import devices
from ganbook.training.checkpoint import for_any_machine, read_gan, write_gan
from ganbook.training.gradient_norms import GradientNorms
from ganbook.training.monitors import NON_FINITE_HELP, SAMPLES, Alarm, Course, Monitors
from ganbook.training.run_folder import RunFolder
from ganbook.training.tasks import PATCHES, TASKS
from ganbook.utils.files import atomic

if TYPE_CHECKING:
    from ganbook.metrics.frechet_probe import FrechetProbe
    from ganbook.training.cluster import Cluster

# One graph call lasts about this long, which is also how soon Stop takes effect.
CALL_SECONDS = 0.12
MONITOR_SECONDS = 1.0
# Monitoring and previews may each take this fraction of the time; on slow networks they happen less often.
LARGEST_SHARE = 0.015
# Measuring the distance to real images is an option, and may take more.
EVALUATION_SHARE = 0.05
PREVIEW_SECONDS, PREVIEW_SHARE = 2.0, 0.03
PREVIEW_SEED = 0


class NonFinite(FloatingPointError):
    """A loss or a weight is NaN or infinite."""


@dataclass
class Due:
    """When something that recurs is next to be done, in seconds of training."""

    at: float = 0.0

    def now(self, seconds: float, every: float) -> bool:
        """Return True if it is time; the next time is then ``every`` seconds later."""
        if seconds < self.at:
            return False
        self.at = seconds + every
        return True

    @contextmanager
    def within_its_share(self, seconds: float, share: float = LARGEST_SHARE) -> Iterator[None]:
        """Time what is done; put the next time off if it took too long."""
        began = time.perf_counter()
        yield
        self.at = max(self.at, seconds + (time.perf_counter() - began) / share)


class Trainer:
    """Train a GAN on samples held in memory or in a memory map.

    Parameters
    ----------
    gan
        Compiled; new or from a checkpoint.
    data
        What it learns, with labels if the GAN is conditional.
    config
        Resolved options.
    folder
        Where previews, history and checkpoints go.
    seconds
        Training time so far.
    probe
        Measures how far samples are from real images, every ``config.evaluate_every`` seconds.
    cluster
        The workers that take the same steps, if there are any.
    """

    def __init__(
        self,
        gan: GAN,
        data: Dataset,
        config: TrainConfig,
        folder: RunFolder,
        seconds: float = 0.0,
        probe: FrechetProbe | None = None,
        cluster: Cluster | None = None,
    ):
        self._cluster = cluster
        self.gan, self.config, self.folder, self.seconds = gan, config, folder, seconds
        self.step = gan.steps_done
        samples, labels = data.samples, data.labels
        self._batches = Batches(
            samples, labels if gan.conditional else None, config.batch_size, config.seed, flip=config.flip == "on"
        )
        self._data = data
        self._record = data.record()
        self._held_out = data.test_samples[: gan.scored]
        self._preview_inputs = gan.preview_inputs(max(SAMPLES, data.preview_count), PREVIEW_SEED, samples)
        self._classes = int(labels.max() + 1) if gan.conditional else 0
        self._labels = np.arange(len(self._preview_inputs), dtype=np.int32) % self._classes if gan.conditional else None
        reference = np.linspace(0, len(samples) - 1, min(len(samples), SAMPLES)).astype(int)
        real = data.as_drawn(samples[reference])
        # A critic's outputs are not probabilities, and that it separates all samples is its purpose.
        ignore = {"The discriminator has won", "The discriminator has lost"} if config.loss == "wasserstein" else set()
        ignore = ignore | TASKS[config.task].normal
        if data.few_values:
            ignore = ignore | {"The discriminator has lost"}
        self._monitors = Monitors(real, frozenset(ignore), measure_reach=data.few_values)
        self._gradients = GradientNorms(gan)
        self._patches = _patch_probe(data) if PATCHES in TASKS[config.task].qualities else None
        self._probe = probe
        if probe is not None:
            measured = folder.history()[["step", "frechet"]].dropna()
            self._course = Course(measured.itertuples(index=False), probe.floor)
        self._steps_a_call = self._steps_a_call_before()
        # Traced and compiled here, so that it is not counted as training and the first calls do not count as slow.
        gan.prepare(*self._batches.block(self.step, 1))
        self._samples_now()
        self._preview_now()
        gan.scores(self._held_out, self._classes)
        self._monitor_due, self._patches_due, self._preview_due = Due(seconds), Due(seconds), Due(seconds)
        self._checkpoint_due = Due(seconds + config.checkpoint_every)
        self._evaluation_due = Due(seconds + (config.evaluate_every or 0))

    def advance(self, wanted: int = 0, every: float | None = None) -> dict[str, Any]:
        """Train for ``every`` seconds, :data:`CALL_SECONDS` at most; return a row of history.

        ``wanted``, if not 0, is the most steps.

        Raises
        ------
        NonFinite
            Training has diverged; :meth:`go_back` makes it usable again.
        """
        steps = self._steps_a_call
        left = wanted or (steps if self.config.steps is None else self.config.steps - self.step)
        # The last two calls share what is left: each row is a mean over about as many steps.
        steps = (left + 1) // 2 if steps < left < 2 * steps else min(steps, left)
        steps = min(steps, learning_rates.steps_until_change(self.config, self.step) or steps)
        rates = self._set_rates()
        began = time.perf_counter()
        with self._cluster.together(self.step, steps, rates) if self._cluster else nullcontext():
            means, bad_step = self.gan.train_steps(*self._batches.block(self.step, steps))
        took = time.perf_counter() - began
        self.step, self.seconds = self.gan.steps_done, self.seconds + took
        if bad_step is not None:
            raise NonFinite(self._what_is_not_finite(means, bad_step))
        self._pace(steps, took, min(CALL_SECONDS, every or CALL_SECONDS))
        row = {"step": self.step, "seconds": round(self.seconds, 3)} | means
        row["images_per_second"] = round(steps * self.config.batch_size / took, 1)
        if self.gan.adaptive:
            row |= self.gan.adaptive.state()
        return row

    def update(self, network: str) -> dict[str, Any]:
        """Update ``discriminator`` or ``generator`` alone, once, on the batch of this step; return a row of history.

        Raises
        ------
        NonFinite
            Training has diverged; :meth:`go_back` makes it usable again.
        """
        step, (samples, labels) = self.step, self._batches.block(self.step, 1)
        self.gan.prepare(samples, labels, network)
        self._set_rates()
        began = time.perf_counter()
        losses = self.gan.update(network, samples[0], None if labels is None else labels[0])
        took = time.perf_counter() - began
        self.step, self.seconds = self.gan.steps_done, self.seconds + took
        weights = [*self.gan.generator.weights, *self.gan.discriminator.weights]
        if not np.isfinite(list(losses.values())).all() or not all(np.isfinite(w.numpy()).all() for w in weights):
            raise NonFinite(self._what_is_not_finite({"d_loss": 0.0, "g_loss": 0.0} | losses, step))
        speed = {"images_per_second": round(self.config.batch_size / took, 1)}
        return {"step": self.step, "seconds": round(self.seconds, 3)} | losses | speed

    def _set_rates(self) -> tuple[float, float] | None:
        """Train this step at its learning rates; return them, or None where they follow a schedule by themselves."""
        if self.config.rate_half_life:
            return None
        rates = learning_rates.at(self.config, self.step)
        self.gan.set_learning_rates(*rates)
        return rates

    def _pace(self, steps: int, took: float, seconds: float) -> None:
        """Choose the steps of the next call. The result does not depend on it."""
        wanted = steps * seconds / took
        self._steps_a_call = max(1, int(min(wanted, 2 * self._steps_a_call)))

    def _steps_a_call_before(self) -> int:
        """Return the steps of a call at the speed of the last report; 1 if there is none."""
        speeds = self.folder.history()["images_per_second"].dropna()
        return max(1, int(speeds.iloc[-1] * CALL_SECONDS / self.config.batch_size)) if len(speeds) else 1

    def _what_is_not_finite(self, means: dict[str, float], step: int) -> str:
        lost = [name for name in ("d_loss", "g_loss") if not np.isfinite(means[name])]
        weights = [w.path for w in self.gan.weights if not np.all(np.isfinite(w.numpy()))]
        if weights:
            lost.append(f"weights {weights[0]}" + (f" and {len(weights) - 1} more" if len(weights) > 1 else ""))
        return f"{', '.join(lost)} not finite at step {step + 1:,}"

    def watch(self, row: dict[str, Any]) -> list[Alarm]:
        """Measure and judge, if it is time and both networks learned; what was measured is added to ``row``."""
        if "d_loss" not in row or not self._monitor_due.now(self.seconds, MONITOR_SECONDS):
            return []
        with self._monitor_due.within_its_share(self.seconds):
            drawn = self._samples_now()
            row |= (
                self._monitors.measure(drawn)
                | self.gan.scores(self._held_out, self._classes)
                | self._gradients.measure(self.gan)
            )
        if self._patches is not None and self._patches_due.now(self.seconds, MONITOR_SECONDS):
            with self._patches_due.within_its_share(self.seconds):
                distance = self._patches(self._data.decode(drawn, self._record))
            row |= {"patches": round(distance, 3), "patches_real": round(self._patches.floor, 3)}
        return self._monitors.update(row)

    def evaluate(self, row: dict[str, Any], *, force: bool = False) -> list[Alarm]:
        """Measure how far samples are from real images, if it is time; add it to ``row`` as ``frechet``."""
        if self._probe is None:
            return []
        if not (self._evaluation_due.now(self.seconds, self.config.evaluate_every) or force):
            return []
        with self._evaluation_due.within_its_share(self.seconds, EVALUATION_SHARE):
            row["frechet"] = distance = round(self._probe(self._samples_to_judge()), 4)
        return self._course.update(self.step, distance)

    def is_best(self, row: dict[str, Any]) -> bool:
        """Return True if ``row`` has the smallest distance so far and the best checkpoint is kept."""
        if self.config.keep != "best" or "frechet" not in row:
            return False
        best = self.folder.checkpoints.best()
        return best is None or row["frechet"] < best.frechet

    def _samples_to_judge(self) -> np.ndarray:
        count = self._probe.count
        labels = None if self._labels is None else np.resize(np.unique(self._labels), count)
        return self._data.decode(self.gan.sample(self.gan.noise(count, PREVIEW_SEED), labels), self._record)

    def preview(self, *, force: bool = False) -> int | None:
        """Save the picture of the usual noise, if it is time; return its step."""
        every = max(PREVIEW_SECONDS, PREVIEW_SHARE * self.seconds)
        if not (self._preview_due.now(self.seconds, every) or force):
            return None
        with self._preview_due.within_its_share(self.seconds):
            samples = self._preview_now()
            with atomic(self.folder.preview_path(self.step, self._data.preview_suffix)) as temporary:
                self._data.write_preview(samples, temporary)
        return self.step

    def write_references(self) -> None:
        """Write what previews are compared with, unless it is there: real samples, and what the generator is given."""
        if self.folder.references():
            return
        count, samples = self._data.preview_count, self._data.samples
        if self._labels is None:  # as GANs choose those that their inputs are made of
            chosen = np.linspace(0, len(samples) - 1, len(self._preview_inputs)).astype(int)[:count]
        else:
            chosen = _one_of_each(self._labels[:count], self._data.labels)
        real = self._data.as_drawn(samples[chosen])
        for name, shown in self.gan.preview_references(self._preview_inputs[:count], real).items():
            with atomic(self.folder.reference_path(name, self._data.preview_suffix)) as temporary:
                self._data.write_preview(shown, temporary)

    def _samples_now(self) -> np.ndarray:
        labels = None if self._labels is None else self._labels[:SAMPLES]
        return self.gan.sample(self._preview_inputs[:SAMPLES], labels, weights="raw")

    def _preview_now(self) -> np.ndarray:
        count = self._data.preview_count
        labels = None if self._labels is None else self._labels[:count]
        return self.gan.sample(self._preview_inputs[:count], labels)

    def checkpoint_due(self) -> bool:
        """Return True if it is time for a checkpoint."""
        return self._checkpoint_due.now(self.seconds, self.config.checkpoint_every)

    def checkpoint(self) -> int:
        """Save all that training needs to go on, and the averaged generator; return the step.

        Raises
        ------
        NonFinite
            The weights are not worth keeping.
        """
        broken = [w.path for w in self.gan.weights if not np.all(np.isfinite(w.numpy()))]
        if broken:
            raise NonFinite(f"weights {broken[0]} not finite at step {self.step:,}")
        state = {"seconds": self.seconds}
        with self.folder.checkpoints.new(self.step, state, self.config.keep_checkpoints) as path:
            write_gan(self.gan, path)
            # Before the checkpoint is in its place: a run whose last checkpoint is complete has this generator, too.
            for_any_machine(self.gan.ema_generator).save(path / "generator.keras")
            (path / "generator.keras").replace(self.folder.path / "generator.keras")
        return self.step

    def go_back(self) -> str:
        """Return to the last good checkpoint and forget what came after; say what to try."""
        strategy = None if self._cluster else self.gan.strategy  # the run ends, and no worker takes part any more
        with devices.scope(strategy):
            saved, notes = newest_state(self.folder)
        if saved is None:
            raise NonFinite("there is no checkpoint to go back to")
        if strategy is not None:
            saved.gan.replicate(strategy)
        self.gan, self.step, self.seconds = saved.gan, saved.step, saved.seconds
        self._gradients = GradientNorms(saved.gan)
        self.folder.forget_after(self.step)
        return f"went back to step {self.step:,}; try {NON_FINITE_HELP}" + "".join(f"; {n}" for n in notes)


def _patch_probe(data: Dataset) -> PatchProbe | None:
    """Return what measures fine structure, where there are enough images for it."""
    if not isinstance(data, ImageData) or min(data.shape[:2]) < PATCH or len(data) < 2 * SAMPLES:
        return None
    chosen = np.random.default_rng(PREVIEW_SEED).permutation(len(data))[: 2 * SAMPLES]
    return PatchProbe(*np.split(data.images[chosen], 2))


def _one_of_each(wanted: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return indices of samples with these labels, int (N,), another one each time a label comes again."""
    places = {label: np.flatnonzero(labels == label) for label in np.unique(wanted)}
    seen: dict[int, int] = {}
    chosen = []
    for label in wanted.tolist():
        seen[label] = seen.get(label, -1) + 1
        place = places[label]
        chosen.append(place[seen[label] * 7 % len(place)] if len(place) else 0)
    return np.array(chosen)


@dataclass(frozen=True)
class SavedState:
    """The content of a checkpoint."""

    gan: GAN
    step: int
    seconds: float


def newest_state(folder: RunFolder) -> tuple[SavedState | None, list[str]]:
    """Load the newest sound checkpoint; return it and a line for each one passed over."""
    notes = []
    for checkpoint in folder.checkpoints.newest_first():
        try:
            state = checkpoint.read()
            return SavedState(read_gan(checkpoint.path), checkpoint.step, state["seconds"]), notes
        except ValueError as error:
            notes.append(f"{error}; taking the one before it")
    return None, notes
