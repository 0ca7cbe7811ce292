"""A Keras network as a function of its weights: traced once, used with the weights of any checkpoint, in any thread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

Weights = tuple[list[tf.Tensor], list[tf.Tensor]]


class Pure:
    """A network without state of its own.

    Parameters
    ----------
    network
        Built; its own weights are read by :meth:`own_weights` only.
    variables
        The variables that :meth:`weights` is given arrays for; those of ``network`` unless given. A part of a larger
        network takes the larger one's.
    """

    def __init__(self, network: keras.Model, variables: Sequence[keras.Variable] | None = None):
        self._network = network
        self._variables = list(network.variables if variables is None else variables)
        places = {id(variable): place for place, variable in enumerate(self._variables)}
        kinds = (network.trainable_variables, network.non_trainable_variables)
        self._places = [[places[id(variable)] for variable in kind] for kind in kinds]
        weights = [[tf.TensorSpec(v.shape, v.dtype) for v in kind] for kind in kinds]
        inputs = [tf.TensorSpec((None, *i.shape[1:]), i.dtype) for i in network.inputs]
        self._call = tf.function(self._stateless, autograph=False).get_concrete_function(*weights, *inputs)

    def _stateless(self, trainable: list, others: list, *inputs: tf.Tensor) -> tf.Tensor:
        given = inputs[0] if len(inputs) == 1 else list(inputs)
        made, _ = self._network.stateless_call(trainable, others, given, training=False)
        return tf.cast(made, tf.float32)

    def weights(self, arrays: Sequence[Any]) -> Weights:
        """Arrays in the order of the variables, made ready for :meth:`__call__`."""
        dtypes = [variable.dtype for variable in self._variables]
        return tuple([tf.constant(arrays[i], dtypes[i]) for i in kind] for kind in self._places)

    def own_weights(self) -> list[np.ndarray]:
        """The network's weights as they are now."""
        return [np.asarray(variable) for variable in self._variables]

    def __call__(self, weights: Weights, *inputs: np.ndarray) -> np.ndarray:
        """Outputs float32 (N, …) with these weights."""
        return self._call(*weights, *map(tf.convert_to_tensor, inputs)).numpy()
