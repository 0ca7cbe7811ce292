"""How large the gradients of both networks are, read from what optimisers keep: training is not changed by it.

Adam's second moment is v ← β₂ v + (1 − β₂) g² for each weight, so the sum of all v is a moving average of ‖g‖²;
ganbook's gradient descent keeps that average itself. With its value at the last measurement, it is taken over the
updates since then alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import keras
import numpy as np

from ganbook.gan.gradient_descent import GradientDescent

if TYPE_CHECKING:
    from ganbook.gan.model import GAN

MEASURED = (keras.optimizers.Adam, GradientDescent)
Measured = keras.optimizers.Adam | GradientDescent


class GradientNorms:
    """Measure gradients between calls; a GAN with optimisers that keep nothing of them has no such measurements."""

    def __init__(self, gan: GAN):
        self._before = {name: _state(optimizer) for name, optimizer in _optimizers(gan).items()}

    def measure(self, gan: GAN) -> dict[str, float]:
        """Return ``d_gradient_norm`` and ``g_gradient_norm``, root mean squares since the last call."""
        norms = {}
        for name, optimizer in _optimizers(gan).items():
            updates, total = _state(optimizer)
            done, old = self._before[name]
            self._before[name] = updates, total
            if updates <= done:
                continue
            faded = float(optimizer.beta_2) ** (updates - done)
            mean = (total - faded * old) / (1 - faded)
            if np.isfinite(mean) and mean >= 0:  # a difference of nearly equal numbers may round below 0
                norms[name] = float(f"{np.sqrt(mean):.5g}")
        return norms


def _optimizers(gan: GAN) -> dict[str, Measured]:
    both = {"d_gradient_norm": gan.d_optimizer, "g_gradient_norm": gan.g_optimizer}
    return {name: optimizer for name, optimizer in both.items() if isinstance(optimizer, MEASURED)}


def _state(optimizer: Measured) -> tuple[int, float]:
    """Return the number of updates, and the moving average of ‖g‖²."""
    moments = [np.asarray(v) for v in optimizer.variables if v.path.endswith(("velocity", "squared_norm"))]
    return int(np.asarray(optimizer.iterations)), float(sum(np.sum(each, dtype=np.float64) for each in moments))
