"""Whether ``--flip auto`` mirrors the images of a run; the run keeps the answer."""

from __future__ import annotations

from ganbook.config.train import TrainConfig
from ganbook.data.dataset import Dataset
from ganbook.data.mirror import LEAST, LIMIT, told_apart


def decided(config: TrainConfig, data: Dataset) -> tuple[TrainConfig, str]:
    """Return options with ``auto`` replaced by what the images say, and why, in one line; empty if nothing was asked.

    Options and data have passed :func:`ganbook.training.checks.check`.
    """
    if config.flip != "auto":
        return config, ""
    if len(data) < LEAST:
        flip, why = "off", (
            f"{data.name} has {len(data):,} {data.noun}s, and from fewer than {LEAST} it cannot be told whether mirror "
            "images are like them: if they are, give --flip on"
        )  # fmt: skip
    else:
        accuracy = told_apart(data.samples)
        flip, why = "on" if accuracy < LIMIT else "off", (
            f"a classifier tells the images of {data.name} from their mirror images in {100 * accuracy:.0f} % of cases "
            f"(chance is 50 %, the limit {100 * LIMIT:.0f} %)"
        )  # fmt: skip
    return config.model_copy(update={"flip": flip}), f"--flip auto is {flip}: {why}"
