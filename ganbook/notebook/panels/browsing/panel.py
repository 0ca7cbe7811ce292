"""The browsing panel: a gallery to scroll, a sample to steer, interpolations, a map, and favourites.

It passes what a page wants to a :class:`~ganbook.browsing.browser.Browser` and sends back what changed. One thread does
what is quick, in the order of the requests; one what is slow, and one slow maps, both of which say what they are at.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ganbook.browsing import export
from ganbook.browsing.browser import STRIP, Browser
from ganbook.browsing.samples import Sample, Samples
from ganbook.browsing.state import View
from ganbook.notebook.panels import bundle
from ganbook.notebook.panels.base import Panel, verb
from ganbook.notebook.panels.browsing import messages
from ganbook.notebook.panels.browsing.snapshot import snapshot
from ganbook.notebook.panels.snapshot import Snapshot

HERE = Path(__file__).parent
EXPORTS = {"gif": "image/gif", "webp": "image/webp", "mp4": "video/mp4", "png": "image/png", "zip": "application/zip",
           "npz": "application/octet-stream"}  # fmt: skip
FRAMES = 24  # of an interpolation that is exported

# For all browsers of a kernel.
_maps = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ganbook maps")
_slow = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ganbook slow work")


class BrowsingPanel(Panel):
    """A live view of a browser; ``BrowsingPanel.of(browser).show()`` displays it."""

    _esm = bundle.script(HERE)
    _css = bundle.styles(HERE)

    def __init__(self, browser: Browser):
        self._browser = browser
        self._quick = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ganbook browser")
        self._jobs = {"": "Loading TensorFlow and building the networks"}
        self._warm = False
        self._shown: messages.Shown | None = None  # by the pages
        self._favourites = browser.view.kept
        super().__init__(browser, self._quick)
        run = browser.source.run
        self._stop_following = [browser.observe(self._changed)] + ([run.observe(self._follow)] if run else [])
        _slow.submit(self.guarded, self._warm_up)

    def close(self) -> None:
        """Remove the panel from all pages; the browser stays."""
        for stop in self._stop_following:
            stop()
        super().close()

    # From pages

    @verb
    def _look(self, changes: dict[str, Any], lasting: bool = True, start: int = 0) -> None:
        with self._answered(start):
            self._browser.look(lasting=lasting, **changes)

    @verb
    def _pick(self, source: str, index: int) -> None:
        with self._answered():
            self._browser.pick(self._pointed_at(source, index))

    @verb
    def _steer(self, moves: list[float], lasting: bool = True) -> None:
        with self._answered():
            self._browser.steer(*moves, lasting=lasting)

    @verb
    def _star(self, samples: tuple[int, ...] = (), selection: str = "") -> None:
        with self._answered():
            self._browser.star(*map(int, samples), selection=selection or None)

    @verb
    def _unstar(self) -> None:
        with self._answered():
            self._browser.unstar()

    @verb
    def _combine(self) -> None:
        with self._answered():
            self._browser.combine()

    @verb
    def _empty(self) -> None:
        with self._answered():
            self._browser.empty()

    @verb
    def _undo(self, start: int = 0) -> None:
        with self._answered(start):
            self._browser.undo()

    @verb
    def _page(self, start: int) -> None:
        self.send(*messages.pack({"kind": "page"}, {"gallery": messages.gallery(self._browser, start)}))

    @verb
    def _map(self, method: str) -> Future | None:
        if method == "tsne":
            return _maps.submit(self.guarded, self._send_slow_map, method)
        self.send(*messages.sample_map(self._browser, method))
        return None

    @verb
    def _features(self) -> Future:
        return _slow.submit(self.guarded, self._search, "features")

    @verb
    def _export(self, kind: str) -> None:
        """Send a file: the favourites, the gallery through training, or the interpolation."""
        browser, strip = self._browser, kind.startswith("strip-")
        suffix = kind.removeprefix("strip-")
        if suffix in export.FILMS:
            images = self._interpolation(FRAMES).images if strip else browser.film()
            content, what = export.film(images, suffix), "interpolation" if strip else "training"
        else:
            content = export.kept(browser.view.kept, suffix, browser.source.identity)
            names = {name for name, _ in browser.view.kept}
            what = names.pop() if len(names) == 1 else "favourites"
        self.send_file(f"{browser.source.name}-{what}.{suffix}", EXPORTS[suffix], content)

    def _interpolation(self, frames: int = STRIP) -> Samples:
        a, b = self._browser.view.slots[:2]
        return self._browser.between(a, b, frames)

    @contextmanager
    def _answered(self, start: int = 0) -> Iterator[None]:
        """Send what changed; a refused wish is answered with what holds."""
        try:
            yield
        finally:
            self._send_changes(start)

    def _pointed_at(self, source: str, index: int) -> int | Sample:
        """Return the sample that a page points at."""
        browser, view = self._browser, self._browser.view
        match source:
            case "gallery":
                return index
            case "slots":
                return view.slots[index]
            case "favourites":
                return view.kept[index][1]
            case "strip":
                return self._interpolation()[index]
            case "mix":
                return browser.mix(*view.slots)
        raise ValueError(f"there are no samples in {source!r}")

    # From elsewhere: a cell, or a run that trains

    def _changed(self, _: str, view: View) -> None:
        if self._warm:
            self._quick.submit(self.guarded, self._send_news)
        if view.kept is not self._favourites and self._warm:
            self._favourites = view.kept
            _slow.submit(self.guarded, self._remember)

    def _follow(self, event: str, _: Any) -> None:
        if event == "checkpoint" and self._warm:
            self._quick.submit(self.guarded, self._send_news)

    # In the slow thread

    def _warm_up(self) -> None:
        """Make ready what every answer needs, so that none has to wait for it."""
        browser = self._browser
        try:
            browser.gallery(0, messages.PAGE)
            self._warm = True
            self._quick.submit(self.guarded, self.send_all)
            self._send_working("Computing principal directions")
            for space in ("activations", "z"):
                browser.find_directions(space)
            self._search_training_images()
        finally:
            self._send_working("")
        self._quick.submit(self.guarded, self.send_all)
        self._remember()

    def _search_training_images(self) -> None:
        try:
            _ = self._browser.reals.data
        except ValueError as error:  # no neighbours then
            self.say(str(error))
        else:
            self._search("pixels")

    def _search(self, space: str) -> None:
        text = f"Indexing the training images ({'pixel distance' if space == 'pixels' else 'feature space'})"
        self._send_working(text)
        try:
            self._browser.reals.search(space, lambda fraction: self._send_working(f"{text}: {fraction:.0%}"))
        finally:
            self._send_working("")
        self._quick.submit(self.guarded, self._send_nearest)

    def _send_slow_map(self, method: str) -> None:
        self._send_working("Computing the map", "map")
        try:
            self.send(*messages.sample_map(self._browser, method))
        finally:
            self._send_working("", "map")

    def _remember(self) -> None:
        """Keep what a page without a kernel shows."""
        message = {"kind": "view", "about": messages.about(self._browser), "view": messages.view(self._browser)}
        message, files = messages.pack(message, {"gallery": messages.gallery(self._browser, 0)})
        self.remember(message, files[0])
        self._draw_snapshots()

    # To pages

    def send_all(self) -> None:
        """Send a page everything; as long as nothing can be drawn, what the panel is waiting for."""
        self._shown = None
        about = messages.about(self._browser)
        if self._warm:
            self._send_changes(about=about, working=self._working)
        else:
            self.send({"kind": "view", "about": about, "working": self._working})

    def _send_news(self) -> None:
        """Send what pages have not received as an answer."""
        if self._shown != messages.shown(self._browser):
            self._send_changes()

    def _send_changes(self, start: int = 0, **more: Any) -> None:
        browser, before = self._browser, self._shown
        self._shown = messages.shown(browser)
        parts = messages.changes(browser, before, start)
        self.send(*messages.pack({"kind": "view", "view": messages.view(browser)} | more, parts))
        if messages.sample_changed(browser, before):
            self._send_nearest()

    def _send_nearest(self) -> None:
        self.send(*messages.nearest(self._browser))

    @property
    def _working(self) -> str:
        """What is under way, in words."""
        return " · ".join(self._jobs.values())

    def _send_working(self, text: str, job: str = "") -> None:
        before = self._working
        self._jobs = {name: words for name, words in (self._jobs | {job: text}).items() if words}
        if self._working != before:
            self.send({"kind": "working", "working": self._working})

    # Without a kernel

    def snapshot(self) -> tuple[bytes, str]:
        """Draw the gallery and the favourites."""
        return snapshot(self._browser)

    def _draw_first(self, snapshot: Snapshot) -> None:
        if self._warm:
            _slow.submit(self.guarded, snapshot.draw)
        elif "tensorflow" in sys.modules and not Panel.page_seen:
            snapshot.draw()  # perhaps no page will ever listen, and the kernel ends with the last cell
