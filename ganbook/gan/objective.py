"""Which parts of an objective go together. Needs no TensorFlow, so that options are checked before it is loaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

# Losses whose two parts have slopes that do not determine each other, so that one backward pass cannot serve both.
UNRELATED_SLOPES = {"hinge", "least-squares"}

# What can be updated.
NETWORKS = ("both", "discriminator", "generator")


def checked_network(network: str) -> str:
    """Return the name of what is to be updated, one of :data:`NETWORKS`; raise ``ValueError`` for any other."""
    if network not in NETWORKS:
        raise ValueError(f"network is one of {', '.join(NETWORKS)}, not {network!r}")
    return network


def check(
    objective: Mapping[str, Any],
    *,
    augment: bool,
    adaptive: bool,
    joint_batch: bool = True,
    spell: Callable[[str], str] = str,
) -> None:
    """Raise ``ValueError`` if an objective has parts without meaning or would not be exact.

    Parameters
    ----------
    objective
        ``loss``, ``augment_weight``, ``one_backward``, ``reuse_logits``, the penalties and ``critic_steps``, as
        :meth:`ganbook.GAN.compile` takes them; other entries do not count.
    augment, adaptive
        Whether samples are augmented, and with a probability that adapts.
    joint_batch
        Whether the discriminator judges each sample by itself, so that real and generated ones may share a batch.
    spell
        Writes the name of an option as its user knows it.
    """
    loss, augment_weight, critic_steps = (objective[name] for name in ("loss", "augment_weight", "critic_steps"))
    if augment_weight and loss != "minimax":
        raise ValueError(
            f"{spell('augment_weight')} extends {spell('loss')} minimax and has no meaning for {loss}: leave it at 0"
        )
    if augment_weight and not augment:
        raise ValueError(f"{spell('augment_weight')} needs augmented images: set {spell('augment')}")
    if adaptive and not augment:
        raise ValueError(f"{spell('adaptive')} adapts the probability of {spell('augment')}, which is none: choose one")
    if augment_weight and adaptive:
        raise ValueError(
            f"{spell('adaptive')} augments everything the discriminator sees, {spell('augment_weight')} one term only: "
            "leave one of them out"
        )
    if objective.get("reuse_logits") and objective["one_backward"]:
        raise ValueError(f"{spell('reuse_logits')} has no part in {spell('one_backward')}: leave one of them out")
    if objective["one_backward"]:
        reason = (
            "a discriminator that mixes the samples of a batch" if not joint_batch
            else f"{spell('loss')} {loss}" if loss in UNRELATED_SLOPES
            else f"{spell('critic_steps')} {critic_steps}" if critic_steps > 1
            else None
        )  # fmt: skip
        if reason:
            raise ValueError(f"{spell('one_backward')} is not exact with {reason}: leave it off")
