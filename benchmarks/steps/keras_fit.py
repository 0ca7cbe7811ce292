"""The usual tutorial: ``train_step`` in a ``keras.Model``, ``fit``, a ``tf.data`` pipeline; with or without XLA."""

from __future__ import annotations

import numpy as np

from benchmarks.steps import problem as p


class KerasFit:
    jit = False

    def __init__(self, problem: p.Problem):
        from ganbook.utils import backend

        tf = backend.tensorflow()
        import keras

        real = p.signed(problem.images().astype(np.float32))
        data = tf.data.Dataset.from_tensor_slices(real).shuffle(10_000).batch(problem.batch, drop_remainder=True)
        self.data = data.repeat().prefetch(tf.data.AUTOTUNE)

        def adam():
            return keras.optimizers.Adam(p.LEARNING_RATE, p.BETA_1, p.BETA_2, p.EPSILON)

        class Tutorial(keras.Model):
            def __init__(self, generator, discriminator):
                super().__init__()
                self.generator, self.discriminator = generator, discriminator

            def compile(self, d_optimizer, g_optimizer, bce, **kwargs):
                super().compile(**kwargs)
                self.d_optimizer, self.g_optimizer, self.bce = d_optimizer, g_optimizer, bce
                self.d_optimizer.build(self.discriminator.trainable_variables)
                self.g_optimizer.build(self.generator.trainable_variables)

            def train_step(self, real):
                noise = tf.random.normal((2, tf.shape(real)[0], p.LATENT))
                return self.update(real, noise[0], noise[1])

            def update(self, real, z_d, z_g):
                fake = self.generator(z_d, training=True)
                with tf.GradientTape() as tape:
                    real_logits = self.discriminator(real, training=True)
                    fake_logits = self.discriminator(fake, training=True)
                    d_loss = self.bce(tf.ones_like(real_logits), real_logits)
                    d_loss += self.bce(tf.zeros_like(fake_logits), fake_logits)
                weights = self.discriminator.trainable_variables
                self.d_optimizer.apply_gradients(zip(tape.gradient(d_loss, weights), weights, strict=True))
                with tf.GradientTape() as tape:
                    logits = self.discriminator(self.generator(z_g, training=True), training=True)
                    g_loss = self.bce(tf.ones_like(logits), logits)
                weights = self.generator.trainable_variables
                self.g_optimizer.apply_gradients(zip(tape.gradient(g_loss, weights), weights, strict=True))
                return {"d_loss": d_loss, "g_loss": g_loss}

        self.model = Tutorial(*problem.pair())
        bce = keras.losses.BinaryCrossentropy(from_logits=True)
        self.model.compile(adam(), adam(), bce, jit_compile=self.jit)
        self.update = tf.function(self.model.update, jit_compile=self.jit)

    def run(self, steps: int) -> None:
        self.model.fit(self.data, steps_per_epoch=steps, epochs=1, verbose=0)

    def check(self, real: np.ndarray, z: np.ndarray) -> list[tuple[float, float]]:
        logs = [self.update(p.signed(r.astype(np.float32)), n, n) for r, n in zip(real, z, strict=True)]
        return [(float(each["d_loss"]), float(each["g_loss"])) for each in logs]


class KerasFitXLA(KerasFit):
    jit = True
