"""How long processors have worked for this process: what else runs on the machine does not count."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ganbook as gb


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


def paused_at(run: gb.Run, marks: Sequence[float], worked: Worked) -> Iterator[float]:
    """Yield each mark once training has worked for so many seconds; the run is paused then, and stopped at last."""
    for mark in marks:
        while worked.seconds < mark and run.active:
            time.sleep(0.05)
        run.pause()
        while run.active and run.state != "paused":
            time.sleep(0.02)
        if run.error:
            raise run.error
        with worked.aside():
            yield mark
        run.resume()
    run.stop()
    run.wait()
