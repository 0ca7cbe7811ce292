"""Plain gradient descent that remembers how large its gradients are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

from ganbook.utils import replicas


@keras.saving.register_keras_serializable("ganbook")
class GradientDescent(keras.optimizers.SGD):
    """Keras' ``SGD``, which updates weights as that does.

    It keeps ``squared_norm``, v ← β₂ v + (1 − β₂) ‖g‖², beside them, as Adam does for each weight; on several
    replicas, none of which has the whole gradient, it stays 0.
    """

    beta_2 = 0.99

    def build(self, variables: Sequence[keras.Variable]) -> None:
        """Make the variables."""
        if self.built:
            return
        super().build(variables)
        self.squared_norm = self.add_variable((), "zeros", "float32", name="squared_norm")

    def apply(self, grads: Sequence[Any], trainable_variables: Sequence[keras.Variable] | None = None) -> None:
        """Update weights."""
        if replicas.count() == 1:
            squares = [tf.reduce_sum(tf.square(tf.cast(g, tf.float32))) for g in grads if g is not None]
            self.squared_norm.assign(self.beta_2 * self.squared_norm + (1 - self.beta_2) * tf.add_n(squares))
        super().apply(grads, trainable_variables)
