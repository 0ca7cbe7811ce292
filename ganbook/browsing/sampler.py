"""From a seed to sorted galleries: noise, images and scores, computed once and cached for a while."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from ganbook.browsing.samples import Samples
from ganbook.browsing.sources import ModelSource, RunSource, Snapshot
from ganbook.config.browse import BrowseConfig
from ganbook.training.sampling import class_labels
from ganbook.utils.bounds import whole_number

PAGE, SORTED = 60, 3  # samples drawn at once; pages sorted among themselves
BLOCK = PAGE * SORTED
# Noise is drawn from the first sample on: a gallery ends where that would take long, or much memory.
MOST_VALUES, MOST_SAMPLES, NOISE_KEPT = 2**27, 1_000_000, 2**22
KEPT_PAGES, KEPT_VALUES = 96, 2**27
KEPT_NOISE, KEPT_SNAPSHOTS = 4, 24


class Drawing:
    """Draws for one source; may be used from any thread."""

    def __init__(self, source: RunSource | ModelSource):
        self.source = source
        self._guard = threading.RLock()
        self._kept: dict[str, OrderedDict] = {}

    def points(self, look: BrowseConfig, numbers: Sequence[int]) -> tuple[np.ndarray, np.ndarray | None]:
        """Return z float32 (N, L) and labels int32 (N,) of samples of the gallery, by number.

        Raises
        ------
        ValueError
            A number below 0, or from :meth:`length` on.
        """
        numbers = np.array([self.checked(number) for number in numbers], int)
        most = int(numbers.max(initial=0)) + 1
        labels = class_labels(look.label, most, self.source.num_classes)
        z = self._noise(look.seed, numbers, most) * np.float32(look.truncation)
        return z, None if labels is None else labels[numbers]

    def length(self) -> int:
        """Return how many samples the gallery of one seed has."""
        return max(BLOCK, min(MOST_SAMPLES, MOST_VALUES // self.source.networks().latent_dim) // BLOCK * BLOCK)

    def checked(self, number: Any) -> int:
        """Return the number of a sample of the gallery; ``ValueError`` if there is no such sample."""
        try:
            return whole_number(number, "the number of a sample", 0, self.length() - 1)
        except ValueError as error:
            raise ValueError(f"{error}; another seed gives others") from None

    def _noise(self, seed: int, numbers: np.ndarray, most: int) -> np.ndarray:
        """Return rows of the noise of a seed, float32 (N, L): the same as when all were drawn at once."""
        size = self.source.networks().latent_dim
        from ganbook.gan.noise import latent_vectors  # it needs TensorFlow, which the networks have loaded

        count = BLOCK * 2 ** max(0, int(np.ceil(np.log2(most / BLOCK))))
        if count * size <= NOISE_KEPT:
            noise = self._once("noise", (seed, count), KEPT_NOISE, lambda: latent_vectors(count, size, seed))
            return noise[numbers]
        chosen, rng = np.empty((len(numbers), size), np.float32), np.random.default_rng(seed)
        rows = max(1, NOISE_KEPT // size)
        for start in range(0, most, rows):
            part = rng.standard_normal((min(rows, most - start), size), dtype=np.float32)
            inside = (numbers >= start) & (numbers < start + len(part))
            chosen[inside] = part[numbers[inside] - start]
        return chosen

    def draw(
        self,
        look: BrowseConfig,
        z: np.ndarray,
        labels: np.ndarray | None,
        titles: Sequence[str],
        step: int | None = None,
    ) -> Samples:
        """Draw z with the weights of a look, or of another ``step``."""
        snapshot = self.snapshot(look.step if step is None else step, look.weights)
        images, scores = self.source.networks().judged(snapshot, z, labels)
        return Samples(z, labels, images, scores, tuple(titles), (snapshot.step,) * len(z), look.weights)

    def snapshot(self, step: int | None, weights: str) -> Snapshot:
        """Weights of a step; of the newest sound one if None."""
        self.source.networks()  # waits for a run that has just begun
        failed: ValueError | None = None
        for candidate in [step] if step is not None else self.source.steps()[::-1] or [None]:
            try:
                make = partial(self.source.snapshot, candidate, weights)
                return self._once("snapshots", (candidate, weights), KEPT_SNAPSHOTS, make)
            except ValueError as error:  # damaged, or dropped this moment: the one before it
                failed = error
        raise failed

    def settled(self, look: BrowseConfig) -> BrowseConfig:
        """Return a look with the newest step there is now, if it follows a run that may train meanwhile."""
        self.source.networks()  # waits for a run that has just begun
        if look.step is not None or not self.source.steps():
            return look
        return look.model_copy(update={"step": self.snapshot(None, look.weights).step})

    def page(self, look: BrowseConfig, number: int) -> Samples:
        """Samples as drawn, PAGE of them from ``number * PAGE`` on."""
        look = self.settled(look)
        numbers = range(number * PAGE, (number + 1) * PAGE)
        room = KEPT_VALUES // (PAGE * math.prod(self.source.shape))
        return self._once(
            "pages",
            (number, *self._key(look)),
            max(SORTED, min(KEPT_PAGES, room)),
            lambda: self.draw(look, *self.points(look, numbers), [str(i) for i in numbers]),
        )

    def order(self, look: BrowseConfig, block: int, distances: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
        """Numbers of the samples of a block, int (BLOCK,), as ``look.sort`` wants them."""
        look = self.settled(look)
        pages = range(block * SORTED, (block + 1) * SORTED)

        def sort() -> np.ndarray:
            if look.sort == "score":
                by = -np.concatenate([self.page(look, number).scores for number in pages])
            else:
                by = distances(np.concatenate([self.page(look, number).images for number in pages]))
            return block * BLOCK + np.argsort(by, kind="stable")

        if look.sort == "drawn":
            return np.arange(block * BLOCK, (block + 1) * BLOCK)
        return self._once("orders", (look.sort, block, *self._key(look)), KEPT_PAGES, sort)

    def _key(self, look: BrowseConfig) -> tuple:
        """Return what the images depend on."""
        step = self.snapshot(look.step, look.weights).step
        return look.seed, look.label, look.truncation, look.weights, step

    def _once(self, kind: str, key: Any, most: int, make: Callable[[], Any]) -> Any:
        with self._guard:
            kept = self._kept.setdefault(kind, OrderedDict())
            if key not in kept:
                kept[key] = make()
            kept.move_to_end(key)
            while len(kept) > most:
                kept.popitem(last=False)
            return kept[key]
