"""Options of looking at a generator."""

from __future__ import annotations

from typing import Literal

from ganbook.config.base import Options, option


class BrowseConfig(Options):
    """How a generator is looked at."""

    seed: int = option(0, "decides the noise of the gallery", group="look", ge=0, lt=2**31)
    label: int | None = option(None, "class to show, for conditional generators [all in turn]", group="look", ge=0)
    truncation: float = option(1.0, "scales the noise: smaller is more typical, less varied", group="look", gt=0, le=2)
    weights: Literal["ema", "raw"] = option("ema", "averaged weights of G, or those of the step", group="look")
    step: int | None = option(None, "checkpoint to look at [the newest]", group="look", ge=0)
    sort: Literal["drawn", "score", "nearest"] = option(
        "drawn", "order: as drawn, D's score (best first), or distance to the nearest training image", group="look"
    )
    directions: Literal["activations", "z"] = option(
        "activations",
        "what to steer along: principal components of G's activations (GANSpace), or z's own axes",
        group="look",
    )
