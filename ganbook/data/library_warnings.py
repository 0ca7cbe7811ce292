"""Collect what Pillow warns of while it reads a file, so that one line can name the file."""

import contextlib
import threading
import warnings
from collections.abc import Iterator
from typing import Any

_lock = threading.Lock()
_this_thread = threading.local()
_readers = 0
_filters: warnings.catch_warnings | None = None


@contextlib.contextmanager
def collected() -> Iterator[list[str]]:
    """Collect the warnings of this thread, each text once, into a list; those of other threads go where they went.

    ``warnings.catch_warnings`` alone is not enough: it changes the whole process, and what two threads change and
    undo in turn stays changed. Here the first reader changes it and the last one undoes it.
    """
    texts: list[str] = []
    outer = getattr(_this_thread, "texts", None)
    _enter()
    _this_thread.texts = texts
    try:
        yield texts
    finally:
        _this_thread.texts = outer
        _leave()


def _enter() -> None:
    global _readers, _filters
    with _lock:
        _readers += 1
        if _readers > 1:
            return
        _filters = warnings.catch_warnings()
        _filters.__enter__()
        # also where a program turns warnings into errors: an image is no worse for them
        warnings.filterwarnings("always", module=r"PIL\b")
        # from half of the size on at which images are refused; those below are welcome
        warnings.filterwarnings("ignore", message=".*decompression bomb.*")
        elsewhere = warnings.showwarning

        def show(message: Warning | str, *details: Any, **more: Any) -> None:
            texts = getattr(_this_thread, "texts", None)
            if texts is None:
                elsewhere(message, *details, **more)
            elif (text := " ".join(str(message).split())) not in texts:
                texts.append(text)

        warnings.showwarning = show


def _leave() -> None:
    global _readers, _filters
    with _lock:
        _readers -= 1
        if _readers == 0:
            _filters.__exit__(None, None, None)
            _filters = None
