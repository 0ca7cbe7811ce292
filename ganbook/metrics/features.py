"""Feature spaces in which images are compared.

EfficientNet, which knows photographs and comes in a package. A small network trained on the data set itself: to tell
its classes apart or, without labels, how far an image was turned (Gidaris et al. 2018, arXiv 1803.07728). A network of
random weights where neither is possible; Inception, where it is asked for and can be downloaded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import count
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from ganbook.data import ImageData, cache
from ganbook.metrics import efficientnet
from ganbook.utils.cached import read_cached, write_cached
from ganbook.utils.progress import bar as progress_bar

FEATURES, EPOCHS, BATCH, SEED = 128, 4, 128, 0
LEAST_STEPS = 300  # of training; small data sets are gone through more often
TURNS = 4
VERSION = 2
LABELLED, RIDGE = 4000, 30.0  # images that the linear classifier on EfficientNet's features learns from; its penalty


@dataclass(frozen=True)
class FeatureSpace:
    """The last hidden layer of a network.

    Attributes
    ----------
    name
        What a distance in this space is named after.
    network
        Images uint8 (N, H, W, C) → features float32 (N, F) and logits (N, K).
    num_classes
        K if the logits are those of the data's classes, else 0.
    task
        Whose the answers are and what they tell, in words; empty if there are none.
    accuracy
        Fraction of right answers on the test split; on the training split if there is no other; nan without answers.
    """

    name: str
    network: keras.Model
    num_classes: int = 0
    task: str = ""
    accuracy: float = float("nan")

    def look(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return features float32 (N, F) and answers int (N,) for images uint8 (N, H, W, C)."""
        starts = progress_bar(range(0, len(images), 500), desc=f"features in {self.name}", unit="×500", delay=2)
        chunks = [self._seen(images[start : start + 500]) for start in starts]
        features, logits = (np.concatenate(part) for part in zip(*chunks, strict=True))
        return features, logits.argmax(1)

    @cached_property
    def _seen(self) -> Callable:
        """The network as a graph. TensorFlow counts traces by code and warns of many: a partial counts for itself."""
        return tf.function(partial(self.network, training=False), reduce_retracing=True, autograph=False)

    def features(self, images: np.ndarray) -> np.ndarray:
        """Features float32 (N, F) of images uint8 (N, H, W, C)."""
        return self.look(images)[0]

    def classes(self, images: np.ndarray) -> np.ndarray:
        """The class that the network sees in each image, int (N,)."""
        return self.look(images)[1]

    def class_fractions(self, images: np.ndarray) -> np.ndarray:
        """Return the fraction of images that each class has, float (K,)."""
        return np.bincount(self.classes(images), minlength=self.num_classes) / len(images)


def space(data: ImageData, kind: str = "auto", *, progress: bool = True) -> FeatureSpace:
    """Make a feature space for a data set, or take it from the cache.

    Parameters
    ----------
    data
        What the space is to tell apart.
    kind
        ``efficientnet``, ``classifier``, ``turns``, ``random`` or ``inception``; ``auto`` is ``efficientnet`` for
        colour images, and :func:`trained` for grey ones.
    progress
        Show a bar on stderr while the network learns.

    Raises
    ------
    ValueError
        The data do not allow it, or the weights cannot be downloaded.
    """
    if kind == "auto":
        kind = "efficientnet" if data.shape[2] == 3 else trained(data)
    if kind == "random":
        return random_space(data)
    if kind == "inception":
        return inception_space(data)
    makers = {"efficientnet": efficientnet_space, "classifier": classifier_space, "turns": turns_space}
    return makers[kind](data, progress=progress)


def trained(data: ImageData) -> str:
    """Return the kind of small network that can be trained on the data: ``classifier``, ``turns`` or ``random``."""
    height, width, _ = data.shape
    return "classifier" if data.labels is not None else "turns" if height == width else "random"


def efficientnet_space(data: ImageData, *, progress: bool = True) -> FeatureSpace:
    """Load EfficientNet-Lite0, trained on ImageNet; classes are those of a linear classifier on its features.

    That is a ridge regression on the classes of some training images, kept in the cache.

    Raises
    ------
    ValueError
        Its weights are not installed.
    """
    trunk = efficientnet.network(data.shape)
    unlabelled = FeatureSpace("EfficientNet-Lite0", keras.Model(trunk.input, [trunk.output, trunk.output]))
    if data.labels is None:
        return unlabelled
    place = Path(cache.root()) / "features" / f"{data.fingerprint}-efficientnet-{VERSION}.npz"
    weights = read_cached(place, _read_linear)
    if weights is None:
        which = np.sort(np.random.default_rng(SEED).permutation(len(data))[:LABELLED])
        features = unlabelled.features(data.images[which])
        weights = _ridge(features, np.eye(data.num_classes)[data.labels[which]])
        kernel, bias = weights
        write_cached(place, lambda path: _write_linear(path, kernel, bias), "the linear classifier that names classes")
    answer = layers.Dense(data.num_classes)
    network = keras.Model(trunk.input, [trunk.output, answer(trunk.output)])
    answer.set_weights(weights)
    task = f"of photographs; a linear classifier on them tells the classes of {data.name} apart"
    return FeatureSpace(unlabelled.name, network, data.num_classes, task, _accuracy(network, data))


