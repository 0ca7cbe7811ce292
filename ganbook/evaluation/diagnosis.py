"""The metrics in words: what is wrong with the samples, most important first, and how far they are from real images."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

RELIABLE = 10  # images per feature, from which on a Fréchet distance is more than its bias
FAR_FROM_REAL = "far from real"
FAR = 3  # times the distance of real images, from which on it is the first thing to say
UNLIKE = 0.1  # of the density around real images
COPIED = 0.01  # of all samples, beyond three times what unseen real images show
LEANING = 0.1  # beyond the fraction of real images that are nearer to the training images
FEW_CLASSES, LITTLE_VARIETY, LITTLE_SPACE = 0.5, 0.5, 0.2
MISSING, SHORT = 0.1, 0.5  # of a class's fraction in the data
STRANGE = 1.5  # times the distance of unseen real images to the nearest training image
BLURRED, SPECKLED = 0.75, 1.35  # of the finest structure of real images


@dataclass(frozen=True)
class Verdict:
    """A judgement: its kind in a word or two, and what it rests on."""

    kind: str
    because: str

    def __str__(self) -> str:
        return f"{self.kind[0].upper()}{self.kind[1:]}: {self.because}."


def verdicts(
    samples: dict[str, Any], floor: dict[str, Any], count: int, features: int, class_names: tuple[str, ...] = ()
) -> list[Verdict]:
    """Judge the metrics of samples against those of real images in their place.

    The first verdict says how far samples are from real, then comes what is wrong with them. Samples that are
    :data:`FAR` times as far from real images as real images are from each other are never without a fault, even if no
    single metric explains it.

    Parameters
    ----------
    samples, floor
        The results of :data:`ganbook.evaluation.measure.PARTS`; a metric that was not measured gives no verdict.
    count, features
        Images compared, and features of the space.
    class_names
        Names of the classes.
    """
    of_samples, of_real = _reader(samples), _reader(floor)
    unlike = of_samples("density") < UNLIKE * of_real("density") or of_samples("nearest") > STRANGE * of_real("nearest")
    distance = _distance(samples, floor)
    faults = []
    if unlike:
        faults.append(_unlike(of_samples, of_real))
    if of_samples("copies") > COPIED + 3 * of_real("copies"):
        because = f"{_percent(of_samples('copies'))} of the samples are copies of training images"
        faults.append(Verdict("memorised", f"{because} ({_percent(of_real('copies'))} of unseen real images are)"))
    elif of_samples("nearer") > LEANING + of_real("nearer") and not unlike:
        because = f"{_percent(of_samples('nearer'))} of the samples are nearer to training than to held-out images"
        faults.append(
            Verdict("close to training images", f"{because} ({_percent(of_real('nearer'))} of real images are)")
        )
    if reasons := _collapse(of_samples, unlike):
        faults.append(Verdict("collapsed", "; ".join(reasons)))
    if "classes" in samples and not unlike:
        faults += _classes(samples["classes"], class_names)
    explained = {"unlike the data", "collapsed", "classes missing"} & {verdict.kind for verdict in faults}
    if not explained and (of_samples("sharpness") < BLURRED or of_samples("sharpness") > SPECKLED):
        kind = "blurred" if of_samples("sharpness") < BLURRED else "speckled"
        because = f"the finest structure is {_percent(of_samples('sharpness'))} as strong as in real images"
        faults.append(Verdict(kind, because))
    if not faults and floor and not _times_real(samples, floor)[1] > FAR:
        faults.append(Verdict("no fault found", "no copies, no collapse, no class missing"))
    if count < RELIABLE * features:
        faults.append(_few(count, features))
    return faults if distance is None else [distance, *faults]


def _reader(row: dict[str, Any]) -> Callable[[str], float]:
    """Return a function that reads a metric of a row; nan where there is none."""

    def read(key: str) -> float:
        value = row.get(key)
        value = value[0] if isinstance(value, list) else value
        return math.nan if value is None else value

    return read


def _times_real(samples: dict[str, Any], floor: dict[str, Any]) -> tuple[str, float]:
    """Return the distance that counts, and how many times that of real images it is; nan if none was measured."""
    for key in ("frechet", "kid"):
        if key in samples and key in floor:
            real, _, real_high = floor[key]
            # The KID of real images may be 0 or less: then the end of its interval is what can be compared with.
            base = real if key == "frechet" and real > 0 else max(real, real_high)
            return key, samples[key][0] / base if base > 0 else math.nan
    return "", math.nan


def _distance(samples: dict[str, Any], floor: dict[str, Any]) -> Verdict | None:
    """Say how far samples are from real images; intervals that overlap tell nothing."""
    key, times = _times_real(samples, floor)
    if not key:
        return None
    title = {"frechet": "Fréchet distance", "kid": "KID"}[key]
    intervals = f"{_interval(samples[key])} against {_interval(floor[key])}"
    if samples[key][1] <= floor[key][2]:
        because = f"{title} {intervals}; more images might show a difference"
        return Verdict("not distinguishable from real images", because)
    if math.isnan(times):
        return Verdict("distinguishable from real images", f"{title} {intervals}")
    factor = f"{times:,.0f}×" if times >= 10 else f"{times:.1f}×"
    because = f"{title} {factor}" if key == "frechet" else f"{title} more than {math.floor(times):,}×"
    kind = FAR_FROM_REAL if times > FAR else "distinguishable from real images"
    return Verdict(kind, f"{because} that of real images ({intervals})")


def _unlike(of_samples: Callable[[str], float], of_real: Callable[[str], float]) -> Verdict:
    near = (
        f"the nearest training image is {of_samples('nearest'):.3g} grey levels away "
        f"(from a real image: {of_real('nearest'):.3g})"
    )
    dense = f"density of real images around a sample {of_samples('density'):.2g} (real: {of_real('density'):.2g})"
    return Verdict("unlike the data", f"{near}; {dense}")


def _few(count: int, features: int) -> Verdict:
    needed = f"{RELIABLE * features:,}"
    if count <= features:
        because = (
            f"{count:,} images are not enough for {features} features (at least {features + 1:,}, better {needed})"
        )
        return Verdict("too few images for a Fréchet distance", f"{because}: use the KID")
    because = f"{count:,} images are too few for a reliable Fréchet distance (about {needed} needed)"
    return Verdict("few images", f"{because}: use the KID")


def _collapse(of_samples: Callable[[str], float], unlike: bool) -> list[str]:
    reasons = []
    if of_samples("spacing") < LITTLE_SPACE:
        spacing = _percent(of_samples("spacing"))
        reasons.append(
            f"samples are almost identical to each other (nearest-neighbour distance {spacing} of real images')"
        )
    if unlike:  # what a classifier sees in them means nothing
        return reasons
    if math.exp(of_samples("entropy")) < FEW_CLASSES * math.exp(of_samples("expected_entropy")):
        reasons.append(
            f"effective number of classes {math.exp(of_samples('entropy')):.1f} "
            f"(data: {math.exp(of_samples('expected_entropy')):.1f})"
        )
    if of_samples("diversity") < LITTLE_VARIETY:
        reasons.append(f"diversity within a class {_percent(of_samples('diversity'))} of the data's")
    return reasons


def _classes(fractions: dict[str, list[float]], names: tuple[str, ...]) -> list[Verdict]:
    of_data = {
        names[i] if names else str(i): samples / data
        for i, (samples, data) in enumerate(zip(fractions["samples"], fractions["data"], strict=True))
        if data > 0
    }
    missing = [name for name, fraction in of_data.items() if fraction < MISSING]
    short = [name for name, fraction in of_data.items() if MISSING <= fraction < SHORT]
    faults = []
    if missing:
        faults.append(Verdict("classes missing", f"{_listed(missing)}: less than a tenth as frequent as in the data"))
    if short:
        faults.append(Verdict("unbalanced", f"{_listed(short)}: less than half as frequent as in the data"))
    return faults


def _interval(estimate: list[float]) -> str:
    value, low, high = estimate
    return f"{value:.3g} ({low:.3g} to {high:.3g})"


def _listed(names: list[str], most: int = 6) -> str:
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest


def _percent(fraction: float) -> str:
    if 0 < fraction < 0.001:
        return "under 0.1 %"
    return f"{100 * fraction:.1f} %" if 0 < fraction < 0.1 else f"{100 * fraction:.0f} %"
