"""How long processors have worked for this process: what else runs on the machine does not count."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Worked:
    """The processor seconds since it was made, without those that were set aside."""

    def __init__(self) -> None:
        self._since = time.process_time()

    @property
    def seconds(self) -> float:
        """Seconds that all threads of this process have worked."""
        return time.process_time() - self._since

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Do not count what is done within, such as measuring."""
        began = time.process_time()
        yield
        self._since += time.process_time() - began
