"""The GAN that writes lines: each character a choice, and a slope through the choice all the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from ganbook.data.ngrams import counts, jensen_shannon
from ganbook.gan.model import GAN

SCORED, ORDER = 1000, 3  # lines, and characters in a row, that scores are of
SCORE_SEED = 1


@keras.saving.register_keras_serializable("ganbook")
class TextGAN(GAN):
    """A generator of short lines.

    Real lines come as numbers of characters, int32 (B, L), and both networks see one-hot vectors, (B, L, V): the
    discriminator can tell nothing by their form, since ganbook's generator ends in a choice of characters
    (:class:`ganbook.networks.text.Choice`). All chance is in z, so one z is one line.

    Parameters
    ----------
    generator
        z float32 (B, latent_dim) → one-hot vectors of the characters (B, L, V); 0 ends a line.
    discriminator
        One-hot vectors float32 (B, L, V) → logit.
    **kwargs
        As for :class:`~ganbook.gan.model.GAN`.
    """

    scored = 2 * SCORED

    def __init__(self, generator: keras.Model, discriminator: keras.Model, **kwargs: Any):
        super().__init__(generator, discriminator, **kwargs)
        self._score: Callable[[list[list[int]]], dict[str, float]] | None = None

    def _draw_batch(self, samples, labels, noise_key, augment_key):
        real = tf.one_hot(tf.cast(samples, tf.int32), self.generator.output_shape[-1])
        return super()._draw_batch(real, labels, noise_key, augment_key)

    def scores(self, samples: np.ndarray, classes: int = 0) -> dict[str, float]:
        """Return the Jensen–Shannon distance of 3-grams to held-out lines, and that of other held-out lines.

        ``samples`` are numbers of characters, int32 (N, L), half of which are compared with; each of ``classes`` is
        drawn equally often.
        """
        if len(samples) < 2:
            return {}
        half = len(samples) // 2
        if self._score is None:
            held_out = counts(_lines(samples[:half]), ORDER)
            floor = jensen_shannon(held_out, counts(_lines(samples[half : 2 * half]), ORDER))
            self._score = partial(_scores, held_out, floor)  # in a dictionary Keras would keep an eye on it
        labels = np.arange(half, dtype=np.int32) % classes if self.conditional else None
        drawn = self.sample(self.noise(half, SCORE_SEED), labels).argmax(-1)
        return self._score(_lines(drawn))


def _scores(held_out: Counter, floor: float, lines: list[list[int]]) -> dict[str, float]:
    return {"js_3": round(jensen_shannon(held_out, counts(lines, ORDER)), 4), "js_3_real": round(floor, 4)}


def _lines(numbers: np.ndarray) -> list[list[int]]:
    """Return the characters of each line up to its first end."""
    ends = np.where((numbers == 0).any(1), (numbers == 0).argmax(1), numbers.shape[1])
    return [row[:end].tolist() for row, end in zip(numbers, ends, strict=True)]
