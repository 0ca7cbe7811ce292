"""From samples and real images to metrics, part by part."""

from __future__ import annotations

from typing import Any

import numpy as np

from ganbook.evaluation.splits import Real, Subject
from ganbook.metrics.frechet import frechet
from ganbook.metrics.jackknife import Estimate
from ganbook.metrics.kid import kid
from ganbook.metrics.memorisation import memorisation
from ganbook.metrics.modes import diversity, modes
from ganbook.metrics.nearest import radii
from ganbook.metrics.parzen import parzen
from ganbook.metrics.patches import PATCH, patch_distance, sharpness
from ganbook.metrics.prdc import K, prdc

# Images that are enough for a mean distance, for patches, and for the fraction of copies.
SPACED, PATCHED, SEARCHED = 2000, 250, 5000
PAIRS = 8
FLAT = 1e-5  # of the largest feature: differences below it are rounding
RATIOS = np.linspace(0, 2, 41)


def distances(subject: Subject, reference: Subject, _: Real) -> dict[str, Any]:
    """Fréchet distance, unless a covariance would be singular, and KID."""
    count, size = subject.features.shape
    if np.ptp(reference.features, axis=0).max() <= FLAT * np.abs(reference.features).max():
        raise ValueError(f"{subject.space.name} sees no difference between the real images: they are all the same")
    found = {"kid": _interval(kid(subject.features, reference.features))}
    if count > size:
        found["frechet"] = _interval(frechet(subject.features, reference.features))
    return found


def among(subject: Subject, reference: Subject, _: Real) -> dict[str, Any]:
    """Precision, recall, density and coverage."""
    return vars(prdc(reference.features, subject.features, K, reference.reach))


def variety(subject: Subject, reference: Subject, _: Real) -> dict[str, Any]:
    """How much samples vary, and into which classes they fall."""
    count = max(1, subject.space.num_classes)
    each = diversity(subject.features, subject.classes, reference.features, reference.classes, count)
    gaps = [radii(_flat(who.images), 1).mean(dtype=np.float64) for who in (subject, reference)]
    known = each[np.isfinite(each)]
    found: dict[str, Any] = {
        "diversity": float(known.mean()) if len(known) else None,
        "spacing": float(gaps[0] / gaps[1]),
    }
    if subject.space.num_classes:
        spread = modes(subject.classes, reference.classes, count)
        found |= {"modes": spread.captured, "entropy": spread.entropy, "mode_kl": spread.kl}
        found |= {"least_class": spread.least, "expected_entropy": spread.expected_entropy}
        found["classes"] = {
            "samples": spread.fractions.tolist(), "data": spread.expected.tolist(), "diversity": each.tolist(),
        }  # fmt: skip
    return found


def structure(subject: Subject, reference: Subject, _: Real) -> dict[str, Any]:
    """Sharpness, and distance of patches."""
    few = min(PATCHED, len(subject.images))
    mine, real = subject.images[:few], reference.images[:few]
    found = {"sharpness": sharpness(mine, real)}
    if min(mine.shape[1:3]) >= PATCH:
        found["patches"] = float(np.mean(list(patch_distance(mine, real).values())))
    return found


def memory(subject: Subject, _: Subject, __: Real) -> dict[str, Any]:
    """Copies of training images, and the worst pairs."""
    found = memorisation(subject.unseen[:SEARCHED], subject.known, subject.rivals)
    worst = found.worst(PAIRS)
    return {
        "copies": found.copies,
        "nearest": float(np.median(found.distances)),
        "nearest_ratio": float(np.median(found.ratios)),
        "nearer": found.nearer,
        "ratios": (np.histogram(found.ratios.clip(0, 2), RATIOS)[0] / len(found.ratios)).tolist(),
        "pairs": [
            {"sample": int(i), "train": int(found.indices[i]), "distance": float(found.distances[i]),
             "ratio": float(found.ratios[i])} for i in worst
        ],
    }  # fmt: skip


def likelihood(subject: Subject, reference: Subject, real: Real) -> dict[str, Any]:
    """Parzen log-likelihood of the reference."""
    found = parzen(subject.images, real.validation, reference.images)
    reach = 1.96 * found.error
    return {"parzen": [found.mean, found.mean - reach, found.mean + reach], "parzen_sigma": found.sigma}


PARTS = {
    "distances": distances, "precision and recall": among, "variety": variety, "patches": structure,
    "memory": memory, "likelihood": likelihood,
}  # fmt: skip


def _interval(found: Estimate) -> list[float]:
    return [found.value, found.low, found.high]


def _flat(images: np.ndarray) -> np.ndarray:
    return images[:SPACED].reshape(min(SPACED, len(images)), -1)
