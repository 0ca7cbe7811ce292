"""What ganbook chooses where nobody does: losses, rates and penalties that go with each network, loss and task."""

from __future__ import annotations

from typing import Any

# So few D soon knows by heart, unless it never sees them twice alike.
FEW_IMAGES = 5000
# What follows from the network. Article: the article's own; compact: found by search (benchmarks/RESULTS.md); dcgan:
# the same, but for D's rate.
_PLAIN = {
    "loss": "non-saturating", "r1": 0.0, "gradient_penalty": 0.0, "penalty_every": 1, "critic_steps": 1,
    "beta_1": 0.5, "beta_2": 0.99,
}  # fmt: skip
_SEARCHED = _PLAIN | {"loss": "relativistic", "r1": 1.0, "beta_1": 0.0, "batch_size": 32, "learning_rate": 2e-3}
RECIPES: dict[str, dict[str, Any]] = {
    "mlp": _PLAIN | {"batch_size": 128, "learning_rate": 2e-4, "beta_2": 0.999},
    "compact": _SEARCHED | {"d_learning_rate": 5e-4},
    "dcgan": _SEARCHED,
    "context": _SEARCHED | {"r1": 0.1, "beta_1": 0.5, "d_learning_rate": 2e-4},
    "custom": _PLAIN | {"batch_size": 64, "learning_rate": 2e-4},
}
# What follows from the task.
TASKS: dict[str, dict[str, Any]] = {
    "generate": {},
    "inpaint": {"masks": "center,half,rectangle,random,thick,irregular", "reconstruction": 30.0},
}
# What follows from the loss `wasserstein` (Gulrajani et al. 2017).
CRITIC: dict[str, Any] = {"r1": 0.0, "gradient_penalty": 10.0, "penalty_every": 1, "critic_steps": 5}
