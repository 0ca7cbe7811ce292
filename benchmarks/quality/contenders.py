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
    multiple: int = 1  # that the images' sides have to be of


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


def faces_example(shape: Shape):
    """Keras' example *DCGAN to generate face images*, which is made for 64×64."""
    import keras
    from keras import layers

    height, width, channels = shape[0] // 8, shape[1] // 8, shape[2]
    up = [layer for filters in (128, 256, 512)
          for layer in (layers.Conv2DTranspose(filters, 4, 2, "same"), layers.LeakyReLU(0.2))]  # fmt: skip
    generator = keras.Sequential([
        keras.Input((100,)), layers.Dense(height * width * 128), layers.Reshape((height, width, 128)), *up,
        layers.Conv2D(channels, 5, padding="same", activation="tanh"),
    ])  # fmt: skip
    down = [layer for filters in (64, 128, 128)
            for layer in (layers.Conv2D(filters, 4, 2, "same"), layers.LeakyReLU(0.2))]  # fmt: skip
    discriminator = keras.Sequential(
        [keras.Input(shape), *down, layers.Flatten(), layers.Dropout(0.2), layers.Dense(1)]
    )
    return generator, discriminator


def pytorch_example(shape: Shape):
    """PyTorch's DCGAN example, which is made for 64×64; smaller images have as many steps less between them and z."""
    import keras
    from keras import layers

    normal, gamma = keras.initializers.RandomNormal(0, 0.02), keras.initializers.RandomNormal(1, 0.02)
    doublings = (shape[0] // 4).bit_length() - 1
    smallest = shape[0] >> doublings, shape[1] >> doublings
    widths = [64 * 2**step for step in range(doublings)]

    def norm():
        return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, gamma_initializer=gamma)

    def conv(kind, *arguments):
        return kind(*arguments, use_bias=False, kernel_initializer=normal)

    up = [layer for filters in widths[-2::-1]
          for layer in (conv(layers.Conv2DTranspose, filters, 4, 2, "same"), norm(), layers.ReLU())]  # fmt: skip
    generator = keras.Sequential([
        keras.Input((100,)), layers.Reshape((1, 1, 100)),
        conv(layers.Conv2DTranspose, widths[-1], smallest, 1, "valid"), norm(), layers.ReLU(), *up,
        conv(layers.Conv2DTranspose, shape[2], 4, 2, "same"), layers.Activation("tanh"),
    ])  # fmt: skip
    down = [layer for filters in widths[1:]
            for layer in (conv(layers.Conv2D, filters, 4, 2, "same"), norm(), layers.LeakyReLU(0.2))]  # fmt: skip
    discriminator = keras.Sequential([
        keras.Input(shape), conv(layers.Conv2D, 64, 4, 2, "same"), layers.LeakyReLU(0.2), *down,
        conv(layers.Conv2D, 1, smallest, 1, "valid"), layers.Flatten(),
    ])  # fmt: skip
    return generator, discriminator


def spectral_resnet(shape: Shape):
    """SNGAN's ResNet, appendix B of Miyato et al. 2018 (arXiv 1802.05957), at half of its widths."""
    import keras
    from keras import layers

    doublings = (shape[0] // 4).bit_length() - 1
    base = shape[0] >> doublings, shape[1] >> doublings
    g_widths = [128] * doublings if doublings < 4 else [64 * 2**step for step in reversed(range(doublings))]
    d_widths = [64] * doublings if doublings < 4 else [32 * 2**step for step in range(doublings)]

    def plain(filters, kernel):
        return layers.Conv2D(filters, kernel, padding="same")

    def spectral(filters, kernel):
        return layers.SpectralNormalization(plain(filters, kernel))

    def grow(x, filters):
        short = plain(filters, 1)(layers.UpSampling2D()(x))
        x = layers.UpSampling2D()(layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x)))
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(plain(filters, 3)(x)))
        return short + plain(filters, 3)(x)

    def shrink(x, filters, pools, begins=False):
        inner = x if begins else layers.ReLU()(x)
        inner = spectral(filters, 3)(layers.ReLU()(spectral(filters, 3)(inner)))
        if not pools:
            return x + inner
        short = spectral(filters, 1)(x)
        return layers.AveragePooling2D(2)(short) + layers.AveragePooling2D(2)(inner)

    z = x = keras.Input((100,))
    x = layers.Reshape((*base, g_widths[0]))(layers.Dense(base[0] * base[1] * g_widths[0])(x))
    for filters in g_widths:
        x = grow(x, filters)
    x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
    generator = keras.Model(z, layers.Activation("tanh")(plain(shape[2], 3)(x)))
    image = x = keras.Input(shape)
    for at, filters in enumerate(d_widths[:2] if doublings < 4 else d_widths):
        x = shrink(x, filters, pools=True, begins=at == 0)
    for _ in range(2 if doublings < 4 else 1):
        x = shrink(x, d_widths[-1], pools=False)
    x = layers.GlobalAveragePooling2D()(layers.ReLU()(x)) * float(x.shape[1] * x.shape[2])  # their sum
    return generator, keras.Model(image, layers.SpectralNormalization(layers.Dense(1))(x))


