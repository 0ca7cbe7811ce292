"""The pair of ``dcgan``, whose generator starts at the principal components of the data.

The generator adds up two paths. The convolutional one is that of DCGAN (Radford et al. 2016, arXiv 1511.06434). The
linear one of :mod:`ganbook.networks.linear` draws an image of 8 pixels, enlarged bilinearly: the layout of a
photograph, its light and its colours, of the right mean and covariance from the first step. The coarse path has no
fine structure of its own, so that the convolutions draw all edges and textures; principal components at full
resolution leave a weave in photographs.
"""

from __future__ import annotations

import keras
from keras import layers

from ganbook.networks import dcgan
from ganbook.networks.layers import Seeds
from ganbook.networks.linear import linear_path, start_from

__all__ = ["discriminator", "generator", "start_from"]

LINEAR_SIDE = 8

discriminator = dcgan.discriminator


def generator(
    shape: tuple[int, int, int],
    latent_dim: int,
    *,
    num_classes: int = 0,
    seed: int = 0,
    dtype: str = "float32",
) -> keras.Model:
    """Z → linear image of 8 pixels, enlarged + image of transposed convolutions → tanh.

    float32 (B, latent_dim), and labels int32 (B,) if conditional → float32 (B, H, W, C) in [−1, 1].
    """
    inputs, z, detail = dcgan.draw(shape, latent_dim, num_classes, Seeds(seed, "generator"), dtype)
    layout = linear_path(z, shape, LINEAR_SIDE, Seeds(seed, "linear path"))
    x = layers.Add(dtype="float32")([detail, layout])
    return keras.Model(inputs, layers.Activation("tanh", dtype="float32")(x), name="generator")
