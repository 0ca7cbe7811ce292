"""Pairs of networks, one file each; :func:`build` finds them by name.

``networks/NAME.py`` defines ``generator(shape, latent_dim, *, num_classes, seed, dtype)``,
``discriminator(shape, *, num_classes, seed, dtype)`` and, if its generator starts from the data,
``start_from(generator, samples, labels)``. Its entry in :data:`ganbook.config.presets.NETWORKS` makes it known.
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ganbook.utils import backend

if TYPE_CHECKING:
    import keras
    import numpy as np


def build(
    network: str,
    shape: tuple[int, ...],
    latent_dim: int = 100,
    *,
    num_classes: int = 0,
    seed: int = 0,
    dtype: str = "float32",
    **layers: Any,
) -> tuple[keras.Model, keras.Model]:
    """Build a generator and a discriminator.

    Parameters
    ----------
    network
        Name of a network: ``compact``, ``photo``, ``dcgan``, ``mlp``, ``context``, whose generator completes images,
        ``restorer``, whose generator enlarges them, or ``text``, whose generator writes lines.
    shape
        (H, W, C) of the images; ``mlp`` also takes (F,), points; ``text`` takes (L, V), the length of lines and what
        their characters are chosen from.
    latent_dim
        Length of z.
    num_classes
        0, or the number of classes of a conditional pair, whose networks take ``[z, labels]`` and
        ``[images, labels]``, labels int32 ``(B,)``.
    seed
        Random seed of the initial weights.
    dtype
        ``float32`` or ``mixed_bfloat16``; inputs and outputs are float32 either way.
    **layers
        What the network's own file takes besides: ``hidden`` and ``activation`` of ``mlp`` and ``text``, ``scale``,
        ``width`` and ``depth`` of ``restorer``.

    Returns
    -------
    generator
        z float32 (B, latent_dim) → float32 (B, H, W, C) in [−1, 1]; ``context`` takes images with their masks,
        float32 (B, H, W, C + 1), and ``restorer`` small images, float32 (B, H / scale, W / scale, C); ``text`` returns
        one-hot vectors, float32 (B, L, V).
    discriminator
        What G returns → logit float32 (B, 1).
    """
    module, options = _module(network), {"num_classes": num_classes, "seed": seed, "dtype": dtype} | layers
    return module.generator(shape, latent_dim, **options), module.discriminator(shape, **options)


def start_from(network: str, generator: keras.Model, samples: np.ndarray, labels: np.ndarray | None = None) -> None:
    """Let a new generator start from the data, if its network can.

    Parameters
    ----------
    network
        Name of the network that built ``generator``.
    generator
        Changed in place.
    samples
        Real samples, uint8 (N, H, W, C), or float32 in [−1, 1].
    labels
        int32 (N,), if conditional.
    """
    if start := getattr(_module(network), "start_from", None):
        start(generator, samples, labels)


def _module(network: str) -> ModuleType:
    backend.tensorflow()
    return importlib.import_module(f"ganbook.networks.{network.replace('-', '_')}")
