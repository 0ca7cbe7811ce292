"""The panel of a playground: watch a GAN learn points in the plane, steer it, change its recipe, look back."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from ganbook.data.points import points_from
from ganbook.notebook.panels import bundle
from ganbook.notebook.panels.base import Panel, drawing_thread, verb
from ganbook.notebook.panels.playground import messages
from ganbook.notebook.panels.playground.snapshot import snapshot
from ganbook.notebook.panels.snapshot import Snapshot
from ganbook.plane.film import film
from ganbook.plane.frame import Frame
from ganbook.plane.playground import Playground
from ganbook.training.run import MOST_STEPS

HERE = Path(__file__).parent
# A page says which frame it has drawn; beyond this many on their way, frames are sent slowly.
UNDRAWN, SLOW_SECONDS = 6, 0.5
DRAWN_NAME = "drawing"
AT_REST = {"paused", "stopped", "finished", "failed"}

_sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ganbook playground")


class PlaygroundPanel(Panel):
    """A live view of a playground; ``PlaygroundPanel.of(playground).show()`` displays it."""

    _esm = bundle.script(HERE)
    _css = bundle.styles(HERE)

    def __init__(self, playground: Playground):
        self._playground = playground
        self._rows: deque[dict[str, Any]] = deque(maxlen=1000)
        self._waiting: Frame | None = None
        self._sent = self._drawn = 0
        self._sent_at = 0.0
        self._running = playground.run.state == "training"  # as a page or someone else wishes, not for a step alone
        super().__init__(playground, _sender)
        self._leave = playground.watch(self._follow)
        self._begin(go_on=False)

    @property
    def playground(self) -> Playground:
        """The playground it shows."""
        return self._playground

    def close(self) -> None:
        """Remove the panel from all pages and watch no more."""
        self._leave()
        super().close()

    # From pages

    @verb
    def _run(self) -> None:
        self._running = True
        self._playground.run.step(MOST_STEPS)
        self._send_now()

    @verb
    def _pause(self) -> None:
        self._running = False
        self._playground.run.pause()
        self._send_now()

    @verb
    def _step(self, network: str) -> None:
        self._playground.run.step(1, network)

    @verb
    def _restart(self, options: dict[str, Any]) -> None:
        """Begin anew with other options; a run that was training goes on training."""
        self._begin_anew(lambda: self._playground.restart(**options))

    @verb
    def _lesson(self, name: str) -> None:
        self._begin_anew(lambda: self._playground.lesson(name))

    @verb
    def _draw(self, file: bytes) -> None:
        """Learn points drawn by hand, float32 (N, 2)."""
        points = np.frombuffer(file, "<f4").reshape(-1, 2)
        if len(points) < 2:
            raise ValueError(f"the drawing has {len(points)} points: draw with the brush first; a GAN needs hundreds")
        data = points_from(points, name=DRAWN_NAME)
        self._begin_anew(lambda: self._playground.restart(data))

    @verb
    def _drawn_frame(self, number: int) -> None:
        self._drawn = max(self._drawn, number)

    @verb
    def _past(self, index: int) -> None:
        """Send a frame of the film."""
        frames = self._playground.recorder.frames if self._playground.recorder else []
        if frames:
            index = max(0, min(len(frames) - 1, index))
            message, buffers = messages.frame(frames[index])
            self.send({"kind": "past", "index": index, "of": len(frames)} | message, buffers)

    @verb
    def _film(self) -> None:
        """Send the training as an animation, a file that the page saves."""
        recorder, data = self._playground.recorder, self._playground.run.data
        if recorder is not None and recorder.frames:
            name = f"{data.name.partition(':')[0]}-gan.gif"
            self.send_file(name, "image/gif", film(data, list(recorder.frames), ".gif"))

    @verb
    def _code(self) -> None:
        """Send the run as code to copy."""
        try:
            keras = self._playground.code()
        except ValueError as error:
            keras = f"# {error}"
        self.send({"kind": "code", "keras": keras, "magic": self._playground.command()})

    def _begin_anew(self, begin: Callable[[], object]) -> None:
        going = self._running and self._playground.run.state != "failed"
        begin()
        self._running = going
        self._begin(go_on=going)

    def _begin(self, *, go_on: bool) -> None:
        """Build the networks in a thread of their own, which takes seconds, and train on if wished."""
        run = self._playground.run
        if go_on:
            run.step(MOST_STEPS)
            return
        threading.Thread(target=self.guarded, args=(self._build,), name="ganbook playground", daemon=True).start()

    def _build(self) -> None:
        self._playground.begin()
        if self._playground.recorder is not None:
            self._playground.recorder.look()

    # From the threads of training and of the scores

    def _follow(self, kind: str, value: Any) -> None:
        if kind == "report":
            self._rows.append(messages.report(value))
        elif kind == "frame":
            self._follow_frame(value)
        elif kind == "restart":
            self._rows.clear()
            self._waiting = None
            _sender.submit(self.guarded, self.send_all)
        elif kind == "scores":
            _sender.submit(self.guarded, self.send, {"kind": "scores", "row": value})
        elif kind == "state":
            _sender.submit(self.guarded, self._send_now)
            if value in AT_REST:
                self._running = False
                drawing_thread.submit(self._draw_snapshots)

    def _follow_frame(self, frame: Frame) -> None:
        if not self.views:
            return
        behind = self._sent - self._drawn > UNDRAWN and time.monotonic() - self._sent_at < SLOW_SECONDS
        if behind and self._playground.run.state == "training":
            return
        first, self._waiting = self._waiting is None, frame
        self._sent_at = time.monotonic()
        if first:
            _sender.submit(self.guarded, self._send_frame)

    # To pages

    def send_all(self) -> None:
        """Send a page everything it shows."""
        message, buffers = messages.everything(self._playground)
        self.send(message, buffers)
        recorder = self._playground.recorder
        if recorder is not None and recorder.latest is not None:
            self._waiting = recorder.latest
            self._send_frame()

    def _send_now(self) -> None:
        rows = [self._rows.popleft() for _ in range(len(self._rows))]
        self.send({"kind": "now", "now": messages.now(self._playground), "rows": rows})

    def _send_frame(self) -> None:
        frame, self._waiting = self._waiting, None
        if frame is None:
            return
        self._sent += 1
        rows = [self._rows.popleft() for _ in range(len(self._rows))]
        message, buffers = messages.frame(frame)
        about = {"kind": "frame", "number": self._sent, "now": messages.now(self._playground), "rows": rows}
        self.send(about | message, buffers)

    # Without a kernel

    def snapshot(self) -> tuple[bytes, str]:
        """Draw the plane and the scores."""
        return snapshot(self._playground)

    def _draw_first(self, snapshot: Snapshot) -> None:
        if self._playground.run.state in AT_REST:
            drawing_thread.submit(snapshot.draw)

    def _draw_snapshots(self) -> None:
        time.sleep(1.0)  # perhaps it rests for a moment only, between two steps
        if self._playground.run.state in AT_REST:
            super()._draw_snapshots()
