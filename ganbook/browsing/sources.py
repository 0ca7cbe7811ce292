"""What is looked at: the generator of a run at each of its checkpoints, or any Keras generator."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ganbook.data.dataset import check_images
from ganbook.data.pixels import to_uint8
from ganbook.training.run import Run

if TYPE_CHECKING:
    import keras

    from ganbook.browsing.functional import Pure, Weights
    from ganbook.data import ImageData

CHUNK = 256
MOST_STEPS = 60  # checkpoints held in memory


@dataclass(frozen=True)
class Snapshot:
    """Weights of G and D at one moment, ready for use; ``arrays`` are those of G."""

    step: int
    weights: str
    generator: Weights
    discriminator: Weights | None
    arrays: list[np.ndarray] = field(repr=False)


@dataclass(frozen=True)
class Networks:
    """A generator, and a discriminator if there is one, as functions of a snapshot."""

    generator: Pure
    discriminator: Pure | None
    generator_model: keras.Model
    num_classes: int
    signed: bool = True

    @property
    def latent_dim(self) -> int:
        """Length of z."""
        return self.generator_model.inputs[0].shape[-1]

    @property
    def conditional(self) -> bool:
        """Whether G takes labels."""
        return len(self.generator_model.inputs) == 2

    def labels(self, count: int) -> np.ndarray | None:
        """All classes in turn, int32 (count,); None if there are none."""
        return np.arange(count, dtype=np.int32) % max(1, self.num_classes) if self.conditional else None

    def inputs(self, z: np.ndarray, labels: np.ndarray | None) -> tuple[np.ndarray, ...]:
        """What G takes."""
        if not self.conditional:
            return (z.astype(np.float32, copy=False),)
        return z.astype(np.float32, copy=False), labels.astype(self.generator_model.inputs[1].dtype)

    def raw(self, snapshot: Snapshot, z: np.ndarray, labels: np.ndarray | None = None) -> np.ndarray:
        """What G returns, float32 (N, H, W, C)."""
        return self.generator(snapshot.generator, *self.inputs(z, labels))

    def draw(self, snapshot: Snapshot, z: np.ndarray, labels: np.ndarray | None = None) -> np.ndarray:
        """Images uint8 (N, H, W, C)."""
        return self.judged(snapshot, z, labels, judge=False)[0]

    def judged(
        self, snapshot: Snapshot, z: np.ndarray, labels: np.ndarray | None = None, *, judge: bool = True
    ) -> tuple[np.ndarray, np.ndarray | None]:
        """Images uint8 (N, H, W, C) and D's logits float32 (N,); None without D."""
        images, logits = [], []
        for start in range(0, max(1, len(z)), CHUNK):
            chunk = slice(start, start + CHUNK)
            of = None if labels is None else labels[chunk]
            samples = self.raw(snapshot, z[chunk], of)
            images.append(to_uint8(samples if self.signed else 2 * samples - 1))
            if judge and self.discriminator is not None:
                given = (samples,) if of is None else (samples, of.astype(np.int32))
                logits.append(self.discriminator(snapshot.discriminator, *given).reshape(-1))
        return np.concatenate(images), np.concatenate(logits) if logits else None


