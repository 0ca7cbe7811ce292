"""The training panel: watch a run, steer it, look back.

What changes travels as messages, at most :data:`PER_SECOND` times a second.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ganbook.notebook.panels import bundle
from ganbook.notebook.panels.base import Panel, drawing_thread, verb
from ganbook.notebook.panels.snapshot import Snapshot
from ganbook.notebook.panels.training import messages, next_steps
from ganbook.notebook.panels.training.snapshot import snapshot
from ganbook.training.advice import advised
from ganbook.training.health import Health
from ganbook.training.run import Run
from ganbook.training.train import again

HERE = Path(__file__).parent
PER_SECOND = 2
AT_REST = {"paused", "stopped", "finished", "failed"}
ENDED = {"stopped", "finished", "failed"}
STEERED = {"rates", "extended"}  # events that change what a page was told once

# Reads files, draws and sends, so that the training thread need not wait for it.
_sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ganbook panels")
# Waits for answers of training threads.
_asker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ganbook questions")
# Takes next steps, which may take a minute.
_stepper = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ganbook next steps")


class TrainingPanel(Panel):
    """A live view of a run; ``TrainingPanel.of(run).show()`` displays it."""

    _esm = bundle.script(HERE)
    _css = bundle.styles(HERE)

    def __init__(self, run: Run):
        self._run = run
        self._more = messages.more(run.config)  # which does not grow as the run is extended
        self._health = Health(run.config, run.history.to_dict("records"))
        self._rows: deque[dict[str, Any]] = deque()
        self._new_preview: int | None = None
        self._all_is_due = True
        self._sent_at = 0.0
        super().__init__(run, _sender)
        self._remember()
        self._stop_following = run.observe(self._follow)

    @property
    def run(self) -> Run:
        """The run it shows."""
        return self._run

    def close(self) -> None:
        """Remove the panel from all pages and follow the run no more."""
        self._stop_following()
        super().close()

    # From pages

    @verb
    def _pause(self) -> None:
        self._command(self._run.pause)

    @verb
    def _resume(self) -> None:
        self._command(self._run.resume)

    @verb
    def _step(self) -> None:
        self._command(self._run.step)

    @verb
    def _stop(self) -> None:
        self._command(self._run.stop)

    @verb
    def _extend(self, budget: str, count: float) -> None:
        amount: dict[str, Any] = {budget: count}
        self._command(lambda: self._run.extend(**amount))

    @verb
    def _save(self) -> None:
        # Waits for the training thread.
        threading.Thread(target=self.guarded, args=(self._save_now,), name="ganbook save", daemon=True).start()

    @verb
    def _rates(self, generator: str, discriminator: str) -> Future[None]:
        return _asker.submit(self.guarded, self._set_rates, generator, discriminator)

    @verb
    def _networks(self) -> Future[None]:
        return _asker.submit(self.guarded, self._send_networks)

    @verb
    def _news(self) -> None:
        self._send_news()

    @verb
    def _preview(self, step: int) -> None:
        self._send_with_preview({"kind": "preview"}, int(step))

    @verb
    def _reference(self, name: str) -> None:
        self.send({"kind": "reference", "name": name}, [messages.reference(self._run, name)])

    @verb
    def _next(self, name: str) -> Future[None]:
        return _stepper.submit(self.guarded, self._take_next, name)

    @verb
    def _again(self, kind: str) -> None:
        """Stop, and begin anew below with what is advised against a fault."""
        new = again(self._run, **advised(kind, self._run.config))
        if self._run.active:
            self._run.stop()
        self.send({"kind": "opened", "name": "again", "model": TrainingPanel.of(new).model_id})

    def _take_next(self, name: str) -> None:
        step = next_steps.STEPS[name]
        if step.panel is not None:
            panel = step.panel(self._run)
            self.send({"kind": "opened", "name": name, "model": panel.model_id})
        elif name == "export":
            file = self._run.folder.path / "generator.keras"
            self.send_file(f"{self._run.name}-generator.keras", "application/octet-stream", file.read_bytes())
        else:
            self.send({"kind": "report", "name": name, "html": next_steps.report_of(self._run)._repr_html_()})

    def _command(self, command: Callable[[], object]) -> None:
        try:
            command()
        finally:
            self._send_news()

    def _set_rates(self, generator: str, discriminator: str) -> None:
        try:
            self._run.set_learning_rates(generator, discriminator)
        except ValueError as error:
            self.send({"kind": "rates", "refused": str(error)})

    def _send_networks(self) -> None:
        self.send({"kind": "networks", "html": self._run.networks()._repr_html_()})

    def _save_now(self) -> None:
        self._run.save()
        self.say(f"Checkpoint saved at step {self._run.steps_done:,}.", briefly=True)
        _sender.submit(self.guarded, self._send_news)

    # From the training thread

    def _follow(self, event: str, value: Any) -> None:
        if event == "report":
            self._health.add(value)
            self._rows.append(messages.report(self._run, value))
        elif event == "preview":
            self._new_preview = value
        elif event in STEERED or (event == "state" and value not in ("training", "paused")):
            self._all_is_due = True
        told_at_once = event == "state" or event in STEERED
        if told_at_once or time.monotonic() - self._sent_at >= 1 / PER_SECOND:
            self._sent_at = time.monotonic()
            if self.views != 0 or told_at_once:
                _sender.submit(self.guarded, self._send_news)
            if self.views == 0:
                self._rows.clear()
        if event == "state" and value in AT_REST:
            # Where no page listens, this is a kernel that may end with the run: draw before it is told.
            self._draw_snapshots() if not self.views and value in ENDED else drawing_thread.submit(self._draw_snapshots)

    # To pages

    def send_all(self) -> None:
        """Send a page everything it shows of the run."""
        self._send_with_preview(*self._everything())

    def _send_news(self) -> None:
        if self._all_is_due:
            self._all_is_due = False
            self._rows.clear()
            self.send_all()
        else:
            rows = [self._rows.popleft() for _ in range(len(self._rows))]
            step, self._new_preview = self._new_preview, None
            self._send_with_preview(
                {"kind": "news", "now": messages.now(self._run, self._health.line), "rows": rows}, step
            )
        if self._run.state in AT_REST:
            self._remember()

    def _everything(self) -> tuple[dict[str, Any], int | None]:
        """Return the message that holds everything, and the step of the last preview."""
        message = messages.everything(self._run, self._health.line, self._more)
        return message, message["previews"][-1] if message["previews"] else None

    def _send_with_preview(self, message: dict[str, Any], step: int | None) -> None:
        """Send a message, with the preview of a step if there is one."""
        if step is None:
            self.send(message)
        else:
            self.send(message | {"preview": step}, [messages.preview(self._run, step)])

    def _remember(self) -> None:
        message, step = self._everything()
        if step is None:
            self.remember(message)
        else:
            self.remember(message | {"preview": step}, messages.preview(self._run, step))

    def report(self, error: Exception) -> None:
        """Report an error, or that the folder of the run is gone."""
        folder = self._run.folder.path
        if (folder / "config.json").exists():
            super().report(error)
        else:
            text = (
                f"The folder of this run was deleted, renamed or moved: {folder}. The panel shows the last known "
                "state, and goes on if the folder comes back."
            )
            self._all_is_due = True
            self.send({"kind": "gone", "text": text})

    # Without a kernel

    def snapshot(self) -> tuple[bytes, str]:
        """Draw the last preview, the curves and the last report."""
        return snapshot(self._run)

    def _draw_first(self, snapshot: Snapshot) -> None:
        if self._run.state in AT_REST:
            snapshot.draw()

    def _draw_snapshots(self) -> None:
        if self._run.state == "paused":  # perhaps for a moment only: between two steps, say
            time.sleep(1.0)
        if self._run.state in AT_REST:
            super()._draw_snapshots()
