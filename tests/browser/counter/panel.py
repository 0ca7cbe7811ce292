"""A panel as small as they get: a number, and a button that adds to it."""

from pathlib import Path

from ganbook.notebook.panels import bundle
from ganbook.notebook.panels.base import Panel, verb

HERE = Path(__file__).parent


class CounterPanel(Panel):
    _esm = bundle.script(HERE)
    _css = bundle.styles(HERE)
    number = 0

    @verb
    def _add(self, amount):
        if self.number + amount > 2:
            raise ValueError(f"{self.number + amount} is too many: at most 2")
        self.number += amount
        self.send_all()

    def send_all(self):
        self.send({"kind": "number", "number": self.number})
