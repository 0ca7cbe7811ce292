"""Options of measuring what augmentation does for a classifier."""

from __future__ import annotations

from ganbook.config.base import Options, option


class StudyConfig(Options):
    """Options of measuring what augmentation does for a classifier."""

    folder: str = option("augmentation-study", "where results and GANs are kept; a study goes on there", group="study")
    fractions: str = option("1,5,10,100", "per cent of the training pictures", group="study")
    seeds: int = option(3, "how often everything is repeated", group="study", ge=1, le=100)
    filters: str = option(
        "agreement", "how samples are chosen before they are added: agreement,score,distance", group="study"
    )
    minutes: float | None = option(None, "a budget, within which GANs train as long as fits", group="study", gt=0)
