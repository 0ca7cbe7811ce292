"""What all panels are: a widget, and under it what remains of it where no kernel is."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import anywidget
import traitlets
from IPython.display import display

from ganbook.notebook.panels.snapshot import Still

STILLS = 4  # of the newest cells that show it are kept up to date

# Draws them where nothing else may wait for it.
artist = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ganbook stills")


class Panel(anywidget.AnyWidget):
    """A panel; each says what it hears from pages (``_heard``) and how it is painted (``_paint_still``).

    Parameters
    ----------
    of
        What is shown, whose ``repr`` stands for it in text; the panel itself unless given.
    """

    key = traitlets.Unicode().tag(sync=True)

    def __init__(self, of: object = None):
        self._of = self if of is None else of
        self._stills: deque[Still] = deque(maxlen=STILLS)
        super().__init__(key=uuid4().hex)
        self.on_msg(self._heard)

    def show(self) -> None:
        """Display it, and under it what remains of it where no kernel is: a picture, which a live panel hides."""
        data, metadata = self._repr_mimebundle_()
        display(data, metadata=metadata, raw=True)
        still = Still(self._of, self.key, self._paint_still)
        self._stills.append(still)
        self._draw_first(still)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict, dict]:
        data, metadata = super()._repr_mimebundle_(**kwargs)
        # Where there are no widgets the picture below says it all.
        return data | {"text/plain": repr(self._of), "text/html": ""}, metadata

    def _draw_first(self, still: Still) -> None:
        still.draw()

    def _draw_stills(self) -> None:
        for still in list(self._stills):
            still.draw()

    def _paint_still(self) -> tuple[bytes, str]:
        """Return a PNG and the HTML that follows it."""
        raise NotImplementedError

    def _heard(self, _: Any, content: dict[str, Any], buffers: list[memoryview]) -> None:
        raise NotImplementedError
