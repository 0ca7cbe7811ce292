"""Where a run that has learned something leads: panels that open below it, a report, files to take away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ganbook.config.base import default_runs_dir
from ganbook.data.dataset import kind_of
from ganbook.training.run import Run

if TYPE_CHECKING:
    from ganbook.notebook.panels.base import Panel


@dataclass(frozen=True)
class Step:
    """A next step.

    Attributes
    ----------
    label, title
        Of its button.
    fits
        Tells for which tasks and kinds of data, ``(task, kind)``, it is offered.
    code
        The line that does the same, with ``{run}`` for the name or path and ``{folder}`` for the path.
    panel
        Opens the panel of it; None for a report or a file.
    """

    label: str
    title: str
    fits: Callable[[str, str], bool]
    code: str
    panel: Callable[[Run], Panel] | None = None


def _browse(run: Run) -> Panel:
    from ganbook.browsing.browse import browse
    from ganbook.browsing.browser import Browser
    from ganbook.notebook.panels.browsing.panel import BrowsingPanel
    from ganbook.notebook.panels.lines.panel import LinesPanel

    browser = browse(run)
    return BrowsingPanel.of(browser) if isinstance(browser, Browser) else LinesPanel.of(browser)


def _inpaint(run: Run) -> Panel:
    from ganbook.notebook.image_panels import inpaint_panel

    return inpaint_panel(run)


def _enhance(run: Run) -> Panel:
    from ganbook.notebook.image_panels import enhance_panel

    return enhance_panel(run)


def _of_samples(task: str, kind: str) -> bool:
    return task in ("generate", "text") and kind != "points"


STEPS: dict[str, Step] = {
    "browse": Step("Browse", "Explore what the generator draws", _of_samples, "%gan_browse {run}", _browse),
    "evaluate": Step(
        "Evaluate", "Measure samples against real data, and say what is wrong", _of_samples, "%gan_evaluate {run}"
    ),
    "inpaint": Step(
        "Inpaint",
        "Paint holes and let the run fill them",
        lambda task, kind: task in ("generate", "inpaint") and kind == "images",
        "%gan_inpaint {run}",
        _inpaint,
    ),
    "enhance": Step(
        "Enhance",
        "Enlarge and restore images with the run",
        lambda task, kind: task == "enhance",
        "%gan_enhance {run}",
        _enhance,
    ),
    "export": Step(
        "Download generator",
        "The averaged generator as a Keras model, which needs no ganbook",
        lambda task, kind: True,
        'keras.saving.load_model("{folder}/generator.keras")',
    ),
}


def address(run: Run) -> str:
    """Return what magics and functions find a run by: its name, or its path where it is in another folder of runs."""
    here = run.folder.path.parent.resolve() == default_runs_dir().resolve()
    return run.name if here else str(run.folder.path)


def offered(run: Run) -> list[dict[str, str]]:
    """Return the steps that a run offers, as a page takes them."""
    task, kind = run.config.task, kind_of(run.folder.config()["data"]).kind
    words = {"run": address(run), "folder": run.folder.path.as_posix()}
    return [
        {"name": name, "label": step.label, "title": f"{step.title} – {step.code.format(**words)}"}
        for name, step in STEPS.items()
        if step.fits(task, kind)
    ]


def report_of(run: Run) -> Any:
    """Evaluate a run, without a bar."""
    from ganbook.evaluation.evaluate import evaluate

    return evaluate(run, progress=False)
