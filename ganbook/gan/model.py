"""The GAN: two networks, the average of one of them, and the step that trains them.

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

from ganbook.gan import determinism, losses, multi_step, noise, single_update
from ganbook.gan.adaptive import Adaptive
from ganbook.gan.objective import check as check_objective
from ganbook.gan.objective import checked_network
from ganbook.networks import checks

# Samples are drawn this many at a time, and at most this many values: large images need much memory on the way.
SAMPLE_CHUNK, SAMPLE_VALUES = 256, 2**22
# With one backward pass the factor −e^(−logit) is unbounded where D is certain; it is clipped here.
LARGEST_FACTOR = 1e3
# The average forgets the beginning: its half-life is at most this fraction of the images seen (Karras et al. 2020).
EMA_RAMP = 0.05


@keras.saving.register_keras_serializable("ganbook")
class GAN(keras.Model):
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
            Judge each batch less often: R1 and R2 take ∇D from the pass that gives the logits, and a relativistic G
            compares with D(x) from before D's update. Penalties then count at every step.
        jit_compile
            XLA; "auto" is on for networks without convolutions.
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
            jit_compile = not checks.has_convolutions(self.generator, self.discriminator)
        super().compile(optimizer=self.d_optimizer, jit_compile=jit_compile, **kwargs)
        self.means = {name: keras.metrics.Mean(name=name) for name in ("d_loss", "g_loss", "d_real", "d_fake")}
        self._blocks: dict[tuple, Callable] = {}

    # The step

    @property
    def step(self) -> tf.Variable:
        """Updates of D so far, int64; the state that noise and batches are a function of."""
        return self.d_optimizer.iterations

    @determinism.in_order()
    def train_step(self, data: Any) -> dict[str, tf.Tensor]:
        """Update D, then G, on one batch of real samples; return running means of the losses and beliefs."""
        real, labels, _ = keras.utils.unpack_x_y_sample_weight(data)
        objective, step = self._objective, tf.cast(self.step, tf.int32)
        noise_key, mix_key, augment_key = tf.unstack(noise.step_keys(self.seed, step, 3))
        batch = tf.shape(real)[0]
        mix = tf.random.stateless_uniform((batch,), mix_key, alg="philox")
        # One forward pass through G serves both updates.
        g_tape, real, fake = self._draw_batch(real, labels, noise_key, augment_key)
        d_loss, g_loss, d_real, d_fake, slope, real_logits = self._update_discriminator(
            real, fake, labels, mix, augment_key, step
        )

        if objective["one_backward"]:
            self._update_generator(g_tape, fake, slope, step, batch)
        elif objective["critic_steps"] == 1:
            g_loss = self._learn_from_discriminator(g_tape, real, fake, labels, step, batch, real_logits)
        else:
            g_loss = tf.cond(
                (step + 1) % objective["critic_steps"] == 0,
                lambda: self._learn_from_discriminator(g_tape, real, fake, labels, step, batch, real_logits),
                lambda: g_loss,
            )
        logs = {"d_loss": d_loss, "g_loss": g_loss, "d_real": d_real, "d_fake": d_fake}
        for name, value in logs.items():
            self.means[name].update_state(value)
        return {name: mean.result() for name, mean in self.means.items()}

    def _draw_batch(self, samples, labels, noise_key, augment_key):
        """Draw a batch from G; return the tape that recorded it, and what D sees of real and generated samples."""
        real = _signed(samples)
        inputs = self._generator_inputs(real, noise_key)
        with tf.GradientTape() as tape:
            fake = self._generate(self.generator, inputs, labels, training=True)
            if self.augment is not None and not self._objective["augment_weight"]:
                # One draw serves both updates, as one z does.
                real, fake = self._augmented(real, fake, augment_key)
        return tape, real, fake

    def _augmented(self, real, fake, key):
        assert self.augment is not None
        probability = self.adaptive.probability.value if self.adaptive else None
        return tf.split(self.augment(tf.concat([real, fake], 0), seed=key, probability=probability), 2)

    def _update_discriminator(self, real, fake, labels, mix, augment_key, step):
        """Update D.

        Return its losses and beliefs, for ``one_backward`` ∂(G's loss)/∂fake, and for ``reuse_logits`` those of real.
        """
        objective, loss = self._objective, losses.LOSSES[self._objective["loss"]]
        weights = self.discriminator.trainable_variables
        with tf.GradientTape() as d_tape:
            d_tape.watch(fake)
            if objective["reuse_logits"]:
                real_logits, real_penalty = self._judge_penalized(real, labels, objective["r1"])
                fake_logits, fake_penalty = self._judge_penalized(fake, labels, objective["r2"])
            else:
                real_logits, fake_logits = self._judge_both(real, fake, labels)
            d_losses, g_losses = loss(real_logits, fake_logits)
            d_loss = tf.reduce_mean(d_losses)
            total = d_loss
            if objective["augment_weight"]:
                assert self.augment is not None, "compile() checks it"
                augmented = self.augment(real, seed=augment_key)
                extra = tf.reduce_mean(losses.augmented_real(self._judge(augmented, labels)))
                total += objective["augment_weight"] * extra
            if objective["reuse_logits"]:
                total += real_penalty + fake_penalty
            elif any(objective[name] for name in losses.PENALTIES):
                total += self._penalties(real, tf.stop_gradient(fake), labels, mix, step)
        d_grads = d_tape.gradient(total, [*weights, fake] if objective["one_backward"] else weights)
        slope = self._redirect(d_grads.pop(), real_logits, fake_logits) if objective["one_backward"] else None
        self.d_optimizer.apply(d_grads, weights)
        if self.adaptive:
            self.adaptive.update(
                losses.overfitting(objective["loss"], real_logits, fake_logits), step, tf.shape(real)[0]
            )
        d_real, d_fake = (tf.reduce_mean(b) for b in losses.beliefs(objective["loss"], real_logits, fake_logits))
        kept = tf.stop_gradient(real_logits) if objective["reuse_logits"] else None
        return total, tf.reduce_mean(g_losses), d_real, d_fake, slope, kept

    def _judge_penalized(self, samples, labels, weight):
        """Logits, and weight/2 E‖∇D‖² from the same pass: R1 of real samples, R2 of generated ones."""
        if not weight:
            return self._judge(samples, labels), 0.0
        with tf.GradientTape() as tape:
            tape.watch(samples)
            logits = self._judge(samples, labels)
        return logits, 0.5 * weight * tf.reduce_mean(losses.squared_norm(tape.gradient(logits, samples)))

    def _penalties(self, real, fake, labels, mix, step):
        """Weighted penalties on D, at the steps at which they count."""
        objective, every = self._objective, self._objective["penalty_every"]

        def weighted():
            penalties = [
                objective[name] * tf.reduce_mean(penalty(lambda x: self._judge(x, labels), real, fake, mix))
                for name, penalty in losses.PENALTIES.items()
                if objective[name]
            ]
            return every * tf.add_n(penalties)

        return weighted() if every == 1 else tf.cond(step % every == 0, weighted, lambda: 0.0)

    def _redirect(self, slope, real_logits, fake_logits):
        """Turn ∂(D's loss)/∂fake into ∂(G's loss)/∂fake, sample by sample.

        Both reach ``fake`` through the same D, so they differ by the ratio of the losses' slopes at the logit.
        """
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(fake_logits)
            d_losses, g_losses = losses.LOSSES[self._objective["loss"]](real_logits, fake_logits)
        factor = tape.gradient(g_losses, fake_logits) / tape.gradient(d_losses, fake_logits)
        factor = tf.clip_by_value(factor, -LARGEST_FACTOR, LARGEST_FACTOR)
        return slope * tf.cast(tf.reshape(factor, [-1] + [1] * (slope.shape.rank - 1)), slope.dtype)

    def _learn_from_discriminator(self, g_tape, real, fake, labels, step, batch, real_logits=None):
        """Update G against D as it is now; return G's loss. Real images are judged unless their logits are given."""
        with tf.GradientTape() as tape:
            tape.watch(fake)
            if self._objective["loss"] in losses.G_NEEDS_REAL and real_logits is not None:
                fake_logits = self._judge(fake, labels)
            elif self._objective["loss"] in losses.G_NEEDS_REAL:
                real_logits, fake_logits = self._judge_both(real, fake, labels)
            else:
                fake_logits = self._judge(fake, labels)
                real_logits = fake_logits
            g_loss = tf.reduce_mean(losses.LOSSES[self._objective["loss"]](real_logits, fake_logits)[1])
            g_loss = self._g_objective(g_loss, real, fake)
        self._update_generator(g_tape, fake, tape.gradient(g_loss, fake), step, batch)
        return g_loss

    def _generator_inputs(self, real, key):
        """Draw what the generator takes in a step: latent vectors, float32 (B, latent_dim)."""
        return noise.step_vectors(self.noise_kind, tf.shape(real)[0], self.latent_dim, key)

    def _g_objective(self, g_loss, real, fake):
        """Return the generator's whole loss from its adversarial one."""
        return g_loss

    def _update_generator(self, g_tape, fake, slope, step, batch):
        weights = self.generator.trainable_variables
        self.g_optimizer.apply(g_tape.gradient(fake, weights, output_gradients=slope), weights)
        # Move the average towards G.
        seen = tf.cast(step + 1, tf.float32) * tf.cast(batch, tf.float32)
        half_life = tf.minimum(self.ema_half_life, EMA_RAMP * seen)
        keep = 0.5 ** (tf.cast(batch * self._objective["critic_steps"], tf.float32) / half_life)
        for average, weight in zip(self.ema_generator.variables, self.generator.variables, strict=True):
            if "float" in average.dtype:
                average.assign_sub(tf.cast(1.0 - keep, average.dtype) * (average - weight))

    def _generate(self, generator, z, labels, training=False):
        samples = generator([z, labels] if self.conditional else z, training=training)
        return tf.cast(samples, tf.float32)

    def _judge(self, samples, labels):
        logits = self.discriminator([samples, labels] if self.conditional else samples, training=True)
        return tf.reshape(tf.cast(logits, tf.float32), [-1])

    def _judge_both(self, real, fake, labels):
        """Logits of real and fake: in one pass, unless D's layers would mix the two kinds."""
        if not self.joint_batch:
            return self._judge(real, labels), self._judge(fake, labels)
        both = None if labels is None else tf.concat([labels, labels], 0)
        return tf.split(self._judge(tf.concat([real, fake], 0), both), 2)

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
        for mean in self.means.values():
            mean.reset_state()
        key = (samples.shape[1:], samples.dtype.name)
        if key not in self._blocks:
            self._blocks[key] = multi_step.trace(self, samples.shape[1:], samples.dtype)
        bad, d_loss, g_loss, d_real, d_fake = self._blocks[key](samples, labels)
        means = {"d_loss": d_loss, "g_loss": g_loss, "d_real": d_real, "d_fake": d_fake}
        return {k: float(v) for k, v in means.items()}, None if bad < 0 else int(bad)

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
        if checked_network(network) == "both":
            return self.train_steps(samples[None], None if labels is None else labels[None])[0]
        if (network,) not in self._blocks:
            self._blocks[(network,)] = single_update.trace(self, network)
        return {name: float(value) for name, value in self._blocks[(network,)](samples, labels).items()}

    # Samples

    @property
    def latent_dim(self) -> int:
        """Length of z."""
        return self.generator.inputs[0].shape[-1]

    @property
    def conditional(self) -> bool:
        """True if the networks take labels."""
        return len(self.generator.inputs) == 2

    def noise(self, count: int, seed: int = 0) -> np.ndarray:
        """Draw z, float32 (count, latent_dim); the first rows do not depend on ``count``."""
        return noise.latent_vectors(count, self.latent_dim, seed, self.noise_kind)

    def preview_inputs(self, count: int, seed: int, samples: np.ndarray) -> np.ndarray:
        """Return the inputs of the previews: noise. Other GANs take them from ``samples``, the training data."""
        return self.noise(count, seed)

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


def _signed(samples: tf.Tensor) -> tf.Tensor:
    """Pixels onto [−1, 1]; anything else as it is, float32."""
    if samples.dtype == tf.uint8:
        return tf.cast(samples, tf.float32) / 127.5 - 1.0
    return tf.cast(samples, tf.float32)