def _ridge(features: np.ndarray, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights (F, K) and bias (K,) of the linear map that is nearest to the targets, features standardized."""
    mean, scale = features.mean(0), features.std(0) + 1e-6
    x = (features - mean) / scale
    kernel = np.linalg.solve(x.T @ x + RIDGE * np.eye(x.shape[1]), x.T @ (targets - targets.mean(0)))
    kernel = kernel / scale[:, None]
    return kernel, targets.mean(0) - mean @ kernel


def _read_linear(path: Path) -> tuple[np.ndarray, np.ndarray]:
    with np.load(path) as arrays:
        return arrays["kernel"], arrays["bias"]


def _write_linear(path: Path, kernel: np.ndarray, bias: np.ndarray) -> None:
    with path.open("wb") as file:
        np.savez(file, kernel=kernel, bias=bias)


def _accuracy(network: keras.Model, data: ImageData) -> float:
    """Return the fraction of right classes on the test split; on the training split if there is no other."""
    images, labels = (data.test_images, data.test_labels) if len(data.test_images) else (data.images, data.labels)
    return float(np.mean(FeatureSpace(data.name, network, data.num_classes).classes(images) == labels))


def classifier_space(data: ImageData, *, progress: bool = True) -> FeatureSpace:
    """Train a small classifier on labelled data, or take it from the cache.

    Raises
    ------
    ValueError
        The data have no labels.
    """
    if data.labels is None:
        raise ValueError(f"{data.name} has no labels, and a classifier needs them: give labels, or another space")
    training_labels = data.labels
    network = _kept(
        data, "classifier", data.num_classes, lambda rows: (data.images[rows], training_labels[rows]), progress
    )
    task = f"of a small network that learned to tell the classes of {data.name} apart"
    return FeatureSpace(f"{data.name} classifier", network, data.num_classes, task, _accuracy(network, data))


def turns_space(data: ImageData, *, progress: bool = True) -> FeatureSpace:
    """Train a small network to tell how far an image was turned, or take it from the cache.

    Raises
    ------
    ValueError
        The images are not square.
    """
    height, width, _ = data.shape
    if height != width:
        raise ValueError(f"images of {data.name} are {width}×{height}; to be rotated they must be square")
    rng = np.random.default_rng(SEED)
    network = _kept(data, "turns", TURNS, lambda which: _turn(data.images[which], rng), progress)
    images = data.test_images if len(data.test_images) else data.images
    turned, turns = _turn(np.asarray(images[:5000]), np.random.default_rng(SEED))
    name = f"{data.name} turns"
    accuracy = float(np.mean(FeatureSpace(name, network).classes(turned) == turns))
    task = f"of a small network that learned to tell how far images of {data.name} were rotated"
    return FeatureSpace(name, network, 0, task, accuracy)


def random_space(data: ImageData) -> FeatureSpace:
    """Make a network of random weights, the same each time (Naeem et al. 2020, section 5, arXiv 2002.09797)."""
    return FeatureSpace("random network", _network(data.shape, 1))


def inception_space(data: ImageData) -> FeatureSpace:
    """Load Inception v3, trained on ImageNet: the space of the published FID and KID, but for Keras' own weights.

    Raises
    ------
    ValueError
        Its weights are neither on disk nor can they be downloaded.
    """
    image = keras.Input(data.shape)
    x = layers.Concatenate()([image] * 3) if data.shape[2] == 1 else image
    x = layers.Rescaling(1 / 127.5, -1.0)(layers.Resizing(299, 299)(x))
    try:
        trunk = keras.applications.InceptionV3(include_top=False, weights="imagenet", pooling="avg")
    except Exception as error:
        reason = str(error).strip().splitlines()[0]
        raise ValueError(f"the weights of Inception cannot be had ({reason}): choose another space") from None
    features = trunk(x)
    return FeatureSpace("Inception v3", keras.Model(image, [features, features]))


def _kept(
    data: ImageData, task: str, answers: int, batch: Callable[[np.ndarray], tuple], progress: bool
) -> keras.Model:
    """Return the network of a task: from the cache, or trained on ``batch(which)``, images and answers."""
    place = Path(cache.root()) / "features" / f"{data.fingerprint}-{task}-{VERSION}.keras"
    if (trained := read_cached(place, keras.models.load_model)) is not None:
        return trained
    network = _network(data.shape, answers)
    learner = keras.Model(network.input, network.output[1])
    learner.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    bar = {"desc": f"learning {data.name}: {task}", "unit": " steps", "delay": 2}
    for which in progress_bar(_picks(len(data)), disable=not progress, **bar):
        learner.train_on_batch(*batch(which))
    write_cached(place, network.save, "the network that compares images")
    return network


def _turn(images: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Turn square images by 0 to 3 quarters at random; return them and their turns."""
    turns = rng.integers(0, TURNS, len(images))
    turned = np.empty_like(images)
    for turn in range(TURNS):
        turned[turns == turn] = np.rot90(images[turns == turn], turn, axes=(1, 2))
    return turned, turns


def _picks(count: int) -> list[np.ndarray]:
    """Which images each batch takes: whole batches, :data:`EPOCHS` times through all or more."""
    order, batch = np.random.default_rng(SEED), min(BATCH, count)
    batches = count // batch
    epochs = max(EPOCHS, -(-LEAST_STEPS // batches))
    rounds = (order.permutation(count)[: batches * batch].reshape(batches, batch) for _ in range(epochs))
    return [np.sort(picked) for each in rounds for picked in each]


def _network(shape: tuple[int, int, int], answers: int) -> keras.Model:
    seeds = count(SEED + 1)

    def seeded() -> keras.initializers.Initializer:
        return keras.initializers.GlorotUniform(seed=next(seeds))

    x = image = keras.Input(shape)
    x = layers.Rescaling(1 / 127.5, -1.0)(x)
    for width in (32, 64):
        x = layers.Conv2D(width, 4, 2, "same", activation="relu", kernel_initializer=seeded())(x)
    x = layers.Flatten()(x)
    features = layers.Dense(FEATURES, "relu", kernel_initializer=seeded())(x)
    answer = layers.Dense(answers, kernel_initializer=seeded())(features)
    return keras.Model(image, [features, answer], name="features")
