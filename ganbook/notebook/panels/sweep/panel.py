"""The sweep panel: how far it is, the best so far, every trial, and Stop.

What it shows is read from the sweep's folder, in which other processes may work.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ganbook.notebook.panels import bundle
from ganbook.notebook.panels.base import Panel, drawing_thread, verb
from ganbook.notebook.panels.sweep import messages
from ganbook.studies.sweep_study import Sweep
from ganbook.utils import figures

HERE = Path(__file__).parent
EVERY = 1.0  # seconds between messages
DRAWN_EVERY = 4.0  # seconds between figures: they cost the trainings' time
DPI = 150  # sharp where it is shown a little larger than it was drawn

# Reads files and sends, so that the sweep's threads need not wait for it.
_sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ganbook sweep panel")


class SweepPanel(Panel):
    """A live view of a sweep; ``SweepPanel.of(sweep).show()`` displays it."""

    _esm = bundle.script(HERE)
    _css = bundle.styles(HERE)

    def __init__(self, sweep: Sweep):
        self._sweep = sweep
        self._sent_at = self._drawn_at = 0.0
        self._drawn_for: Any = None
        self._figure = b""
        super().__init__(sweep, _sender)
        self._stop_following = sweep.observe(self._follow)
        self.remember(*self._everything())

    @property
    def sweep(self) -> Sweep:
        """The sweep it shows."""
        return self._sweep

    def close(self) -> None:
        """Remove the panel from all pages and follow the sweep no more."""
        self._stop_following()
        super().close()

    # From pages

    @verb
    def _stop(self) -> None:
        self._sweep.stop()
        self.send_all()

    @verb
    def _resume(self) -> None:
        self._sweep.start()
        self.send_all()

    # From the sweep's threads

    def _follow(self, event: str, value: Any) -> None:
        if event != "progress" or time.monotonic() - self._sent_at >= EVERY:
            self._sent_at = time.monotonic()
            if self.views != 0 or event == "state":
                _sender.submit(self.guarded, self.send_all)
        if event == "state" and value == "ended":
            _sender.submit(self.guarded, lambda: self.remember(*self._everything()))
            self._draw_snapshots() if not self.views else drawing_thread.submit(self._draw_snapshots)

    # To pages

    def send_all(self) -> None:
        """Send the sweep as it stands, with its figure if that is a new one."""
        message, figure = self._everything()
        self.send(message, [figure] if figure else [])

    def _everything(self) -> tuple[dict[str, Any], bytes]:
        message = messages.everything(self._sweep)
        ended = [row["state"] for row in message["rows"]]
        due = time.monotonic() - self._drawn_at >= DRAWN_EVERY or self._sweep.state not in ("running", "stopping")
        if ended != self._drawn_for and due and any(state == "finished" for state in ended):
            figure = figures.png(self._sweep.plot(), DPI)
            self._figure, self._drawn_for, self._drawn_at = figure, ended, time.monotonic()
        return message, self._figure

    # Without a kernel

    def snapshot(self) -> tuple[bytes, str]:
        """Draw the figure, the verdict and the table."""
        figure = figures.png(self._sweep.plot()) if self._sweep.best_name else b""
        return figure, self._sweep._repr_html_()
