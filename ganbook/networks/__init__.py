"""Pairs of networks, one file a family; :func:`build` finds them by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ganbook.networks import compact, context_encoder, dcgan, mlp

if TYPE_CHECKING:
    import keras
    import numpy as np

FAMILIES = {"mlp": mlp, "compact": compact, "dcgan": dcgan, "context": context_encoder}


def build(
    family: str,
    shape: tuple[int, int, int],
    latent_dim: int = 100,
    *,
    num_classes: int = 0,
    seed: int = 0,
    dtype: str = "float32",
) -> tuple[keras.Model, keras.Model]:
    """Build a generator and a discriminator.

    Parameters
    ----------
    family
        ``mlp``, ``compact``, ``dcgan``, or ``context``, whose generator completes pictures.
    shape
        (H, W, C) of the images.
    latent_dim
        Length of z.
    num_classes
        0, or the number of classes of a conditional pair, whose networks take ``[z, labels]`` and
        ``[images, labels]``, labels int32 ``(B,)``.
    seed
        Decides the initial weights.
    dtype
        ``float32`` or ``mixed_bfloat16``; inputs and outputs are float32 either way.

    Returns
    -------
    generator
        z float32 (B, latent_dim) → float32 (B, H, W, C) in [−1, 1]; ``context`` takes pictures with their holes,
        float32 (B, H, W, C + 1).
    discriminator
        float32 (B, H, W, C) in [−1, 1] → logit float32 (B, 1).
    """
    module = FAMILIES[family]
    options = {"num_classes": num_classes, "dtype": dtype}
    return (
        module.generator(shape, latent_dim, seed=seed, **options),
        module.discriminator(shape, seed=seed, **options),
    )


def start_from(family: str, generator: keras.Model, samples: np.ndarray, labels: np.ndarray | None = None) -> None:
    """Let a new generator start from the data, if its family knows how to."""
    start = getattr(FAMILIES[family], "start_from", None)
    if start is not None:
        start(generator, samples, labels)
