"""A policy where TensorFlow calls it: as a Keras layer, and on a ``tf.data.Dataset``."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from ganbook.augmentation.policy import Policy


@keras.saving.register_keras_serializable("ganbook")
class PolicyLayer(keras.layers.Layer):
    """Augment while training; in use, pass pictures on as they are. For the beginning of a model, without XLA.

    Parameters
    ----------
    policy
        A :class:`~ganbook.augmentation.Policy`, or its JSON.
    value_range
        What black and white are.

    Notes
    -----
    It counts the pictures it has seen, as a weight, so that each draw is new and a saved model goes on as if it had
    not been interrupted. Gradients end here: for training through a policy see
    :class:`~ganbook.augmentation.differentiable.Augment`.
    """

    def __init__(self, policy: Policy | str, value_range: tuple[float, float] = (0.0, 255.0), **kwargs: Any):
        super().__init__(**kwargs)
        self.policy = policy if isinstance(policy, Policy) else Policy.from_json(policy)
        if self.policy.mixes:
            raise ValueError("mixup and cutmix change labels, which a layer does not see: augment a tf.data.Dataset")
        self.value_range = tuple(value_range)
        self.seen = self.add_weight(shape=(), dtype="int64", initializer="zeros", trainable=False, name="seen")

    def call(self, images: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Augment images (B, H, W, C), float or uint8."""
        if not training:
            return images
        first = tf.identity(self.seen.value)
        self.seen.assign(first + tf.shape(images, tf.int64)[0])
        return _call(images, None, first, self.policy, self.value_range)[0]

    def get_config(self) -> dict[str, Any]:
        """The policy, as JSON, and the range."""
        return super().get_config() | {"policy": self.policy.to_json(), "value_range": self.value_range}


def mapped(dataset: tf.data.Dataset, policy: Policy, value_range: tuple[float, float]) -> tf.data.Dataset:
    """Augment a data set of pictures or batches of them, alone or with labels; pictures are numbered as they come."""

    def number(first: tf.Tensor, element: Any) -> tuple[tf.Tensor, tuple]:
        parts = element if isinstance(element, tuple) else (element,)
        count = tf.shape(parts[0], tf.int64)[0] if parts[0].shape.rank == 4 else tf.constant(1, tf.int64)
        return first + count, (first, *parts)

    def one(first: tf.Tensor, images: tf.Tensor, *labels: tf.Tensor) -> Any:
        found = _call(images, labels[0] if labels else None, first, policy, value_range)
        return found if labels else found[0]

    return dataset.scan(tf.constant(0, tf.int64), number).map(one, tf.data.AUTOTUNE, deterministic=True)


def _call(images: tf.Tensor, labels: Any, first: tf.Tensor, policy: Policy, value_range: tuple[float, float]) -> tuple:
    def now(first: Any, images: Any, *labels: Any) -> Any:
        found = policy(np.asarray(images), *map(np.asarray, labels), first=int(first), value_range=value_range)
        return found if labels else (found,)

    given = [images] if labels is None else [images, labels]
    kinds = [images.dtype] if labels is None else [images.dtype, tf.float32 if policy.mixes else labels.dtype]
    found = tf.numpy_function(now, [first, *given], kinds, stateful=False)
    found = [found] if tf.is_tensor(found) else found  # eagerly, one result comes without its list
    found[0].set_shape(images.shape)
    if labels is not None and not policy.mixes:
        found[1].set_shape(labels.shape)
    return tuple(found)
