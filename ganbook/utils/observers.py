"""Who follows a run: called in turn, dropped when they fail."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

Observer = Callable[[str, Any], None]


class Observers:
    """A list of callables ``observer(event, value)``."""

    def __init__(self, of: str):
        self._of = of
        self._list: list[Observer] = []

    def add(self, observer: Observer) -> Callable[[], None]:
        """Add one; return a function that removes it. ``ValueError`` if it cannot be called."""
        if not callable(observer):
            raise ValueError(f"an observer is a function observer(event, value), not {type(observer).__name__}")
        self._list.append(observer)
        return lambda: self._list.remove(observer) if observer in self._list else None

    def tell(self, event: str, value: Any) -> None:
        """Call all of them."""
        for observer in list(self._list):
            try:
                observer(event, value)
            except Exception as error:
                self._list.remove(observer)
                warnings.warn(f"an observer of {self._of} failed and was dropped: {error!r}", stacklevel=3)
