"""Options of browsing a generator."""

from __future__ import annotations

from typing import Literal

from ganbook.config.base import Options, option


class BrowseConfig(Options):
    """Options of browsing a generator."""

    seed: int = option(0, "random seed of the gallery", group="browse", ge=0, lt=2**31)
    label: int | None = option(
        None, "class to show, for conditional generators [default: all classes in turn]", group="browse", ge=0
    )
    truncation: float = option(
        1.0, "factor of the noise: below 1, samples are more typical and less varied", group="browse", gt=0, le=2
    )
    weights: Literal["ema", "raw"] = option(
        "ema", "ema: moving average of the generator's weights; raw: those of the step", group="browse"
    )
    step: int | None = option(None, "step of the checkpoint to show [default: the latest]", group="browse", ge=0)
    sort: Literal["drawn", "score", "nearest"] = option(
        "drawn",
        "order of the gallery: random (drawn), by D score with the best first, or by distance to the nearest "
        "training image",
        group="browse",
    )
    directions: Literal["activations", "z"] = option(
        "activations",
        "directions to steer along: principal components of the generator's activations (GANSpace), or the axes of z",
        group="browse",
    )
