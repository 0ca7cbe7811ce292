"""The inpainting panel: paint a hole, fill it in several ways, compare, pick one, paint on.

The page paints and sends its mask after every stroke; the kernel fills, in a thread, when asked to. All that a page
shows travels as messages; one that connects, or connects again, says hello and is told everything.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ganbook.inpainting.result import Inpainted
from ganbook.notebook.panels import bundle
from ganbook.notebook.panels.base import Panel, artist
from ganbook.notebook.panels.inpainting import outcomes, page
from ganbook.notebook.panels.inpainting.canvas import Canvas
from ganbook.notebook.panels.inpainting.filling import Filling
from ganbook.notebook.panels.inpainting.gallery import Gallery, mask_of, uploaded
from ganbook.utils.errors import is_bad_input, refusal

PER_SECOND = 5


class InpaintingPanel(Panel):
    """Pictures, holes painted into them, and what fills them.

    Parameters
    ----------
    pictures
        As :func:`ganbook.notebook.panels.inpainting.gallery.gallery` opens them.
    """

    _esm = bundle.script("inpainting")
    _css = bundle.styles("panel", "inpainting")

    def __init__(self, pictures: Gallery):
        self._gallery = pictures
        self._index: int | None = 0  # None for an upload
        self._canvas: Canvas | None = None
        self._number = 0  # of the picture in work: what is said about an earlier one is known as such
        self._drawn = 0  # random masks so far
        self._filling: Filling | None = None
        self._now: dict[str, Any] | None = None  # how far that is
        self._told_at = 0.0
        super().__init__()
        if pictures.count:
            self._index, first = pictures.first_readable()
            self._canvas = Canvas(first, scored=pictures.scored)

    @property
    def image(self) -> np.ndarray | None:
        """The picture in work, uint8 or uint16 (H, W, C)."""
        return self._canvas and self._canvas.image

    @property
    def mask(self) -> np.ndarray | None:
        """What is painted, bool (H, W), True in the hole. One that is set appears on the page."""
        return self._canvas and self._canvas.mask.copy()

    @mask.setter
    def mask(self, mask: np.ndarray) -> None:
        self._opened().put(mask)
        self._send_mask()

    @property
    def results(self) -> dict[str, Inpainted]:
        """What :func:`ganbook.inpaint` returned, by method, in the order in which they were done."""
        return dict(self._canvas.results) if self._canvas else {}

    @property
    def result(self) -> np.ndarray | None:
        """The picked result, as :attr:`image`."""
        return self._canvas and self._canvas.result

    @property
    def filling(self) -> bool:
        """Whether it fills."""
        return self._filling is not None

    def fill(self, methods: Sequence[str], candidates: int = 1) -> None:
        """Fill the hole in several ways, as the button does: in the background, into :attr:`results`."""
        canvas = self._opened()
        if self.filling:
            return
        canvas.clear()
        self._send_results()
        self._filling = Filling(canvas, list(methods), candidates, self._gallery.runs, self._follow)
        self._filling.start()

    def stop(self) -> None:
        """End the filling soon; the best so far is kept."""
        if self._filling is not None:
            self._filling.stop()

    def __repr__(self) -> str:
        if self._canvas is None:
            return "<InpaintingPanel: no picture>"
        height, width = self._canvas.shape
        return f"<InpaintingPanel: {self._canvas.picture.name}, {width}×{height}, hole {self._canvas.mask.mean():.1%}>"

    # From the page

    def _heard(self, _: Any, content: dict[str, Any], buffers: list[memoryview]) -> None:
        verb = VERBS.get(content.pop("do", None))
        if verb is not None:
            files = {"file": bytes(buffers[0])} if buffers else {}
            self._guarded(lambda: verb(self, **content, **files))

    def _guarded(self, act: Callable[[], None]) -> None:
        """Do something; what goes wrong is said on the page."""
        try:
            act()
        except Exception as error:
            self._say(_line(error), failed=True)

    def _opened(self) -> Canvas:
        if self._canvas is None:
            raise ValueError("there is no picture yet: upload one")
        return self._canvas

    def _open(self, canvas: Canvas, index: int | None = None) -> None:
        """Paint on this from now on."""
        self.stop()
        self._filling = self._now = None
        self._canvas, self._index = canvas, index
        self._number += 1
        self._send_canvas()
        artist.submit(self._draw_stills)

    def _go(self, index: int) -> None:
        self._open(Canvas(self._gallery.picture(index), scored=self._gallery.scored), index)

    def _use(self) -> None:
        self._opened().paint_on()
        self._open(self._canvas, self._index)

    def _back(self) -> None:
        self._opened().back()
        self._open(self._canvas, self._index)

    def _upload(self, what: str, name: str, file: bytes, resize: bool = False) -> None:
        if len(file) > page.UPLOAD_BYTES:
            raise ValueError(f"{name} is {len(file) / 1e6:.1f} MB; an upload may be {page.UPLOAD_BYTES / 1e6:.0f} MB")
        picture = uploaded(file, name)
        if what == "picture":
            self._open(Canvas(picture))
            return
        canvas = self._opened()
        given, wanted = (
            "×".join(str(side) for side in (image.shape[1], image.shape[0])) for image in (picture.image, canvas.image)
        )
        if given != wanted and not resize:
            self._say(f"{name} is {given}, the picture {wanted}", failed=True, offer="Resize the mask")
            return
        mask, remark = mask_of(picture, canvas.picture, resize=resize)
        canvas.put(mask)
        self._send_mask()
        self._say(remark)

    def _painted(self, number: int, file: bytes) -> None:
        canvas = self._opened()
        if number == self._number:  # else another picture is there by now
            canvas.put(page.unpacked(file, canvas.shape))

    def _random(self, kind: str) -> None:
        self._opened().draw(kind, self._drawn)
        self._drawn += 1
        self._send_mask()

    def _score(self, known: bool) -> None:
        canvas = self._opened()
        canvas.scored = known and canvas.scorable
        self._send_picture()
        self._send_results()

    def _pick(self, method: str, candidate: int) -> None:
        self._opened().pick(method, candidate)
        self._send_picked()

    def _download(self, what: str) -> None:
        self.send(*page.file(self._opened(), what))

    def _halt(self) -> None:
        self.stop()
        self._now = self._now and self._now | {"stopping": True}
        self._send_now()

    # From the thread that fills

    def _follow(self, *event: Any) -> None:
        self._guarded(lambda: self._take(*event))

    def _take(self, filling: Filling, event: str, value: Any) -> None:
        if filling is not self._filling:
            return  # of a picture that is gone
        if event == "share":
            method, share = value
            another = self._now is None or self._now["method"] != method
            self._now = {"method": method, "share": share, "stopping": filling.stopping}
            if another or time.monotonic() - self._told_at >= 1 / PER_SECOND:
                self._send_now()
        elif event == "result":
            self._canvas.took(value)
            self.send(*page.result(self._canvas, value.method))
            self._send_picked()
        elif event == "failed":
            method, error = value
            self.send({"kind": "result", "method": method, "lines": [], "error": _line(error)})
        else:
            self._filling = self._now = None
            self._send_now()
            self._draw_stills()

    # To the page

    def _send_all(self) -> None:
        self.send(*page.head(self._gallery))
        if self._canvas is not None:
            self._send_canvas()

    def _send_canvas(self) -> None:
        self._send_picture()
        self._send_mask(greeting=True)
        self._send_results()
        self._send_now()

    def _send_picture(self) -> None:
        self.send(*page.picture(self._canvas, self._gallery, self._index, self._number))

    def _send_mask(self, *, greeting: bool = False) -> None:
        self.send(*page.mask(self._canvas, self._number, greeting=greeting))

    def _send_results(self) -> None:
        self.send({"kind": "results"})
        for method in self._canvas.results:
            self.send(*page.result(self._canvas, method))
        self._send_picked()

    def _send_picked(self) -> None:
        self.send({"kind": "picked", "picked": self._canvas.picked})

    def _send_now(self) -> None:
        self._told_at = time.monotonic()
        self.send({"kind": "filling", "now": self._now})

    def _say(self, text: str, **more: Any) -> None:
        self.send({"kind": "said", "text": text, **more})

    def _paint_still(self) -> tuple[bytes, str]:
        return outcomes.still(self._opened())


VERBS = {
    "hello": InpaintingPanel._send_all,
    "go": InpaintingPanel._go,
    "use": InpaintingPanel._use,
    "back": InpaintingPanel._back,
    "upload": InpaintingPanel._upload,
    "download": InpaintingPanel._download,
    "mask": InpaintingPanel._painted,
    "random": InpaintingPanel._random,
    "fill": InpaintingPanel.fill,
    "stop": InpaintingPanel._halt,
    "score": InpaintingPanel._score,
    "pick": InpaintingPanel._pick,
}


def _line(error: Exception) -> str:
    kind = "" if is_bad_input(error) else f"{type(error).__name__}: "
    return kind + refusal(error)
