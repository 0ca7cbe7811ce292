"""The GAN that completes pictures: G fills a hole, D judges the whole."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from ganbook.data import masks
from ganbook.gan.model import GAN

# Masks drawn once, from which each step picks; fewer for large pictures.
POOL, POOL_VALUES, POOL_LEAST = 4096, 2**24, 64


@keras.saving.register_keras_serializable("ganbook")
class CompletionGAN(GAN):
    """A context encoder (Pathak et al. 2016, arXiv 1604.07379): real pictures get random holes, which G fills.

    Parameters
    ----------
    generator
        Pictures with 0 in their holes, and the holes (1), float32 (B, H, W, C + 1) → completed pictures (B, H, W, C).
    discriminator
        Pictures (B, H, W, C) → logit.
    masks
        Kinds of masks to train with, as :func:`ganbook.data.masks.draw` takes them, each as often as any other.
    reconstruction
        Weight of the mean squared error, beside G's adversarial loss of weight 1.
    **kwargs
        As for :class:`~ganbook.gan.model.GAN`.
    """

    given_rank = 4

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        masks: tuple[str, ...],
        reconstruction: float,
        **kwargs: Any,
    ):
        super().__init__(generator, discriminator, **kwargs)
        self.masks, self.reconstruction = tuple(masks), float(reconstruction)
        self._pool = _mask_pool(self.masks, generator.output_shape[1:3], self.seed)

    def _given(self, real, key):
        """Real pictures with holes from the pool, each mirrored or not."""
        batch, (pick, mirror) = tf.shape(real)[0], tf.unstack(tf.random.split(key, 2, alg="philox"))
        which = tf.random.stateless_uniform((batch,), pick, 0, len(self._pool), tf.int32, alg="philox")
        holes = tf.gather(tf.constant(self._pool), which)[..., None]
        flip = tf.random.stateless_uniform((batch, 1, 1, 1), mirror, 0, 2, tf.int32, alg="philox")
        holes = tf.cast(tf.where(flip == 1, tf.reverse(holes, [2]), holes), tf.float32)
        return tf.concat([real * (1.0 - holes), holes], -1)

    def _g_objective(self, g_loss, real, fake):
        # Outside the holes the two are equal: only the holes count.
        return g_loss + self.reconstruction * tf.reduce_mean(tf.square(real - fake))

    def preview_inputs(self, count: int, seed: int, samples: np.ndarray) -> np.ndarray:
        """Return pictures of ``samples`` with holes, float32 (count, H, W, C + 1), as G takes them."""
        picked = samples[np.linspace(0, len(samples) - 1, count).astype(int)]
        real = picked.astype(np.float32) / 127.5 - 1 if picked.dtype == np.uint8 else picked
        return with_holes(real, self._pool[np.arange(count) % len(self._pool)])

    def noise(self, count: int, seed: int = 0) -> np.ndarray:
        """Refuse: this GAN draws nothing from noise."""
        raise ValueError("this run completes pictures and draws none from noise: use inpaint(picture, mask, run=…)")

    def get_config(self) -> dict[str, Any]:
        """What :meth:`from_config` needs."""
        return super().get_config() | {"masks": self.masks, "reconstruction": self.reconstruction}


def with_holes(pictures: np.ndarray, holes: np.ndarray) -> np.ndarray:
    """Return what G takes, float32 (N, H, W, C + 1), from pictures in [−1, 1] and holes bool (N, H, W)."""
    holes = holes[..., None].astype(np.float32)
    return np.concatenate([pictures * (1 - holes), holes], -1)


def _mask_pool(kinds: tuple[str, ...], shape: tuple[int, int], seed: int) -> np.ndarray:
    """Draw bool (M, H, W), the kinds in turn."""
    count = max(POOL_LEAST, min(POOL, POOL_VALUES // (shape[0] * shape[1]))) // len(kinds)
    drawn = [masks.draw(kind, shape, max(1, count), seed) for kind in kinds]
    return np.stack(drawn, 1).reshape(-1, *shape)
