"""What a cell has shown: so that the last line of a cell shows a panel once, and an array not at all twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from IPython.core.pylabtools import print_figure
from IPython.display import display

if TYPE_CHECKING:
    import numpy as np

SHEET = 100  # pictures shown of a sample


class Shown:
    """Displays of the running cell, for a shell that has a front end; in a terminal nothing is displayed."""

    def __init__(self, shell: Any):
        self._objects: list[Any] = []
        self.visible = getattr(shell, "kernel", None) is not None
        if not self.visible:
            return
        shell.events.register("post_execute", self._objects.clear)
        self._printers = printers = shell.display_formatter.ipython_display_formatter
        printers.for_type_by_name("ganbook.training.run", "Run", self._print_run)
        printers.for_type_by_name("ganbook.browsing.browser", "Browser", self._print_browser)
        printers.for_type_by_name("numpy", "ndarray", self._print_array)
        pictures = shell.display_formatter.formatters["image/png"]
        pictures.for_type_by_name("matplotlib.figure", "Figure", print_figure)  # pyplot may not have been imported

    def __contains__(self, thing: Any) -> bool:
        return any(thing is shown for shown in self._objects)

    def panel(self, run: Any) -> None:
        """Show the panel of a run."""
        if not self.visible:
            return
        from ganbook.notebook.panels.training.panel import show

        show(run)
        self._objects.append(run)

    def browser(self, browser: Any) -> None:
        """Show the panel of a browser."""
        if not self.visible:
            return
        from ganbook.notebook.panels.browsing.panel import show

        show(browser)
        self._objects.append(browser)

    def widget(self, panel: Any) -> None:
        """Show a panel that is an object of its own."""
        if not self.visible:
            return
        self._printers.for_type(type(panel), self._print_widget)  # each widget has a class of its own
        panel.show()
        self._objects.append(panel)

    def sheet(self, images: np.ndarray, text: str) -> None:
        """Show images uint8 (N, H, W, C) as one picture, with ``text`` for readers without eyes."""
        if not self.visible:
            return
        from ganbook.data.grid import enlarged_png, image_grid

        display({"image/png": enlarged_png(image_grid(images[:SHEET])), "text/plain": text}, raw=True)
        self._objects.append(images)

    def _print_run(self, run: Any) -> None:
        if run not in self:
            self.panel(run)

    def _print_browser(self, browser: Any) -> None:
        if browser not in self:
            self.browser(browser)

    def _print_widget(self, panel: Any) -> None:
        if panel not in self:
            self.widget(panel)

    def _print_array(self, array: np.ndarray) -> None:
        if array not in self:
            raise NotImplementedError  # IPython then prints it as it always does
