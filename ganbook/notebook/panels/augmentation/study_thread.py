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
from ganbook.studies.augmentation_study import check_data

PER_SECOND = 4


class StudyThread(threading.Thread):
    """Measure what a policy does for a classifier.

    ``notify(event, value)`` is called from the thread: ``progress`` (0 to 1), then ``finished`` (the
    :class:`~ganbook.studies.augmentation_results.AugmentationStudy`) or ``failed`` (the error). The same policy with
    the same options continues from what its folder holds.

    Raises
    ------
    ValueError
        An option is out of bounds; the message is one line.
    """

    def __init__(self, data: ImageData, policy: Policy, options: dict[str, Any], notify: Callable[[str, Any], None]):
        super().__init__(name="ganbook study", daemon=True)
        question = f"{data.fingerprint} {policy.to_json()} {sorted(options.items())}"
        folder = f"{StudyConfig().folder}-{hashlib.sha256(question.encode()).hexdigest()[:8]}"
        self._config = make(StudyConfig, **options, folder=folder)
        self._data, self._policy, self._notify = data, policy, notify
        self._stopping, self._notified_at = threading.Event(), 0.0

    def stop(self) -> None:
        """End soon; what was measured is kept."""
        self._stopping.set()

    def run(self) -> None:
        """Measure."""
        try:
            study = augmentation(
                self._data, policy=self._policy, progress=self._progress, stop=self._stopping.is_set,
                **self._config.model_dump(),
            )  # fmt: skip
        except Exception as error:
            self._notify("failed", error)
        else:
            self._notify("finished", study)

    def _progress(self, fraction: float) -> None:
        if time.monotonic() - self._notified_at >= 1 / PER_SECOND:
            self._notified_at = time.monotonic()
            self._notify("progress", fraction)


def why_not(data: ImageData) -> str:
    """Say why a study cannot be made of these images; empty if it can."""
    try:
        check_data(data)
    except ValueError as error:
        return str(error)
    return ""


def table(study: AugmentationStudy) -> dict[str, Any]:
    """Return the verdict of a study line by line, and the rows of its table."""
    rows = [
        [f"{row.fraction:.0%}", row.arm, f"{row.accuracy:.1%}", _gain(row), "" if row.arm == "real" else row.verdict]
        for row in study.table.itertuples()
    ]
    return {"verdict": study.verdict.splitlines(), "rows": rows}


def _gain(row: Any) -> str:
    if row.arm == "real":
        return ""
    interval = "" if row.seeds < 2 else f" ({100 * row.low:+.1f} to {100 * row.high:+.1f})"
    return f"{100 * row.gain:+.1f}{interval}"
