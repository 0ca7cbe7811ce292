"""The messages of the browsing panel: facts of a browser as plain values, and images as sheets of sprites."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ganbook.browsing import export
from ganbook.browsing.browser import Browser
from ganbook.browsing.samples import Sample
from ganbook.browsing.state import View
from ganbook.notebook.panels.sprites import SIDE, sheet

PAGE = 60  # samples of the gallery in one message
SAMPLE_SIDE = 256  # pixels of the sample in focus; others have at most sprites.SIDE
SPACES = ("pixels", "features")

# The parts of a message by name: facts, and images uint8 (N, H, W, C).
Parts = dict[str, tuple[dict[str, Any], np.ndarray]]
Message = tuple[dict[str, Any], list[bytes]]


@dataclass(frozen=True)
class Shown:
    """What pages show: a view, and the step of the checkpoint it was drawn from."""

    view: View
    step: int | None


def shown(browser: Browser) -> Shown:
    """Return where a browser stands."""
    return Shown(browser.view, browser.step)


def pack(message: dict[str, Any], parts: Parts) -> Message:
    """Return a message and its files: the images of the n-th part are the n-th file."""
    sheets = {name: sheet(images, SAMPLE_SIDE if name == "sample" else SIDE) for name, (_, images) in parts.items()}
    facts = {name: part | {"sheet": sheets[name][0]} for name, (part, _) in parts.items()}
    return message | {"parts": facts}, [content for _, content in sheets.values()]


def about(browser: Browser) -> dict[str, Any]:
    """Return what does not change while a user browses."""
    source = browser.source
    height, width, _ = source.shape
    return {
        "name": source.name, "width": width, "height": height, "judges": source.judges,
        "classes": list(source.class_names) if source.num_classes else [], "run": source.run is not None,
        "page": PAGE, "films": export.films(),
    }  # fmt: skip


def view(browser: Browser) -> dict[str, Any]:
    """Return what the user has chosen."""
    current = browser.view
    return {
        "look": current.look.model_dump(), "step": browser.step, "steps": browser.source.steps(),
        "at": current.at.title if isinstance(current.at, Sample) else current.at,
        "moves": list(current.moves), "slots": len(current.slots), "can_undo": browser.can_undo,
        "favourites": [sample.title for _, sample in current.kept],
        "selection": current.selection, "directions": browser.ready("directions"), "ready": _ready(browser),
    }  # fmt: skip


def changes(browser: Browser, before: Shown | None, start: int = 0) -> Parts:
    """Return the parts of the panel that look different since ``before``; all of them if that is None.

    ``start`` is the first sample of the page of the gallery that is in sight.
    """
    now, was = browser.view, before.view if before else None
    parts: Parts = {}
    if looks_changed(browser, before):
        parts["gallery"] = gallery(browser, start)
    if now.at is not None and (sample_changed(browser, before) or was is None or was.kept is not now.kept):
        parts["sample"] = _sample(browser)
    if now.slots and (was is None or was.slots is not now.slots or looks_changed(browser, before)):
        parts |= _slots(browser, now.slots) | _combined(browser, now.slots)
    if now.kept and (was is None or was.kept is not now.kept):
        parts["favourites"] = {}, browser.picked_images()
    return parts


def looks_changed(browser: Browser, before: Shown | None) -> bool:
    """Whether the whole gallery looks different."""
    return before is None or before.view.look != browser.view.look or before.step != browser.step


def sample_changed(browser: Browser, before: Shown | None) -> bool:
    """Whether the sample in focus looks different."""
    if before is None or looks_changed(browser, before):
        return True
    return before.view.at is not browser.view.at or before.view.moves != browser.view.moves


def gallery(browser: Browser, start: int) -> tuple[dict[str, Any], np.ndarray]:
    """Return a page of the gallery, and what it depends on."""
    key, samples = _look_key(browser), browser.gallery(start, PAGE)
    return {"start": start, "titles": list(samples.titles), "of": key}, samples.images


def _look_key(browser: Browser) -> str:
    """Return what tells samples of one look and checkpoint from those of another."""
    return f"{browser.step} {browser.view.look.model_dump_json()}"


def nearest(browser: Browser) -> Message:
    """Return the nearest training images of the sample in focus, in each space that was searched."""
    ready, parts = _ready(browser), {}
    for space in ready if browser.view.at is not None else ():
        neighbours = browser.nearest(browser.sample, space=space)
        facts = {
            "copied": neighbours.copied, "indices": neighbours.indices.tolist(),
            "distances": neighbours.distances.round(2).tolist(),
        }  # fmt: skip
        parts[space] = facts, neighbours.images
    return pack({"kind": "nearest", "ready": ready}, parts)


def sample_map(browser: Browser, method: str) -> Message:
    """Return samples and real images as points in a plane."""
    key, projection = _look_key(browser), browser.map(method)
    samples = projection.samples
    facts = {
        "how": method, "of": key, "titles": list(samples.titles), "places": projection.places.round(4).tolist(),
        "scores": None if samples.scores is None else samples.scores.round(3).tolist(),
        "labels": None if samples.labels is None else samples.labels.tolist(),
    }  # fmt: skip
    real = {"places": projection.real_places.round(4).tolist()}
    return pack({"kind": "map"}, {"samples": (facts, samples.images), "real": (real, projection.real_images)})


def _ready(browser: Browser) -> list[str]:
    return [space for space in SPACES if browser.reals.ready(space)]


def _sample(browser: Browser) -> tuple[dict[str, Any], np.ndarray]:
    sample, names = browser.sample, browser.source.class_names
    facts = {
        "title": sample.title, "score": sample.score,
        "below": None if sample.score is None else browser.fraction_below(sample.score),
        "label": None if sample.label is None else names[sample.label] if names else str(sample.label),
        "favourite": any(other.same(sample) for _, other in browser.view.kept),
    }  # fmt: skip
    return facts, sample.image[None]


def _slots(browser: Browser, slots: Sequence[Sample]) -> Parts:
    return {"slots": ({"z": [_rounded(s.z) for s in slots]}, browser.redrawn(slots).images)}


def _combined(browser: Browser, slots: Sequence[Sample]) -> Parts:
    """Return the interpolation of the first two slots, and a − b + c of all three."""
    parts: Parts = {}
    if len(slots) > 1:
        a, b = slots[:2]
        strip = browser.between(a, b)
        parts["strip"] = {"titles": list(strip.titles)}, strip.images
    if len(slots) > 2:
        mix = browser.mix(*slots)
        parts["mix"] = {"z": _rounded(mix.z)}, mix.image[None]
    return parts


def _rounded(z: np.ndarray) -> list[float]:
    return z.round(2).tolist()
