"""The inpainting panel: paint a mask, fill it in several ways, compare, pick a result, continue with it.

The page paints and sends its mask after every stroke; the kernel fills, in a thread, when asked to.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ganbook.inpainting.result import Inpainted
from ganbook.notebook.panels import bundle
from ganbook.notebook.panels.base import Panel, drawing_thread, one_line, verb
from ganbook.notebook.panels.inpainting import messages
from ganbook.notebook.panels.inpainting.fill_thread import FillThread
from ganbook.notebook.panels.inpainting.image_source import ImageSource, mask_from_image, read_upload
from ganbook.notebook.panels.inpainting.session import Session
from ganbook.notebook.panels.inpainting.snapshot import snapshot

HERE = Path(__file__).parent
PER_SECOND = 5


class InpaintingPanel(Panel):
    """Images, masks painted on them, and what fills these.

    Parameters
    ----------
    images
        As :func:`ganbook.notebook.panels.inpainting.image_source.open_images` opens them.
    """

    _esm = bundle.script(HERE)
    _css = bundle.styles(HERE)

    def __init__(self, images: ImageSource):
        self._images = images
        self._index: int | None = 0  # None for an upload
        self._session: Session | None = None
        self._number = 0  # of the image in work: what a page says about an earlier one is known as such
        self._random_masks = 0
        self._thread: FillThread | None = None
        self._progress: dict[str, Any] | None = None
        self._progress_sent_at = 0.0
        super().__init__()
        if images.count:
            self._index, first = images.first_readable()
            self._session = Session(first, scored=images.scored)

    @property
    def image(self) -> np.ndarray | None:
        """The image in work, uint8 or uint16 (H, W, C)."""
        return self._session.image if self._session else None

    @property
    def mask(self) -> np.ndarray | None:
        """What is painted, bool (H, W), True where the image is filled. A mask that is set appears on the page."""
        return self._session.mask.copy() if self._session else None

    @mask.setter
    def mask(self, mask: np.ndarray) -> None:
        self._opened().set_mask(mask)
        self._send_mask()

    @property
    def results(self) -> dict[str, Inpainted]:
        """What :func:`ganbook.inpaint` returned, by method, in the order in which they were done."""
        return dict(self._session.results) if self._session else {}

    @property
    def result(self) -> np.ndarray | None:
        """The picked result, as :attr:`image`."""
        return self._session.result if self._session else None

    @property
    def filling(self) -> bool:
        """Whether a filling is running."""
        return self._thread is not None

    @verb
    def fill(self, methods: Sequence[str], candidates: int = 1) -> None:
        """Fill the mask in several ways, as the button does: in the background, into :attr:`results`."""
        session = self._opened()
        if self.filling:
            return
        session.clear()
        self._send_results()
        self._thread = FillThread(session, list(methods), candidates, self._images.runs, self._fill_event)
        self._thread.start()

    @verb
    def stop(self) -> None:
        """End the filling soon; the best result so far is kept."""
        if self._thread is not None:
            self._thread.stop()
            self._progress = self._progress and self._progress | {"stopping": True}
            self._send_progress()

    def __repr__(self) -> str:
        if self._session is None:
            return "<InpaintingPanel: no image>"
        height, width = self._session.shape
        name, fraction = self._session.opened.name, self._session.mask.mean()
        return f"<InpaintingPanel: {name}, {width}×{height}, mask {fraction:.1%}>"

    # From pages

    @verb
    def _go(self, index: int) -> None:
        self._open_session(Session(self._images.read(index), scored=self._images.scored), index)

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
        limit = messages.UPLOAD_BYTES
        if len(file) > limit:
            raise ValueError(f"{name} has {len(file) / 1e6:.1f} MB; an upload may have at most {limit / 1e6:.0f} MB")
        opened = read_upload(file, name)
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
        self._send_mask()
        self.say(remark)

    @verb
    def _download(self, what: str) -> None:
        self.send_file(*messages.file(self._opened(), what))

    @verb
    def _mask(self, number: int, file: bytes) -> None:
        session = self._opened()
        if number == self._number:  # else another image is there by now
            session.set_mask(messages.unpack_mask(file, session.shape))
            self._send_picked()

    @verb
    def _random_mask(self, kind: str) -> None:
        self._opened().draw_mask(kind, self._random_masks)
        self._random_masks += 1
        self._send_mask()

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

    def _opened(self) -> Session:
        if self._session is None:
            raise ValueError("there is no image yet: upload one")
        return self._session

    def _open_session(self, session: Session, index: int | None = None) -> None:
        """Work on another image, or another layer of it."""
        self.stop()
        self._thread = self._progress = None
        self._session, self._index = session, index
        self._number += 1
        self._send_session()
        drawing_thread.submit(self._draw_snapshots)

    # From the thread that fills

    def _fill_event(self, *event: Any) -> None:
        self.guarded(self._take, *event)

    def _take(self, thread: FillThread, event: str, value: Any) -> None:
        if thread is not self._thread:
            return  # it fills an image that is gone
        session = self._opened()
        if event == "progress":
            method, fraction = value
            new_method = self._progress is None or self._progress["method"] != method
            self._progress = {"method": method, "fraction": fraction, "stopping": thread.stopping}
            if new_method or time.monotonic() - self._progress_sent_at >= 1 / PER_SECOND:
                self._send_progress()
        elif event == "result":
            session.add(value)
            self.send(*messages.result(session, value.method))
            self._send_picked()
        elif event == "failed":
            method, error = value
            self.send({"kind": "result", "method": method, "lines": [], "error": one_line(error)})
        else:
            self._thread = self._progress = None
            self._send_progress()
            self._draw_snapshots()

    # To pages

    def send_all(self) -> None:
        """Send the methods to choose from and, if there is an image, all about it."""
        self.send(messages.about(self._images))
        if self._session is not None:
            self._send_session()

    def _send_session(self) -> None:
        self._send_image()
        self._send_mask(greeting=True)
        self._send_results()
        self._send_progress()

    def _send_image(self) -> None:
        self.send(*messages.image(self._opened(), self._images, self._index, self._number))

    def _send_mask(self, *, greeting: bool = False) -> None:
        self.send(*messages.mask(self._opened(), self._number, greeting=greeting))
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

    def _send_progress(self) -> None:
        self._progress_sent_at = time.monotonic()
        self.send({"kind": "filling", "progress": self._progress})

    # Without a kernel

    def snapshot(self) -> tuple[bytes, str]:
        """Draw the image with its mask beside the results."""
        return snapshot(self._opened())