def r3gan(shape: Shape):
    """R3GAN's networks (Huang et al. 2024, arXiv 2501.05441, section 3), small: one block a resolution, 32 wide.

    Its 3×3 convolutions are grouped; here they are whole, which is more arithmetic for as many channels.
    """
    import keras
    from keras import layers

    filters, doublings = 32, (shape[0] // 4).bit_length() - 1
    base = shape[0] >> doublings, shape[1] >> doublings
    scaled = keras.initializers.VarianceScaling(2.0 / (doublings + 1) ** 0.5, "fan_in", "normal")

    def activated(x):
        return layers.LeakyReLU(0.2)(x)

    def block(x):
        inner = activated(layers.Conv2D(2 * filters, 1, kernel_initializer=scaled)(activated(x)))
        inner = activated(layers.Conv2D(2 * filters, 3, padding="same", kernel_initializer=scaled)(inner))
        return x + layers.Conv2D(filters, 1, use_bias=False, kernel_initializer="zeros")(inner)

    z = x = keras.Input((100,))
    x = layers.Reshape((*base, filters))(layers.Dense(base[0] * base[1] * filters)(x))
    for resolution in range(doublings + 1):
        if resolution:
            x = layers.UpSampling2D(interpolation="bilinear")(x)
        x = block(x)
    generator = keras.Model(z, layers.Conv2D(shape[2], 1)(x))
    image = x = keras.Input(shape)
    x = layers.Conv2D(filters, 1)(x)
    for resolution in range(doublings + 1):
        if resolution:
            x = layers.AveragePooling2D(2)(x)
        x = block(x)
    x = layers.Flatten()(layers.DepthwiseConv2D(base, padding="valid")(x))
    return generator, keras.Model(image, layers.Dense(1)(x))


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
    Contender("ganbook's photo, bfloat16", {"network": "photo", "precision": "bfloat16"}, weights="ema"),
    Contender("ganbook's photo, float32", {"network": "photo", "precision": "float32"}, weights="ema"),
    Contender("ganbook's photo, float32, without classes",
              {"network": "photo", "precision": "float32", "conditional": False}, weights="ema"),
    Contender("ganbook's former default", FORMER, weights="ema"),
    Contender("ganbook, non-saturating loss", {"loss": "non-saturating"}, weights="ema"),
    Contender("first search: narrow hybrid", {"batch_size": 64, "learning_rate": 7e-4},
              lambda shape: hybrid(shape, 384, 48, 24, (16, 32), 256), "ema"),
    Contender("first search: hybrid, R1 0.1", {"batch_size": 64, "learning_rate": 5e-4, "r1": 0.1},
              lambda shape: hybrid(shape, 512, 64, 32, (32, 64), 256), "ema"),
    Contender("mlp", {"network": "mlp"}),
    Contender("ganbook's dcgan", {"network": "dcgan"}, weights="ema"),
    Contender("ganbook's compact", {"network": "compact"}, weights="ema"),
    Contender("tutorial DCGAN", {"batch_size": 256, "learning_rate": 1e-4, "beta_1": 0.9, "beta_2": 0.999}, tutorial),
    Contender("Keras' example for faces", {"batch_size": 32, "learning_rate": 1e-4, "beta_1": 0.9, "beta_2": 0.999},
              faces_example, multiple=8),
    Contender("PyTorch example's DCGAN", {"batch_size": 64, "learning_rate": 2e-4, "beta_2": 0.999}, pytorch_example),
    Contender("WGAN-GP", {"network": "dcgan", "loss": "wasserstein", "batch_size": 64, "learning_rate": 1e-4,
                          "beta_1": 0.0, "beta_2": 0.9}),
    Contender("SNGAN's ResNet", {"loss": "hinge", "batch_size": 64, "critic_steps": 5, "learning_rate": 2e-4,
                                 "beta_1": 0.0, "beta_2": 0.9}, spectral_resnet),
    Contender("R3GAN", {"loss": "relativistic", "r1": 0.05, "r2": 0.05, "batch_size": 32, "learning_rate": 2e-4,
                        "beta_1": 0.0, "beta_2": 0.9}, r3gan, "ema"),
]  # fmt: skip
