"""The GAN: two networks and the average of one of them, compiled, trained, sampled and saved.

An ordinary ``keras.Model``: ``compile``, ``fit``, ``save`` and ``keras.models.load_model`` work on it. It knows no
files, threads or notebooks, and works on whatever shapes its two networks take.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from ganbook.gan import losses, multi_replica, multi_step, noise, single_update
from ganbook.gan.adaptive import Adaptive
from ganbook.gan.gradient_descent import GradientDescent  # noqa: F401  (load_model finds it)
from ganbook.gan.objective import check as check_objective
from ganbook.gan.objective import checked_network
from ganbook.gan.step import AdversarialStep
from ganbook.networks import checks
from ganbook.utils import by_device

# Samples are drawn this many at a time, and at most this many values: large images need much memory on the way.
SAMPLE_CHUNK, SAMPLE_VALUES = 256, 2**22


@keras.saving.register_keras_serializable("ganbook")
class GAN(AdversarialStep):
    """A generator and a discriminator trained against each other.

    Parameters
    ----------
    generator
        z float32 (B, latent_dim) → samples (B, …); conditional: ``[z, labels]``, labels int32 (B,).
    discriminator
        Samples (B, …) → logit (B, 1) or (B,), no sigmoid; conditional: ``[samples, labels]``.
    ema_half_life
        Half-life, in images, of the average of G's weights; shorter at first.
    augment
        A differentiable Keras layer ``augment(samples, seed=(2,) int, probability=None)`` through which D sees real
        and generated samples in both updates (DiffAugment, Zhao et al. 2020, arXiv 2006.10738); with
        ``augment_weight``, what makes y.
    adaptive
        Let D's overfitting decide how likely each operation of ``augment`` is (ADA, Karras et al. 2020).
    noise_kind
        ``gaussian``, z ~ N(0, 1), or ``uniform``, z ~ U(−1, 1).
    seed
        Random seed of the noise: that of a step is a function of (seed, step) alone.

    Raises
    ------
    ValueError
        The networks do not fit each other.

    Notes
    -----
    uint8 batches are taken as pixels and mapped onto [−1, 1]; others are used as they are. Calling the model draws
    with the averaged generator: ``gan(z)``.
    """

    scored = 128  # held-out samples that scores() is given
    input_rank = 2  # of what the generator takes: latent vectors (B, latent_dim)

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        ema_half_life: float = 20_000,
        augment: keras.layers.Layer | None = None,
        adaptive: bool = False,
        noise_kind: str = "gaussian",
        seed: int = 0,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        checks.check(generator, discriminator, self.input_rank)
        self.generator, self.discriminator = generator, discriminator
        self.ema_generator = keras.models.clone_model(generator)
        self.ema_generator.set_weights(generator.get_weights())
        self.ema_generator.trainable = False
        self.ema_half_life, self.augment, self.seed = float(ema_half_life), augment, int(seed)
        self.noise_kind = noise.checked_kind(noise_kind)
        if adaptive and augment is None:
            raise ValueError("adaptive steers an augmentation: give GAN(…, augment=layer)")
        self.adaptive = Adaptive(name="adaptive") if adaptive else None
        self.joint_batch = not checks.mixes_samples(discriminator)
        # TensorFlow counts traces by code and warns of many; each GAN has few: a partial is counted for itself.
        self._draw = tf.function(partial(self._draw_chunk), reduce_retracing=True, autograph=False)
        self.built = True

    def compile(
        self,
        loss: str = "non-saturating",
        g_optimizer: keras.Optimizer | None = None,
        d_optimizer: keras.Optimizer | None = None,
        *,
        r1: float = 0.0,
        r2: float = 0.0,
        gradient_penalty: float = 0.0,
        penalty_every: int = 1,
        critic_steps: int = 1,
        augment_weight: float = 0.0,
        one_backward: bool = False,
        reuse_logits: bool = False,
        jit_compile: bool | str = "auto",
        **kwargs: Any,
    ) -> None:
        """Choose the objective and the optimisers.

        Parameters
        ----------
        loss
            A name in :data:`ganbook.gan.losses.LOSSES`.
        g_optimizer, d_optimizer
            Two optimisers; Adam(2e-4, β₁ 0.5) unless given.
        r1, r2, gradient_penalty
            Weights of the penalties on D, see :mod:`ganbook.gan.losses`.
        penalty_every
            Apply penalties every n steps, scaled by n, which saves most of their cost (lazy regularization: Karras et
            al. 2020, arXiv 1912.04958).
        critic_steps
            Updates of D for one of G. A step is one update of D.
        augment_weight
            Weight λ of E[log D(y)], y augmented real samples; ``minimax`` only. ``augment`` then makes y alone.
        one_backward
            One backward pass through D serves both updates (FusedProp, Polizzi & Tsai 2020, arXiv 2004.03335). The
            updates are then simultaneous: G learns from D as it was before this step.
        reuse_logits
            Judge real samples once a step: a relativistic G compares with D(x) from before D's update.
        jit_compile
            XLA; "auto" is on for networks without convolutions, for others as :mod:`ganbook.utils.by_device` says.
        **kwargs
            Further arguments of ``keras.Model.compile``.

        Raises
        ------
        ValueError
            An unknown loss, or a combination that would not be exact.
        """
        self._objective: dict[str, Any] = {
            "loss": loss, "r1": r1, "r2": r2, "gradient_penalty": gradient_penalty, "penalty_every": penalty_every,
            "critic_steps": critic_steps, "augment_weight": augment_weight, "one_backward": one_backward,
            "reuse_logits": reuse_logits,
        }  # fmt: skip
        if loss not in losses.LOSSES:
            raise ValueError(f"loss {loss!r} is unknown; known are {', '.join(losses.LOSSES)}")
        check_objective(
            self._objective, augment=self.augment is not None, adaptive=self.adaptive is not None,
            joint_batch=self.joint_batch,
        )  # fmt: skip
        self.g_optimizer = g_optimizer or keras.optimizers.Adam(2e-4, beta_1=0.5)
        self.d_optimizer = d_optimizer or keras.optimizers.Adam(2e-4, beta_1=0.5)
        # Built now: tracing and loading both need the variables (tensorflow#27120).
        self.g_optimizer.build(self.generator.trainable_variables)
        self.d_optimizer.build(self.discriminator.trainable_variables)
        if jit_compile == "auto":
            convolves = checks.has_convolutions(self.generator, self.discriminator)
            jit_compile = by_device.xla_works() and (by_device.choices().xla_for_convolutions or not convolves)
        super().compile(optimizer=self.d_optimizer, jit_compile=jit_compile, **kwargs)
        self.means = {name: keras.metrics.Mean(name=name) for name in ("d_loss", "g_loss", "d_real", "d_fake")}
        self._blocks: dict[tuple, Callable] = {}

    strategy: tf.distribute.Strategy | None = None  # that of :meth:`replicate`

    def replicate(self, strategy: tf.distribute.Strategy) -> None:
        """Share each batch of :meth:`train_steps` among the replicas of a strategy, in whose scope this GAN was made.

        The same losses and updates as by one, to rounding: batch normalisation takes its means over all replicas. XLA
        is not used.

        Raises
        ------
        ValueError
            The objective has several updates of D for one of G, or the augmentation is adaptive.
        """
        if self._objective["critic_steps"] > 1 or self.adaptive is not None:
            raise ValueError("critic_steps above 1 and adaptive augmentation do not go with several replicas")
        for network in (self.generator, self.discriminator):
            for layer in checks.leaves(network):
                if isinstance(layer, keras.layers.BatchNormalization):
                    layer.synchronized = True
        self.strategy, self._blocks = strategy, {}

    # Many steps in one graph call

    def train_steps(self, samples: np.ndarray, labels: np.ndarray | None = None) -> tuple[dict[str, float], int | None]:
        """Run one :meth:`train_step` for each batch, in one graph call.

        Parameters
        ----------
        samples
            (n, B, …), uint8 pixels or float32.
        labels
            int32 (n, B), if conditional.

        Returns
        -------
        means
            ``d_loss``, ``g_loss``, ``d_real`` = D(x), ``d_fake`` = D(G(z)) over the n steps.
        bad_step
            The step whose losses were the first not to be finite, after which nothing is trained; the last step if
            the losses are finite but a weight is not; else None.
        """
        key = (samples.shape[1:], samples.dtype.name)
        if key not in self._blocks:
            self._blocks[key] = (
                multi_step.trace(self, samples.shape[1:], samples.dtype)
                if self.strategy is None
                else multi_replica.trace(self, self.strategy)
            )
        bad, d_loss, g_loss, d_real, d_fake = self._blocks[key](samples, labels)
        means = {"d_loss": d_loss, "g_loss": g_loss, "d_real": d_real, "d_fake": d_fake}
        return {k: float(v) for k, v in means.items()}, None if bad < 0 else int(bad)

    def prepare(self, samples: np.ndarray, labels: np.ndarray | None = None, network: str = "both") -> None:
        """Trace and compile :meth:`train_steps`, or :meth:`update` of one network, and train nothing.

        Parameters
        ----------
        samples
            Batches like those to come, (n, B, …), uint8 pixels or float32.
        labels
            int32 (n, B), if conditional.
        network
            As :meth:`update` takes it.
        """
        if network != "both":
            if (network,) not in self._blocks:
                batch = samples[0], None if labels is None else labels[0]
                self._blocks[(network,)] = single_update.trace(self, network, *batch)
        elif self.strategy is None:  # several replicas trace at their first call
            self.train_steps(samples[:0], None if labels is None else labels[:0])

    def update(self, network: str, samples: np.ndarray, labels: np.ndarray | None = None) -> dict[str, float]:
        """Update the discriminator, the generator, or both, on one batch.

        Parameters
        ----------
        network
            ``discriminator``: a step without its update of G. ``generator``: G and its average alone; not a step.
            ``both``: a step.
        samples
            Real, (B, …), uint8 pixels or float32.
        labels
            int32 (B,), if conditional.

        Returns
        -------
        dict
            The losses before the update: ``g_loss``, and unless the generator alone learned ``d_loss``, ``d_real`` and
            ``d_fake``.

        Raises
        ------
        ValueError
            Another name than these three.
        """
        if checked_network(network) != "both" and self.strategy is not None:
            raise ValueError("one network alone is updated on one device: train with --devices 1")
        if network == "both":
            return self.train_steps(samples[None], None if labels is None else labels[None])[0]
        self.prepare(samples[None], None if labels is None else labels[None], network)
        return {name: float(value) for name, value in self._blocks[(network,)](samples, labels).items()}

    def set_learning_rates(self, generator: float, discriminator: float) -> None:
        """Give the optimisers other learning rates, for all that follows; nothing is traced again."""
        for optimizer, rate in ((self.g_optimizer, generator), (self.d_optimizer, discriminator)):
            if np.float32(rate) != np.asarray(optimizer.learning_rate):
                optimizer.learning_rate = rate

    # Samples

    def noise(self, count: int, seed: int = 0) -> np.ndarray:
        """Draw z, float32 (count, latent_dim); the first rows do not depend on ``count``."""
        return noise.latent_vectors(count, self.latent_dim, seed, self.noise_kind)

    def preview_references(self, inputs: np.ndarray, real: np.ndarray) -> dict[str, np.ndarray]:
        """Return what previews are compared with, float32 (N, …) each: ``real``, and perhaps the ``input``.

        ``inputs`` are those of the previews. ``real`` are training data as a generator returns them, float32 (N, …): of
        the class of each preview, or those that the inputs were made of.
        """
        return {"real": real}

    def preview_inputs(self, count: int, seed: int, samples: np.ndarray) -> np.ndarray:
        """Return the inputs of the previews: noise. Other GANs take them from ``samples``, the training data."""
        return self.noise(count, seed)

    def scores(self, samples: np.ndarray, classes: int = 0) -> dict[str, float]:
        """Measure itself on held-out samples; columns of the history. Only tasks that know the truth do.

        ``classes`` is how many a conditional GAN draws from.
        """
        return {}

    def sample(self, z: np.ndarray, labels: np.ndarray | None = None, *, weights: str = "ema") -> np.ndarray:
        """Draw samples, float32 (N, …), from z float32 (N, latent_dim), with weights ``ema`` or ``raw``."""
        network = self.ema_generator if weights == "ema" else self.generator
        at_once = max(1, min(SAMPLE_CHUNK, SAMPLE_VALUES // math.prod(network.output_shape[1:])))
        drawn = []
        for start in range(0, len(z), at_once):
            chunk = slice(start, start + at_once)
            drawn.append(self._draw(z[chunk], None if labels is None else labels[chunk], weights == "ema").numpy())
        return np.concatenate(drawn) if drawn else np.empty((0, *network.output_shape[1:]), np.float32)

    def _draw_chunk(self, z, labels, ema: bool):
        return self._generate(self.ema_generator if ema else self.generator, z, labels)

    def call(self, inputs: Any, training: bool = False) -> tf.Tensor:
        """Samples of the averaged generator."""
        return self.ema_generator(inputs, training=False)

    @property
    def combined(self) -> keras.Model:
        """Z → D(G(z)), a view on the same weights."""
        inputs = self.generator.inputs
        samples = self.generator(inputs if self.conditional else inputs[0])
        logit = self.discriminator([samples, inputs[1]] if self.conditional else samples)
        return keras.Model(inputs if self.conditional else inputs[0], logit, name="combined")

    # Saving

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of :meth:`from_config`."""
        pack = keras.saving.serialize_keras_object
        return {
            "generator": pack(self.generator), "discriminator": pack(self.discriminator),
            "ema_half_life": self.ema_half_life, "augment": pack(self.augment), "adaptive": self.adaptive is not None,
            "noise_kind": self.noise_kind, "seed": self.seed, "name": self.name,
        }  # fmt: skip

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> GAN:
        """Build the GAN that :meth:`get_config` described."""
        unpack: Callable = keras.saving.deserialize_keras_object
        networks = {key: unpack(config[key]) for key in ("generator", "discriminator", "augment")}
        return cls(**config | networks)

    def get_compile_config(self) -> dict[str, Any]:
        """The objective and both optimisers."""
        if not self.compiled:
            return {}
        pack = keras.saving.serialize_keras_object
        return self._objective | {
            "g_optimizer": pack(self.g_optimizer), "d_optimizer": pack(self.d_optimizer),
            "jit_compile": self.jit_compile,
        }  # fmt: skip

    def compile_from_config(self, config: dict[str, Any]) -> None:
        """Compile as :meth:`get_compile_config` described."""
        unpack = keras.saving.deserialize_keras_object
        optimizers = {key: unpack(config[key]) for key in ("g_optimizer", "d_optimizer")}
        self.compile(**config | optimizers)
