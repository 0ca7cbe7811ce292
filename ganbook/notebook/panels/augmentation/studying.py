"""A study of an augmentation policy, in a thread of its own."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from typing import Any

from ganbook.augmentation import Policy
from ganbook.config.parser import make
from ganbook.config.study import StudyConfig
from ganbook.data import ImageData
from ganbook.studies import augmentation
from ganbook.studies.augmentation_results import AugmentationStudy

PER_SECOND = 4


class Studying(threading.Thread):
    """Measure what a policy does for a classifier.

    ``tell(event, value)`` is called from the thread: ``share`` (0 to 1), then ``studied`` (the
    :class:`~ganbook.studies.augmentation_results.AugmentationStudy`) or ``failed`` (error). The same question asked
    again goes on with what its folder holds.
    """

    def __init__(self, data: ImageData, policy: Policy, asked: dict[str, Any], tell: Callable[[str, Any], None]):
        super().__init__(name="ganbook study", daemon=True)
        question = f"{data.fingerprint} {policy.to_json()} {sorted(asked.items())}"
        folder = f"{StudyConfig().folder}-{hashlib.sha256(question.encode()).hexdigest()[:8]}"
        self._config = make(StudyConfig, **asked, folder=folder)
        self._data, self._policy, self._tell = data, policy, tell
        self._stopping, self._told_at = threading.Event(), 0.0

    def stop(self) -> None:
        """End soon; what was measured is kept."""
        self._stopping.set()

    def run(self) -> None:
        """Measure."""
        try:
            found = augmentation(
                self._data, policy=self._policy, progress=self._share, stop=self._stopping.is_set,
                **self._config.model_dump(),
            )  # fmt: skip
        except Exception as error:
            self._tell("failed", error)
        else:
            self._tell("studied", found)

    def _share(self, share: float) -> None:
        if time.monotonic() - self._told_at >= 1 / PER_SECOND:
            self._told_at = time.monotonic()
            self._tell("share", share)


def in_full(found: AugmentationStudy) -> dict[str, Any]:
    """What a page shows of a study."""
    table = found.table
    rows = [
        [f"{row.fraction:.0%}", row.arm, f"{row.accuracy:.1%}", _gain(row), "" if row.arm == "real" else row.verdict]
        for row in table.itertuples()
    ]
    return {"verdict": found.verdict.splitlines(), "rows": rows}


def _gain(row: Any) -> str:
    if row.arm == "real":
        return ""
    between = "" if row.seeds < 2 else f" ({100 * row.low:+.1f} to {100 * row.high:+.1f})"
    return f"{100 * row.gain:+.1f}{between}"
