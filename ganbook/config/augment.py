"""Options of making a data set larger."""

from __future__ import annotations

from typing import Literal

from ganbook.config.base import Options, option


class AugmentConfig(Options):
    """Options of making a data set larger."""

    policy: str = option(
        "standard",
        "what to do: light, standard, strong, RandAugment, TrivialAugment, AugMix, DiffAugment, a policy's JSON file, "
        "or operations as in flip@0.5,zoom:0.2 (name:strength@probability)",
        group="augment",
    )
    copies: int = option(1, "how many augmented copies of each picture", group="augment", ge=1, le=10_000)
    seed: int = option(0, "decides all that is drawn", group="augment", ge=0, lt=2**31)
    without_originals: bool = option(False, "write the augmented copies alone", group="augment")
    image_size: int | None = option(
        None, "side of the square pictures in pixels [the data's own]", group="augment", ge=4, le=1024
    )
    channels: Literal[1, 3] | None = option(None, "1 grey or 3 colour [the data's own]", group="augment")
