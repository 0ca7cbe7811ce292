"""Options of measuring what augmentation does for a classifier."""

from __future__ import annotations

from ganbook.config.base import Options, option


class StudyConfig(Options):
    """Options of measuring what augmentation does for a classifier."""

    folder: str = option(
        "augmentation-study", "folder of results and GANs, from which a study continues", group="study"
    )
    fractions: str = option("1,5,10,100", "fractions of the training images to learn from, in per cent", group="study")
    seeds: int = option(3, "number of repetitions with other images and weights", group="study", ge=1, le=100)
    filters: str = option(
        "agreement",
        "filters of the GAN's samples before they are added: agreement, score, distance, separated by commas",
        group="study",
    )
    minutes: float | None = option(
        None, "time budget in minutes; the GANs train as long as it allows", group="study", gt=0
    )
