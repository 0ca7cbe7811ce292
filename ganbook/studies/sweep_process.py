"""A training in a process of its own: TensorFlow keeps memory of every training in a process, and threads are set once.

The process that is started, ``python -m ganbook.studies.sweep_process``, reads the options from its standard input, and
then listens there: where a line comes, or the end because the process that started it has died, it saves and ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from ganbook.utils.errors import INTERRUPTED, is_bad_input, refusal

FINISHED, FAILED, BAD_INPUT = 0, 1, 2
THREADS = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
PATIENCE = 60.0  # seconds to save in


class TrainingProcess:
    """A training that runs elsewhere on this machine.

    Parameters
    ----------
    options
        Those of :func:`ganbook.train`, as JSON can say them.
    threads
        How many it may use.
    log
        The file that gets what it prints.
    """

    def __init__(self, options: dict[str, Any], threads: int, log: Path):
        environment = os.environ | dict.fromkeys(THREADS, str(threads))
        # The interrupt of a terminal or a notebook goes to a whole group: this process tells the training itself.
        apart: dict[str, Any] = {"start_new_session": True} if os.name == "posix" else {
            "creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        }  # fmt: skip
        self._log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "ganbook.studies.sweep_process"], stdin=subprocess.PIPE, stdout=output,
                stderr=output, env=environment, **apart,
            )  # fmt: skip
        self._say(json.dumps(options))

    def _say(self, line: str) -> None:
        with contextlib.suppress(OSError, ValueError):  # it has ended
            self._process.stdin.write(line.encode() + b"\n")
            self._process.stdin.flush()

    @property
    def code(self) -> int | None:
        """Its exit code, negative if it was killed; None while it runs."""
        return self._process.poll()

    def stop(self) -> int:
        """Have it save and end; return its exit code."""
        self._say("stop")
        try:
            return self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def close(self) -> None:
        """Let go of it, once it has ended."""
        with contextlib.suppress(OSError):
            self._process.stdin.close()

    def last_words(self) -> str:
        """Return the last line that it printed."""
        with contextlib.suppress(OSError):
            lines = [line for line in self._log.read_text(errors="replace").splitlines() if line.strip()]
            return lines[-1].removeprefix("ganbook: ") if lines else ""
        return ""


def main() -> int:
    """Train; return 0 when finished, 130 when stopped, 1 when it failed, 2 for bad input, as the terminal does."""
    options, starting = json.loads(sys.stdin.readline()), threading.Lock()
    run = None

    def listen() -> None:
        sys.stdin.readline()
        with starting:
            if run is None:  # there is nothing to save
                os._exit(INTERRUPTED)
            run.stop()

    threading.Thread(target=listen, daemon=True).start()
    from ganbook.training.train import train
    from ganbook.utils import backend

    backend.tensorflow()  # takes seconds, in which it may be stopped
    try:
        with starting:
            run = train(**options)
    except (ValueError, OSError) as error:
        print(f"ganbook: {refusal(error)}", file=sys.stderr)
        return BAD_INPUT
    try:
        run.wait()
    except Exception as error:
        if not is_bad_input(error) and not isinstance(error, FloatingPointError):
            raise
        print(f"ganbook: {refusal(error)}", file=sys.stderr)
        return FAILED
    return FINISHED if run.state == "finished" else INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
