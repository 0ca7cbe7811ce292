"""Numbers in words: what is wrong with the samples, worst first, and how far they are from real images."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

STEADY = 10  # images for each feature, from which on a Fréchet distance is more than its bias
UNLIKE = 0.1  # of the density around real images
COPIED = 0.01  # of all samples, beyond three times what unseen real images show
LEANING = 0.1  # beyond the share of real images that are nearer to the training images
FEW_CLASSES, LITTLE_VARIETY, LITTLE_SPACE = 0.5, 0.5, 0.2
MISSING, SHORT = 0.1, 0.5  # of a class's share in the data
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
    """Judge the numbers of samples beside those of real images in their place.

    Parameters
    ----------
    samples, floor
        What :data:`ganbook.evaluation.measure.PARTS` found; a number that was not measured gives no verdict.
    count, features
        Pictures compared, and features of the space.
    class_names
        Names of the classes.
    """
    mine, real = _reader(samples), _reader(floor)
    unlike = mine("density") < UNLIKE * real("density") or mine("nearest") > STRANGE * real("nearest")
    found = []
    if unlike:
        near = (
            f"the nearest training image is {mine('nearest'):.3g} grey levels away, of a real one {real('nearest'):.3g}"
        )
        dense = f"the density of real images is {mine('density'):.2g} around a sample, around a real one"
        found.append(Verdict("unlike the data", f"{near}; {dense} {real('density'):.2g}"))
    if mine("copies") > COPIED + 3 * real("copies"):
        because = f"{_share(mine('copies'))} of the samples are copies of training images"
        found.append(Verdict("memorised", f"{because}, of unseen real images {_share(real('copies'))}"))
    elif mine("nearer") > LEANING + real("nearer") and not unlike:
        because = f"{_share(mine('nearer'))} of the samples are nearer to training images than to as many held-out ones"
        found.append(Verdict("leans on training images", f"{because}, of real images {_share(real('nearer'))}"))
    if because := _collapse(mine, unlike):
        found.append(Verdict("collapsed", "; ".join(because)))
    if "classes" in samples and not unlike:
        found += _classes(samples["classes"], class_names)
    partial = {"unlike the data", "collapsed", "classes missing"} & {verdict.kind for verdict in found}
    if not partial and (mine("sharpness") < BLURRED or mine("sharpness") > SPECKLED):
        kind = "blurred" if mine("sharpness") < BLURRED else "speckled"
        found.append(Verdict(kind, f"the finest structure is {_share(mine('sharpness'))} as strong as in real images"))
    if not found and floor:
        found.append(Verdict("no fault found", "no copies, no collapse, no class missing"))
    if count < STEADY * features:
        found.append(_few(count, features))
    return found + _apart(samples, floor)


def _reader(row: dict[str, Any]) -> Callable[[str], float]:
    """Give the numbers of a row, nan where there is none."""

    def read(key: str) -> float:
        value = row.get(key)
        value = value[0] if isinstance(value, list) else value
        return math.nan if value is None else value

    return read


def _few(count: int, features: int) -> Verdict:
    steady = f"{STEADY * features:,}"
    if count <= features:
        because = f"a covariance of {features} features takes {features + 1:,} images, is steady from {steady}"
        return Verdict("too few images for a Fréchet distance", f"{because}, and these are {count:,}: read the KID")
    because = f"from {count:,} a Fréchet distance is partly bias, which wears off at about {steady}"
    return Verdict("few images", f"{because}: read the KID")


def _collapse(mine: Callable[[str], float], unlike: bool) -> list[str]:
    because = []
    if mine("spacing") < LITTLE_SPACE:
        because.append(f"a sample is {_share(mine('spacing'))} as far from the next one as a real image is")
    if unlike:  # what a classifier sees in them means nothing
        return because
    if math.exp(mine("entropy")) < FEW_CLASSES * math.exp(mine("expected_entropy")):
        because.append(
            f"samples fall into {math.exp(mine('entropy')):.1f} classes, weighed by their shares, the data into "
            f"{math.exp(mine('expected_entropy')):.1f}"
        )
    if mine("diversity") < LITTLE_VARIETY:
        because.append(f"within a class samples vary {_share(mine('diversity'))} as much as the data")
    return because


def _classes(shares: dict[str, list[float]], names: tuple[str, ...]) -> list[Verdict]:
    of_data = {
        names[i] if names else str(i): samples / data
        for i, (samples, data) in enumerate(zip(shares["samples"], shares["data"], strict=True))
        if data > 0
    }
    missing = [name for name, share in of_data.items() if share < MISSING]
    short = [name for name, share in of_data.items() if MISSING <= share < SHORT]
    found = []
    if missing:
        found.append(Verdict("classes missing", f"{_listed(missing)} drawn less than a tenth as often as in the data"))
    if short:
        found.append(Verdict("unbalanced", f"{_listed(short)} drawn less than half as often as in the data"))
    return found


def _apart(samples: dict[str, Any], floor: dict[str, Any]) -> list[Verdict]:
    """Whether a distance, with its interval, lies above that of real images with theirs."""
    said, apart = [], False
    for key, title in (("frechet", "Fréchet distance"), ("kid", "KID")):
        if key not in samples or key not in floor:
            continue
        mine, real = (f"{value:.3g} ({low:.3g} to {high:.3g})" for value, low, high in (samples[key], floor[key]))
        said.append(f"{title} {mine}, of real images {real}")
        apart |= samples[key][1] > floor[key][2]
    if not said:
        return []
    kind = "told apart from real images" if apart else "not told apart from real images"
    return [Verdict(kind, "; ".join(said) + ("" if apart else "; more images might show a difference"))]


def _listed(names: list[str], most: int = 6) -> str:
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest


def _share(value: float) -> str:
    if 0 < value < 0.001:
        return "under 0.1 %"
    return f"{100 * value:.1f} %" if 0 < value < 0.1 else f"{100 * value:.0f} %"
