"""A metric in a word: good, fair or poor, against the same metric of real data in the samples' place."""

from __future__ import annotations

import math

GOOD, FAIR, POOR = "good", "fair", "poor"
TIMES = (1.5, 3.0)  # times the distance of real data, up to which a distance is good, and fair
FRACTIONS = (0.9, 0.6)  # of what real data reach
OFF = (1.25, 2.0)  # times too large or too small
MARGIN = 0.01  # of all samples, which chance explains


def grade(ideal: str, samples: list[float], real: list[float]) -> str:
    """Return the word for a metric, empty where it or that of real data was not measured.

    Parameters
    ----------
    ideal
        As in :class:`ganbook.evaluation.metric_info.Number`.
    samples, real
        Value, and both ends of its interval or nan, of the samples and of real data.
    """
    (value, low, _), (base, _, high) = samples, real
    if not (math.isfinite(value) and math.isfinite(base)):
        return ""
    if ideal == "lower":
        if low <= high or value <= base + MARGIN:
            return GOOD
        floor = base if base > 0 else high if high > 0 else MARGIN
        return _word(value / floor, TIMES)
    if ideal == "higher":
        if base <= 0:
            return GOOD if value >= base else POOR
        return _word(base / max(value, 1e-9), tuple(1 / fraction for fraction in FRACTIONS))
    return _word(math.exp(abs(math.log(max(value, 1e-9) / max(base, 1e-9)))), OFF)


def _word(times: float, bounds: tuple[float, ...]) -> str:
    return GOOD if times <= bounds[0] else FAIR if times <= bounds[1] else POOR
