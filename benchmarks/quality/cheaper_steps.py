"""Cheaper steps that ``benchmarks.search`` tries: the same losses with fewer passes through the discriminator."""

from __future__ import annotations

import tensorflow as tf

from ganbook.gan import losses
from ganbook.gan.model import GAN

SIGMA = 0.01


class CheaperGAN(GAN):
    """A GAN whose R1 or R2 costs no forward pass of its own.

    ``passes`` is a set of

    ``slope``
        ∇D of R1 comes from the pass that gives the logits; the same numbers but for rounding.
    ``finite``
        ((D(x + σε) − D(x)) / σ)² instead of ‖∇D(x)‖², whose mean over ε it is (arXiv 2501.08316, section 3.3).
    ``kept real``
        G's relativistic loss compares with D(x) from before D's update instead of judging the real images again.
    """

    passes: frozenset[str] = frozenset()

    def _update_discriminator(self, real, fake, labels, mix, augment_key, step):
        objective, loss = self._objective, losses.LOSSES[self._objective["loss"]]
        weights, every = self.discriminator.trainable_variables, objective["penalty_every"]
        kinds = {"real": (real, objective["r1"]), "fake": (fake, objective["r2"])}
        if "finite" in self.passes:
            finite = tf.random.stateless_normal(tf.shape(tf.concat([real, fake], 0)), augment_key, alg="philox")
            noises = dict(zip(kinds, tf.split(SIGMA * finite, 2), strict=True))
        with tf.GradientTape() as tape:
            logits, slopes = {}, {}
            if "finite" in self.passes and every == 1:
                parts = [real, fake, *(x + noises[kind] for kind, (x, weight) in kinds.items() if weight)]
                judged = tf.split(self._judge(tf.concat(parts, 0), None), len(parts))
                logits = dict(zip(kinds, judged[:2], strict=True))
                penalized = [(kind, weight) for kind, (_, weight) in kinds.items() if weight]
                penalty = tf.add_n([
                    0.5 * weight * tf.reduce_mean(tf.square((moved - logits[kind]) / SIGMA))
                    for (kind, weight), moved in zip(penalized, judged[2:], strict=True)
                ])  # fmt: skip
            elif every > 1:
                logits["real"], logits["fake"] = self._judge_both(real, fake, labels)
                penalized = [kind for kind, (_, weight) in zip(("r1", "r2"), kinds.values(), strict=True) if weight]
                penalty = self._penalties(penalized, real, tf.stop_gradient(fake), labels, mix, step)
            else:
                penalty = 0.0
                for kind, (x, weight) in kinds.items():
                    if not weight:
                        logits[kind] = self._judge(x, labels)
                        continue
                    with tf.GradientTape() as inner:
                        inner.watch(x)
                        logits[kind] = self._judge(x, labels)
                    slopes[kind] = inner.gradient(logits[kind], x)
                    penalty += 0.5 * weight * tf.reduce_mean(tf.reduce_sum(tf.square(slopes[kind]), (1, 2, 3)))
            d_losses, g_losses = loss(logits["real"], logits["fake"])
            total = tf.reduce_mean(d_losses) + penalty
        self.d_optimizer.apply(tape.gradient(total, weights), weights)
        self._real_logits = logits["real"]
        d_real, d_fake = (tf.reduce_mean(b) for b in losses.beliefs(objective["loss"], logits["real"], logits["fake"]))
        return total, tf.reduce_mean(g_losses), d_real, d_fake, None, None

    def _learn_from_discriminator(self, g_tape, real, fake, labels, step, batch, real_logits=None):
        kept = "kept real" in self.passes
        real_logits = self._real_logits if kept else self._judge(real, labels)
        with tf.GradientTape() as tape:
            tape.watch(fake)
            fake_logits = self._judge(fake, labels)
            g_loss = tf.reduce_mean(losses.LOSSES[self._objective["loss"]](real_logits, fake_logits)[1])
        self._update_generator(g_tape, fake, tape.gradient(g_loss, fake), step, batch)
        return g_loss
