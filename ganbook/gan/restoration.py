"""The GAN that restores images: the generator undoes a degradation, the discriminator judges the result."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from ganbook.data import degradations, resampling
from ganbook.gan.degrade import degrade as degraded
from ganbook.gan.model import GAN
from ganbook.utils import replicas

EPSILON = 0.01  # of the Charbonnier distance, images in [−1, 1]


@keras.saving.register_keras_serializable("ganbook")
class RestorationGAN(GAN):
    """A generator that takes degraded images and returns them restored.

    It learns the distance to the truth alone at first, then an adversarial loss beside it (SRGAN, Ledig et al. 2017,
    arXiv 1609.04802). The distance is that of Charbonnier, √(x² + ε²), a smooth L1.

    Parameters
    ----------
    generator
        Degraded images float32 (B, H / scale, W / scale, C) → restored images (B, H, W, C).
    discriminator
        Images (B, H, W, C) → logit.
    degrade
        Degradations, as :func:`ganbook.data.degradations.parse` reads them.
    adversarial
        Weight of the adversarial loss; at 0 the discriminator does not learn, which takes half of a step's time.
    warm_up
        Steps in which it does not count.
    **kwargs
        As for :class:`~ganbook.gan.model.GAN`.
    """

    input_rank = 4  # of what the generator takes: images (B, H, W, C)

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        degrade: str,
        adversarial: float,
        warm_up: int,
        **kwargs: Any,
    ):
        super().__init__(generator, discriminator, **kwargs)
        self.degrade, self.adversarial, self.warm_up = degrade, float(adversarial), int(warm_up)
        self._policy = degradations.parse(degrade)

    def _draw_batch(self, samples, labels, noise_key, augment_key):
        """Mirror half of the images and turn half of square ones, then degrade and restore them."""
        flips = replicas.draw(
            tf.shape(samples)[0],
            lambda n: tf.random.stateless_uniform((3, n, 1, 1, 1), augment_key, 0, 2, tf.int32, "philox"),
            axis=1,
        )
        samples = tf.where(flips[0] == 1, tf.reverse(samples, [1]), samples)
        samples = tf.where(flips[1] == 1, tf.reverse(samples, [2]), samples)
        if samples.shape[1] == samples.shape[2]:
            samples = tf.where(flips[2] == 1, tf.transpose(samples, (0, 2, 1, 3)), samples)
        return super()._draw_batch(samples, labels, noise_key, augment_key)

    def _update_discriminator(self, real, fake, labels, mix, augment_key, step):
        if self.adversarial:
            return super()._update_discriminator(real, fake, labels, mix, augment_key, step)
        # Nobody asks it; steps are counted all the same.
        self.d_optimizer.iterations.assign_add(1)
        nothing, undecided = tf.constant(0.0), tf.constant(0.5)
        return nothing, nothing, undecided, undecided, None, None

    def _learn_from_discriminator(self, g_tape, real, fake, labels, step, batch, real_logits=None):
        if self.adversarial:
            return super()._learn_from_discriminator(g_tape, real, fake, labels, step, batch, real_logits)
        with tf.GradientTape() as tape:
            tape.watch(fake)
            distance = self._g_objective(0.0, real, fake)
        self._update_generator(g_tape, fake, tape.gradient(distance, fake), step, batch)
        return distance

    def _generator_inputs(self, real, key):
        return degraded(real, self._policy, key)

    def _g_objective(self, g_loss, real, fake):
        distance = tf.reduce_mean(tf.sqrt(tf.square(real - fake) + EPSILON**2))
        # The discriminator has made this step already.
        weight = tf.where(self.step > self.warm_up, self.adversarial, 0.0)
        return distance + weight * g_loss

    def preview_inputs(self, count: int, seed: int, samples: np.ndarray) -> np.ndarray:
        """Return degraded images of ``samples``, float32 (count, H / scale, W / scale, C)."""
        picked = samples[np.linspace(0, len(samples) - 1, count).astype(int)]
        return self._degraded(picked, seed)

    def preview_references(self, inputs: np.ndarray, real: np.ndarray) -> dict[str, np.ndarray]:
        """Return the images, and the degraded ones enlarged without interpolation, float32 (N, H, W, C)."""
        times = real.shape[1] // inputs.shape[1]
        return {"input": inputs.repeat(times, 1).repeat(times, 2), "real": real}

    def scores(self, samples: np.ndarray, classes: int = 0) -> dict[str, float]:
        """Return PSNR, dB, and SSIM of held-out images, uint8 (N, H, W, C), and those of interpolation.

        Where nothing was made small those of ``bicubic`` are of the degraded images themselves, and there is no
        ``lanczos``.
        """
        if not len(samples):
            return {}
        real, inputs = samples.astype(np.float32) / 127.5 - 1, self._degraded(samples, 1)
        times = real.shape[1] // inputs.shape[1]
        made = {"": self.sample(inputs), "_bicubic": tf.image.resize(inputs, real.shape[1:3], "bicubic").numpy()}
        if times > 1:
            made["_lanczos"] = np.stack([resampling.enlarge(image, times, "lanczos") for image in inputs])
        psnr = {f"psnr{name}": _psnr(images, real) for name, images in made.items()}
        return psnr | {f"ssim{name}": _ssim(images, real) for name, images in made.items()}

    def _degraded(self, samples: np.ndarray, seed: int) -> np.ndarray:
        return degraded(
            tf.constant(samples.astype(np.float32) / 127.5 - 1), self._policy, tf.constant([seed, 0])
        ).numpy()

    def noise(self, count: int, seed: int = 0) -> np.ndarray:
        """Refuse: this GAN generates nothing from noise."""
        raise ValueError("this run restores images and generates none from noise: use enhance(image, run=…)")

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of :meth:`from_config`."""
        own = {"degrade": self.degrade, "adversarial": self.adversarial, "warm_up": self.warm_up}
        return super().get_config() | own


def _psnr(images: np.ndarray, real: np.ndarray) -> float:
    """Return 10 log₁₀ (2² / mean squared error), images in [−1, 1].

    The mean is over all images: a mean of their PSNRs would be that of blank crops, which are perfect at once.
    """
    error = np.mean(np.square(np.clip(images, -1, 1) - real), dtype=np.float64)
    return round(float(10 * np.log10(4 / max(error, 1e-10))), 3)


def _ssim(images: np.ndarray, real: np.ndarray) -> float:
    """Return the mean structural similarity of brightness, images in [−1, 1]."""
    size = min(11, *real.shape[1:3])
    grey = [
        one if one.shape[3] == 1 else tf.image.rgb_to_grayscale(one)
        for one in (np.clip(images, -1, 1) / 2 + 0.5, real / 2 + 0.5)
    ]
    return round(float(tf.reduce_mean(tf.image.ssim(*grey, max_val=1.0, filter_size=size))), 4)
