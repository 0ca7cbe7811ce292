"""The GANs that an idle run's folder holds: loaded when they are asked for, and kept until others are saved."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from ganbook.training.run_folder import RunFolder
from ganbook.utils import backend

if TYPE_CHECKING:
    from ganbook.gan.model import GAN


class SavedGANs:
    """The newest and the best GAN of a folder."""

    def __init__(self, folder: RunFolder):
        self._folder = folder
        self._newest: tuple[int | None, GAN] | None = None
        self._best: tuple[int, GAN] | None = None

    def newest(self) -> GAN:
        """Load the GAN of the newest sound checkpoint, with a warning for each one passed over.

        Raises
        ------
        RuntimeError
            There is none.
        """
        newest = self._folder.checkpoints.newest()
        step = newest.step if newest else None
        if self._newest is None or step not in (None, self._newest[0]):
            backend.tensorflow()
            from ganbook.training.trainer import newest_state

            saved, notes = newest_state(self._folder)
            for note in notes:
                warnings.warn(note, stacklevel=2)
            if saved is None:
                folder = self._folder
                raise RuntimeError(f"{folder.path} holds no sound checkpoint: train it first (--resume {folder.name})")
            self._newest = step, saved.gan
        return self._newest[1]

    def best(self) -> GAN:
        """Load the GAN of the checkpoint that is kept for its quality.

        Raises
        ------
        ValueError
            None is kept.
        """
        best = self._folder.checkpoints.best()
        if best is None:
            raise ValueError(f"{self._folder.name} keeps no best checkpoint: train it with --keep best")
        if self._best is None or self._best[0] != best.step:
            backend.tensorflow()
            from ganbook.training.checkpoint import read_gan

            checkpoints = self._folder.checkpoints.newest_first()
            place = next((each.path for each in checkpoints if each.step == best.step), self._folder.path)
            self._best = best.step, read_gan(place)
        return self._best[1]
