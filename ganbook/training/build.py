"""From options and data to a compiled GAN."""

from __future__ import annotations

import warnings

import keras

from ganbook import networks
from ganbook.augmentation.differentiable import Augment
from ganbook.config.presets import NETWORKS
from ganbook.config.train import TrainConfig
from ganbook.data.dataset import Dataset
from ganbook.gan.gradient_descent import GradientDescent
from ganbook.gan.model import GAN
from ganbook.training.tasks import TASKS
from ganbook.utils import by_device


def new_gan(config: TrainConfig, data: Dataset, pair: tuple[keras.Model, keras.Model] | None = None) -> GAN:
    """Build and compile the GAN that resolved options describe, or one around the user's own ``pair``.

    Some networks start from the data.
    """
    dtype = "mixed_bfloat16" if _in_bfloat16(config) else "float32"
    task = TASKS[config.task]
    if pair is None:
        num_classes = data.num_classes if config.conditional else 0
        own = "hidden" in NETWORKS[config.network].defaults
        layers = {"hidden": config.hidden_widths, "activation": config.activation} if own else {}
        pair = networks.build(
            config.network, data.shape, config.latent_dim, num_classes=num_classes, seed=config.seed, dtype=dtype,
            **layers, **task.network_options(config),
        )  # fmt: skip
        networks.start_from(config.network, pair[0], data.samples, data.labels if num_classes else None)
    gan = task.gan_class()(
        *pair,
        ema_half_life=config.ema_half_life,
        augment=Augment(config.augment) if config.augment else None,
        adaptive=config.adaptive,
        noise_kind=config.noise,
        seed=config.seed,
        **task.gan_options(config),
    )

    gan.compile(
        config.loss,
        _optimizer(config, config.learning_rate, steps=config.critic_steps or 1),
        _optimizer(config, config.d_learning_rate, steps=1),
        r1=config.r1,
        r2=config.r2,
        gradient_penalty=config.gradient_penalty,
        penalty_every=config.penalty_every,
        critic_steps=config.critic_steps,
        augment_weight=config.augment_weight,
        one_backward=config.one_backward,
        reuse_logits=NETWORKS[config.network].reuse_logits and not config.one_backward,
        jit_compile=_jit_compile(config, data),
    )
    return gan


def _optimizer(config: TrainConfig, learning_rate: float | None, steps: int) -> keras.Optimizer:
    """Return the optimiser of a network that is updated once in so many steps."""
    rate = learning_rate
    if config.rate_half_life:
        rate = keras.optimizers.schedules.ExponentialDecay(learning_rate, config.rate_half_life / steps, 0.5)
    if config.optimizer == "sgd":
        return GradientDescent(rate)
    return keras.optimizers.Adam(rate, beta_1=config.beta_1, beta_2=config.beta_2)


def _in_bfloat16(config: TrainConfig) -> bool:
    """Return whether the networks compute in bfloat16."""
    if config.precision == "auto":
        return NETWORKS[config.network].bfloat16 and by_device.prefers_bfloat16()
    if config.precision == "float32":
        return False
    cost = by_device.bfloat16_cost()
    slow = cost > by_device.SLOW_BFLOAT16
    if cost > by_device.DEAR_BFLOAT16:
        instead = ", so float32 it is" if slow else ""
        warnings.warn(
            f"this CPU computes bfloat16 {cost:.2g} times slower than float32{instead}: drop --precision", stacklevel=3
        )
    return not slow


def _jit_compile(config: TrainConfig, data: Dataset) -> bool | str:
    """Return whether XLA compiles the step; ``auto`` is left to the networks."""
    if config.precision == "bfloat16":  # XLA computes it by way of float32, which is slower
        return False
    if config.jit == "auto":
        return "auto" if data.compiles else False
    return config.jit == "on"
