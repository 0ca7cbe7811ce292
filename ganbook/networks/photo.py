"""The convolutional pair of :mod:`ganbook.networks.dcgan` for colour photographs, in less time.

G is that of ``dcgan``. So is D, but its first convolution, 4×4 at stride 2, runs as one of 2×2 on blocks of 2×2 pixels:
the same arithmetic on four times as many channels, which a CPU does sooner than on three. Its steps
also reuse logits, see :meth:`ganbook.GAN.compile`. The numbers stand in benchmarks/RESULTS.md.
"""

from __future__ import annotations

import keras
from keras import layers

from ganbook.networks.dcgan import WIDEST, WIDTH, generator
from ganbook.networks.layers import Seeds, doublings, halvings, judged, widths

__all__ = ["discriminator", "generator"]


def discriminator(
    shape: tuple[int, int, int], *, num_classes: int = 0, seed: int = 0, dtype: str = "float32"
) -> keras.Model:
    """Image → blocks of pixels → convolutions that halve → one logit, leaky ReLU."""
    seeds = Seeds(seed, "discriminator")
    image = keras.Input(shape, name="image")
    x = halvings(image, widths(WIDTH, doublings(shape), WIDEST), seeds, dtype)
    return judged(image, layers.Flatten(dtype="float32")(x), num_classes, seeds)
