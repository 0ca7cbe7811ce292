"""Browse the lines of a text run: endless lines of a seed, walks between two, what is near in the data, favourites."""

from __future__ import annotations

import html
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ganbook.browsing.line_browser import LineBrowser
from ganbook.notebook.panels import bundle
from ganbook.notebook.panels.base import Panel, verb

HERE = Path(__file__).parent
PAGE, WALK, NEIGHBOURS, SNAPSHOT = 60, 12, 6, 40

_worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ganbook lines")


class LinesPanel(Panel):
    """Shows a :class:`~ganbook.browsing.line_browser.LineBrowser`; ``LinesPanel.of(browser).show()`` displays it."""

    _esm = bundle.script(HERE)
    _css = bundle.styles(HERE)

    def __init__(self, browser: LineBrowser):
        self._browser = browser
        super().__init__(browser, _worker)
        self._stop_following = browser.observe(self._follow)
        self._stop_watching = browser.run.observe(self._watch)

    def close(self) -> None:
        """Remove the panel from all pages."""
        self._stop_following()
        self._stop_watching()
        super().close()

    # From pages

    @verb
    def _look(self, changes: dict[str, Any]) -> None:
        self._browser.look(**changes)

    @verb
    def _more(self, start: int) -> None:
        self._send_lines(start)

    @verb
    def _near(self, line: str) -> None:
        self.send({"kind": "near", "line": line, "found": self._browser.neighbours(line, NEIGHBOURS)})

    @verb
    def _walk(self, a: int, b: int) -> None:
        lines = self._browser.walk(a, b, WALK)
        self.send({"kind": "walk", "a": a, "b": b, "lines": self._marked(lines)})

    @verb
    def _star(self, number: int) -> None:
        self._browser.star(number)

    @verb
    def _export(self) -> None:
        self.send_file(f"{self._browser.run.name}.txt", "text/plain;charset=utf-8", self._browser.text().encode())

    # To pages

    def _follow(self, event: str, _: Any) -> None:
        if event == "favourites":
            self.send({"kind": "favourites", "favourites": list(self._browser.favourites)})
            self.remember(self._everything())
        else:
            self.send_all()

    def _watch(self, event: str, _: Any) -> None:
        """Show the lines of the generator as it has become, whenever it is saved."""
        if event == "checkpoint" and self.views:
            _worker.submit(self.guarded, self.send_all)

    def send_all(self) -> None:
        """Send what a page shows at first."""
        message = self._everything()
        self.send(message)
        self.remember(message)

    def _everything(self) -> dict[str, Any]:
        browser, run = self._browser, self._browser.run
        look = browser.look_at
        return {
            "kind": "all",
            "name": run.name,
            "about": f"{run.folder.config()['data']['name']}, step {run.steps_done:,}",
            "classes": list(run.class_names),
            "look": {name: getattr(look, name) for name in ("seed", "label", "weights")},
            "lines": self._marked(browser.lines(0, PAGE)),
            "favourites": list(browser.favourites),
        }

    def _send_lines(self, start: int) -> None:
        self.send({"kind": "lines", "start": start, "lines": self._marked(self._browser.lines(start, PAGE))})

    def _marked(self, lines: list[str]) -> list[list[str]]:
        return [[mark, line] for mark, line in zip(self._browser.data.marks(lines), lines, strict=True)]

    def snapshot(self) -> tuple[bytes, str]:
        """Write the first lines of the seed."""
        lines = "".join(
            f"<bdi style='display:inline-block;min-width:9em'>{html.escape(line)}</bdi>"
            for line in self._browser.lines(0, SNAPSHOT)
        )
        return b"", f"<p><b>{html.escape(repr(self._browser))}</b></p><div style='max-width:48em'>{lines}</div>"
