"""Checks that a generator and a discriminator fit each other, and what their layers allow."""

from __future__ import annotations

from collections.abc import Iterator

import keras
from keras import layers

CONVOLUTIONS = (layers.Conv1D, layers.Conv2D, layers.Conv3D, layers.Conv1DTranspose, layers.Conv2DTranspose,
                layers.Conv3DTranspose, layers.DepthwiseConv1D, layers.DepthwiseConv2D, layers.SeparableConv1D,
                layers.SeparableConv2D)  # fmt: skip


def check(generator: keras.Model, discriminator: keras.Model, input_rank: int = 2) -> None:
    """Raise ``ValueError`` if two networks do not fit; the generator takes tensors of ``input_rank``, 2 for vectors."""
    for role, network in (("generator", generator), ("discriminator", discriminator)):
        if not isinstance(network, keras.Model) or not getattr(network, "inputs", None):
            raise ValueError(
                f"the {role} must be a Keras model whose inputs are known (functional or Sequential with an Input), "
                f"not {type(network).__name__}"
            )
    if len(generator.inputs) != len(discriminator.inputs) or len(generator.inputs) > 2:
        raise ValueError(
            f"the generator has {len(generator.inputs)} inputs and the discriminator {len(discriminator.inputs)}: "
            "give both one input, or both a second one for labels"
        )
    z, drawn = generator.inputs[0].shape, generator.output_shape
    taken, logit = discriminator.inputs[0].shape, discriminator.output_shape
    if len(z) != input_rank or None in z[1:]:
        expected = "be a vector, (None, latent_dim)" if input_rank == 2 else f"have rank {input_rank} and known sizes"
        raise ValueError(f"the generator's input has shape {z}; it must {expected}")
    if tuple(drawn[1:]) != tuple(taken[1:]):
        raise ValueError(
            f"the generator draws {tuple(drawn[1:])} but the discriminator takes {tuple(taken[1:])}: make them equal"
        )
    if tuple(logit[1:]) not in ((), (1,)):
        raise ValueError(f"the discriminator returns shape {tuple(logit)}; it must return one logit, (None, 1)")


def mixes_samples(network: keras.Model) -> bool:
    """Return True if a layer mixes the samples of a batch, as batch normalisation does."""
    return any(isinstance(layer, layers.BatchNormalization) for layer in leaves(network))


def has_convolutions(*networks: keras.Model) -> bool:
    """Return True if a network has convolutions, for which XLA is slow on a CPU."""
    return any(isinstance(layer, CONVOLUTIONS) for network in networks for layer in leaves(network))


def leaves(network: keras.Model) -> Iterator[keras.layers.Layer]:
    """Yield every layer, also those of nested models."""
    return (layer for layer in network._flatten_layers(include_self=False, recursive=True))
