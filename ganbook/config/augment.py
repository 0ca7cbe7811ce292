"""Options of writing an augmented data set."""

from __future__ import annotations

from typing import Literal

from ganbook.config.base import Options, option


class AugmentConfig(Options):
    """Options of writing an augmented data set."""

    policy: str = option(
        "standard",
        "augmentation policy: light, standard, strong, RandAugment, TrivialAugment, AugMix, DiffAugment, the JSON file "
        "of a policy, or operations as in flip@0.5,zoom:0.2 (name:strength@probability)",
        group="augment",
    )
    copies: int = option(1, "augmented copies of each image", group="augment", ge=1, le=10_000)
    seed: int = option(0, "random seed of the augmentation", group="augment", ge=0, lt=2**31)
    without_originals: bool = option(False, "write only the augmented copies", group="augment")
    image_size: int | None = option(
        None,
        "height and width of the images in pixels [default: as in the data; 64 where sizes differ]",
        group="augment",
        ge=4,
        le=1024,
    )
    channels: Literal[1, 3] | None = option(None, "1 for grey, 3 for colour [default: as in the data]", group="augment")
