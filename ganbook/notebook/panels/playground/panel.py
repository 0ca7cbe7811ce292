"""The panel of a playground: watch a GAN learn points in the plane, steer it, change its recipe, look back."""

from __future__ import annotations

import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ganbook.config.train import MOST_STEPS
from ganbook.data.points import points_from
from ganbook.notebook.panels import bundle
from ganbook.notebook.panels.base import Panel, drawing_thread, verb
from ganbook.notebook.panels.playground import messages
from ganbook.notebook.panels.playground.snapshot import snapshot
from ganbook.notebook.panels.snapshot import Snapshot
from ganbook.plane.dirac import DiracGAN
from ganbook.plane.frame import Frame, nearest
from ganbook.plane.playground import Playground

HERE = Path(__file__).parent
# A page says now and then which frame it has drawn; beyond this many on their way, frames are sent slowly.
UNDRAWN, SLOW_SECONDS = 30, 0.5
DRAWN_NAME = "drawing"
AT_REST = {"paused", "stopped", "finished", "failed"}

_sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ganbook playground")


class Side:
    """One recipe on its way to the pages: the only one, or the left or right of two.

    Attributes
    ----------
    waiting
        The newest frame that has not been sent yet.
    skipped
        The newest frame that came while pages were behind; it is sent if no other follows.
    """

    def __init__(self, index: int, playground: Playground, follow: Callable[[Side, str, Any], None]):
        self.index, self.playground = index, playground
        self.rows: deque[dict[str, Any]] = deque(maxlen=1000)
        self.waiting: Frame | None = None
        self.skipped: Frame | None = None
        self.sent_at = 0.0
        self.leave = playground.watch(partial(follow, self))

    def take_rows(self) -> list[dict[str, Any]]:
        """Take the rows of history that have come since the last call."""
        return [self.rows.popleft() for _ in range(len(self.rows))]


