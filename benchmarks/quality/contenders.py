"""The recipes: ganbook's default, and what people copy. Each is a set of options of ``gb.train`` for a size.

All are trained by ganbook's own loop, so that recipes are compared and not loops: published ones run faster here than
where they come from. Their samples come from G's last weights, as published; ganbook's from its average.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Shape = tuple[int, int, int]


@dataclass(frozen=True)
class Contender:
    """A recipe."""

    name: str
    options: dict[str, Any] = field(default_factory=dict)
    pair: Callable[[Shape], tuple] | None = None
    weights: str = "raw"


def tutorial(shape: Shape):
    """The widely copied tutorial DCGAN of Keras and TensorFlow."""
    import keras
    from keras import layers

    height, width, channels = shape
    generator = keras.Sequential([
        keras.Input((100,)), layers.Dense(height // 4 * (width // 4) * 256, use_bias=False),
        layers.BatchNormalization(), layers.LeakyReLU(0.3), layers.Reshape((height // 4, width // 4, 256)),
        layers.Conv2DTranspose(128, 5, 1, "same", use_bias=False), layers.BatchNormalization(), layers.LeakyReLU(0.3),
        layers.Conv2DTranspose(64, 5, 2, "same", use_bias=False), layers.BatchNormalization(), layers.LeakyReLU(0.3),
        layers.Conv2DTranspose(channels, 5, 2, "same", use_bias=False, activation="tanh"),
    ])  # fmt: skip
    discriminator = keras.Sequential([
        keras.Input(shape), layers.Conv2D(64, 5, 2, "same"), layers.LeakyReLU(0.3), layers.Dropout(0.3),
        layers.Conv2D(128, 5, 2, "same"), layers.LeakyReLU(0.3), layers.Dropout(0.3), layers.Flatten(), layers.Dense(1),
    ])  # fmt: skip
    return generator, discriminator


def pytorch_example(shape: Shape):
    """The widths, kernels and initial weights of PyTorch's DCGAN example, for a quarter of its image size."""
    import keras
    from keras import layers

    height, width, channels = shape[0] // 4, shape[1] // 4, shape[2]
    normal, gamma = keras.initializers.RandomNormal(0, 0.02), keras.initializers.RandomNormal(1, 0.02)

    def norm():
        return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, gamma_initializer=gamma)

    def conv(kind, *arguments):
        return kind(*arguments, use_bias=False, kernel_initializer=normal)

    generator = keras.Sequential([
        keras.Input((100,)), layers.Reshape((1, 1, 100)),
        conv(layers.Conv2DTranspose, 128, (height, width), 1, "valid"), norm(), layers.ReLU(),
        conv(layers.Conv2DTranspose, 64, 4, 2, "same"), norm(), layers.ReLU(),
        conv(layers.Conv2DTranspose, channels, 4, 2, "same"), layers.Activation("tanh"),
    ])  # fmt: skip
    discriminator = keras.Sequential([
        keras.Input(shape), conv(layers.Conv2D, 64, 4, 2, "same"), layers.LeakyReLU(0.2),
        conv(layers.Conv2D, 128, 4, 2, "same"), norm(), layers.LeakyReLU(0.2),
        conv(layers.Conv2D, 1, (height, width), 1, "valid"), layers.Flatten(),
    ])  # fmt: skip
    return generator, discriminator


def hybrid(shape: Shape, hidden: int, base: int, middle: int, d_widths: tuple[int, int], d_hidden: int):
    """The first search's best rows: G dense, then two transposed convolutions; D two convolutions, then dense."""
    import keras
    from keras import layers

    height, width, channels = shape[0] // 4, shape[1] // 4, shape[2]

    def norm():
        return layers.BatchNormalization(momentum=0.9)

    generator = keras.Sequential([
        keras.Input((100,)), layers.Dense(hidden, use_bias=False), norm(), layers.ReLU(),
        layers.Dense(height * width * base, use_bias=False), layers.Reshape((height, width, base)), norm(),
        layers.ReLU(), layers.Conv2DTranspose(middle, 4, 2, "same", use_bias=False), norm(), layers.ReLU(),
        layers.Conv2DTranspose(channels, 4, 2, "same", activation="tanh"),
    ])  # fmt: skip
    discriminator = keras.Sequential([
        keras.Input(shape), layers.Conv2D(d_widths[0], 4, 2, "same"), layers.LeakyReLU(0.2),
        layers.Conv2D(d_widths[1], 4, 2, "same"), layers.LeakyReLU(0.2), layers.Flatten(),
        layers.Dense(d_hidden), layers.LeakyReLU(0.2), layers.Dense(1),
    ])  # fmt: skip
    return generator, discriminator


# What ``gb.train`` did with ``compact`` before its rates and penalty were searched again.
FORMER = {"r1": 0.1, "d_learning_rate": 4e-4, "beta_1": 0.5}
CONTENDERS = [
    Contender("ganbook's default", weights="ema"),
    Contender("ganbook's former default", FORMER, weights="ema"),
    Contender("ganbook, non-saturating loss", {"loss": "non-saturating"}, weights="ema"),
    Contender("first search: narrow hybrid", {"batch_size": 64, "learning_rate": 7e-4},
              lambda shape: hybrid(shape, 384, 48, 24, (16, 32), 256), "ema"),
    Contender("first search: hybrid, R1 0.1", {"batch_size": 64, "learning_rate": 5e-4, "r1": 0.1},
              lambda shape: hybrid(shape, 512, 64, 32, (32, 64), 256), "ema"),
    Contender("mlp", {"network": "mlp"}),
    Contender("ganbook's dcgan", {"network": "dcgan"}, weights="ema"),
    Contender("tutorial DCGAN", {"batch_size": 256, "learning_rate": 1e-4, "beta_1": 0.9, "beta_2": 0.999}, tutorial),
    Contender("PyTorch example's DCGAN", {"batch_size": 64, "learning_rate": 2e-4, "beta_2": 0.999}, pytorch_example),
    Contender("WGAN-GP", {"network": "dcgan", "loss": "wasserstein", "batch_size": 64, "learning_rate": 1e-4,
                          "beta_1": 0.0, "beta_2": 0.9}),
]  # fmt: skip
