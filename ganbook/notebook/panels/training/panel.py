"""The training panel: watch a run, steer it, look back.

A panel owns nothing. What changes travels as messages, at most :data:`PER_SECOND` times a second; a page that
connects, or connects again, says hello and is told everything. Two synced traits hold what a notebook that was saved
with its widgets shows without a kernel.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import traitlets

from ganbook.notebook.panels import bundle
from ganbook.notebook.panels.base import Panel, artist
from ganbook.notebook.panels.snapshot import Still, of_run
from ganbook.notebook.panels.training import facts
from ganbook.training.run import Run

PER_SECOND = 2
AT_REST = {"paused", "stopped", "finished", "failed"}
ENDED = {"stopped", "finished", "failed"}

# Reads files, draws and sends, so that the training thread need not wait for it.
_courier = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ganbook panels")
_panels: dict[Run, TrainingPanel] = {}


def show(run: Run) -> TrainingPanel:
    """Display the panel of a run, and under it what remains of it where no kernel is.

    The second is a picture and a table which a live panel hides. It is drawn when the run pauses or ends.

    Parameters
    ----------
    run
        Training, ended or loaded from disk. Each call shows another view of the same panel.
    """
    panel = _panels.get(run)
    if panel is None or panel.comm is None:
        panel = _panels[run] = TrainingPanel(run)
    panel.show()
    return panel


class TrainingPanel(Panel):
    """A live view of a run. Shown by :func:`show`; closed by ``close()``, which does not touch the run."""

    _esm = bundle.script("training")
    _css = bundle.styles("panel", "training")

    at_rest = traitlets.Dict().tag(sync=True)
    picture_at_rest = traitlets.Bytes().tag(sync=True, from_json=lambda value, _: bytes(value))

    def __init__(self, run: Run):
        self._run = run
        self._rows: deque[dict[str, Any]] = deque()
        self._new_preview: int | None = None
        self._all_is_due = True
        self._sent_at = 0.0
        self._views: int | None = None  # None until a page has said hello
        super().__init__(run)
        self._keep()
        self._stop_following = run.observe(self._follow)

    @property
    def run(self) -> Run:
        """The run it shows."""
        return self._run

    def close(self) -> None:
        """Remove it from all pages and follow the run no more."""
        self._stop_following()
        if _panels.get(self._run) is self:  # ipywidgets closes once more when the object is collected
            del _panels[self._run]
        super().close()

    # From the training thread

    def _follow(self, event: str, value: Any) -> None:
        if event == "report":
            self._rows.append(facts.report(value))
        elif event == "preview":
            self._new_preview = value
        elif event == "state" and value not in ("training", "paused"):
            self._all_is_due = True
        if event == "state" or time.monotonic() - self._sent_at >= 1 / PER_SECOND:
            self._sent_at = time.monotonic()
            if self._views != 0 or event == "state":
                _courier.submit(self._guarded, self._send_news)
            self._new_rows_only_if_watched()
        if event == "state" and value in AT_REST:
            # Where no page listens, this is a kernel that may end with the run: draw before it is told.
            self._draw_stills() if not self._views and value in ENDED else artist.submit(self._draw_stills)

    def _new_rows_only_if_watched(self) -> None:
        if self._views == 0:
            self._rows.clear()

    # In the courier's thread

    def _send_news(self) -> None:
        if self._all_is_due:
            self._all_is_due = False
            self._rows.clear()
            self._send_all()
        else:
            rows = [self._rows.popleft() for _ in range(len(self._rows))]
            message = {"kind": "news", "now": facts.now(self._run), "rows": rows}
            step, self._new_preview = self._new_preview, None
            self._post(message, step)
        if self._run.state in AT_REST:
            self._keep()

    def _send_all(self) -> None:
        message = self._everything()
        self._post(message, message["film"][-1] if message["film"] else None)

    def _everything(self) -> dict[str, Any]:
        run = self._run
        return {
            "kind": "all",
            "head": facts.head(run),
            "now": facts.now(run),
            "curves": facts.curves(run),
            "film": list(run.folder.previews()),
        }

    def _post(self, message: dict[str, Any], step: int | None) -> None:
        """Send a message, with the preview of a step if there is one."""
        if step is None:
            self.send(message)
            return
        file = self._run.folder.preview_path(step)
        self.send(message | {"preview": step}, [facts.picture(file)])

    def _send_picture(self, step: int) -> None:
        self._post({"kind": "picture"}, step)

    def _keep(self) -> None:
        """Put into the synced traits what a page without a kernel shows."""
        kept = self._everything()
        if kept["film"]:
            self.picture_at_rest = facts.picture(self._run.folder.preview_path(kept["film"][-1]))
        self.at_rest = kept

    def _draw_first(self, still: Still) -> None:
        if self._run.state in AT_REST:
            still.draw()

    def _draw_stills(self) -> None:
        if self._run.state == "paused":  # perhaps for a moment only: between two steps, say
            time.sleep(1.0)
        if self._run.state in AT_REST:
            super()._draw_stills()

    def _paint_still(self) -> tuple[bytes, str]:
        return of_run(self._run)

    def _save(self) -> None:
        self._run.save()
        self.send({"kind": "said", "text": f"Saved at step {self._run.steps_done:,}.", "briefly": True})
        _courier.submit(self._guarded, self._send_news)

    # From the page

    def _heard(self, _: Any, content: dict[str, Any], buffers: Any) -> None:
        run, what = self._run, content.get("do")
        if what == "hello":
            self._views = (self._views or 0) + 1
            _courier.submit(self._guarded, self._send_all)
        elif what == "bye":
            self._views = max(0, (self._views or 0) - 1)
        elif what == "picture":
            _courier.submit(self._guarded, self._send_picture, int(content["step"]))
        elif what == "save":  # waits for the training thread
            threading.Thread(target=self._guarded, args=(self._save,), name="ganbook save", daemon=True).start()
        elif what in ("pause", "resume", "step", "stop", "extend", "ask"):
            self._guarded(self._steer, run, what, content)
            _courier.submit(self._guarded, self._send_news)

    @staticmethod
    def _steer(run: Run, what: str, content: dict[str, Any]) -> None:
        if what == "extend":
            run.extend(**{content["budget"]: content["count"]})
        elif what != "ask":
            getattr(run, what)()

    def _guarded(self, work: Callable[..., None], *args: Any) -> None:
        """Do something; what goes wrong is said on the page."""
        try:
            work(*args)
        except Exception as error:
            folder = self._run.folder.path
            if not (folder / "config.json").exists():
                text = f"The folder of this run is gone: {folder}. What is shown is the last that was known."
                self.send({"kind": "gone", "text": text})
            else:
                self.send({"kind": "said", "text": f"{type(error).__name__}: {error}"})
