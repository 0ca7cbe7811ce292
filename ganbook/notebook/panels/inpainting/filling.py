"""A hole filled by one method after another, in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable

from ganbook.inpainting.fill import inpaint
from ganbook.notebook.panels.inpainting.canvas import Canvas
from ganbook.training.run import Run


class Filling(threading.Thread):
    """Fill the hole that a canvas has now, each method with its run if it needs one.

    ``tell(filling, event, value)`` is called from the thread: ``share`` (method, 0 to 1 of all), ``result``
    (:class:`~ganbook.inpainting.result.Inpainted`), ``failed`` (method, error), ``ended`` (None).
    """

    def __init__(
        self, canvas: Canvas, methods: list[str], candidates: int, runs: dict[str, Run], tell: Callable[..., None]
    ):
        super().__init__(name="ganbook filling", daemon=True)
        self._image, self._mask = canvas.image, canvas.mask.copy()
        self._methods, self._candidates, self._runs, self._tell = methods, candidates, runs, tell
        self._stopping = threading.Event()

    def stop(self) -> None:
        """End soon: the method at work gives its best so far, the others nothing."""
        self._stopping.set()

    @property
    def stopping(self) -> bool:
        """Whether it was told to stop."""
        return self._stopping.is_set()

    def run(self) -> None:
        """Fill."""
        for place, method in enumerate(self._methods):
            if self.stopping:
                break
            self._fill(method, place)
        self._tell(self, "ended", None)

    def _fill(self, method: str, place: int) -> None:
        def progress(share: float) -> None:
            self._tell(self, "share", (method, (place + share) / len(self._methods)))

        progress(0.0)
        try:
            result = inpaint(
                self._image,
                self._mask,
                method,
                run=self._runs.get(method),
                candidates=self._candidates,
                progress=progress,
                stop=self._stopping.is_set,
            )
        except Exception as error:
            self._tell(self, "failed", (method, error))
        else:
            self._tell(self, "result", result)
