"""Fill a mask by one method after another, in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable

from ganbook.inpainting.fill import inpaint
from ganbook.notebook.panels.inpainting.session import Session
from ganbook.training.run import Run


class FillThread(threading.Thread):
    """Fill the mask that a session has now, each method with its run if it needs one.

    ``notify(thread, event, value)`` is called from the thread: ``progress`` (method, 0 to 1 of all), ``result``
    (:class:`~ganbook.inpainting.result.Inpainted`), ``failed`` (method, error), ``ended`` (None).
    """

    def __init__(
        self, session: Session, methods: list[str], candidates: int, runs: dict[str, Run], notify: Callable[..., None]
    ):
        super().__init__(name="ganbook filling", daemon=True)
        self._image, self._mask = session.image, session.mask.copy()
        self._methods, self._candidates, self._runs, self._notify = methods, candidates, runs, notify
        self._stopping = threading.Event()

    def stop(self) -> None:
        """End soon: the method at work gives its best so far, the others nothing."""
        self._stopping.set()

    @property
    def stopping(self) -> bool:
        """Whether it was asked to stop."""
        return self._stopping.is_set()

    def run(self) -> None:
        """Fill."""
        for i, method in enumerate(self._methods):
            if self.stopping:
                break
            self._fill(method, i)
        self._notify(self, "ended", None)

    def _fill(self, method: str, index: int) -> None:
        def progress(fraction: float) -> None:
            self._notify(self, "progress", (method, (index + fraction) / len(self._methods)))

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
            self._notify(self, "failed", (method, error))
        else:
            self._notify(self, "result", result)
