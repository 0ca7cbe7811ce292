"""Which example is in which batch: a pure function of (seed, step), so that a resumed run needs no state."""

import numpy as np

from ganbook.data.read_ahead import ReadAhead


class Batches:
    """Shuffled batches without a state.

    Example i of step s is at position p = s * batch_size + i of an endless stream; epoch p // N of the stream
    is a permutation of all N examples that depends on (seed, epoch) alone. Batches straddle epochs, so every
    example is seen exactly once an epoch.

    Parameters
    ----------
    images : array (N, ...), any dtype
        Kept by reference; may be a memmap.
    labels : array (N,) or None
    batch_size : int
        B, from 1 to N.
    seed : int
    flip : bool
        Mirror images (N, H, W, C) left to right with probability 1/2, drawn anew each epoch.

    Raises
    ------
    ValueError
        If there are fewer images than a batch needs, or not one label an image.
    """

    def __init__(
        self, images: np.ndarray, labels: np.ndarray | None, batch_size: int, seed: int, *, flip: bool = False
    ) -> None:
        count = len(images)
        if batch_size < 1:
            raise ValueError(f"batch_size is {batch_size}: use 1 or more")
        if count < batch_size:
            raise ValueError(
                f"there are {count} images but batch_size is {batch_size}: "
                + (f"use --batch-size {count} or less, or more images" if count else "add images")
            )
        if labels is not None and len(labels) != count:
            raise ValueError(f"there are {count} images but {len(labels)} labels: give one label an image")
        # asarray makes a plain view of a memmap, so that what `block` returns is a plain array
        self.images = np.asarray(images)
        self.labels = None if labels is None else np.asarray(labels)
        self.batch_size = batch_size
        self.seed = seed
        self.flip = flip
        self._epoch_draws: tuple[int, np.ndarray, np.ndarray] | None = None
        self._ahead = ReadAhead(self.images)

    def indices(self, step: int, n: int = 1) -> np.ndarray:
        """Numbers of the examples in steps step .. step+n-1, int64 (n, B)."""
        return self._of_steps(0, step, n)

    def mirrored(self, step: int, n: int = 1) -> np.ndarray:
        """Whether each example of steps step .. step+n-1 is mirrored, bool (n, B); with ``flip`` only."""
        return self._of_steps(1, step, n)

    def _of_steps(self, which: int, step: int, n: int) -> np.ndarray:
        """Cut n steps out of the endless stream of one of the draws of each epoch."""
        if step < 0 or n < 1:
            raise ValueError(f"got step {step} and {n} steps: use a step from 0 on and 1 step or more")
        count = len(self.images)
        position, end = step * self.batch_size, (step + n) * self.batch_size
        parts = []
        while position < end:
            epoch, offset = divmod(position, count)
            part = self._draws(epoch)[which][offset : offset + end - position]
            parts.append(part)
            position += len(part)
        return np.concatenate(parts).reshape(n, self.batch_size)

    def block(self, step: int, n: int = 1) -> tuple[np.ndarray, np.ndarray | None]:
        """Batches of steps step .. step+n-1: images (n, B, ...) and labels (n, B), or None without labels."""
        chosen = self.indices(step, n)
        self._ahead.begin(chosen)  # what was begun before may be gone, or was not enough
        images = self.images.take(chosen, axis=0)
        if self.flip:
            mirrored = self.mirrored(step, n)
            images[mirrored] = images[mirrored][:, :, ::-1]
        if self._ahead.helps:  # while these are trained on; most often as many steps follow
            self._ahead.begin(self.indices(step + n, n))
        return images, None if self.labels is None else self.labels.take(chosen)

    def _draws(self, epoch: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the order of the examples in an epoch, and which of them are mirrored, in that order."""
        # one tuple, replaced in one assignment: threads may share a Batches
        cached = self._epoch_draws
        if cached is None or cached[0] != epoch:
            stream, count = (
                np.random.Philox(key=np.array([self.seed % 2**64, epoch], dtype=np.uint64)),
                len(self.images),
            )
            mirrored = np.zeros(0, bool)
            if self.flip:  # from far along the stream: the order is the same with it and without
                mirrored = np.random.Generator(stream.jumped()).random(count, np.float32) < 0.5
            cached = epoch, np.random.Generator(stream).permutation(count), mirrored
            self._epoch_draws = cached
        return cached[1:]
