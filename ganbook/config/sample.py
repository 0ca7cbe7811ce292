"""Options of sampling from a run."""

from __future__ import annotations

from ganbook.config.base import WEIGHTS_HELP, Options, Weights, option


class SampleConfig(Options):
    """Options of sampling from a run."""

    count: int = option(64, "how many images", group="sample", ge=1, le=10_000_000)
    seed: int = option(0, "decides the noise", group="sample", ge=0, lt=2**31)
    truncation: float = option(
        1.0, "scales the noise: smaller is more typical, less varied", group="sample", gt=0, le=2
    )
    label: int | str | None = option(
        None, "class to draw, by its name or number, for conditional runs [all in turn]", group="sample"
    )
    weights: Weights = option("ema", WEIGHTS_HELP, group="sample")
