"""A generator to explore. Everything that a panel shows can be had here."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ganbook.browsing import export, favourites, interpolation, projection
from ganbook.browsing.nearest import Nearest
from ganbook.browsing.real_images import Reals
from ganbook.browsing.sampler import BLOCK, PAGE, Drawing
from ganbook.browsing.samples import Sample, Samples, joined
from ganbook.browsing.state import SLOTS, View
from ganbook.config.browse import BrowseConfig
from ganbook.config.parser import make
from ganbook.utils.bounds import whole_number
from ganbook.utils.files import atomic, checked_out, user_path
from ganbook.utils.observers import Observer, Observers

if TYPE_CHECKING:
    import pandas as pd

    from ganbook.browsing.sources import ModelSource, RunSource
    from ganbook.data import ImageData

DIRECTIONS, STRIP, MAPPED, UNDO = 6, 9, 240, 100
MOST_AT_ONCE = 10_000  # samples that one call draws


class Browser:
    """Look around in a generator. Made by :func:`ganbook.browse`.

    A browser stands at a :class:`~ganbook.browsing.state.View`; whatever changes it can be undone. Slow things
    (directions, the search for neighbours) are made when first asked for. May be used from any thread.
    """

    def __init__(self, source: RunSource | ModelSource, look: BrowseConfig, data: ImageData | None = None):
        self.source, self.drawing, self.reals = source, Drawing(source), Reals(source, data)
        self._view, self._past, self._moving = View(look), [], frozenset()
        self._guard = threading.RLock()
        self._finding, self._found = threading.Lock(), {}
        self._observers = Observers(f"the browser of {source.name}")
        self._check(look)

    def __repr__(self) -> str:
        checkpoint = f"checkpoint {self.step:,}, " if self.source.steps() else ""
        favourites = f"{len(self.view.kept)} favourites"
        return f"<Browser of {self.source.name!r}: {checkpoint}seed {self.view.look.seed}, {favourites}>"

    # Where it stands

    @property
    def view(self) -> View:
        """All that was chosen."""
        return self._view

    @property
    def step(self) -> int:
        """The step looked at; 0 where there are none."""
        step = self._view.look.step
        return step if step is not None else next(reversed(self.source.steps()), 0)

    def look(self, *, lasting: bool = True, **changes: Any) -> Browser:
        """Change how it is looked at: the options of :class:`~ganbook.config.browse.BrowseConfig`.

        ``lasting=False`` says that the change is on its way, as a slider is: undo takes back the whole way.

        Raises
        ------
        ValueError
            An option out of bounds, or one that this generator does not have.
        """
        look = make(BrowseConfig, **self._view.look.model_dump() | changes)
        self._check(look)
        moves = self._view.moves if look.directions == self._view.look.directions else ()
        return self._go(lasting, look=look, moves=moves)

    def _check(self, look: BrowseConfig) -> None:
        source, steps = self.source, self.source.steps()
        if look.label is not None and not source.num_classes:
            raise ValueError(
                f"{source.name} is not conditional, so it has no classes to choose from: leave the label out"
            )
        if look.label is not None and look.label >= source.num_classes:
            raise ValueError(f"label {look.label}: classes go from 0 to {source.num_classes - 1}")
        if look.step is not None and look.step not in steps:
            known = ", ".join(f"{step:,}" for step in steps) or "none"
            raise ValueError(f"{source.name} has no checkpoint of step {look.step:,}; it has {known}")
        if look.weights == "raw" and source.run is None:
            raise ValueError(f"{source.name} is a generator, not a run: it has one set of weights")
        if look.sort == "score" and not source.judges:
            raise ValueError(f"{source.name} has no discriminator to give scores: gb.browse(…, discriminator=…)")
        if look.sort == "nearest":
            _ = self.reals.data

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return bool(self._past)

    def undo(self) -> Browser:
        """Take back the last change."""
        with self._guard:
            self._moving = frozenset()
            if self._past:
                self._view = self._past.pop()
        return self._told()

    def _go(self, lasting: bool = True, **changes: Any) -> Browser:
        with self._guard:
            if all(getattr(self._view, name) == value for name, value in changes.items()):  # nothing to undo
                self._moving = frozenset() if lasting else self._moving
                return self
            if self._moving != changes.keys():
                self._past = [*self._past, self._view][-UNDO:]
            self._moving = frozenset() if lasting else frozenset(changes)
            self._view = replace(self._view, **changes)
        return self._told()

    def _told(self) -> Browser:
        self._observers.tell("view", self._view)
        return self

    def observe(self, observer: Observer) -> Callable[[], None]:
        """Call ``observer("view", view)`` after each change, in its thread; return a function that ends it."""
        return self._observers.add(observer)

    # The gallery

    def gallery(self, start: int = 0, count: int = 60) -> Samples:
        """Samples in the order looked at, from the ``start``-th on; there are always more.

        As drawn they are those of :meth:`ganbook.training.run.Run.sample`. Scores and distances sort each 180 among
        themselves.
        """
        length = self.drawing.length()
        start = whole_number(start, "start, the number of a gallery's first sample,", 0, length - 1)
        count = whole_number(count, "count, how many samples of a gallery to draw,", 1, MOST_AT_ONCE)
        count = min(count, length - start)
        look, orders = self.drawing.settled(self._view.look), []
        for block in range(start // BLOCK, (start + count - 1) // BLOCK + 1):
            orders.append(self.drawing.order(look, block, self._distances))
        numbers = np.concatenate(orders)[start % BLOCK :][:count]
        return joined([self.drawing.page(look, number // PAGE)[number % PAGE] for number in numbers.tolist()])

    def _distances(self, images: np.ndarray) -> np.ndarray:
        return self.reals.search("pixels").distances(images)

    def fraction_below(self, score: float) -> float:
        """Return the fraction of the first 60 samples whose D score is lower than this one."""
        return float(np.mean(self.drawing.page(self._view.look, 0).scores < float(score)))

    # One sample

    def pick(self, which: int | Sample) -> Browser:
        """Look at a sample: its number in the gallery, or one that came about otherwise."""
        self._known(which)
        return self._go(at=which, moves=())

    def steer(self, *moves: float, lasting: bool = True) -> Browser:
        """Move the sample looked at: so many standard deviations of z along each of the :attr:`directions`."""
        self._at()
        if len(moves) > len(self.directions):
            raise ValueError(f"{len(moves)} moves are more than the {len(self.directions)} directions there are")
        try:
            moves = tuple(map(float, moves))
        except (TypeError, ValueError):
            moves = (np.nan,)
        if not np.isfinite(moves).all():
            raise ValueError("steer takes finite numbers, one for each direction: browser.steer(1.5, -0.5)")
        return self._go(lasting, moves=moves)

    @property
    def sample(self) -> Sample:
        """The sample looked at, moved as it was steered, with the weights looked at."""
        view, at = self._view, self._at()
        if isinstance(at, Sample):
            z, label, title = at.z, at.label, at.title
        else:
            points, labels = self.drawing.points(view.look, [at])
            z, label, title = points[0], None if labels is None else int(labels[0]), str(at)
        if any(view.moves):
            z = z + np.asarray(view.moves, np.float32) @ self.directions[: len(view.moves)]
            title = f"{title.removesuffix(', steered')}, steered"
        return self._draw([z], [label], [title])[0]

    @property
    def directions(self) -> np.ndarray:
        """Directions of z along which images change most, float32 (6, latent_dim), found on the newest weights."""
        return self.find_directions(self._view.look.directions)

    def find_directions(self, on: str) -> np.ndarray:
        """Find the directions of one kind, the first time; see :func:`ganbook.browsing.directions.find`."""
        make(BrowseConfig, directions=on)
        networks = self.source.networks()
        from ganbook.browsing.directions import find

        with self._finding:
            if on not in self._found:
                self._found[on] = find(networks, self.drawing.snapshot(None, "ema"), DIRECTIONS, on)
            return self._found[on]

    def ready(self, what: str) -> bool:
        """Whether something slow has been made: ``directions``, or the search in ``pixels`` or ``features``."""
        return self._view.look.directions in self._found if what == "directions" else self.reals.ready(what)

    def _at(self) -> int | Sample:
        if self._view.at is None:
            raise ValueError("no sample is chosen: call browser.pick(number) first")
        return self._view.at

    def _known(self, which: int | Sample) -> None:
        if not isinstance(which, Sample):
            self.drawing.checked(which)
        elif which.z.shape != (size := self.source.networks().latent_dim,):
            raise ValueError(
                f"sample {which.title} has a z of length {len(which.z)}, and {self.source.name} takes {size}: it is "
                "from another generator"
            )

    def _draw(self, z: Sequence[np.ndarray], labels: Sequence[int | None], titles: Sequence[str]) -> Samples:
        classes = None if labels[0] is None else np.asarray(labels, np.int32)
        return self.drawing.draw(self._view.look, np.stack(z).astype(np.float32), classes, titles)

    def _as_samples(self, which: Sequence[int | Sample | None]) -> list[Sample]:
        """Samples, for numbers of the gallery those, for None the one looked at; the numbers in one go."""
        numbers = [item for item in which if item is not None and not isinstance(item, Sample)]
        for item in which:
            if item is not None:
                self._known(item)
        drawn = iter(())
        if numbers:
            z, labels = self.drawing.points(self._view.look, numbers)
            drawn = iter(self.drawing.draw(self._view.look, z, labels, [str(number) for number in numbers]))
        return [self.sample if item is None else item if isinstance(item, Sample) else next(drawn) for item in which]

    # Several samples

    def redrawn(self, samples: Sequence[Sample]) -> Samples:
        """Samples as the weights looked at draw them: the same z and classes."""
        return self._draw([s.z for s in samples], [s.label for s in samples], [s.title for s in samples])

    def combine(self, which: int | Sample | None = None) -> Browser:
        """Put a sample, the one looked at unless given, into the next of the slots a, b, c; ``ValueError`` if full."""
        if len(self._view.slots) >= SLOTS:
            raise ValueError("the slots a, b and c are filled: empty them first (Clear, or browser.empty())")
        return self._go(slots=(*self._view.slots, *self._as_samples([which])))

    def empty(self) -> Browser:
        """Empty the slots."""
        return self._go(slots=())

    def between(self, a: int | Sample, b: int | Sample, frames: int = STRIP) -> Samples:
        """Walk from one sample to another along the sphere; see :func:`ganbook.browsing.interpolation.slerp`."""
        frames = whole_number(frames, "frames, how many images an interpolation has,", 2, MOST_AT_ONCE)
        a, b = self._as_samples([a, b])
        share = np.linspace(0, 1, frames)
        labels = [a.label if s < 0.5 else b.label for s in share]
        titles = [f"{a.title} → {b.title}, {100 * s:.0f} %" for s in share]
        return self._draw(interpolation.slerp(a.z, b.z, share), labels, titles)

    def mix(self, a: int | Sample, b: int | Sample, c: int | Sample) -> Sample:
        """Return a − b + c; see :func:`ganbook.browsing.interpolation.mixed`. The class is that of c."""
        a, b, c = self._as_samples([a, b, c])
        return self._draw([interpolation.mixed(a.z, b.z, c.z)], [c.label], [f"{a.title} − {b.title} + {c.title}"])[0]

    def nearest(self, which: int | Sample | None = None, count: int = 5, space: str = "pixels") -> Nearest:
        """Training images nearest to a sample, the one looked at unless given, in ``pixels`` or ``features``."""
        count = whole_number(count, "count, how many neighbours to return,", 1, MOST_AT_ONCE)
        [sample] = self._as_samples([which])
        return self.reals.search(space).nearest(sample.image, count)

    def map(self, how: str = "pca", count: int = MAPPED) -> projection.Map:
        """Lay out the first samples of the gallery and as many real images in two dimensions."""
        if how not in projection.WAYS:
            raise ValueError(f"a map is made by {' or '.join(projection.WAYS)}, not by {how!r}")
        data, samples = self.reals.data, self.gallery(0, count)
        shown = np.linspace(0, len(data) - 1, min(count, len(data))).astype(int)
        real = np.asarray(data.images[shown])
        places, real_places = projection.places(samples.images, real, self.reals.search("pixels").components, how)
        return projection.Map(how, samples, places, real_places, real)

    # Time

    def through_training(self, which: int | Sample | None = None) -> Samples:
        """The same z at each checkpoint, the first to the last."""
        [sample] = self._as_samples([which])
        labels = None if sample.label is None else np.array([sample.label], np.int32)
        return joined([drawn[0] for drawn in self._at_each_step(sample.z[None], labels, [sample.title])])

    def film(self, count: int = 36) -> np.ndarray:
        """The first samples of the gallery at each checkpoint, uint8 (steps, count, H, W, C)."""
        count = whole_number(count, "count, how many samples to follow through training,", 1, MOST_AT_ONCE)
        z, labels = self.drawing.points(self._view.look, range(count))
        return np.stack([drawn.images for drawn in self._at_each_step(z, labels, [""] * count)])

    def _at_each_step(self, z: np.ndarray, labels: np.ndarray | None, titles: Sequence[str]) -> list[Samples]:
        drawn = []
        for step in self.source.steps():
            try:
                drawn.append(self.drawing.draw(self._view.look, z, labels, titles, step))
            except ValueError:  # damaged: it leaves a gap
                continue
        if not drawn:
            raise ValueError(f"{self.source.name} has no checkpoints to go through")
        return drawn

    # Favourites

    def star(self, *which: int | Sample, selection: str | None = None) -> Browser:
        """Add samples, by default the one looked at, to the favourites; ``selection`` names a collection of them."""
        name = self._view.selection if selection is None else favourites.checked_name(selection)
        samples = self._as_samples(which or [None])
        return self._go(kept=favourites.added(self._view.kept, name, samples), selection=name)

    def unstar(self, *which: int | Sample) -> Browser:
        """Remove samples, by default the one looked at, from the favourites."""
        samples = self._as_samples(which or [None])
        return self._go(kept=favourites.without(self._view.kept, samples))

    def star_again(self, file: str | Path) -> Browser:
        """Add the favourites that :meth:`save` once wrote to an ``.npz``.

        Raises
        ------
        ValueError
            It holds something else, or samples of another generator.
        """
        again = favourites.read(user_path(file, "the name of the file"), self.source.identity)
        for _, sample in again:
            self._known(sample)
        kept = self._view.kept
        for name, sample in again:
            kept = favourites.added(kept, name, [sample])
        return self._go(kept=kept)

    @property
    def selected(self) -> pd.DataFrame:
        """The favourites: ``selection``, ``sample``, ``z``, ``label``, ``score``, ``image``, ``step``, ``weights``."""
        return favourites.frame(self._view.kept)

    def picked_images(self, selection: str | None = None) -> np.ndarray:
        """Return the images of the favourites, uint8 (N, H, W, C): all, or one collection."""
        images = [sample.image for name, sample in self._view.kept if selection in (None, name)]
        return np.stack(images) if images else np.empty((0, *self.source.shape), np.uint8)

    def save(self, file: str | Path) -> Path:
        """Write the favourites (``.png``, ``.zip``, ``.npz``), or the gallery through training as an animation.

        Parameters
        ----------
        file
            Its ending chooses the format; an animation is ``.gif``, ``.webp`` or ``.mp4``.

        Raises
        ------
        ValueError
            Another kind of file, or nothing to write.
        FileNotFoundError
            The folder of the file does not exist.
        """
        file = checked_out(file, {})
        kind = file.suffix.removeprefix(".").lower()
        film = kind in export.FILMS
        content = export.film(self.film(), kind) if film else export.kept(self._view.kept, kind, self.source.identity)
        with atomic(file) as temporary:
            temporary.write_bytes(content)
        return file
