"""The dashboard of runs: a table to filter, curves over each other, and what one does with a run."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd

from ganbook.config.base import default_runs_dir
from ganbook.notebook.panels import bundle
from ganbook.notebook.panels.base import Panel, verb
from ganbook.notebook.panels.dashboard import messages
from ganbook.notebook.panels.training.panel import TrainingPanel
from ganbook.training import shelf
from ganbook.training.runs import load_run, runs
from ganbook.utils.files import user_path

HERE = Path(__file__).parent

# Reads files and sends, so that a busy kernel does not keep the page waiting.
_sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ganbook runs panel")


class RunsPanel(Panel):
    """All runs of a folder, as ``%gan_runs`` shows them.

    Parameters
    ----------
    runs_dir
        The folder of runs.
    """

    _esm = bundle.script(HERE)
    _css = bundle.styles(HERE)

    def __init__(self, runs_dir: str | Path | None = None):
        self._runs_dir = Path(default_runs_dir() if runs_dir is None else user_path(runs_dir, "runs_dir")).absolute()
        self._histories: dict[Path, tuple[int, pd.DataFrame]] = {}
        self._ticked: list[str] = []
        self._deleted: list[tuple[Path, str]] = []
        super().__init__(None, _sender)
        self.remember(self._listing())

    @property
    def table(self) -> pd.DataFrame:
        """The runs as they are now."""
        return runs(self._runs_dir)

    # From pages

    @verb
    def _news(self) -> None:
        self.send_all()

    @verb
    def _tick(self, names: list[str]) -> None:
        self._ticked = list(names)
        self._send_curves()

    @verb
    def _show_run(self, name: str) -> None:
        panel = TrainingPanel.of(load_run(name, self._runs_dir))
        self.send({"kind": "opened", "name": name, "model": panel.model_id})

    @verb
    def _rename(self, name: str, new: str) -> None:
        folder = shelf.rename(name, new, self._runs_dir)
        self._ticked = [folder.name if ticked == name else ticked for ticked in self._ticked]
        self.say(f'{name} is now {folder.name}. Variables that hold it: gb.load_run("{folder.name}").', briefly=True)
        self.send_all()

    @verb
    def _note(self, name: str, text: str) -> None:
        shelf.write_note(name, text, self._runs_dir)
        self.send_all()

    @verb
    def _delete(self, name: str) -> None:
        self._deleted.append((shelf.delete(name, self._runs_dir), name))
        self._ticked = [ticked for ticked in self._ticked if ticked != name]
        self.say(
            f"{name} is deleted; Undo brings it back. It lies in {self._deleted[-1][0].parent} until you remove it."
        )
        self.send_all()

    @verb
    def _undo(self) -> None:
        deleted, name = self._deleted[-1]
        shelf.restore(deleted, name)
        self._deleted.pop()
        self.say(f"{name} is back.", briefly=True)
        self.send_all()

    # To pages

    def send_all(self) -> None:
        """Send the list of runs, and the curves of those that are ticked."""
        self.send(self._listing())
        self._send_curves()

    def _listing(self) -> dict[str, Any]:
        rows = messages.listing(self._runs_dir, self._histories)
        there = {row["name"] for row in rows}
        self._ticked = [name for name in self._ticked if name in there]
        return {
            "kind": "runs", "rows": rows, "folder": str(self._runs_dir), "ticked": self._ticked,
            "shown": list(messages.SHOWN.items()), "undo": self._deleted[-1][1] if self._deleted else "",
        }  # fmt: skip

    def _send_curves(self) -> None:
        curves = {name: messages.curves(self._runs_dir / name, self._histories) for name in self._ticked}
        self.send({"kind": "curves", "curves": curves})

    # Without a kernel

    def snapshot(self) -> tuple[bytes, str]:
        """Return the table."""
        return b"", self.table.to_html(index=False)
