"""Do something to an image by one method after another, in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

# Takes the method, a function that is called with the fraction done, and one that says whether to stop.
Work = Callable[[str, Callable[[float], None], Callable[[], bool]], Any]


class MethodsThread(threading.Thread):
    """Call ``work`` with each method.

    ``notify(thread, event, value)`` is called from the thread: ``progress`` (method, 0 to 1 of all), ``result``
    (what ``work`` returns), ``failed`` (method, error), ``ended`` (None).
    """

    def __init__(self, methods: Sequence[str], work: Work, notify: Callable[..., None]):
        super().__init__(name="ganbook methods", daemon=True)
        self._methods, self._work, self._notify = list(methods), work, notify
        self._stopping = threading.Event()

    def stop(self) -> None:
        """End soon: the method at work gives its best so far, the others nothing."""
        self._stopping.set()

    @property
    def stopping(self) -> bool:
        """Whether it was asked to stop."""
        return self._stopping.is_set()

    def run(self) -> None:
        """Do it."""
        for index, method in enumerate(self._methods):
            if self.stopping:
                break
            self._do(method, index)
        self._notify(self, "ended", None)

    def _do(self, method: str, index: int) -> None:
        def progress(fraction: float) -> None:
            self._notify(self, "progress", (method, (index + fraction) / len(self._methods)))

        progress(0.0)
        try:
            result = self._work(method, progress, self._stopping.is_set)
        except Exception as error:
            self._notify(self, "failed", (method, error))
        else:
            self._notify(self, "result", result)
