"""What every family needs at its entrance: seeded initial weights and the class beside the input."""

from __future__ import annotations

import zlib

import keras
from keras import layers


class Seeds:
    """A new, reproducible seed for each layer; Keras' own seeds are global and would touch the user's."""

    def __init__(self, seed: int, network: str):
        self.state = zlib.crc32(f"{network} {seed}".encode())

    def next(self) -> int:
        """A seed not given before."""
        self.state = (self.state * 1_103_515_245 + 12_345) % 2**31
        return self.state

    def glorot(self) -> keras.initializers.Initializer:
        """Uniform after Glorot & Bengio 2010."""
        return keras.initializers.GlorotUniform(seed=self.next())


def class_input(
    tensor: keras.KerasTensor, num_classes: int, flat: keras.KerasTensor | None = None
) -> tuple[list[keras.KerasTensor] | keras.KerasTensor, keras.KerasTensor]:
    """Append the one-hot class to ``flat`` (``tensor`` itself unless given); return the inputs and the result."""
    flat = tensor if flat is None else flat
    if not num_classes:
        return tensor, flat
    label = keras.Input((), dtype="int32", name="label")
    one_hot = layers.CategoryEncoding(num_classes, output_mode="one_hot", dtype="float32")(label)
    return [tensor, label], layers.Concatenate(dtype="float32")([flat, one_hot])