class RunSource:
    """A run: its checkpoints as they come. The newest ones stay at hand after the run has dropped them.

    Raises
    ------
    FileNotFoundError
        It has no checkpoint, and nobody is training it.
    """

    def __init__(self, run: Run):
        self.run, self.name, self.judges = run, run.name, True
        about = run.folder.config()
        check_images(about["data"], "browsing")
        self.shape: tuple[int, ...] = tuple(about["data"]["shape"])
        self.num_classes, self.conditional = run.num_classes, run.config.conditional
        self.class_names = tuple(about["data"]["class_names"])
        self.identity = f"{run.name} {about.get('created', '')}"
        self._guard = threading.RLock()
        self._networks: Networks | None = None
        self._gan: Any = None
        self._at_hand: dict[int, dict[str, list[np.ndarray]]] = {}
        self._bad: set[Path] = set()
        if not run.active and run.folder.checkpoints.newest() is None:
            raise FileNotFoundError(
                f"{run.folder.path} holds no checkpoint, so there is nothing to look at: train it first "
                f"(--resume {run.name})"
            )

    def load_data(self) -> ImageData:
        """The data it learned from."""
        return self.run.data

    def networks(self) -> Networks:
        """The networks, traced the first time; waits for a run that has just begun."""
        with self._guard:
            if self._networks is None:
                self._gan = self._built()
                from ganbook.browsing.functional import Pure

                self._networks = Networks(
                    Pure(self._gan.generator), Pure(self._gan.discriminator), self._gan.generator, self.num_classes
                )
            return self._networks

    def _built(self) -> Any:
        from ganbook.utils import backend

        backend.tensorflow()
        from ganbook.training.trainer import newest_state

        while True:
            saved, notes = newest_state(self.run.folder)
            if saved is not None:
                return saved.gan
            if not self.run.active:
                why = notes[0] if notes else f"{self.run.folder.path} holds no checkpoint"
                raise ValueError(f"{why}; nothing sound to look at: train it first (--resume {self.name})")
            time.sleep(0.2)

    def steps(self) -> list[int]:
        """Steps that can be looked at, in order."""
        there = {c.step for c in self.run.folder.checkpoints.newest_first() if c.path not in self._bad}
        return sorted(there | set(self._at_hand))

    def snapshot(self, step: int | None, weights: str) -> Snapshot:
        """Weights ``ema`` or ``raw`` at a step.

        Raises
        ------
        ValueError
            There is no sound checkpoint of this step, or none at all.
        """
        networks = self.networks()
        if step is None:
            raise ValueError(f"{self.name} has no sound checkpoint: train it first (--resume {self.name})")
        parts = self._arrays(step)
        arrays = parts["ema_generator" if weights == "ema" else "generator"]
        return Snapshot(
            step, weights, networks.generator.weights(arrays), networks.discriminator.weights(parts["discriminator"]),
            arrays,
        )  # fmt: skip

    def _arrays(self, step: int) -> dict[str, list[np.ndarray]]:
        from ganbook.training.checkpoint import read_networks

        with self._guard:
            if step not in self._at_hand:
                checkpoint = next((c for c in self.run.folder.checkpoints.newest_first() if c.step == step), None)
                if checkpoint is None:
                    known = ", ".join(f"{each:,}" for each in self.steps())
                    raise ValueError(f"{self.name} has no checkpoint of step {step}; it has {known}")
                try:
                    self._at_hand[step] = read_networks(checkpoint.path, self._gan)
                except ValueError:
                    self._bad.add(checkpoint.path)
                    raise
                while len(self._at_hand) > MOST_STEPS:
                    del self._at_hand[sorted(self._at_hand)[len(self._at_hand) // 2]]
            return self._at_hand[step]


class ModelSource:
    """A Keras generator as it is now, with or without a discriminator and data.

    Raises
    ------
    ValueError
        Its input is no vector, or it draws no images.
    """

    def __init__(self, generator: keras.Model, discriminator: keras.Model | None = None, name: str | None = None):
        inputs, output = getattr(generator, "inputs", None) or [], getattr(generator, "output_shape", ())
        if not inputs:
            raise ValueError(
                f"a generator must be a Keras model whose inputs are known (functional, or Sequential with an Input), "
                f"not {type(generator).__name__}"
            )
        z = tuple(inputs[0].shape)
        if len(inputs) > 2 or len(z) != 2 or z[1] is None:
            raise ValueError(
                f"the generator takes {[tuple(i.shape) for i in inputs]}; its input must be one vector, "
                "(None, latent_dim), and labels (None,) if it is conditional"
            )
        if not isinstance(output, tuple) or len(output) != 4 or output[-1] not in (1, 3):
            raise ValueError(f"the generator returns {output}; it must draw images, (None, H, W, 1) or (None, H, W, 3)")
        self.run, self.name, self.judges = None, name or generator.name, discriminator is not None
        self.shape = tuple(output[1:])
        self.identity = f"{self.name} {z} {output}"
        self.conditional, self.num_classes = len(inputs) == 2, 0
        self.class_names: tuple[str, ...] = ()
        self._pair = generator, discriminator
        self._guard = threading.RLock()
        self._ready: tuple[Networks, Snapshot] | None = None

    def load_data(self) -> ImageData:
        """It knows of none."""
        raise ValueError(f"{self.name} does not know its data: give it, gb.browse(generator, data=…)")

    def networks(self) -> Networks:
        """The networks, traced the first time."""
        return self._built()[0]

    def steps(self) -> list[int]:
        """It has no past."""
        return []

    def snapshot(self, step: int | None, weights: str) -> Snapshot:
        """The weights that the generator had when it was first drawn from; it has no others."""
        if step is not None:
            raise ValueError(f"{self.name} is a generator, not a run: it has no checkpoint of step {step}")
        return self._built()[1]

    def _built(self) -> tuple[Networks, Snapshot]:
        from ganbook.browsing.functional import Pure

        with self._guard:
            if self._ready is None:
                generator, discriminator = self._pair
                g, d = Pure(generator), None if discriminator is None else Pure(discriminator)
                arrays = g.own_weights()
                now = Snapshot(0, "ema", g.weights(arrays), None if d is None else d.weights(d.own_weights()), arrays)
                networks = Networks(g, d, generator, self.num_classes)
                z = np.random.default_rng(0).standard_normal((64, networks.latent_dim), dtype=np.float32)
                # What is never negative was drawn by a sigmoid, onto [0, 1].
                signed = bool(networks.raw(now, z, networks.labels(64)).min() < 0)
                self._ready = Networks(g, d, generator, self.num_classes, signed), now
            return self._ready
