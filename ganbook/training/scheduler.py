"""One training at a time in a process, first come first served."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_change = threading.Condition()
_waiting: list[Any] = []  # the first one has the turn


def busy() -> bool:
    """Whether someone has the turn."""
    with _change:
        return bool(_waiting)


class Turn:
    """The right to train, which can be lent while its owner rests."""

    def __init__(self, owner: Any, give_up: Callable[[], bool], tell: Callable[[str], None]):
        self._owner, self._give_up, self._tell = owner, give_up, tell

    def acquire(self) -> bool:
        """Wait for the turn; False if the owner gave up."""
        with _change:
            _waiting.append(self._owner)
            while _waiting[0] is not self._owner:
                if self._give_up():
                    _waiting.remove(self._owner)
                    return False
                self._tell(f"starts when {_waiting[0].name} ends or is paused")
                _change.wait(0.2)
        return True

    def release(self) -> None:
        """Let the next one train."""
        with _change:
            if self._owner in _waiting:
                _waiting.remove(self._owner)
            _change.notify_all()

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Let others train meanwhile; wait for the turn again on leaving."""
        self.release()
        try:
            yield
        finally:
            self.acquire()


@contextmanager
def take(owner: Any, give_up: Callable[[], bool], tell: Callable[[str], None]) -> Iterator[Turn | None]:
    """Hold the turn; yields None if ``give_up()`` became true before it came."""
    turn = Turn(owner, give_up, tell)
    got = turn.acquire()
    try:
        yield turn if got else None
    finally:
        turn.release()
