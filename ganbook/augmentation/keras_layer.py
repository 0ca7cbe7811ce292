"""A policy where TensorFlow calls it: as a Keras layer, and on a ``tf.data.Dataset``."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from ganbook.augmentation.policy import Policy


@keras.saving.register_keras_serializable("ganbook")
class PolicyLayer(keras.layers.Layer):
    """Augment while training; in use, pass images on as they are. For the beginning of a model, without XLA.

    Parameters
    ----------
    policy
        A :class:`~ganbook.augmentation.Policy`, or its JSON.
    value_range
        Black and white.

    Notes
    -----
    It counts the images it has seen, as a weight, so that each draw is new and a saved model goes on as if it had
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
        """Return the policy, as JSON, and the range."""
        return super().get_config() | {"policy": self.policy.to_json(), "value_range": self.value_range}


def mapped(dataset: tf.data.Dataset, policy: Policy, value_range: tuple[float, float] | None = None) -> tf.data.Dataset:
    """Augment a data set of images or batches of them, alone or with labels; images are numbered in their order.

    Raises
    ------
    ValueError
        Floats without ``value_range``; mixing without labels that are fractions of classes, since one batch does not
        show how many classes there are; elements that are neither images nor (images, labels).
    """
    spec = dataset.element_spec
    parts = spec if isinstance(spec, tuple) else (spec,)
    images, *labels = parts
    if len(parts) > 2 or not isinstance(images, tf.TensorSpec) or images.shape.rank not in (3, 4):
        raise ValueError(
            f"the data set's elements are {spec}: give images (H, W, C), batches of them, or (images, labels)"
        )
    if images.dtype.is_floating and value_range is None:
        raise ValueError("the data set holds floats: say what black and white are, as in value_range=(0, 1)")
    rank = labels[0].shape.rank if labels else 0
    if policy.mixes and rank != images.shape.rank - 2:
        raise ValueError("mixup and cutmix need labels (B, K), fractions of classes: map tf.one_hot over them first")

    def number(first: tf.Tensor, element: Any) -> tuple[tf.Tensor, tuple]:
        parts = element if isinstance(element, tuple) else (element,)
        count = tf.shape(parts[0], tf.int64)[0] if parts[0].shape.rank == 4 else tf.constant(1, tf.int64)
        return first + count, (first, *parts)

    def one(first: tf.Tensor, images: tf.Tensor, *labels: tf.Tensor) -> Any:
        results = _call(images, labels[0] if labels else None, first, policy, value_range)
        return results if labels else results[0]

    return dataset.scan(tf.constant(0, tf.int64), number).map(one, tf.data.AUTOTUNE, deterministic=True)


def _call(
    images: tf.Tensor, labels: Any, first: tf.Tensor, policy: Policy, value_range: tuple[float, float] | None
) -> tuple:
    def augment(first: Any, images: Any, *labels: Any) -> Any:
        results = policy(np.asarray(images), *map(np.asarray, labels), first=int(first), value_range=value_range)
        return results if labels else (results,)

    inputs = [images] if labels is None else [images, labels]
    dtypes = [images.dtype] if labels is None else [images.dtype, tf.float32 if policy.mixes else labels.dtype]
    results = tf.numpy_function(augment, [first, *inputs], dtypes, stateful=False)
    results = [results] if tf.is_tensor(results) else results  # eagerly, one result comes without its list
    for result, tensor in zip(results, inputs, strict=True):
        result.set_shape(tensor.shape)
    return tuple(results)