class PlaygroundPanel(Panel):
    """A live view of a playground; ``PlaygroundPanel.of(playground).show()`` displays it."""

    _esm = bundle.script(HERE)
    _css = bundle.styles(HERE)

    def __init__(self, playground: Playground):
        self._playground = playground
        self._sides: list[Side] = []
        self._sent = self._drawn = 0
        self._running = playground.state == "training"  # as a page or someone else wishes, not for a step alone
        super().__init__(playground, _sender)
        for index, each in enumerate(playground.both):
            self._sides.append(Side(index, each, self._follow))
        self._begin(go_on=False)

    @property
    def playground(self) -> Playground:
        """The playground it shows."""
        return self._playground

    def close(self) -> None:
        """Remove the panel from all pages and watch no more."""
        for side in self._sides:
            side.leave()
        super().close()

    # From pages

    @verb
    def _hello(self) -> None:
        super()._hello()
        self._say_whether_seen()

    @verb
    def _bye(self) -> None:
        super()._bye()
        self._say_whether_seen()

    def _say_whether_seen(self) -> None:
        """Pages that were closed say so at best; of others it shows in frames that nobody draws."""
        seen = bool(self.views) and self._sent - self._drawn <= UNDRAWN
        for side in self._sides:
            side.playground.seen = seen

    @verb
    def _run(self) -> None:
        self._running = True
        self._playground.begin_steps(MOST_STEPS)
        self._send_now()

    @verb
    def _pause(self) -> None:
        self._running = False
        self._playground.pause()
        self._send_now()

    @verb
    def _step(self, network: str) -> None:
        self._playground.begin_steps(1, network)

    @verb
    def _restart(self, options: dict[str, Any], side: int | None = None) -> None:
        """Begin anew with other options of one of two recipes, or of both; what was training goes on training."""
        first, second = self._playground, self._playground.second

        def begin() -> None:
            if second is not None and side != 0:
                second.restart(**options)
            first.restart(**({} if side == 1 else options))

        self._begin_anew(begin)

    @verb
    def _beside(self, on: bool) -> None:
        """Add a second recipe, or end it."""
        self._begin_anew(self._playground.beside if on else self._playground.alone)

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
        self._say_whether_seen()

    @verb
    def _past(self, index: int) -> None:
        """Send a frame of the film."""
        first, *others = [list(side.playground.recorder.frames) for side in self._sides if side.playground.recorder]
        if not first or not all(others):
            return
        index = max(0, min(len(first) - 1, index))
        at = [index, *(nearest(frames, first[index].step) for frames in others)]
        for side, (frames, place) in enumerate(zip([first, *others], at, strict=True)):
            message, buffers = messages.past_frame(frames, place)
            self.send({"kind": "past", "side": side, "index": index, "of": len(first)} | message, buffers)

    @verb
    def _film(self) -> None:
        """Send the training as an animation, a file that the page saves."""
        name = f"{self._playground.run.data.name.partition(':')[0]}-gan.gif"
        with tempfile.TemporaryDirectory() as folder:
            self.send_file(name, "image/gif", self._playground.save_film(Path(folder) / name).read_bytes())

    @verb
    def _dirac(self, options: dict[str, Any]) -> None:
        """Send the phase portrait of a Dirac-GAN."""
        message, buffers = messages.dirac_portrait(DiracGAN(**options))
        self.send(message, buffers)

    @verb
    def _code(self) -> None:
        """Send the run as code to copy, or both runs."""
        keras = [_keras_code(side.playground) for side in self._sides]
        magic = "\n".join(side.playground.command() for side in self._sides)
        self.send({"kind": "code", "keras": keras[0], "magic": magic} | ({"second": keras[1]} if keras[1:] else {}))

    def _begin_anew(self, begin: Callable[[], object]) -> None:
        going = self._running and self._playground.state != "failed"
        begin()
        self._running = going
        self._begin(go_on=going)

    def _begin(self, *, go_on: bool) -> None:
        """Build the networks in a thread of their own, which takes seconds, and train on if wished."""
        if go_on:
            self._playground.begin_steps(MOST_STEPS)
            return
        threading.Thread(target=self.guarded, args=(self._build,), name="ganbook playground", daemon=True).start()

    def _build(self) -> None:
        for each in self._playground.both:
            each.begin()
            if each.recorder is not None:
                each.recorder.look()

    # From the threads of training and of the scores

    def _follow(self, side: Side, kind: str, value: Any) -> None:
        if kind == "report":
            side.rows.append(messages.report(value))
        elif kind == "frame":
            self._follow_frame(side, value)
        elif kind == "restart":
            side.rows.clear()
            side.waiting = side.skipped = None
            _sender.submit(self.guarded, self.send_all)
        elif kind == "beside":
            self._follow_beside(value)
        elif kind == "scores":
            _sender.submit(self.guarded, self.send, {"kind": "scores", "side": side.index, "row": value})
        elif kind == "state":
            _sender.submit(self.guarded, self._send_now)
            if self._playground.state in AT_REST:
                self._running = False
                for each in self._sides:
                    if each.skipped is not None:
                        self._follow_frame(each, each.skipped)
                drawing_thread.submit(self._draw_snapshots)

    def _follow_beside(self, second: Playground | None) -> None:
        for side in self._sides[1:]:
            side.leave()
        self._sides = self._sides[:1]
        if second is not None:
            self._sides.append(Side(1, second, self._follow))
            self._say_whether_seen()
        _sender.submit(self.guarded, self.send_all)

    def _follow_frame(self, side: Side, frame: Frame) -> None:
        if not self.views:
            return
        behind = self._sent - self._drawn > UNDRAWN and time.monotonic() - side.sent_at < SLOW_SECONDS
        if behind and self._playground.state == "training":
            side.skipped = frame
            self._say_whether_seen()
            return
        side.skipped = None
        first, side.waiting = side.waiting is None, frame
        side.sent_at = time.monotonic()
        if first:
            _sender.submit(self.guarded, self._send_frame, side)

    # To pages

    def send_all(self) -> None:
        """Send a page everything it shows."""
        for side in self._sides:
            side.take_rows()  # they are in its history
        message, buffers = messages.everything(self._playground)
        self.send(message, buffers)
        for side in self._sides:
            recorder = side.playground.recorder
            if recorder is not None and recorder.latest is not None:
                side.waiting = recorder.latest
                self._send_frame(side)

    def _send_now(self) -> None:
        self.send({"kind": "now", "now": messages.now(self._playground)})

    def _send_frame(self, side: Side) -> None:
        frame, side.waiting = side.waiting, None
        if frame is None:
            return
        self._sent += 1
        message, buffers = messages.frame(frame)
        about = {"kind": "frame", "side": side.index, "number": self._sent, "now": messages.now(self._playground)}
        self.send(about | {"rows": side.take_rows()} | message, buffers)

    # Without a kernel

    def snapshot(self) -> tuple[bytes, str]:
        """Draw the plane and the scores."""
        return snapshot(self._playground)

    def _draw_first(self, snapshot: Snapshot) -> None:
        if self._playground.state in AT_REST:
            drawing_thread.submit(snapshot.draw)

    def _draw_snapshots(self) -> None:
        time.sleep(1.0)  # perhaps it rests for a moment only, between two steps
        if self._playground.state in AT_REST:
            super()._draw_snapshots()


def _keras_code(playground: Playground) -> str:
    try:
        return playground.code()
    except ValueError as error:
        return f"# {error}"
