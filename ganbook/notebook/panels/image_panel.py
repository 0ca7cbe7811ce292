"""The base of panels that work on an image by one method after another: its images, its session, its thread."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Generic, Protocol, TypeVar

import numpy as np

from ganbook.notebook.panels.base import Panel, drawing_thread, one_line, verb
from ganbook.notebook.panels.image_files import pack_mask, unpack_mask
from ganbook.notebook.panels.image_source import ImageSource, NamedImage
from ganbook.notebook.panels.methods_thread import MethodsThread, Work

PER_SECOND = 5  # messages of progress
KEPT = 4  # images that were left, with what was done to them


class ImageSession(Protocol):
    """What one does with an image."""

    opened: NamedImage

    @property
    def image(self) -> np.ndarray:
        """The image in work, uint8 or uint16 (H, W, C)."""

    @property
    def mask(self) -> np.ndarray:
        """What is painted on it, bool (H, W)."""

    def set_mask(self, mask: np.ndarray) -> None:
        """Take a mask; raise ``ValueError`` if it has another type or size."""

    @property
    def results(self) -> Mapping[str, Any]:
        """The results by method."""

    def add(self, result: Any) -> None:
        """Add a result, which has a ``method``."""


Session = TypeVar("Session", bound=ImageSession)


class ImagePanel(Panel, Generic[Session]):
    """Images, of which one is in work, and a thread that works on it.

    A subclass has ``session_type``, which is called with a :class:`~ganbook.notebook.panels.image_source.NamedImage`
    and ``scored``; it sends what pages show of a session, of a result and of one that failed.

    Parameters
    ----------
    images
        As :func:`ganbook.notebook.panels.image_source.open_images` opens them.
    """

    session_type: ClassVar[Any]

    def __init__(self, images: ImageSource, **options: Any):
        self._images = images
        self._index: int | None = 0  # None for an upload
        self._left: dict[int, Session] = {}  # by index, the last one left last
        self._session: Session | None = None
        self._number = 0  # of the image in work: what a page says about an earlier one is known as such
        self._thread: MethodsThread | None = None
        self._progress: dict[str, Any] | None = None
        self._progress_sent_at = 0.0
        super().__init__(**options)
        if images.count:
            self._index, first = images.first_readable()
            self._session = self.session_type(first, scored=images.scored)

    @property
    def image(self) -> np.ndarray | None:
        """The image in work, uint8 or uint16 (H, W, C)."""
        return self._session.image if self._session else None

    @property
    def mask(self) -> np.ndarray | None:
        """What is painted on the image, bool (H, W). A mask that is set appears on the page."""
        return self._session.mask.copy() if self._session else None

    @mask.setter
    def mask(self, mask: np.ndarray) -> None:
        self._opened().set_mask(mask)
        self.send_mask()

    @property
    def working(self) -> bool:
        """Whether the thread is at work."""
        return self._thread is not None

    @verb
    def stop(self) -> None:
        """End the work soon; the best so far is kept."""
        if self._thread is not None:
            self._thread.stop()
            self._progress = self._progress and self._progress | {"stopping": True}
            self._send_progress()

    @verb
    def _go(self, index: int) -> None:
        session = self._left.pop(index, None)
        self._open_session(session or self.session_type(self._images.read(index), scored=self._images.scored), index)

    @verb
    def _mask(self, number: int, file: bytes) -> None:
        session = self._opened()
        if number == self._number:  # else another image is there by now
            session.set_mask(unpack_mask(file, session.mask.shape))
            self.mask_changed()

    def _opened(self) -> Session:
        if self._session is None:
            raise ValueError("there is no image yet: upload one")
        return self._session

    def _open_session(self, session: Session, index: int | None = None) -> None:
        """Work on another image, or another layer of it."""
        self.stop()
        self._thread = self._progress = None
        if self._session is not None and self._session is not session and self._index is not None:
            self._leave(self._session, self._index)
        self._session, self._index = session, index
        self._number += 1
        self.send_session()
        drawing_thread.submit(self._draw_snapshots)

    def _leave(self, session: Session, index: int) -> None:
        """Keep an image on which someone worked, until several others have been left."""
        if session.mask.any() or session.results or session.image is not session.opened.pixels:
            self._left[index] = session
            if len(self._left) > KEPT:
                del self._left[next(iter(self._left))]

    # The thread

    def _start(self, methods: Sequence[str], work: Work) -> None:
        self._thread = MethodsThread(methods, work, self._event)
        self._thread.start()

    def _event(self, *event: Any) -> None:
        self.guarded(self._take, *event)

    def _take(self, thread: MethodsThread, event: str, value: Any) -> None:
        if thread is not self._thread:
            return  # it works on an image that is gone
        if event == "progress":
            method, fraction = value
            new_method = self._progress is None or self._progress["method"] != method
            self._progress = {"method": method, "fraction": fraction, "stopping": thread.stopping}
            if new_method or time.monotonic() - self._progress_sent_at >= 1 / PER_SECOND:
                self._send_progress()
        elif event == "result":
            self._opened().add(value)
            self.send_result(value.method)
        elif event == "failed":
            method, error = value
            self.send_failure(method, one_line(error))
        else:
            self._thread = self._progress = None
            self._send_progress()
            self._draw_snapshots()

    # To pages

    def send_session(self) -> None:
        """Send all about the image in work."""
        raise NotImplementedError

    def send_mask(self, *, greeting: bool = False) -> None:
        """Send the mask; one in a greeting is for pages that have none yet."""
        message = {"kind": "mask", "number": self._number, "greeting": greeting}
        self.send(message, [pack_mask(self._opened().mask)])
        self.mask_changed()

    def mask_changed(self) -> None:
        """Do what follows from another mask."""

    def send_result(self, method: str) -> None:
        """Send a new result."""
        raise NotImplementedError

    def send_failure(self, method: str, error: str) -> None:
        """Send that a method has failed."""
        self.send({"kind": "result", "method": method, "lines": [], "error": error})

    def _send_progress(self) -> None:
        self._progress_sent_at = time.monotonic()
        self.send({"kind": "working", "progress": self._progress})
