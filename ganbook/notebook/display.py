"""What the running cell has displayed: so that its last line shows a panel once, and an array or a table not twice."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from IPython.core.pylabtools import print_figure
from IPython.display import display

from ganbook.notebook.progress_bar import CellBar
from ganbook.utils.progress import draw_bars

if TYPE_CHECKING:
    import numpy as np

    from ganbook.notebook.panels.base import Panel

SHEET = 100  # images shown of a sample


class Displays:
    """Displays of the running cell, for a shell that has a front end; in a terminal nothing is displayed.

    A shell has one: :meth:`of`.
    """

    @staticmethod
    @functools.cache
    def of(shell: Any) -> Displays:
        """Return that of a shell; from then on it shows runs and browsers as panels."""
        return Displays(shell)

    def __init__(self, shell: Any):
        self._objects: list[Any] = []
        self.visible = getattr(shell, "kernel", None) is not None
        if not self.visible:
            return
        draw_bars(CellBar)
        shell.events.register("post_execute", self._objects.clear)
        self._printers = shell.display_formatter.ipython_display_formatter
        self._printers.for_type_by_name("ganbook.training.run", "Run", self.show)
        self._printers.for_type_by_name("ganbook.browsing.browser", "Browser", self.show)
        self._printers.for_type_by_name("ganbook.browsing.line_browser", "LineBrowser", self.show)
        self._printers.for_type_by_name("ganbook.plane.playground", "Playground", self.show)
        self._printers.for_type_by_name("ganbook.studies.sweep_study", "Sweep", self.show)
        for module, name in (("numpy", "ndarray"), ("pandas", "DataFrame"), ("pandas.core.frame", "DataFrame")):
            self._printers.for_type_by_name(module, name, self._print_unless_displayed)
        figures = shell.display_formatter.formatters["image/png"]
        figures.for_type_by_name("matplotlib.figure", "Figure", print_figure)  # pyplot may not have been imported

    def show(self, value: Any, instead_of: Any = None) -> None:
        """Show the panel of a run, browser, playground or sweep, or a panel itself, once in a cell; else nothing.

        Another value that is the last line of the cell is not printed where the panel is shown instead.
        """
        if not self.visible or self._has(value):
            return
        panel = _panel_of(value)
        if panel is None:
            return
        if panel is value:
            self._printers.for_type(type(panel), self.show)  # each widget has a class of its own
        panel.show()
        self._objects += [value] if instead_of is None else [value, instead_of]

    def sheet(self, images: np.ndarray, text: str) -> None:
        """Show images uint8 (N, H, W, C), or points (N, 2), in one image, with ``text`` for readers without eyes."""
        if not self.visible:
            return
        from ganbook.notebook.show import sheet_png

        display({"image/png": sheet_png(images[:SHEET]), "text/plain": text}, raw=True)
        self._objects.append(images)

    def _has(self, value: Any) -> bool:
        return any(value is displayed for displayed in self._objects)

    def _print_unless_displayed(self, value: Any) -> None:
        if not self._has(value):
            raise NotImplementedError  # IPython then prints it as it always does


def _panel_of(value: Any) -> Panel | None:
    """Return the panel of a value; nothing is imported for a value that has none."""
    match type(value).__name__:
        case "Run":
            from ganbook.notebook.panels.training.panel import TrainingPanel

            return TrainingPanel.of(value)
        case "Browser":
            from ganbook.notebook.panels.browsing.panel import BrowsingPanel

            return BrowsingPanel.of(value)
        case "LineBrowser":
            from ganbook.notebook.panels.lines.panel import LinesPanel

            return LinesPanel.of(value)
        case "Playground":
            from ganbook.notebook.panels.playground.panel import PlaygroundPanel

            return PlaygroundPanel.of(value)
        case "Sweep":
            from ganbook.notebook.panels.sweep.panel import SweepPanel

            return SweepPanel.of(value)
    return value if hasattr(value, "send_all") else None
