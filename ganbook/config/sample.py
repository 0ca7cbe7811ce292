"""Options of sampling from a run."""

from __future__ import annotations

from ganbook.config.base import WEIGHTS_HELP, Options, Weights, option


class SampleConfig(Options):
    """Options of sampling from a run."""

    count: int = option(64, "number of images", group="sample", ge=1, le=10_000_000)
    seed: int = option(0, "random seed of the noise", group="sample", ge=0, lt=2**31)
    truncation: float = option(
        1.0, "factor of the noise: below 1, samples are more typical and less varied", group="sample", gt=0, le=2
    )
    label: int | str | None = option(
        None,
        "class to generate, by its name or number, for conditional runs [default: all classes in turn]",
        group="sample",
    )
    weights: Weights = option("ema", WEIGHTS_HELP, group="sample")
