"""Options of an evaluation."""

from __future__ import annotations

from typing import Literal

from ganbook.config.base import WEIGHTS_HELP, Options, Weights, option


class EvaluateConfig(Options):
    """Options of an evaluation."""

    count: int = option(
        10_000,
        "how many samples at most; as many real images are needed to compare",
        group="evaluate",
        ge=1,
        le=100_000,
    )
    space: Literal["auto", "classifier", "turns", "random", "inception"] = option(
        "auto",
        "where images are compared: a classifier of the data's labels, a network that tells how far a picture was "
        "turned, one of random weights, or Inception (downloaded); auto is the first that the data allow",
        group="evaluate",
    )
    seed: int = option(0, "decides the noise, and which real images are compared", group="evaluate", ge=0, lt=2**31)
    truncation: float = option(
        1.0, "scales the noise: smaller is more typical, less varied", group="evaluate", gt=0, le=2
    )
    weights: Weights = option("ema", WEIGHTS_HELP, group="evaluate")
    image_size: int | None = option(
        None, "resize the data to squares of this side [the data's own]", group="evaluate", ge=4, le=1024
    )
    channels: Literal[1, 3] | None = option(None, "make the data grey or colour [their own]", group="evaluate")
