"""How far something slow is, and whether it should end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tqdm import tqdm

_kind: type[tqdm] = tqdm


def bar(*args: Any, **options: Any) -> tqdm:
    """Return a progress bar that goes when it is done: that of a terminal, or of a notebook (:func:`draw_bars`).

    The arguments are those of ``tqdm``.
    """
    return _kind(*args, leave=False, **options)


def draw_bars(kind: type[tqdm]) -> None:
    """Have :func:`bar` make bars of another kind from now on."""
    global _kind
    _kind = kind


class Watch:
    """Tells ``progress`` the share done, 0 to 1, and asks ``stop`` whether to end; either may be None."""

    def __init__(self, progress: Callable[[float], None] | None = None, stop: Callable[[], bool] | None = None):
        self._progress, self._stop = progress or (lambda share: None), stop or (lambda: False)
        self._begin, self._end = 0.0, 1.0
        self.stopped = False

    def goes_on(self, share: float) -> bool:
        """Report the share done; return whether to go on."""
        self._progress(self._begin + share * (self._end - self._begin))
        self.stopped = self.stopped or bool(self._stop())
        return not self.stopped

    @contextmanager
    def part(self, begin: float, end: float) -> Iterator[None]:
        """Let what is done inside be the part of the whole between two shares."""
        outer = self._begin, self._end
        length = outer[1] - outer[0]
        self._begin, self._end = outer[0] + begin * length, outer[0] + end * length
        try:
            yield
        finally:
            self._begin, self._end = outer
