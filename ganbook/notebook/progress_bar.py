"""A progress bar in the output of a cell, of which nothing stays. On stderr an empty coloured line would."""

from __future__ import annotations

import html
from typing import Any

from IPython.display import HTML, DisplayHandle
from tqdm import tqdm


class CellBar(tqdm):
    """A bar of tqdm as a line of text that is replaced, and taken away at the end."""

    def __init__(self, *args: Any, **options: Any):
        self._handle: DisplayHandle | None = None
        super().__init__(*args, gui=True, **options)  # it draws nothing by itself then

    def display(self, msg: str | None = None, pos: int | None = None) -> bool:
        """Show the bar, or ``msg`` instead."""
        text = str(self) if msg is None else msg
        shown = HTML(f"<pre style='margin: 0'>{html.escape(text)}</pre>" if text else "")
        if self._handle is None:
            self._handle = DisplayHandle()
            self._handle.display(shown)
        else:
            self._handle.update(shown)
        return True

    def close(self) -> None:
        """Take the bar away."""
        if not self.disable and self._handle is not None:
            self.display("")
        super().close()
