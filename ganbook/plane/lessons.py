"""Lessons: options to begin with, and a sentence of what to watch for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Lesson:
    """A lesson of the playground.

    Attributes
    ----------
    title
        As it is chosen.
    watch
        What to watch for.
    options
        Arguments of :meth:`ganbook.plane.playground.Playground.restart`; all others are the defaults.
    layers
        What the panel shows besides samples, real points and D: ``slopes``, ``grid``, ``paths``, ``field``,
        ``steepness``.
    beside
        What differs in a second recipe that trains in step with the first, see
        :meth:`ganbook.plane.playground.Playground.beside`.
    """

    title: str
    watch: str
    options: Mapping[str, Any] = field(default_factory=dict)
    layers: tuple[str, ...] = ()
    beside: Mapping[str, Any] | None = None


# D soon tells all samples from the few small discs, which G is slow to reach.
_CERTAIN: dict[str, Any] = {
    "data": "disjoint:radius=0.1", "r1": 0.0, "learning_rate": 1e-5, "d_learning_rate": 2e-3, "beta_1": 0.5,
}  # fmt: skip
_HASTY: dict[str, Any] = {
    "data": "ring", "loss": "non-saturating", "r1": 0.0, "learning_rate": 2e-3, "hidden": "64,64",
    "ema_half_life": 1000.0,
}  # fmt: skip

LESSONS: dict[str, Lesson] = {
    "first": Lesson(
        "First look: a ring of eight",
        "Samples begin as one cloud. D (the colours) learns where they are, G moves them towards orange, and one mode "
        "after another fills. Then step by step: Slow motion.",
    ),
    "vanishing": Lesson(
        "Vanishing gradients",
        "Goodfellow's first objective, and a G that learns slowly. D is soon sure of every sample, and the arrows, the "
        "gradients of G's loss, shrink to nothing: G stands still.",
        _CERTAIN | {"loss": "minimax"},
        ("slopes",),
    ),
    "non-saturating": Lesson(
        "The non-saturating loss",
        "The same, but G maximises log D(G(z)): the surer D is, the longer the arrows, and G can always learn. "
        "Goodfellow et al. recommend it in the same paper.",
        _CERTAIN | {"loss": "non-saturating"},
        ("slopes",),
    ),
    "collapse": Lesson(
        "Mode collapse",
        "Adam with momentum (β₁ = 0.9): D and G chase each other past every balance. Samples huddle, and the whole "
        "cloud swings from one side of the ring to another. Where it lasts, a monitor says so.",
        _HASTY | {"beta_1": 0.9},
        ("paths",),
    ),
    "momentum": Lesson(
        "What helps: no momentum, and R1",
        "The recipe of the last lesson with β₁ = 0 and a penalty on D's slope at real points. The cloud opens, and "
        "samples stay near the modes that they have found.",
        _HASTY | {"beta_1": 0.0, "r1": 0.1},
        ("paths",),
    ),
    "beside": Lesson(
        "Without and with R1, side by side",
        "The same seed, the non-saturating loss. Left, without a penalty, D is steep at real points (the circles), and "
        "its output is restless. Right, R1 flattens D there, and its output comes to rest at ½.",
        {"data": "ring", "loss": "non-saturating", "r1": 0.0},
        ("steepness",),
        {"r1": 0.1},
    ),
    "wgan": Lesson(
        "Why a Wasserstein GAN needs a penalty",
        "A critic without any bound on its slope: the arrows become many times as long as in the next lesson, and "
        "samples are thrown about. Choose Loss in the lower chart: it grows and swings.",
        {"data": "two-gaussians", "loss": "wasserstein", "gradient_penalty": 0.0, "critic_steps": 5},
        ("slopes",),
    ),
    "wgan-gp": Lesson(
        "WGAN-GP",
        "The gradient penalty holds the critic's slope near 1: all arrows have about the same length, however far away "
        "a sample is, and the samples move steadily.",
        {"data": "two-gaussians", "loss": "wasserstein", "gradient_penalty": 10.0, "critic_steps": 5},
        ("slopes",),
    ),
    "grid-alone": Lesson(
        "A grid of 25 without a penalty",
        "The non-saturating loss alone. Choose Modes captured in the upper chart: after thousands of steps some of the "
        "25 are still missing. Compare with the next lesson.",
        {"data": "grid", "loss": "non-saturating", "r1": 0.0},
    ),
    "grid": Lesson(
        "A grid of 25 with R1",
        "All 25 modes are found within some thousand steps; that samples leave the gaps between them takes longer. "
        "Choose Modes captured, then High quality, in the upper chart.",
        {"data": "grid"},
    ),
    "settle": Lesson(
        "A grid of 25 with learning rates that halve",
        "R1 and R2, and rates that begin twice as high and halve every 4,000 steps. Choose High quality in the upper "
        "chart: with steady rates samples do not come to rest, at about 90 %; here more than 95 % are near a mode "
        "after some 15,000 steps, as about 99 % of real points are.",
        {"data": "grid", "r2": 0.1, "learning_rate": 2e-3, "rate_half_life": 4000},
    ),
    "thin": Lesson(
        "One dimension of noise",
        "z is a single number, so G can only bend a line through the data. Watch the warped grid, here a thread: it "
        "visits the modes in turn and must cross the gaps between them.",
        {"data": "ring", "latent_dim": 1},
        ("grid",),
    ),
    "small": Lesson(
        "A generator that is too small",
        "Four units in one hidden layer, of G as of D. G can fold its plane along four lines only, which is too few "
        "for eight modes; and D, as small, is soon at ½ everywhere and does not see what is missing.",
        {"data": "ring", "hidden": "4"},
        ("grid",),
    ),
    "batch": Lesson(
        "A batch of four",
        "Gradients of four points are mostly noise: samples tremble. Compare latest G with averaged G, whose weights "
        "are a moving average: the trembling is gone.",
        {"data": "ring", "batch_size": 4},
        ("paths",),
    ),
    "rate": Lesson(
        "A rate that is too high",
        "Fifty times the usual rate. All samples fall onto one spot, which jumps about; D tells them from real points "
        "for good, and a monitor names the collapse.",
        {"data": "moons", "learning_rate": 5e-2},
        ("paths",),
    ),
}
