"""Processes that read image files: Python's lock lets the threads of one process decode small images only in turn.

They are started as commands, not by :mod:`multiprocessing`, which would run the user's script once more in each of them
unless it guards against that. Whatever a process cannot do, from a damaged file to its own start, it leaves to the
process that asked, which does it itself: the results, the messages and their order are the same as without.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from ganbook.data import image_file
from ganbook.data.library_warnings import collected

Result = TypeVar("Result")

MOST = 16  # one process hashes and writes what they decode, and has no use for more
PATIENCE = 30.0  # seconds to start in
_READY = b"reader\n"
_START = (
    "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); "
    "from ganbook.data.reader_processes import serve; serve()"
)


def usable_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class ReaderProcesses:
    """As many processes as there are cores, started when they are first needed; to be closed.

    Attributes
    ----------
    count
        How many there are at most.
    """

    def __init__(self) -> None:
        self.count = min(MOST, usable_cores())
        self._lock = threading.Lock()
        self._left_to_start = self.count
        self._all: list[_Reader] = []
        self._idle: queue.SimpleQueue[_Reader] = queue.SimpleQueue()

    def results(self, read: Callable[[str], Result], paths: Sequence[str]) -> list[Result | None]:
        """Return ``read(path)`` for each path, None where this process has to do it itself.

        ``read`` is a function of a module, or a ``functools.partial`` of one. Called in ``count`` threads at most.
        """
        with self._lock:
            starts = self._left_to_start > 0
            self._left_to_start -= starts
        reader = _Reader() if starts else self._idle.get()
        if starts:
            with self._lock:
                self._all.append(reader)
        try:
            return reader.results(read, paths)
        finally:
            self._idle.put(reader)

    def close(self) -> None:
        """End them."""
        for reader in self._all:
            reader.close()
        self._all.clear()


class _Reader:
    """One process; one that could not be started, or has died, has no results."""

    def __init__(self) -> None:
        self._process: subprocess.Popen | None = None
        if getattr(sys, "frozen", False) or not sys.executable:  # no Python that could be started
            return
        # The interrupt of a terminal or a notebook goes to a whole group; it is for the process that asked.
        apart: dict[str, Any] = {"start_new_session": True} if os.name == "posix" else {
            "creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
            | getattr(subprocess, "CREATE_NO_WINDOW", 0)
        }  # fmt: skip
        with contextlib.suppress(OSError):
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _START], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, **apart,
            )  # fmt: skip
            self._begin(self._process)

    def _begin(self, process: subprocess.Popen) -> None:
        timer = threading.Timer(PATIENCE, process.kill)
        timer.daemon = True
        timer.start()
        try:
            pickle.dump(sys.path, process.stdin)
            process.stdin.flush()
            if process.stdout.readline() != _READY:
                self.close()
        except (OSError, ValueError):
            self.close()
        finally:
            timer.cancel()

    def results(self, read: Callable[[str], Result], paths: Sequence[str]) -> list[Result | None]:
        process = self._process
        if process is None:
            return [None] * len(paths)
        try:
            pickle.dump((read, list(paths)), process.stdin, pickle.HIGHEST_PROTOCOL)
            process.stdin.flush()
            return pickle.load(process.stdout)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):  # it was killed
            self.close()
            return [None] * len(paths)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                pipe.close()
        process.wait()


def serve() -> None:
    """Read files for the process that started this one, until its pipe ends."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    image_file.refuse_large()
    answers.write(_READY)
    answers.flush()
    with contextlib.suppress(EOFError, OSError):
        while True:
            read, paths = pickle.load(requests)
            with collected():  # the outermost: those inside find the filters as they need them
                results = [_attempt(read, path) for path in paths]
            pickle.dump(results, answers, pickle.HIGHEST_PROTOCOL)
            answers.flush()


def _attempt(read: Callable[[str], Result], path: str) -> Result | None:
    try:
        return read(path)
    except Exception:
        return None
