"""The form that begins a training: data, network, how long, further options, and the line that does the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from ganbook.config.presets import tasks_of
from ganbook.config.train import TrainConfig
from ganbook.data import ImageData, load, report
from ganbook.data.dataset import Dataset
from ganbook.data.load import kind_of_name
from ganbook.notebook.panels import bundle
from ganbook.notebook.panels.base import Panel, verb
from ganbook.notebook.panels.start import fields
from ganbook.notebook.panels.training.panel import TrainingPanel
from ganbook.training import shipped
from ganbook.training.expectations import expectation
from ganbook.training.run import Run
from ganbook.training.runs import ActiveRunError, load_run
from ganbook.training.train import train

HERE = Path(__file__).parent
SHOWN = 24  # images, or lines

# Reads data and starts runs, so that a busy kernel does not keep the page waiting.
_worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ganbook start panel")


class StartPanel(Panel):
    """A form to train a GAN without writing code; ``panel.run`` is the run that it began or opened last.

    Parameters
    ----------
    data
        What the form begins with, as :func:`ganbook.train` takes it by name or path.
    """

    _esm = bundle.script(HERE)
    _css = bundle.styles(HERE)

    def __init__(self, data: str = "fashion"):
        self._data = str(data)
        self.run: Run | None = None
        super().__init__(None, _worker)
        self.remember(self._form())

    # From pages

    @verb
    def _look(self, data: str, options: dict[str, Any]) -> None:
        # What was chosen for images must not keep lines of text from being shown, which would say that it goes.
        loaded = load(data, **(options if kind_of_name(data) == "images" else {}))
        message, pictures = _shown(loaded)
        tasks = tasks_of(loaded.kind)
        auto = {task: TrainConfig(task=task).resolved(*loaded.traits).network for task in tasks}
        about = {"kind": "data", "of": data, "holds": loaded.kind, "task": tasks[0], "auto": auto}
        self.send(about | message, pictures)

    @verb
    def _train(self, options: dict[str, Any]) -> None:
        try:
            run = train(**options)
        except ActiveRunError as error:
            run = error.run
            self.say(str(error))
        self._opened(run)

    @verb
    def _shipped(self, name: str) -> None:
        self._opened(load_run(name))

    def _opened(self, run: Run) -> None:
        self.run = run
        self.send({"kind": "opened", "name": run.name, "model": TrainingPanel.of(run).model_id})

    # To pages

    def send_all(self) -> None:
        """Send what the form offers."""
        self.send(self._form())

    def _form(self) -> dict[str, Any]:
        return {"kind": "form", "begins": self._data, "shipped": shipped.names()} | fields.everything()


def _shown(data: Dataset) -> tuple[dict[str, Any], list[bytes]]:
    """Return what data are and what to expect of them in words, and both as PNG; lines of text are words, too."""
    count = f"{len(data):,} {data.noun}s, {data.size_in_words(data.record())}"
    chosen = np.linspace(0, len(data) - 1, min(SHOWN, len(data))).astype(int)
    if isinstance(data, ImageData):
        from ganbook.data.grid import image_grid

        out = BytesIO()
        image_grid(data.images[chosen], 12).save(out, "PNG")
        expected = expectation(max(data.shape[:2]), data.shape[2], len(data), data.photographs)
        message = {"line": count, "remarks": list(report(data).lines), "lines": [], "expectation": str(expected)}
        return message, [out.getvalue(), expected.picture or b""]
    lines = [str(data.lines[i]) for i in chosen] if hasattr(data, "lines") else []
    return {"line": count, "remarks": [], "lines": lines, "expectation": ""}, []
