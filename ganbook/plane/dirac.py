"""The Dirac-GAN: one parameter of G, one of D, and where training takes them.

Mescheder, Geiger & Nowozin 2018, section 2 (arXiv 1801.04406). All real data are at 0, all samples at θ, and
D(x) = ψ·x. Its only equilibrium is θ = ψ = 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

import numpy as np

from ganbook.config.train_networks import Loss
from ganbook.utils import backend
from ganbook.utils.bounds import positive_number, whole_number
from ganbook.utils.errors import nearest
from ganbook.utils.figures import DISCRIMINATOR, GENERATOR, new_figure

if TYPE_CHECKING:
    import tensorflow as tf
    from matplotlib.figure import Figure

TITLE = "The Dirac-GAN: why training circles"
WATCH = (
    "The smallest GAN: real data are the point 0, samples the point θ, and D(x) = ψ·x. The arrows are the direction of "
    "training, the line is where it goes from (1, 1). Without a penalty it circles the balance in the middle for ever; "
    "with R1 it settles. Simultaneous updates even spiral outwards (Mescheder et al. 2018)."
)
UPDATES = ("alternating", "simultaneous")
START, EXTENT, ARROWS, MOST_STEPS = (1.0, 1.0), 2.0, 17, 100_000  # (θ, ψ); of the portrait; on a side of it


@dataclass(frozen=True)
class DiracGAN:
    """A Dirac-GAN with one of ganbook's losses and penalties, trained by plain gradient descent.

    Parameters
    ----------
    loss
        A name in :data:`ganbook.gan.losses.LOSSES`; the paper's own is ``minimax``. Without a penalty
        ``non-saturating`` spirals inwards, ever more slowly.
    r1, r2, gradient_penalty
        Weights of the penalties on D. As D is linear, R1 and R2 are the same here.
    learning_rate
        Of both; h in the paper.
    updates
        ``alternating``, D and then G against the new D, as ganbook trains; or ``simultaneous``.

    Raises
    ------
    ValueError
        One line: what was given and what is allowed.

    Examples
    --------
    >>> DiracGAN(r1=0.0).trajectory(500)  # circles
    >>> DiracGAN(r1=0.3).plot()  # settles
    """

    loss: str = "minimax"
    r1: float = 0.0
    r2: float = 0.0
    gradient_penalty: float = 0.0
    learning_rate: float = 0.2
    updates: str = "alternating"

    def __post_init__(self) -> None:
        for name, value, allowed in (("loss", self.loss, get_args(Loss)), ("updates", self.updates, UPDATES)):
            if value not in allowed:
                raise ValueError(f"{name} is one of {', '.join(allowed)}, not {value!r}{nearest(str(value), allowed)}")
        positive_number(self.learning_rate, "learning_rate")
        for name in ("r1", "r2", "gradient_penalty"):
            if not 0 <= getattr(self, name) < float("inf"):
                raise ValueError(f"{name} is a weight of 0 or more, not {getattr(self, name)!r}")

    def trajectory(self, steps: int = 500, start: tuple[float, float] = START) -> np.ndarray:
        """Train from ``start``; return (θ, ψ) before the first and after every step, float32 (steps + 1, 2)."""
        tf = backend.tensorflow()
        steps = whole_number(steps, "steps, how many to train,", 1, MOST_STEPS)
        step = tf.function(self._step, autograph=False)
        at = [tf.constant([start], tf.float32)]
        for _ in range(steps):
            at.append(step(at[-1]))
        return tf.concat(at, 0).numpy()

    def update(self, at: np.ndarray) -> np.ndarray:
        """Make one step from each of the places (θ, ψ), float32 (N, 2)."""
        tf = backend.tensorflow()
        return self._step(tf.constant(at, tf.float32)).numpy()

    def field(self, side: int = ARROWS, extent: float = EXTENT) -> tuple[np.ndarray, np.ndarray]:
        """Return places on a grid and the direction of training there, −(∂G's loss/∂θ, ∂D's objective/∂ψ).

        Returns
        -------
        places, directions : ndarray float32 (side², 2)
        """
        tf = backend.tensorflow()
        line = np.linspace(-extent, extent, side, dtype=np.float32)
        places = np.stack(np.meshgrid(line, line), -1).reshape(-1, 2)
        theta, psi = tf.unstack(tf.constant(places), axis=1)
        return places, -tf.stack([self._g_slope(theta, psi), self._d_slope(theta, psi)], 1).numpy()

    def plot(self, steps: int = 500) -> Figure:
        """Draw the phase portrait: the field, and the trajectory from (1, 1)."""
        figure = new_figure(4.8, 4.8)
        ax = figure.subplots()
        places, directions = self.field()
        ax.quiver(*places.T, *directions.T, angles="xy", color="#999999", width=0.003)
        path = self.trajectory(steps)
        ax.plot(*path.T, color=GENERATOR, lw=1.2)
        ax.plot(*path[-1], "o", color=GENERATOR)
        ax.plot(0, 0, "+", ms=12, color=DISCRIMINATOR)
        ax.set(xlim=(-EXTENT, EXTENT), ylim=(-EXTENT, EXTENT), aspect="equal", xlabel="θ, of G", ylabel="ψ, of D")
        ax.set_title(f"{self.loss}, R1 {self.r1:g}, {self.updates}", loc="left", fontsize=10, fontweight="bold")
        return figure

    def _step(self, at: tf.Tensor) -> tf.Tensor:
        import tensorflow as tf

        theta, psi = tf.unstack(at, axis=1)
        moved = psi - self.learning_rate * self._d_slope(theta, psi)
        seen = moved if self.updates == "alternating" else psi
        return tf.stack([theta - self.learning_rate * self._g_slope(theta, seen), moved], 1)

    def _d_slope(self, theta: tf.Tensor, psi: tf.Tensor) -> tf.Tensor:
        """∂(D's loss and penalties)/∂ψ, for each of N Dirac-GANs."""
        import tensorflow as tf

        from ganbook.gan.losses import LOSSES, PENALTIES

        real, fake = tf.zeros_like(theta)[:, None], theta[:, None]
        with tf.GradientTape() as tape:
            tape.watch(psi)
            total = LOSSES[self.loss](psi * real[:, 0], psi * fake[:, 0])[0]
            for name, penalty in PENALTIES.items():
                if weight := getattr(self, name):
                    total += weight * penalty(lambda x: psi * x[:, 0], real, fake, tf.zeros_like(theta))
        return tape.gradient(total, psi)

    def _g_slope(self, theta: tf.Tensor, psi: tf.Tensor) -> tf.Tensor:
        """∂(G's loss)/∂θ."""
        import tensorflow as tf

        from ganbook.gan.losses import LOSSES

        with tf.GradientTape() as tape:
            tape.watch(theta)
            g_loss = LOSSES[self.loss](tf.zeros_like(theta), psi * theta)[1]
        return tape.gradient(g_loss, theta)
