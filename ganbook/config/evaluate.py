"""Options of an evaluation."""

from __future__ import annotations

from typing import Literal

from ganbook.config.base import WEIGHTS_HELP, Options, Weights, option


class EvaluateConfig(Options):
    """Options of an evaluation."""

    count: int = option(
        10_000,
        "largest number of samples, which are compared with as many real images",
        group="evaluate",
        ge=1,
        le=100_000,
    )
    space: Literal["auto", "efficientnet", "classifier", "turns", "random", "inception"] = option(
        "auto",
        "feature space of the comparison: efficientnet (trained on ImageNet), classifier (trained on the data's "
        "labels), turns (trained to recognise rotated images), random (untrained), or inception (downloaded); auto is "
        "efficientnet for colour images, else the first of classifier, turns and random that the data allow",
        group="evaluate",
        kinds=("images",),
    )
    seed: int = option(0, "random seed of the noise and of the choice of real images", group="evaluate", ge=0, lt=2**31)
    truncation: float = option(
        1.0, "factor of the noise: below 1, samples are more typical and less varied", group="evaluate", gt=0, le=2
    )
    weights: Weights = option("ema", WEIGHTS_HELP, group="evaluate")
    image_size: int | None = option(
        None,
        "height and width to which the data are resized, in pixels [default: as in the data; 64 where sizes differ]",
        group="evaluate",
        ge=4,
        le=1024,
        kinds=("images",),
    )
    channels: Literal[1, 3] | None = option(
        None, "1 for grey, 3 for colour [default: as in the data]", group="evaluate", kinds=("images",)
    )
