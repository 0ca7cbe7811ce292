"""Calls that other threads leave for the one that trains."""

from __future__ import annotations

import queue
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any


class Mailbox:
    """A queue of calls and of the answers waited for."""

    def __init__(self):
        self._calls: queue.SimpleQueue[tuple[Callable[[], Any], Future]] = queue.SimpleQueue()

    def put(self, call: Callable[[], Any]) -> Future:
        """Ask for a call; its answer arrives in the future returned."""
        answer: Future = Future()
        self._calls.put((call, answer))
        return answer

    def serve(self) -> None:
        """Make all the calls asked for, in the thread that calls this."""
        while True:
            try:
                call, answer = self._calls.get_nowait()
            except queue.Empty:
                return
            try:
                answer.set_result(call())
            except BaseException as error:
                answer.set_exception(error)
