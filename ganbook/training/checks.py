"""Which options, data and networks make a training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ganbook.augmentation.policy import Policy
from ganbook.config.parser import flag
from ganbook.config.train import TrainConfig

if TYPE_CHECKING:
    from ganbook.data import ImageData


def check(config: TrainConfig, data: ImageData, pair: Any = None) -> None:
    """Raise ``ValueError`` if these resolved options and data cannot make a training."""
    _check_task(config, data)
    if len(data) < 2:
        raise ValueError(f"{data.name} holds one image; a GAN needs at least two, and hundreds to be of use")
    if len(data) < config.batch_size:
        raise ValueError(
            f"{data.name} holds {len(data)} images, fewer than a batch of {config.batch_size}: give --batch-size "
            f"{len(data)} or less, or more images"
        )
    if config.conditional and data.labels is None:
        raise ValueError(f"--conditional needs labels and {data.name} has none: give labels, or subfolders as classes")
    if config.augment_weight and config.loss != "minimax":
        raise ValueError(f"--augment-weight extends --loss minimax; it has no meaning for {config.loss}: leave it at 0")
    if config.augment:
        Policy.parse(config.augment).check_differentiable()
    if config.adaptive and not config.augment:
        raise ValueError("--adaptive decides how likely each operation of --augment is: leave out --augment none")
    if config.augment_weight and config.adaptive:
        raise ValueError(
            "--adaptive steers what D sees of all images, --augment-weight makes y alone: leave out one of them"
        )
    if config.one_backward:
        reason = (
            f"--loss {config.loss}" if config.loss in ("hinge", "least-squares")
            else f"--critic-steps {config.critic_steps}" if config.critic_steps > 1 else None
        )  # fmt: skip
        if reason:
            raise ValueError(f"--one-backward is not exact with {reason}: leave it off")
    if pair is not None:
        made = tuple(pair[0].output_shape[1:])
        if made != data.shape:
            raise ValueError(
                f"your generator draws {made}, but the images of {data.name} are {data.shape}: make them equal"
            )
        if config.conditional != (len(pair[0].inputs) == 2):
            raise ValueError("networks with a second input for labels go with --conditional, others without it")


def _check_task(config: TrainConfig, data: ImageData) -> None:
    if config.task == "generate":
        if config.network == "context" or config.masks is not None or config.reconstruction is not None:
            raise ValueError("--network context, --masks and --reconstruction go with --task inpaint")
        return
    if config.network != "context":
        raise ValueError(f"--network {config.network} draws from noise; --task inpaint takes context")
    for name in ("conditional", "one_backward", "augment", "evaluate_every"):
        if getattr(config, name):
            raise ValueError(f"{flag(name)} is not for --task inpaint: leave it out")
    from ganbook.data import masks

    for kind in config.masks.split(","):
        masks.draw(kind, data.shape[:2])
