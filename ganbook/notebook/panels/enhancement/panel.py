"""The enhancement panel: a part of an image enhanced at once in several ways, the whole at a button.

The page sends settings and where it looks; the kernel answers with the part. The whole is worked on in a thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ganbook.enhancement.enhance import enhance
from ganbook.enhancement.result import Enhanced
from ganbook.notebook.panels import bundle
from ganbook.notebook.panels.base import drawing_thread, verb
from ganbook.notebook.panels.enhancement import messages
from ganbook.notebook.panels.enhancement.session import Session
from ganbook.notebook.panels.enhancement.snapshot import snapshot
from ganbook.notebook.panels.image_files import uploaded
from ganbook.notebook.panels.image_panel import ImagePanel
from ganbook.notebook.panels.image_source import ImageSource, NamedImage
from ganbook.notebook.panels.snapshot import Snapshot

HERE = Path(__file__).parent
FIRST, MOST_METHODS = ("network", "lanczos", "bicubic"), 4


class EnhancementPanel(ImagePanel[Session]):
    """Images, and what enlarges and restores them."""

    _esm = bundle.script(HERE)
    _css = bundle.styles(HERE)

    def __init__(self, images: ImageSource):
        self._scale = messages.scale_of(images) or 2
        self._methods: list[str] = []
        super().__init__(images)

    def session_type(self, opened: NamedImage, *, scored: bool = False) -> Session:
        """Return what one does with an image; those of a run are the truth, from which tests are made."""
        return Session(opened, scored=scored and bool(self._images.runs), scale=self._scale)

    @property
    def settings(self) -> dict[str, Any]:
        """``scale``, ``denoise``, ``jpeg`` and ``crispness``, as :func:`ganbook.enhance` takes them."""
        return dict(self._session.settings) if self._session else {}

    @property
    def results(self) -> dict[str, Enhanced]:
        """What :func:`ganbook.enhance` returned for the whole image, by method."""
        return dict(self._session.results) if self._session else {}

    @property
    def result(self) -> np.ndarray | None:
        """The first result, uint8 or uint16 (scale H, scale W, C): that of the network, if it was asked."""
        return next((made.image for made in self.results.values()), None)

    def set(self, **changes: Any) -> None:
        """Change settings, as the page does."""
        if self._opened().set(changes):
            self._number += 1
            self.send_session()
        else:
            self._send_settings()
            self._send_part()

    @verb
    def enhance(self, methods: Sequence[str]) -> None:
        """Enhance the whole image in several ways, as the button does: in the background, into :attr:`results`."""
        session = self._opened()
        if self.working:
            return
        session.begin_results()
        self._methods = list(methods)[:MOST_METHODS]
        self._send_chosen()
        self._send_results()
        image, mask, settings = session.image, session.mask.copy(), dict(session.settings)

        def work(method: str, progress: Callable[[float], None], stop: Callable[[], bool]) -> Enhanced:
            run, options = messages.options_of(settings, self._images, method)
            protect = mask if mask.any() else None
            return enhance(image, run=run, protect=protect, progress=progress, stop=stop, **options)

        self._start(methods, work)

    def __repr__(self) -> str:
        if self._session is None:
            return "<EnhancementPanel: no image>"
        height, width = self._session.image.shape[:2]
        return f"<EnhancementPanel: {self._session.opened.name}, {width}×{height}, ×{self._session.settings['scale']}>"

    # From pages

    @verb
    def _change(self, changes: dict[str, Any]) -> None:
        """Take settings, the ``methods`` that make the part, and the ``spot`` (column, row) that it lies around."""
        session = self._opened()
        self._methods = list(changes.pop("methods", self._methods))[:MOST_METHODS]
        if "spot" in changes:
            column, row = changes.pop("spot")
            session.spot = (int(row), int(column))
        self.set(**changes)

    @verb
    def _test(self, tested: bool) -> None:
        self._opened().test(tested)
        self._number += 1
        self.send_session()

    @verb
    def _upload(self, what: str, name: str, file: bytes) -> None:
        self._open_session(self.session_type(uploaded(file, name)))

    @verb
    def _download(self, method: str) -> None:
        self.send_file(*messages.file(self._opened(), method))

    # To pages

    def send_all(self) -> None:
        """Send what there is to choose from and, if there is an image, all about it."""
        self.send(messages.about(self._images))
        self._send_chosen()
        if self._session is not None:
            self.send_session()

    def send_session(self) -> None:
        """Send all about the image in work."""
        self.send(*messages.image(self._opened(), self._images, self._index, self._number))
        self.send_mask(greeting=True)
        self._send_results()
        self._send_progress()

    def mask_changed(self) -> None:
        """What is protected shows in the part."""
        self._send_settings()
        self._send_part()

    def _send_chosen(self) -> None:
        """Have pages tick the methods in use."""
        if self._methods:
            self.send({"kind": "chosen", "methods": self._methods})

    def _send_settings(self) -> None:
        self.send(messages.settings(self._opened()))

    def _send_part(self) -> None:
        if self._methods:
            self.send(*messages.part(self._opened(), self._images, self._methods))

    def _send_results(self) -> None:
        session = self._opened()
        self.send({"kind": "results"})
        for method in session.results:
            self.send(*messages.result(session, method))

    def send_result(self, method: str) -> None:
        """Send a new result."""
        self.send(*messages.result(self._opened(), method))
        self._send_settings()

    # Without a kernel

    def snapshot(self) -> tuple[bytes, str]:
        """Draw the part that is looked at, before and by each method."""
        session = self._opened()
        available = messages.about(self._images)["methods"][str(session.settings["scale"])]
        methods = [method for method in self._methods or FIRST if method in available]
        return snapshot(session, {method: messages.part_by(session, self._images, method) for method in methods})

    def _draw_first(self, snapshot: Snapshot) -> None:
        drawing_thread.submit(snapshot.draw)  # which may have to load TensorFlow
