"""The GAN that completes images: the generator fills a hole, the discriminator judges the whole."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from ganbook.data import masks
from ganbook.gan.model import GAN
from ganbook.utils import replicas

# Masks drawn once, from which each step picks; fewer for large images.
POOL, POOL_VALUES, POOL_LEAST = 4096, 2**24, 64


# Registered under its first name, by which checkpoints know it.
@keras.saving.register_keras_serializable("ganbook", name="CompletionGAN")
class InpaintingGAN(GAN):
    """A context encoder: holes are cut into real images, and the generator fills them.

    Pathak et al. 2016, arXiv 1604.07379.

    Parameters
    ----------
    generator
        Images that are 0 in the hole, and the mask, 1 in the hole, float32 (B, H, W, C + 1) → completed images
        (B, H, W, C).
    discriminator
        Images (B, H, W, C) → logit.
    masks
        Kinds of masks to train with, as :func:`ganbook.data.masks.draw` takes them, each as often as any other.
    reconstruction
        Weight of the mean squared error, beside the generator's adversarial loss of weight 1.
    **kwargs
        As for :class:`~ganbook.gan.model.GAN`.
    """

    input_rank = 4  # of what the generator takes: images with their masks (B, H, W, C + 1)

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

    def _generator_inputs(self, real, key):
        """Cut holes from the pool, half of them mirrored, into real images."""
        batch, (pick, mirror) = tf.shape(real)[0], tf.unstack(tf.random.split(key, 2, alg="philox"))
        chosen = replicas.draw(
            batch, lambda n: tf.random.stateless_uniform((n,), pick, 0, len(self._pool), tf.int32, alg="philox")
        )
        holes = tf.gather(tf.constant(self._pool), chosen)[..., None]
        flip = replicas.draw(
            batch, lambda n: tf.random.stateless_uniform((n, 1, 1, 1), mirror, 0, 2, tf.int32, alg="philox")
        )
        holes = tf.cast(tf.where(flip == 1, tf.reverse(holes, [2]), holes), tf.float32)
        return tf.concat([real * (1.0 - holes), holes], -1)

    def _g_objective(self, g_loss, real, fake):
        # Outside the holes the two are equal: only the holes count.
        return g_loss + self.reconstruction * tf.reduce_mean(tf.square(real - fake))

    def preview_inputs(self, count: int, seed: int, samples: np.ndarray) -> np.ndarray:
        """Return images of ``samples`` with holes, float32 (count, H, W, C + 1), as the generator takes them."""
        picked = samples[np.linspace(0, len(samples) - 1, count).astype(int)]
        real = picked.astype(np.float32) / 127.5 - 1 if picked.dtype == np.uint8 else picked
        return with_holes(real, self._pool[np.arange(count) % len(self._pool)])

    def preview_references(self, inputs: np.ndarray, real: np.ndarray) -> dict[str, np.ndarray]:
        """Return the images, and the same with their holes in mid-grey, float32 (N, H, W, C)."""
        return {"input": inputs[..., :-1], "real": real}

    def noise(self, count: int, seed: int = 0) -> np.ndarray:
        """Refuse: this GAN generates nothing from noise."""
        raise ValueError("this run completes images and generates none from noise: use inpaint(image, mask, run=…)")

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of :meth:`from_config`."""
        return super().get_config() | {"masks": self.masks, "reconstruction": self.reconstruction}


def with_holes(images: np.ndarray, holes: np.ndarray) -> np.ndarray:
    """Return what the generator takes, float32 (N, H, W, C + 1), from images in [−1, 1] and holes bool (N, H, W)."""
    holes = holes[..., None].astype(np.float32)
    return np.concatenate([images * (1 - holes), holes], -1)


def _mask_pool(kinds: tuple[str, ...], shape: tuple[int, int], seed: int) -> np.ndarray:
    """Draw bool (M, H, W), the kinds in turn."""
    count = max(POOL_LEAST, min(POOL, POOL_VALUES // (shape[0] * shape[1]))) // len(kinds)
    drawn = [masks.draw(kind, shape, max(1, count), seed) for kind in kinds]
    return np.stack(drawn, 1).reshape(-1, *shape)
