"""A small recurrent network that learns lines by maximum likelihood, character by character."""

from __future__ import annotations

import time

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from ganbook.data.batches import Batches
from ganbook.data.text import TextData

UNITS, EMBEDDED, BATCH, RATE = 192, 48, 64, 2e-3
STEPS_A_CALL = 10
DRAWN = 512  # lines at a time


class GRUModel:
    """An embedding, one GRU layer (Cho et al. 2014, arXiv 1406.1078) and a softmax over the next character.

    Parameters
    ----------
    data
        What it learns.
    units
        Width of the recurrent layer.
    seed
        Of the initial weights and the order of the lines.
    """

    def __init__(self, data: TextData, units: int = UNITS, seed: int = 0):
        keras.utils.set_random_seed(seed)
        self._length, self._choices = data.shape
        numbers = keras.Input((self._length,), dtype="int32")
        x = layers.Embedding(self._choices, EMBEDDED)(numbers)
        x = layers.GRU(units, return_sequences=True, unroll=True)(x)
        self.network = keras.Model(numbers, layers.Dense(self._choices)(x))
        self._optimizer = keras.optimizers.Adam(RATE)
        self._optimizer.build(self.network.trainable_variables)
        self._batches = Batches(data.samples, None, min(BATCH, len(data)), seed)
        self._data, self.steps, self.seconds = data, 0, 0.0
        self._train = tf.function(self._steps, jit_compile=True, autograph=False)
        self._train(self._batches.block(0, STEPS_A_CALL)[0])  # compiled, which takes no part of its seconds
        self.steps = STEPS_A_CALL

    def _steps(self, blocks: tf.Tensor) -> None:
        for numbers in tf.unstack(blocks):
            before = tf.concat([tf.zeros_like(numbers[:, :1]), numbers[:, :-1]], 1)
            # Up to the first end, which is learned, too.
            counts = tf.cast(tf.concat([tf.ones_like(numbers[:, :1], tf.bool), numbers[:, :-1] > 0], 1), tf.float32)
            with tf.GradientTape() as tape:
                logits = self.network(before, training=True)
                losses = tf.nn.sparse_softmax_cross_entropy_with_logits(numbers, logits)
                loss = tf.reduce_sum(losses * counts) / tf.reduce_sum(counts)
            variables = self.network.trainable_variables
            self._optimizer.apply(tape.gradient(loss, variables), variables)

    def train(self, seconds: float) -> None:
        """Learn until it has learned for so many seconds in total."""
        while self.seconds < seconds:
            began = time.perf_counter()
            self._train(self._batches.block(self.steps, STEPS_A_CALL)[0])
            self.steps, self.seconds = self.steps + STEPS_A_CALL, self.seconds + time.perf_counter() - began

    def sample(self, count: int, *, temperature: float = 1.0, seed: int = 0) -> list[str]:
        """Draw lines; logits are divided by ``temperature``."""
        rng = np.random.default_rng(seed)
        lines: list[str] = []
        predict = tf.function(lambda numbers: self.network(numbers), autograph=False)
        for start in range(0, count, DRAWN):
            numbers = np.zeros((min(DRAWN, count - start), self._length + 1), np.int32)
            ended = np.zeros(len(numbers), bool)
            for place in range(self._length):
                logits = predict(tf.constant(numbers[:, :-1]))[:, place].numpy() / temperature
                chosen = (logits + rng.gumbel(size=logits.shape)).argmax(1)
                ended |= chosen == 0
                numbers[:, place + 1] = np.where(ended, 0, chosen)
            drawn = self._data.as_drawn(numbers[:, 1:])
            lines += self._data.decode(drawn, self._data.record())
        return lines
