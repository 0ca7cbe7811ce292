"""The inpainting panel: paint a mask, fill it in several ways, compare, pick a result, continue with it.

The page paints and sends its mask after every stroke; the kernel fills, in a thread, when asked to.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ganbook.inpainting.fill import inpaint
from ganbook.inpainting.result import Inpainted
from ganbook.notebook.panels import bundle
from ganbook.notebook.panels.base import verb
from ganbook.notebook.panels.image_files import uploaded
from ganbook.notebook.panels.image_panel import ImagePanel
from ganbook.notebook.panels.image_source import ImageSource, mask_from_image
from ganbook.notebook.panels.inpainting import messages
from ganbook.notebook.panels.inpainting.session import Session
from ganbook.notebook.panels.inpainting.snapshot import snapshot

HERE = Path(__file__).parent


class InpaintingPanel(ImagePanel[Session]):
    """Images, masks painted on them, and what fills these."""

    _esm = bundle.script(HERE)
    _css = bundle.styles(HERE)
    session_type = Session

    def __init__(self, images: ImageSource):
        self._random_masks = 0
        self._chosen: dict[str, Any] = {}  # the methods that filled last, for pages to tick
        super().__init__(images)

    @property
    def results(self) -> dict[str, Inpainted]:
        """What :func:`ganbook.inpaint` returned, by method, in the order in which they were done."""
        return dict(self._session.results) if self._session else {}

    @property
    def result(self) -> np.ndarray | None:
        """The picked result, as :attr:`image`."""
        return self._session.result if self._session else None

    @verb
    def fill(self, methods: Sequence[str], candidates: int = 1) -> None:
        """Fill the mask in several ways, as the button does: in the background, into :attr:`results`."""
        session = self._opened()
        if self.working:
            return
        session.clear()
        self._chosen = {"kind": "chosen", "methods": list(methods), "candidates": candidates}
        self.send(self._chosen)
        self._send_results()
        image, mask = session.image, session.mask.copy()

        def work(method: str, progress: Callable[[float], None], stop: Callable[[], bool]) -> Inpainted:
            run = self._images.runs.get(method)
            return inpaint(image, mask, method, run=run, candidates=candidates, progress=progress, stop=stop)

        self._start(methods, work)

    def __repr__(self) -> str:
        if self._session is None:
            return "<InpaintingPanel: no image>"
        height, width = self._session.shape
        name, fraction = self._session.opened.name, self._session.mask.mean()
        return f"<InpaintingPanel: {name}, {width}×{height}, mask {fraction:.1%}>"

    # From pages

    @verb
    def _use(self) -> None:
        session = self._opened()
        session.continue_with_result()
        self._open_session(session, self._index)

    @verb
    def _back(self) -> None:
        session = self._opened()
        session.back()
        self._open_session(session, self._index)

    @verb
    def _upload(self, what: str, name: str, file: bytes, resize: bool = False) -> None:
        opened = uploaded(file, name)
        if what == "image":
            self._open_session(Session(opened))
            return
        session = self._opened()
        size, needed = (f"{image.shape[1]}×{image.shape[0]}" for image in (opened.pixels, session.image))
        if size != needed and not resize:
            self.say(f"{name} is {size}, the image {needed}", failed=True, offer="Resize the mask")
            return
        mask, remark = mask_from_image(opened, session.opened, resize=resize)
        session.set_mask(mask)
        self.send_mask()
        self.say(remark)

    @verb
    def _download(self, what: str) -> None:
        self.send_file(*messages.file(self._opened(), what))

    @verb
    def _random_mask(self, kind: str) -> None:
        self._opened().draw_mask(kind, self._random_masks)
        self._random_masks += 1
        self.send_mask()

    @verb
    def _score(self, known: bool) -> None:
        session = self._opened()
        session.scored = known and session.scorable
        self._send_image()
        self._send_results()

    @verb
    def _pick(self, method: str, candidate: int) -> None:
        self._opened().pick(method, candidate)
        self._send_picked()

    # To pages

    def send_all(self) -> None:
        """Send the methods to choose from and, if there is an image, all about it."""
        self.send(messages.about(self._images))
        if self._chosen:
            self.send(self._chosen)
        if self._session is not None:
            self.send_session()

    def send_session(self) -> None:
        """Send all about the image in work."""
        self._send_image()
        self.send_mask(greeting=True)
        self._send_results()
        self._send_progress()

    def _send_image(self) -> None:
        self.send(*messages.image(self._opened(), self._images, self._index, self._number))

    def mask_changed(self) -> None:
        """Tell pages whether the results are of the mask there is now."""
        self._send_picked()

    def _send_results(self) -> None:
        session = self._opened()
        self.send({"kind": "results"})
        for method in session.results:
            self.send(*messages.result(session, method))
        self._send_picked()

    def _send_picked(self) -> None:
        session = self._opened()
        self.send({"kind": "picked", "picked": session.picked, "outdated": session.outdated})

    def send_result(self, method: str) -> None:
        """Send a new result."""
        self.send(*messages.result(self._opened(), method))
        self._send_picked()

    # Without a kernel

    def snapshot(self) -> tuple[bytes, str]:
        """Draw the image with its mask beside the results."""
        return snapshot(self._opened())
