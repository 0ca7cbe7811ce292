"""JAX: the whole step jitted, many steps in one scan, data resident, buffers donated."""

from __future__ import annotations

import numpy as np

from benchmarks.steps import problem as p

CALL = 20


class Jax:
    def __init__(self, problem: p.Problem):
        import jax
        import jax.numpy as jnp
        from jax import lax, nn, random

        self.jnp, batch = jnp, problem.batch
        g, d = problem.weights
        self.real = jnp.asarray(problem.images())
        softplus, leaky = nn.softplus, lambda x: nn.leaky_relu(x, 0.2)

        def dense_stack(weights, x):
            *pairs, last = zip(weights[::2], weights[1::2], strict=True)
            for kernel, bias in pairs:
                x = nn.relu(x @ kernel + bias)
            return x @ last[0] + last[1]

        def norm(x, gamma, beta):
            axes = tuple(range(x.ndim - 1))
            return nn.relu((x - x.mean(axes)) * lax.rsqrt(x.var(axes) + 1e-3) * gamma + beta)

        def conv(x, kernel, bias):
            spec = ("NHWC", "HWIO", "NHWC")
            return lax.conv_general_dilated(x, kernel, (2, 2), "SAME", dimension_numbers=spec) + bias

        def conv_transpose(x, kernel):
            spec = ("NHWC", "HWOI", "NHWC")
            return lax.conv_transpose(x, kernel, (2, 2), "SAME", dimension_numbers=spec, transpose_kernel=False)

        def generator(w, z):
            if problem.network == "mlp":
                return jnp.tanh(dense_stack(w, z)).reshape(-1, 28, 28, 1)
            x = norm((z @ w[0]).reshape(len(z), 7, 7, -1), w[1], w[2])
            x = norm(conv_transpose(x, w[3][::-1, ::-1]), w[4], w[5])
            return jnp.tanh(conv_transpose(x, w[6][::-1, ::-1]) + w[7])

        def discriminator(w, x):
            if problem.network == "mlp":
                return dense_stack(w, x.reshape(len(x), -1))
            x = leaky(conv(leaky(conv(x, w[0], w[1])), w[2], w[3]))
            return x.reshape(len(x), -1) @ w[4] + w[5]

        def adam(w, grads, m, v, t):
            m = [p.BETA_1 * a + (1 - p.BETA_1) * b for a, b in zip(m, grads, strict=True)]
            v = [p.BETA_2 * a + (1 - p.BETA_2) * b * b for a, b in zip(v, grads, strict=True)]
            rate = p.LEARNING_RATE * jnp.sqrt(1 - p.BETA_2**t) / (1 - p.BETA_1**t)
            w = [a - rate * b / (jnp.sqrt(c) + p.EPSILON) for a, b, c in zip(w, m, v, strict=True)]
            return w, m, v

        def d_objective(w, real, fake):
            return softplus(-discriminator(w, real)).mean() + softplus(discriminator(w, fake)).mean()

        def step(state, real, z):
            g, d, (gm, gv), (dm, dv), t = state
            t = t + 1
            # One pass through G for both updates.
            fake, pull = jax.vjp(lambda w: generator(w, z), g)
            d_loss, grads = jax.value_and_grad(d_objective)(d, p.signed(real.astype(jnp.float32)), fake)
            d, dm, dv = adam(d, grads, dm, dv, t)
            g_loss, slope = jax.value_and_grad(lambda x: softplus(-discriminator(d, x)).mean())(fake)
            g, gm, gv = adam(g, pull(slope)[0], gm, gv, t)
            return (g, d, (gm, gv), (dm, dv), t), (d_loss, g_loss)

        def many(state, key):
            def one(state, key):
                pick, noise = random.split(key)
                real = self.real[random.randint(pick, (batch,), 0, len(self.real))]
                return step(state, real, random.normal(noise, (batch, p.LATENT)))

            return lax.scan(one, state, random.split(key, CALL))[0]

        def zeros(weights):
            return [jnp.zeros_like(w) for w in weights], [jnp.zeros_like(w) for w in weights]

        g, d = [jnp.asarray(w) for w in g], [jnp.asarray(w) for w in d]
        self.state = (g, d, zeros(g), zeros(d), jnp.float32(0))
        self.step, self.many = jax.jit(step), jax.jit(many, donate_argnums=0)
        self.keys, self.split = random.PRNGKey(1), random.split

    def run(self, steps: int) -> int:
        calls = -(-steps // CALL)
        for _ in range(calls):
            self.keys, key = self.split(self.keys)
            self.state = self.many(self.state, key)
        self.state[-1].block_until_ready()
        return calls * CALL

    def check(self, real: np.ndarray, z: np.ndarray) -> list[tuple[float, float]]:
        losses = []
        for r, n in zip(real, z, strict=True):
            self.state, pair = self.step(self.state, r, n)
            losses.append(tuple(map(float, pair)))
        return losses
