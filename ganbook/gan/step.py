"""The step: how one batch updates the discriminator, then the generator and its average.

What each part of it does is a method of its own, so that a GAN of another task replaces just what differs.
"""

from __future__ import annotations

import inspect
from typing import Any

import keras
import tensorflow as tf

from ganbook.gan import determinism, losses, noise
from ganbook.gan.adaptive import Adaptive
from ganbook.utils import replicas

# With one backward pass the factor −e^(−logit) is unbounded where D is certain; it is clipped here.
LARGEST_FACTOR = 1e3
# The average forgets the beginning: its half-life is at most this fraction of the images seen (Karras et al. 2020).
EMA_RAMP = 0.05


class AdversarialStep(keras.Model):
    """What :class:`ganbook.GAN` does with a batch; the attributes below are its, and set there."""

    generator: keras.Model
    ema_generator: keras.Model
    discriminator: keras.Model
    augment: keras.layers.Layer | None
    adaptive: Adaptive | None
    seed: int
    noise_kind: str
    ema_half_life: float
    joint_batch: bool
    g_optimizer: keras.Optimizer
    d_optimizer: keras.Optimizer
    means: dict[str, keras.metrics.Mean]
    _objective: dict[str, Any]

    @property
    def latent_dim(self) -> int:
        """Length of z."""
        return self.generator.inputs[0].shape[-1]

    @property
    def conditional(self) -> bool:
        """True if the networks take labels."""
        return len(self.generator.inputs) == 2

    @property
    def step(self) -> tf.Variable:
        """Updates of D so far, int64; the state that noise and batches are a function of."""
        return self.d_optimizer.iterations

    @property
    def steps_done(self) -> int:
        """Updates of D so far."""
        return int(self.step.numpy())

    @determinism.in_order()
    def train_step(self, data: Any) -> dict[str, tf.Tensor]:
        """Update D, then G, on one batch of real samples; return running means of the losses and beliefs."""
        for name, value in self._update(data).items():
            self.means[name].update_state(value)
        return {name: mean.result() for name, mean in self.means.items()}

    def update_once(self, data: Any) -> dict[str, tf.Tensor]:
        """Update D, then G, on one batch, or a replica's part of it; return losses and beliefs over the whole batch."""
        with determinism.in_order():
            return replicas.means(self._update(data))

    def _update(self, data: Any) -> dict[str, tf.Tensor]:
        real, labels, _ = keras.utils.unpack_x_y_sample_weight(data)
        objective, step = self._objective, tf.cast(self.step, tf.int32)
        noise_key, mix_key, augment_key = tf.unstack(noise.step_keys(self.seed, step, 3))
        rows = tf.shape(real)[0]
        batch = rows if replicas.count() == 1 else rows * replicas.count()
        mix = replicas.draw(rows, lambda n: tf.random.stateless_uniform((n,), mix_key, alg="philox"))
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
        return {"d_loss": d_loss, "g_loss": g_loss, "d_real": d_real, "d_fake": d_fake}

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
        places = replicas.halves(tf.shape(real)[0])
        knows_places = places is not None and "places" in inspect.signature(self.augment.call).parameters
        more = {"places": places} if knows_places else {}
        return tf.split(self.augment(tf.concat([real, fake], 0), seed=key, probability=probability, **more), 2)

    def _update_discriminator(self, real, fake, labels, mix, augment_key, step):
        """Update D.

        Return its losses and beliefs, for ``one_backward`` ∂(G's loss)/∂fake, and for ``reuse_logits`` those of real.
        """
        objective, loss = self._objective, losses.LOSSES[self._objective["loss"]]
        weights = self.discriminator.trainable_variables
        with tf.GradientTape() as d_tape:
            d_tape.watch(fake)
            apart = [name for name in losses.PENALTIES if objective[name]]
            if {"r1", "r2"} & {*apart} and objective["penalty_every"] == 1 and not objective["one_backward"]:
                real_logits, real_penalty = self._judge_penalized(real, labels, objective["r1"])
                fake_logits, fake_penalty = self._judge_penalized(fake, labels, objective["r2"])
                total = real_penalty + fake_penalty
                apart = [name for name in apart if name not in ("r1", "r2")]
            else:
                real_logits, fake_logits = self._judge_both(real, fake, labels)
                total = 0.0
            d_losses, g_losses = loss(real_logits, fake_logits)
            total += tf.reduce_mean(d_losses)
            if objective["augment_weight"]:
                assert self.augment is not None, "compile() checks it"
                augmented = self.augment(real, seed=augment_key)
                extra = tf.reduce_mean(losses.augmented_real(self._judge(augmented, labels)))
                total += objective["augment_weight"] * extra
            if apart:
                total += self._penalties(apart, real, tf.stop_gradient(fake), labels, mix, step)
        d_grads = d_tape.gradient(total, [*weights, fake] if objective["one_backward"] else weights)
        slope = self._redirect(d_grads.pop(), real_logits, fake_logits) if objective["one_backward"] else None
        self.d_optimizer.apply(replicas.shared(d_grads), weights)
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

    def _penalties(self, names, real, fake, labels, mix, step):
        """Weighted penalties on D by passes of their own, at the steps at which they count."""
        objective, every = self._objective, self._objective["penalty_every"]

        def weighted():
            penalties = [
                objective[name]
                * tf.reduce_mean(losses.PENALTIES[name](lambda x: self._judge(x, labels), real, fake, mix))
                for name in names
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
        return replicas.draw(tf.shape(real)[0], lambda n: noise.step_vectors(self.noise_kind, n, self.latent_dim, key))

    def _g_objective(self, g_loss, real, fake):
        """Return the generator's whole loss from its adversarial one."""
        return g_loss

    def _update_generator(self, g_tape, fake, slope, step, batch):
        weights = self.generator.trainable_variables
        self.g_optimizer.apply(replicas.shared(g_tape.gradient(fake, weights, output_gradients=slope)), weights)
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


def _signed(samples: tf.Tensor) -> tf.Tensor:
    """Pixels onto [−1, 1]; anything else as it is, float32."""
    if samples.dtype == tf.uint8:
        return tf.cast(samples, tf.float32) / 127.5 - 1.0
    return tf.cast(samples, tf.float32)
