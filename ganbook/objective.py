"""Which options of the objective go together."""

from __future__ import annotations

from typing import Any

from ganbook import losses


def check(objective: dict[str, Any], *, augment: bool, adaptive: bool, joint_batch: bool) -> None:
    """Raise ``ValueError`` if an objective is unknown or would not be exact.

    Parameters
    ----------
    objective
        As :meth:`ganbook.GAN.compile` takes it: ``loss``, ``augment_weight``, ``one_backward``, ``critic_steps`` count.
    augment, adaptive
        Whether samples are augmented, and by a probability that adapts.
    joint_batch
        Whether D judges each sample of a batch by itself, so that real and generated ones may share one.
    """
    loss, augment_weight = objective["loss"], objective["augment_weight"]
    if loss not in losses.LOSSES:
        raise ValueError(f"loss {loss!r} is unknown; known are {', '.join(losses.LOSSES)}")
    if augment_weight and loss != "minimax":
        raise ValueError(f"augment_weight extends the loss minimax; it has no meaning for {loss}: leave it at 0")
    if augment_weight and not augment:
        raise ValueError("augment_weight needs augmented images: give GAN(…, augment=layer)")
    if augment_weight and adaptive:
        raise ValueError("adaptive steers what D sees of all samples, augment_weight makes y alone: leave one of them")
    if not objective["one_backward"]:
        return
    reason = (
        "a discriminator that mixes the samples of a batch" if not joint_batch
        else f"the loss {loss}" if loss in losses.SLOPES_UNRELATED
        else f"critic_steps {objective['critic_steps']}" if objective["critic_steps"] > 1
        else None
    )  # fmt: skip
    if reason:
        raise ValueError(f"one_backward is not exact with {reason}: leave it off")
