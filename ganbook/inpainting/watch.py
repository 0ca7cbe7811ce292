"""How far a filling is, and whether it should end."""

from __future__ import annotations

from collections.abc import Callable


class Watch:
    """Tells ``progress`` the share done, 0 to 1, and asks ``stop`` whether to end; either may be None."""

    def __init__(self, progress: Callable[[float], None] | None = None, stop: Callable[[], bool] | None = None):
        self._progress, self._stop = progress, stop
        self._from, self._to = 0.0, 1.0
        self.stopped = False

    def part(self, index: int, of: int) -> Watch:
        """Let what follows be one of several equal parts of the whole."""
        self._from, self._to = index / of, (index + 1) / of
        return self

    def goes_on(self, share: float) -> bool:
        """Report the share done of this part; return whether to go on."""
        if self._progress is not None:
            self._progress(self._from + share * (self._to - self._from))
        self.stopped = self.stopped or (self._stop is not None and bool(self._stop()))
        return not self.stopped
