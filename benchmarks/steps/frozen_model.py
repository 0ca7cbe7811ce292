"""The way of most Keras scripts: ``train_on_batch`` on D, then on a combined model in which D is frozen."""

from __future__ import annotations

import numpy as np

from benchmarks.steps import problem as p


class FrozenModel(p.Loop):
    def __init__(self, problem: p.Problem):
        super().__init__(problem)
        from ganbook.utils import backend

        backend.tensorflow()
        import keras

        self.generator, self.discriminator = problem.pair()
        bce = keras.losses.BinaryCrossentropy(from_logits=True)

        def adam():
            return keras.optimizers.Adam(p.LEARNING_RATE, p.BETA_1, p.BETA_2, p.EPSILON)

        self.discriminator.compile(adam(), bce)
        # A second model over the same layers, in which they do not learn.
        frozen = keras.Model(self.discriminator.inputs, self.discriminator.outputs)
        z = keras.Input((p.LATENT,))
        self.combined = keras.Model(z, frozen(self.generator(z)))
        self.combined.compile(adam(), bce)
        self.combined.optimizer.build(self.generator.trainable_variables)
        self.draw = self.prediction()
        self.ones, self.zeros = np.ones((problem.batch, 1)), np.zeros((problem.batch, 1))

    def prediction(self):
        return lambda z: self.generator.predict(z, verbose=0)

    def step(self, real, z_d, z_g):
        fake = self.draw(z_d)
        both = np.concatenate([p.signed(real.astype(np.float32)), fake])
        self.discriminator.trainable = True
        d_loss = self.discriminator.train_on_batch(both, np.concatenate([self.ones, self.zeros]))
        self.discriminator.trainable = False
        g_loss = self.combined.train_on_batch(z_g, self.ones)
        return 2 * d_loss, g_loss


class FrozenModelOnBatch(FrozenModel):
    def prediction(self):
        return self.generator.predict_on_batch
