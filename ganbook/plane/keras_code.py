"""A run on points as Keras code that needs no ganbook: the same data, weights, batches, noise and updates."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ganbook.config import learning_rates
from ganbook.data import point_shapes, points
from ganbook.metrics.points import COUNT
from ganbook.networks.layers import Seeds

if TYPE_CHECKING:
    from ganbook.config.train import TrainConfig
    from ganbook.training.run import Run

# Sources of losses follow it, whose annotations name types that only ganbook has.
HEAD = '''\
"""A GAN on {name}: {steps:,} steps with Keras alone. Writes 2,500 samples to samples.npy."""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf

SEED, STEPS, BATCH, LATENT_DIM = {seed}, {steps}, {batch}, {latent_dim}
softplus = tf.math.softplus

# The data, around 0 and in units of their scale.


{data}
centre = points.mean(0, dtype=np.float64)
scale = np.sqrt(np.mean(np.square(points - centre), dtype=np.float64))
real_points = ((points - centre) / scale).astype(np.float32)


def real_batch(step):
    """Examples step * BATCH and on of an endless stream; each epoch is a permutation of all."""
    count, position, chosen = len(real_points), step * BATCH, []
    while position < (step + 1) * BATCH:
        epoch, offset = divmod(position, count)
        key = np.array([SEED, epoch], dtype=np.uint64)
        order = np.random.Generator(np.random.Philox(key=key)).permutation(count)
        chosen.append(order[offset : offset + (step + 1) * BATCH - position])
        position += len(chosen[-1])
    return real_points[np.concatenate(chosen)]


# The networks.


def dense(width, seed, activation=None):
    return keras.layers.Dense(width, activation, kernel_initializer=keras.initializers.GlorotUniform(seed=seed))


generator = keras.Sequential([
    keras.Input((LATENT_DIM,)),
{generator}
])
discriminator = keras.Sequential([
    keras.Input((2,)),
{discriminator}
])
average = keras.models.clone_model(generator)
average.set_weights(generator.get_weights())
g_optimizer = {g_optimizer}
d_optimizer = {d_optimizer}
g_optimizer.build(generator.trainable_variables)
d_optimizer.build(discriminator.trainable_variables)

# The objective.


{objective}

def judge(samples):
    return tf.reshape(discriminator(samples, training=True), [-1])


@tf.function
def train_step(real, step):
    keys = tf.random.split(tf.stack([tf.constant(SEED, tf.int32), step]), 3, alg="philox")
    z = {noise}
    mix = tf.random.stateless_uniform((BATCH,), keys[1], alg="philox")
    with tf.GradientTape() as g_tape:
        fake = generator(z, training=True)

    # Update D.
    with tf.GradientTape() as tape:
        real_logits, fake_logits = tf.split(judge(tf.concat([real, fake], 0)), 2)
        d_loss = tf.reduce_mean({loss}(real_logits, fake_logits)[0])
{penalties}    weights = discriminator.trainable_variables
    d_optimizer.apply(tape.gradient(d_loss, weights), weights)

    # Update G, and move its average towards it.
    if (step + 1) % {critic_steps} == 0:
        with tf.GradientTape() as tape:
            tape.watch(fake)
            real_logits, fake_logits = tf.split(judge(tf.concat([real, fake], 0)), 2)
            g_loss = tf.reduce_mean({loss}(real_logits, fake_logits)[1])
        weights = generator.trainable_variables
        slope = tape.gradient(g_loss, fake)
        g_optimizer.apply(g_tape.gradient(fake, weights, output_gradients=slope), weights)
        seen = tf.cast(step + 1, tf.float32) * BATCH
        half_life = tf.minimum({half_life!r}, {ramp!r} * seen)
        keep = 0.5 ** ({batch_of_g!r} / half_life)
        for mean, weight in zip(average.variables, generator.variables):
            mean.assign_sub((1.0 - keep) * (mean - weight))


for step in range(STEPS):
{rate_changes}    train_step(tf.constant(real_batch(step)), tf.constant(step))

z = {sample_noise}
samples = (average(z).numpy() * scale + centre).astype(np.float32)
np.save("samples.npy", samples)
# import matplotlib.pyplot as plt; plt.plot(*points[:2500].T, ".", *samples.T, "."); plt.axis("equal"); plt.show()
'''


def keras_code(run: Run) -> str:
    """Return the code of a run on points, for the steps that it has done.

    Raises
    ------
    ValueError
        The run uses what is not written: classes, the user's own networks, ``one_backward``.
    """
    from ganbook.gan.step import EMA_RAMP

    config = run.config
    for refused, why in (
        (config.conditional, "--conditional"),
        (config.one_backward, "--one-backward"),
        (config.network == "custom", "networks of your own"),
    ):
        if refused:
            raise ValueError(f"code is not written for runs with {why}; {run.folder.path} holds generator.keras")
    gaussian = config.noise == "gaussian"
    return HEAD.format(
        name=run.data.name, seed=config.seed, steps=run.steps_done, batch=config.batch_size,
        latent_dim=config.latent_dim, data=_data(run), generator=_layers(config, "generator", 2),
        discriminator=_layers(config, "discriminator", 1), objective=_objective(config),
        g_optimizer=_optimizer(config, config.learning_rate, config.critic_steps or 1),
        d_optimizer=_optimizer(config, config.d_learning_rate, 1),
        loss=_function(config), penalties=_penalties(config), critic_steps=config.critic_steps,
        half_life=config.ema_half_life, ramp=EMA_RAMP,
        rate_changes=_rate_changes(config, run.steps_done),
        batch_of_g=float(config.batch_size or 1) * (config.critic_steps or 1),
        noise="tf.random.stateless_normal((BATCH, LATENT_DIM), keys[0], alg=\"philox\")" if gaussian
        else "tf.random.stateless_uniform((BATCH, LATENT_DIM), keys[0], -1.0, 1.0, alg=\"philox\")",
        sample_noise=f"np.random.default_rng(0).standard_normal(({COUNT}, LATENT_DIM), dtype=np.float32)" if gaussian
        else f"2 * np.random.default_rng(0).random(({COUNT}, LATENT_DIM), dtype=np.float32) - 1",
    )  # fmt: skip


def _data(run: Run) -> str:
    source = run.data.source
    if source is None:
        return '# Written by np.save("points.npy", run.data.points).\npoints = np.load("points.npy")'
    name, options = point_shapes.parse(source)
    draw = point_shapes.SHAPES[name].draw
    given = ", ".join(f"{key}={value!r}" for key, value in options.items())
    call = f"{draw.__name__}(np.random.default_rng({points.SEED}), {points.COUNT + points.TEST_COUNT}, {given})"
    return f"{inspect.getsource(draw)}\n\npoints = {call}[0].astype(np.float32)[:{points.COUNT}]"


def _layers(config: TrainConfig, network: str, outputs: int) -> str:
    seeds = Seeds(config.seed, network)
    widths = config.hidden_widths if network == "generator" else reversed(config.hidden_widths)
    lines = [f'    dense({width}, {seeds.next()}, "{config.activation}"),' for width in widths]
    return "\n".join([*lines, f"    dense({outputs}, {seeds.next()}),"])


def _optimizer(config: TrainConfig, learning_rate: float | None, steps: int) -> str:
    rate = repr(learning_rate)
    if config.rate_half_life:
        rate = f"keras.optimizers.schedules.ExponentialDecay({rate}, {config.rate_half_life / steps!r}, 0.5)"
    if config.optimizer == "sgd":
        return f"keras.optimizers.SGD({rate})"
    return f"keras.optimizers.Adam({rate}, beta_1={config.beta_1!r}, beta_2={config.beta_2!r})"


def _rate_changes(config: TrainConfig, steps: int) -> str:
    """Return the lines that change learning rates while it trains."""
    return "".join(
        f"    if step == {change.step}:\n        g_optimizer.learning_rate, d_optimizer.learning_rate = "
        f"{change.generator!r}, {change.discriminator!r}\n"
        for change in learning_rates.parse(config.rate_changes)
        if change.step < steps
    )


def _function(config: TrainConfig) -> str:
    from ganbook.gan import losses

    return losses.LOSSES[str(config.loss)].__name__


def _weights(config: TrainConfig) -> dict[str, float]:
    from ganbook.gan import losses

    return {name: float(getattr(config, name)) for name in losses.PENALTIES if getattr(config, name)}


def _objective(config: TrainConfig) -> str:
    """Return the sources of the loss and the penalties."""
    from ganbook.gan import losses

    functions: list[Callable[..., Any]] = [losses.LOSSES[str(config.loss)]]
    if weights := _weights(config):
        functions += [losses.squared_norm, losses._squared_slope, *(losses.PENALTIES[name] for name in weights)]
    return "\n\n".join(inspect.getsource(function) for function in functions)


def _penalties(config: TrainConfig) -> str:
    """Return the lines that add penalties to D's loss."""
    every = int(config.penalty_every or 1)
    indent, lines = " " * 8, []
    if every > 1 and _weights(config):
        lines.append(f"{indent}if step % {every} == 0:")
        indent += "    "
    for name, weight in _weights(config).items():
        lines.append(
            f"{indent}d_loss += {every * weight!r} * tf.reduce_mean({name}(judge, real, tf.stop_gradient(fake), mix))"
        )
    return "".join(f"{line}\n" for line in lines)
