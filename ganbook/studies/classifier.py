"""The classifier of the study: small, and begun anew without being compiled anew."""

from __future__ import annotations

import keras
import numpy as np
from keras import layers

from ganbook.augmentation.policy import Policy

BATCH = 64


class Classifier:
    """Two strided convolutions and a hidden layer, Adam.

    Parameters
    ----------
    shape
        (H, W, C) of the images.
    num_classes
        How many there are.
    """

    def __init__(self, shape: tuple[int, int, int], num_classes: int):
        x = image = keras.Input(shape)
        x = layers.Rescaling(1 / 127.5, -1.0)(x)
        for width in (32, 64):
            x = layers.Conv2D(width, 4, 2, "same", activation="relu")(x)
        x = layers.Dense(128, "relu")(layers.Flatten()(x))
        self._model = keras.Model(image, layers.Dense(num_classes)(x))
        self._model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        self._model.optimizer.build(self._model.trainable_variables)

    def train(
        self, sources: list[tuple[np.ndarray, np.ndarray]], steps: int, seed: int, policy: Policy | None = None
    ) -> None:
        """Begin anew and train.

        Parameters
        ----------
        sources
            Images uint8 (N, H, W, C) and labels (N,); each batch has equally many of each source.
        steps
            Updates.
        seed
            Decides weights and batches.
        policy
            Done to the images of the first source.
        """
        self._reset(seed)
        rng, part_size = np.random.default_rng(seed), BATCH // len(sources)
        for step in range(steps):
            parts = []
            for source, (images, labels) in enumerate(sources):
                chosen = rng.integers(0, len(images), part_size)
                part = np.asarray(images[chosen])
                if policy and source == 0:
                    part = policy(part, first=step * part_size)
                parts.append((part, labels[chosen]))
            self._model.train_on_batch(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))

    def _reset(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        for weight in self._model.trainable_variables:
            reach = np.sqrt(6 / (np.prod(weight.shape[:-1]) + weight.shape[-1])) if len(weight.shape) > 1 else 0.0
            weight.assign(rng.uniform(-reach, reach, weight.shape))
        for variable in self._model.optimizer.variables:
            if "learning_rate" not in variable.path:
                variable.assign(np.zeros(variable.shape, variable.dtype))

    def classes(self, images: np.ndarray) -> np.ndarray:
        """The class seen in each image, int (N,)."""
        parts = [self._model.predict_on_batch(np.asarray(images[i : i + 500])) for i in range(0, len(images), 500)]
        return np.concatenate(parts).argmax(1)
