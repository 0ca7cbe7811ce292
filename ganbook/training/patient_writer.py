"""Writing to a run's folder: it waits for room while the disk is full, and notices a folder that is gone."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable
from typing import Any

from ganbook.training.run_folder import RunFolder

DISK_FULL = {errno.ENOSPC, errno.EDQUOT}
MISSING_RETRIES, MISSING_RETRY_SECONDS = 4, 0.5


class PatientWriter:
    """Writes to the folder as it is now; another folder of its name, put there later, is not written to.

    ``wait_for_room`` is called while the disk is full, with a note that says so; it returns False to give up.
    """

    def __init__(self, folder: RunFolder, wait_for_room: Callable[[str], bool]):
        self._folder, self._wait_for_room = folder, wait_for_room
        self._identity = folder.identity()

    def __call__(self, write: Callable[[], Any]) -> Any:
        """Call ``write`` until it succeeds; return its result.

        Raises
        ------
        RuntimeError
            The folder was removed or replaced meanwhile.
        OSError
            It cannot be written, for another reason than a full disk.
        """
        missing = 0
        while True:
            self._check_folder()
            try:
                return write()
            except OSError as error:
                self._check_folder()
                if isinstance(error, FileNotFoundError) and missing < MISSING_RETRIES:
                    missing += 1  # is the folder being removed this moment?
                    time.sleep(MISSING_RETRY_SECONDS)
                    continue
                full = error.errno in DISK_FULL or "No space left" in str(error)
                if not (
                    full and self._wait_for_room(f"the disk that holds {self._folder.path} is full: waiting for room")
                ):
                    raise

    def _check_folder(self) -> None:
        if self._folder.identity() != self._identity:
            raise RuntimeError(
                f"the folder of {self._folder.name} was removed, renamed or replaced while it trained, so nothing "
                f"more can be saved: {self._folder.path}"
            )
