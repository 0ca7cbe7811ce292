"""Feature spaces in which pictures are compared: a small classifier trained on the data set itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from keras import layers

from ganbook.data import ImageData, cache
from ganbook.store import atomic

FEATURES, EPOCHS, BATCH, SEED = 128, 4, 128, 0
VERSION = 1


@dataclass(frozen=True)
class FeatureSpace:
    """The last hidden layer of a classifier trained on a data set.

    Attributes
    ----------
    name
        What a distance in this space is named after.
    accuracy
        The classifier's share of right answers on the test split; on the training split if there is no other.
    """

    name: str
    accuracy: float
    classifier: keras.Model

    def features(self, images: np.ndarray) -> np.ndarray:
        """Features float32 (N, 128) of images uint8 (N, H, W, C)."""
        return self._run(images)[0]

    def classes(self, images: np.ndarray) -> np.ndarray:
        """The class that the classifier sees in each image, int (N,)."""
        return self._run(images)[1].argmax(1)

    def class_shares(self, images: np.ndarray) -> np.ndarray:
        """How large a share of the images each class has, float (K,)."""
        return np.bincount(self.classes(images), minlength=self.classifier.output_shape[1][1]) / len(images)

    def _run(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        chunks = [self.classifier.predict_on_batch(images[i : i + 500]) for i in range(0, len(images), 500)]
        return tuple(np.concatenate(part) for part in zip(*chunks, strict=True))


def classifier_space(data: ImageData) -> FeatureSpace:
    """Train a small classifier on labelled data, or take it from the cache.

    Raises
    ------
    ValueError
        The data has no labels.
    """
    if data.labels is None:
        raise ValueError(f"{data.name} has no labels, and a classifier needs them")
    place = _place(data)
    if place.exists():
        classifier = keras.models.load_model(place)
    else:
        classifier = _trained(data)
        place.parent.mkdir(parents=True, exist_ok=True)
        with atomic(place) as temporary:
            classifier.save(temporary)
    tests = (data.test_images, data.test_labels) if len(data.test_images) else (data.images, data.labels)
    space = FeatureSpace(f"{data.name} classifier", 0.0, classifier)
    return FeatureSpace(space.name, float(np.mean(space.classes(tests[0]) == tests[1])), classifier)


def _place(data: ImageData) -> Path:
    return Path(cache.root()) / "classifiers" / f"{data.fingerprint}-{VERSION}.keras"


def _trained(data: ImageData) -> keras.Model:
    def seeded() -> keras.initializers.Initializer:
        seeded.count += 1
        return keras.initializers.GlorotUniform(seed=SEED + seeded.count)

    seeded.count = 0
    x = image = keras.Input(data.shape)
    x = layers.Rescaling(1 / 127.5, -1.0)(x)
    for width in (32, 64):
        x = layers.Conv2D(width, 4, 2, "same", activation="relu", kernel_initializer=seeded())(x)
    x = layers.Flatten()(x)
    features = layers.Dense(FEATURES, "relu", kernel_initializer=seeded())(x)
    answer = layers.Dense(data.num_classes, kernel_initializer=seeded())(features)
    whole = keras.Model(image, [features, answer], name="classifier")
    learner = keras.Model(image, answer)
    learner.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    order = np.random.default_rng(SEED)
    for _ in range(EPOCHS):
        index = order.permutation(len(data))
        for start in range(0, len(data) - BATCH + 1, BATCH):
            picked = np.sort(index[start : start + BATCH])
            learner.train_on_batch(data.images[picked], data.labels[picked])
    return whole
