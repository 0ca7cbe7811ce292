"""The browsing panel: a gallery to scroll, a sample to steer, strips, a map, and what was kept.

A panel owns nothing: it passes what a page wants to a :class:`~ganbook.browsing.browser.Browser` and sends back what
changed. What is quick is done by one thread, in the order asked; what is slow by another, which says so.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import traitlets

from ganbook.browsing import export
from ganbook.browsing.browser import Browser
from ganbook.browsing.samples import Sample, Samples
from ganbook.browsing.state import View
from ganbook.notebook.panels import bundle
from ganbook.notebook.panels.base import Panel
from ganbook.notebook.panels.snapshot import Still, of_browser
from ganbook.notebook.panels.sprites import SIDE, sheet

PAGE, SHOWN_SIDE = 60, 256
EXPORTS = {"gif": "image/gif", "webp": "image/webp", "mp4": "video/mp4", "png": "image/png", "zip": "application/zip",
           "npz": "application/octet-stream"}  # fmt: skip

# Each with what is said of it, and its pictures.
Parts = dict[str, tuple[dict[str, Any], np.ndarray]]

_slow = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ganbook slow work")
_panels: dict[Browser, BrowsingPanel] = {}


def show(browser: Browser) -> BrowsingPanel:
    """Display the panel of a browser, and under it what remains of it where no kernel is."""
    panel = _panels.get(browser)
    if panel is None or panel.comm is None:
        panel = _panels[browser] = BrowsingPanel(browser)
    panel.show()
    return panel


class BrowsingPanel(Panel):
    """A live view of a browser. Shown by :func:`show`."""

    _esm = bundle.script("browsing")
    _css = bundle.styles("panel", "browsing")

    at_rest = traitlets.Dict().tag(sync=True)
    picture_at_rest = traitlets.Bytes().tag(sync=True, from_json=lambda value, _: bytes(value))

    _page_seen = False  # by any panel of this kernel

    def __init__(self, browser: Browser):
        self._browser = browser
        self._quick = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ganbook browser")
        self._working = "TensorFlow loads and the networks are traced"
        self._warm = False
        self._shown: tuple[View, int] | None = None  # by the pages, and at which step
        self._kept = browser.view.kept
        super().__init__(browser)
        run = browser.source.run
        self._stop_following = [browser.observe(self._changed)] + ([run.observe(self._follow)] if run else [])
        _slow.submit(self._guarded, self._warm_up)

    def close(self) -> None:
        """Remove it from all pages; the browser stays."""
        for stop in self._stop_following:
            stop()
        if _panels.get(self._browser) is self:
            del _panels[self._browser]
        super().close()

    def _draw_first(self, still: Still) -> None:
        if self._warm:
            _slow.submit(self._guarded, still.draw)
        elif "tensorflow" in sys.modules and not BrowsingPanel._page_seen:
            still.draw()  # perhaps no page will ever listen, and the kernel ends with the last cell

    def _paint_still(self) -> tuple[bytes, str]:
        return of_browser(self._browser)

    # In the slow thread

    def _warm_up(self) -> None:
        """Make ready what every answer needs, so that none has to wait for it."""
        browser = self._browser
        try:
            browser.gallery(0, PAGE)
            self._warm = True
            self._quick.submit(self._guarded, self._send_all)
            self._say_working("directions are being found")
            for on in ("activations", "z"):
                browser.find_directions(on)
            self._look_for_reals()
        finally:
            self._say_working("")
        self._quick.submit(self._guarded, self._send_all)
        self._rest()

    def _look_for_reals(self) -> None:
        try:
            _ = self._browser.reals.data
        except ValueError as error:  # no neighbours then
            self.send({"kind": "said", "text": str(error)})
            return
        self._search("pixels")

    def _search(self, space: str) -> None:
        self._say_working(f"training images are gone through in {space}")
        try:
            self._browser.reals.search(
                space, lambda share: self._say_working(f"training images are gone through in {space}: {share:.0%}")
            )
        finally:
            self._say_working("")
        self._quick.submit(self._guarded, self._send_nearest)

    def _arrange(self, how: str, n: int) -> None:
        self._say_working("the map is being arranged")
        try:
            self._send_map(how, n)
        finally:
            self._say_working("")

    def _say_working(self, what: str) -> None:
        if what != self._working:
            self._working = what
            self.send({"kind": "working", "text": what})

    def _rest(self) -> None:
        """Keep what a page without a kernel shows."""
        samples = self._browser.gallery(0, PAGE)
        facts, picture = sheet(samples.images)
        self.picture_at_rest = picture
        self.at_rest = {"head": self._head(), "view": self._now(), "gallery": self._page(samples, 0) | {"sheet": facts}}
        self._draw_stills()

    # From elsewhere: a cell, or a run that trains

    def _changed(self, _: str, view: View) -> None:
        if self._warm:
            self._quick.submit(self._guarded, self._send_news)
        if view.kept is not self._kept and self._warm:
            self._kept = view.kept
            _slow.submit(self._guarded, self._rest)

    def _follow(self, event: str, _: Any) -> None:
        if event == "checkpoint" and self._warm:
            self._quick.submit(self._guarded, self._send_news)

    # From the page

    def _heard(self, _: Any, content: dict[str, Any], buffers: Any) -> None:
        self._quick.submit(self._answer, content)

    def _answer(self, asked: dict[str, Any]) -> None:
        try:
            self._do(asked, asked.get("n", 0))
        except Exception as error:
            self._say(error, asked.get("n", 0))

    def _do(self, asked: dict[str, Any], n: int) -> None:
        match asked["do"]:
            case "hello":
                BrowsingPanel._page_seen = True
                self._send_all()
            case "page":
                self._send_page(int(asked["start"]), n)
            case "export":
                self._export(asked["as"], n)
            case "map" if asked["how"] == "tsne":
                _slow.submit(self._guarded, self._arrange, asked["how"], n)
            case "map":
                self._send_map(asked["how"], n)
            case "features":
                _slow.submit(self._guarded, self._search, "features")
            case _:
                try:
                    self._change(asked)
                finally:  # a refused wish is answered with what holds
                    self._send_changes(n, int(asked.get("start", 0)))

    def _change(self, asked: dict[str, Any]) -> None:
        browser, lasting = self._browser, asked.get("lasting", True)
        match asked["do"]:
            case "look":
                browser.look(lasting=lasting, **asked["changes"])
            case "pick":
                browser.pick(self._meant(asked))
            case "steer":
                browser.steer(*asked["moves"], lasting=lasting)
            case "star":
                browser.star(*map(int, asked.get("which", [])), selection=asked.get("selection") or None)
            case "unstar" | "combine" | "empty" | "undo":
                getattr(browser, asked["do"])()
            case unknown:
                raise ValueError(f"the page asked for {unknown!r}, which this ganbook does not know: reload the page")

    def _meant(self, asked: dict[str, Any]) -> int | Sample:
        """The sample that a page points at, by where it is shown."""
        view, i = self._browser.view, int(asked["which"])
        places: dict[str, Callable[[], Any]] = {
            "gallery": lambda: i, "slots": lambda: view.slots[i], "kept": lambda: view.kept[i][1],
            "strip": lambda: self._browser.between(*view.slots[:2])[i], "mix": lambda: self._browser.mix(*view.slots),
        }  # fmt: skip
        return places[asked["from"]]()

    # What it sends

    def _head(self) -> dict[str, Any]:
        source = self._browser.source
        height, width, _ = source.shape
        return {
            "name": source.name, "width": width, "height": height, "judges": source.judges,
            "classes": list(source.class_names) if source.num_classes else [], "run": source.run is not None,
            "page": PAGE,
        }  # fmt: skip

    def _now(self) -> dict[str, Any]:
        browser, view = self._browser, self._browser.view
        return {
            "look": view.look.model_dump(), "step": browser.step, "steps": browser.source.steps(),
            "at": view.at if isinstance(view.at, int) else None if view.at is None else view.at.title,
            "moves": list(view.moves), "slots": len(view.slots), "kept": [s.title for _, s in view.kept],
            "selection": view.selection, "directions": browser.ready("directions"),
            "ready": [space for space in ("pixels", "features") if browser.reals.ready(space)],
        }  # fmt: skip

    def _page(self, samples: Samples, start: int) -> dict[str, Any]:
        return {"start": start, "titles": list(samples.titles), "of": self._key()}

    def _key(self) -> str:
        """What the gallery depends on."""
        return f"{self._browser.step} {self._browser.view.look.model_dump_json()}"

    def _post(self, message: dict[str, Any], parts: Parts) -> None:
        """Send a message with sheets of pictures: the n-th part's is the n-th buffer."""
        drawn = {name: sheet(images, SHOWN_SIDE if name == "sample" else SIDE) for name, (_, images) in parts.items()}
        facts = {name: told | {"sheet": drawn[name][0]} for name, (told, _) in parts.items()}
        self.send(message | {"parts": facts}, [content for _, content in drawn.values()])

    def _send_all(self) -> None:
        """Tell a page everything; as long as nothing can be drawn, what is worked at."""
        self._shown = None
        if not self._warm:
            self.send({"kind": "head", "head": self._head(), "working": self._working})
            return
        self._send_changes(head=self._head(), working=self._working)

    def _send_page(self, start: int, n: int) -> None:
        samples = self._browser.gallery(start, PAGE)
        self._post({"kind": "page", "n": n}, {"gallery": (self._page(samples, start), samples.images)})

    def _send_news(self) -> None:
        """Tell the pages what they have not been told as an answer."""
        if self._shown != (self._browser.view, self._browser.step):
            self._send_changes()

    def _send_changes(self, n: int = 0, start: int = 0, **more: Any) -> None:
        """Tell the pages what is other than what they show."""
        before, self._shown = self._shown, (self._browser.view, self._browser.step)
        was, view = before[0] if before else None, self._browser.view
        looks = before is None or was.look != view.look or before[1] != self._browser.step
        samples = looks or was.at is not view.at or was.moves != view.moves
        parts: Parts = {}
        if looks:
            gallery = self._browser.gallery(start, PAGE)
            parts["gallery"] = self._page(gallery, start), gallery.images
        if view.at is not None and (samples or was.kept is not view.kept):
            parts["sample"] = self._sample()
        if was is None or was.slots is not view.slots:
            parts |= self._slots(view.slots)
        elif looks:
            parts |= self._combined(view.slots)
        if view.kept and (was is None or was.kept is not view.kept):
            parts["kept"] = {}, self._browser.picked_images()
        self._post({"kind": "view", "n": n, "view": self._now()} | more, parts)
        if samples:
            self._send_nearest()

    def _slots(self, slots: tuple[Sample, ...]) -> Parts:
        if not slots:
            return {}
        shown = {"z": [_rounded(s.z) for s in slots]}, np.stack([s.image for s in slots])
        return {"slots": shown} | self._combined(slots)

    def _combined(self, slots: tuple[Sample, ...]) -> Parts:
        parts: Parts = {}
        if len(slots) > 1:
            strip = self._browser.between(*slots[:2])
            parts["strip"] = {"titles": list(strip.titles)}, strip.images
        if len(slots) > 2:
            mix = self._browser.mix(*slots)
            parts["mix"] = {"z": _rounded(mix.z)}, mix.image[None]
        return parts

    def _sample(self) -> tuple[dict[str, Any], np.ndarray]:
        browser = self._browser
        sample = browser.sample
        names = browser.source.class_names
        told = {
            "title": sample.title, "score": sample.score,
            "below": None if sample.score is None else browser.share_below(sample.score),
            "label": None if sample.label is None else names[sample.label] if names else str(sample.label),
            "starred": any(kept.same(sample) for _, kept in browser.view.kept),
        }  # fmt: skip
        return told, sample.image[None]

    def _send_nearest(self) -> None:
        browser = self._browser
        ready = [space for space in ("pixels", "features") if browser.reals.ready(space)]
        if browser.view.at is None or not ready:
            self.send({"kind": "nearest", "parts": {}, "ready": ready})
            return
        sample, parts = browser.sample, {}
        for space in ready:
            found = browser.nearest(sample, space=space)
            told = {
                "space": found.space, "verdict": found.verdict, "copied": found.copied,
                "indices": found.indices.tolist(), "distances": found.distances.round(2).tolist(),
            }  # fmt: skip
            parts[space] = told, found.images
        self._post({"kind": "nearest", "ready": ready}, parts)

    def _send_map(self, how: str, n: int) -> None:
        found = self._browser.map(how)
        samples = found.samples
        told = {
            "how": how, "titles": list(samples.titles), "places": found.places.round(4).tolist(),
            "scores": None if samples.scores is None else samples.scores.round(3).tolist(),
            "labels": None if samples.labels is None else samples.labels.tolist(),
        }  # fmt: skip
        self._post(
            {"kind": "map", "n": n},
            {
                "map": (told, samples.images),
                "real": ({"places": found.real_places.round(4).tolist()}, found.real_images),
            },
        )

    def _export(self, kind: str, n: int) -> None:
        """Send a file: what was kept, the gallery through training, or the strip."""
        browser, strip = self._browser, kind.startswith("strip-")
        suffix = kind.removeprefix("strip-")
        if suffix in export.FILMS:
            frames = browser.between(*browser.view.slots[:2], frames=24).images if strip else browser.film()
            content = export.film(frames, suffix)
        else:
            content = export.kept(browser.view.kept, suffix, browser.source.identity)
        name = f"{browser.source.name}-{'strip' if strip else browser.view.selection}.{suffix}"
        self.send({"kind": "file", "n": n, "name": name, "type": EXPORTS[suffix]}, [content])

    def _guarded(self, work: Callable[..., None], *args: Any) -> None:
        """Do something; what goes wrong is said on the page."""
        try:
            work(*args)
        except Exception as error:
            self._say(error)

    def _say(self, error: Exception, n: int = 0) -> None:
        own = isinstance(error, ValueError | OSError)
        self.send({"kind": "said", "n": n, "text": str(error) if own else f"{type(error).__name__}: {error}"})


def _rounded(z: np.ndarray) -> list[float]:
    return z.round(2).tolist()
