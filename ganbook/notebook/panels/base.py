"""The base of all panels: a widget that pages talk to, with a snapshot below it for readers without a kernel.

A page sends ``{"do": verb, "n": number, **arguments}``, perhaps with a file; ``{"kind": "taken", "n": number}`` tells
it that the kernel is at work on that. The method that :func:`verb` marks answers by sending messages ``{"kind": …}``;
once it has returned, or failed, the page receives ``{"kind": "done", "n": number}`` and knows that this question is
answered.
The page's side of the protocol is ``shared/store.js``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any, ClassVar, Self, TypeVar
from uuid import uuid4

import anywidget
import traitlets
from IPython.display import display

from ganbook.notebook.panels.snapshot import Snapshot
from ganbook.utils.errors import is_bad_input, refusal

SNAPSHOTS = 4  # those of the newest cells that show the panel are kept up to date

# Draws snapshots where nothing else may wait for them.
drawing_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ganbook snapshots")

Method = TypeVar("Method", bound=Callable[..., Any])


def verb(method: Method) -> Method:
    """Let pages call a method of a panel, by its name without leading underscores.

    It receives the arguments that the page sends, and a file as ``file: bytes``. If it returns a ``Future``, the page's
    question stays open until that is done.
    """
    method.is_verb = True  # type: ignore[attr-defined]
    return method


class Panel(anywidget.AnyWidget):
    """A panel: its verbs are methods marked with :func:`verb`, and it draws itself in ``snapshot``.

    Parameters
    ----------
    subject
        What the panel shows, whose ``repr`` stands for it in text; the panel itself unless given.
    worker
        Runs the verbs, in the order of their arrival; the kernel's own thread unless given.

    Attributes
    ----------
    views : int or None
        How many pages show it; None until the first has said hello.
    """

    key = traitlets.Unicode().tag(sync=True)
    # A message and its file, which a notebook that was saved with its widgets shows without a kernel.
    saved = traitlets.Dict().tag(sync=True)
    saved_file = traitlets.Bytes().tag(sync=True, from_json=lambda value, _: bytes(value))

    page_seen: ClassVar[bool] = False  # by any panel of this kernel
    _open: ClassVar[dict[Any, Panel]] = {}
    _verbs: ClassVar[dict[str, str]] = {}
    _subject: object = None  # a panel that could not be made is closed, too

    def __init_subclass__(cls, **options: Any):
        super().__init_subclass__(**options)
        methods = {name: method for parent in reversed(cls.__mro__) for name, method in vars(parent).items()}
        cls._verbs = {name.lstrip("_"): name for name, method in methods.items() if getattr(method, "is_verb", False)}

    def __init__(self, subject: object = None, worker: Executor | None = None):
        self._subject = self if subject is None else subject
        self._worker = worker
        self._snapshots: deque[Snapshot] = deque(maxlen=SNAPSHOTS)
        self.views: int | None = None
        super().__init__(key=uuid4().hex)
        # ipykernel 7.4 hands what a page says to the thread that spoke last, be it busy with a cell; like this, to the
        # one that JupyterLab has for the panel, so that buttons work while a cell waits for its run.
        if hasattr(self.comm, "_reply_subshell_for"):
            self.comm._reply_subshell_for = lambda data, asked: asked
        self.on_msg(self._receive)

    @classmethod
    def of(cls, subject: object) -> Self:
        """Return the open panel of a run or browser, or open one."""
        panel = Panel._open.get(subject)
        if panel is None or panel.comm is None:
            panel = Panel._open[subject] = cls(subject)
        return panel

    def close(self) -> None:
        """Remove the panel from all pages. What it shows is not touched."""
        if Panel._open.get(self._subject) is self:  # ipywidgets closes once more when the object is collected
            del Panel._open[self._subject]
        super().close()

    # Display

    def show(self) -> None:
        """Display the panel, and below it a snapshot for readers without a kernel, which a live panel hides."""
        data, metadata = self._repr_mimebundle_()
        display(data, metadata=metadata, raw=True)
        snapshot = Snapshot(self._subject, self.key, self.snapshot)
        self._snapshots.append(snapshot)
        self._draw_first(snapshot)

    def snapshot(self) -> tuple[bytes, str]:
        """Draw the panel as it stands: a PNG, and the HTML that follows it. Without either, its ``repr`` remains."""
        return b"", ""

    def _draw_first(self, snapshot: Snapshot) -> None:
        snapshot.draw()

    def _draw_snapshots(self) -> None:
        for snapshot in list(self._snapshots):
            snapshot.draw()

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict, dict]:
        data, metadata = super()._repr_mimebundle_(**options) or ({}, {})
        # Where there are no widgets the snapshot says it all.
        return data | {"text/plain": repr(self._subject), "text/html": ""}, metadata

    # From pages

    def _receive(self, _: Any, content: dict[str, Any], buffers: list[memoryview]) -> None:
        arguments = dict(content)
        name, number = arguments.pop("do", ""), arguments.pop("n", 0)
        if buffers:
            arguments["file"] = bytes(buffers[0])
        self.send({"kind": "taken", "n": number})
        if self._worker is None:
            self._perform(name, number, arguments)
        else:
            self._worker.submit(self._perform, name, number, arguments)

    def _perform(self, name: str, number: int, arguments: dict[str, Any]) -> None:
        answer = None
        try:
            if name not in self._verbs:
                raise ValueError(f"this version of ganbook does not know the request {name!r}: reload the page")
            answer = getattr(self, self._verbs[name])(**arguments)
        except Exception as error:
            self.report(error)
        if isinstance(answer, Future):
            answer.add_done_callback(lambda _: self.send({"kind": "done", "n": number}))
        else:
            self.send({"kind": "done", "n": number})

    @verb
    def _hello(self) -> None:
        """Greet a page that connects, or connects again: send it everything."""
        self.views = (self.views or 0) + 1
        Panel.page_seen = True
        self.send_all()

    @verb
    def _bye(self) -> None:
        self.views = max(0, (self.views or 0) - 1)

    # To pages

    def send_all(self) -> None:
        """Send everything that a page shows."""
        raise NotImplementedError

    def say(self, text: str, **more: Any) -> None:
        """Show one line on the pages; an empty one removes it.

        Options: ``failed`` marks an error; ``briefly`` shows the line for some seconds only.
        """
        self.send({"kind": "message", "text": text, **more})

    def send_file(self, name: str, media_type: str, content: bytes) -> None:
        """Send a file that the page saves as a download."""
        self.send({"kind": "file", "name": name, "type": media_type}, [content])

    def remember(self, message: dict[str, Any], file: bytes = b"") -> None:
        """Save a message with the notebook's widgets: a page without a kernel shows it."""
        self.saved_file = file
        self.saved = message

    # Errors

    def guarded(self, work: Callable[..., None], *args: Any) -> None:
        """Do something; an error is reported on the page and leaves the panel alive."""
        try:
            work(*args)
        except Exception as error:
            self.report(error)

    def report(self, error: Exception) -> None:
        """Show an error in one line; one that is not the user's input is logged, too."""
        if not is_bad_input(error):
            self.log.error("%s: %s", type(self).__name__, error, exc_info=error)
        self.say(one_line(error), failed=True)


def one_line(error: BaseException) -> str:
    """Return the message of an error in one line, behind its type unless it is about the user's input."""
    return refusal(error) if is_bad_input(error) else f"{type(error).__name__}: {refusal(error)}"
