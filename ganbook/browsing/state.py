"""Where a browser stands. A view never changes: going back is taking the one before."""

from __future__ import annotations

from dataclasses import dataclass

from ganbook.browsing.samples import Sample
from ganbook.config.browse import BrowseConfig

SLOTS = 3


@dataclass(frozen=True, eq=False)
class View:
    """All that a user has chosen.

    Attributes
    ----------
    look
        Seed, class, truncation, weights, step, order.
    at
        The sample looked at: its number in the gallery, or a sample that came about otherwise.
    moves
        How far along each direction it was moved.
    slots
        Up to three samples to combine: a, b, c.
    selection
        The name under which samples are kept now.
    kept
        Samples kept, each with the name of its selection.
    """

    look: BrowseConfig
    at: int | Sample | None = None
    moves: tuple[float, ...] = ()
    slots: tuple[Sample, ...] = ()
    selection: str = "kept"
    kept: tuple[tuple[str, Sample], ...] = ()
