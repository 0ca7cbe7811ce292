"""The workers that share a training with this process, the chief: what it tells them, and what it hears.

All processes hold the same weights and take the same steps, each on its rows of the batch; TensorFlow adds up the
gradients. The chief alone knows the run: it says how many steps come next, and when it is over. Each message to a
worker is JSON with one of these keys, in this order: ``data`` (with the options), ``begin`` once all have loaded
TensorFlow, ``gan`` (with the weights), then ``train`` as often as there are graph calls, and ``end``; or ``refused``
before training.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganbook.config.train import TrainConfig
from ganbook.data.dataset import Dataset
from ganbook.training import devices, handshake
from ganbook.utils.errors import one_line
from ganbook.utils.messages import Gone, Link

if TYPE_CHECKING:
    from ganbook.gan.model import GAN

# A graph call may fail before the connection is known to be gone.
CAUSE_SECONDS = 10.0


class WorkerLost(RuntimeError):
    """A worker has ended, or cannot be reached any more."""


class Cluster:
    """The workers of one training, as the chief sees them.

    Parameters
    ----------
    addresses
        ``host:port`` of all processes, the chief's first.
    links
        Connections by the numbers of the workers, as :func:`ganbook.training.handshake.gather` returns them.
    """

    def __init__(self, addresses: Sequence[str], links: dict[int, Link]):
        self.addresses, self._links = addresses, links
        self.over = False
        self._answers: queue.Queue[tuple[int, str]] = queue.Queue()
        self._lost, self._trouble = threading.Event(), ""
        self._on_change: Callable[[str], None] = lambda _: None

    def agree(self, config: TrainConfig, data: Dataset, onednn: bool) -> None:
        """Tell all workers what is trained, and wait until each has loaded the same data.

        Raises
        ------
        ValueError
            A worker has other data or options, or has ended.
        """
        self._tell({"data": data.record(), "options": config.to_save(), "onednn": onednn})
        for index, link in self._links.items():
            try:
                answer, _ = link.receive()
            except Gone:
                raise ValueError(f"{self._name(index)} ended before training began: see what it says") from None
            if "refused" in answer:
                raise ValueError(f"{self._name(index)}: {answer['refused']}")

    def begin(self, on_change: Callable[[str], None]) -> None:
        """Hear the workers from now on, and connect TensorFlow with theirs, which must not have computed anything yet.

        ``on_change(reason)`` is called from another thread: when a worker was asked to stop, and when one is lost.
        Raises :class:`WorkerLost`, and ``ValueError`` where TensorFlow has computed.
        """
        self._on_change = on_change
        for index, link in self._links.items():
            threading.Thread(target=self._hear, args=(index, link), name=f"ganbook worker {index}", daemon=True).start()
        self._all_answer()  # that TensorFlow is loaded: it would wait for an hour for one that never comes
        self._tell({"begin": True})
        devices.strategy_of_workers(self.addresses, 0)

    def share(self, gan: GAN) -> GAN:
        """Give all workers a GAN; return it with each step shared by all.

        Raises
        ------
        WorkerLost
            One of them is gone.
        RuntimeError
            One of them holds other weights after that.
        """
        from ganbook.training import checkpoint

        strategy = devices.strategy_of_workers(self.addresses, 0)
        description, arrays = checkpoint.pack(gan)
        self._tell({"gan": description}, arrays)
        with self._watched():
            shared = checkpoint.unpack(description, arrays, strategy)
        own = checkpoint.digest(shared)
        for index, digest in self._all_answer():
            if digest != own:
                raise RuntimeError(
                    f"{self._name(index)} holds other weights than the chief, which is a fault of ganbook"
                )
        return shared

    def _all_answer(self) -> list[tuple[int, str]]:
        """Wait for one answer of each worker."""
        answers: list[tuple[int, str]] = []
        while len(answers) < len(self._links):
            self.check()
            with contextlib.suppress(queue.Empty):
                answers.append(self._answers.get(timeout=0.2))
        return answers

    @contextmanager
    def together(self, step: int, count: int, rates: tuple[float, float] | None) -> Iterator[None]:
        """Have all workers train ``count`` steps from ``step`` on, at these learning rates, while the chief does.

        Raises
        ------
        WorkerLost
            One of them is gone. The chief's own weights may then be of half a step.
        """
        self._tell({"train": count, "step": step, "rates": rates})
        with self._watched():
            yield

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Name the worker that is gone, if that is why a collective operation fails."""
        try:
            yield
        except Exception as error:
            if type(error).__module__.startswith("tensorflow"):
                self._lost.wait(CAUSE_SECONDS)
            self.check()
            raise

    def check(self) -> None:
        """Raise :class:`WorkerLost` if one of the workers is gone."""
        if self._lost.is_set():
            raise WorkerLost(self._trouble)

    def is_broken(self) -> bool:
        """Return True if a worker is gone."""
        return self._lost.is_set()

    @staticmethod
    def go_on(run: Path) -> str:
        """Say how training goes on, for messages."""
        return f"start the same command on all machines again, with --resume {run}"

    def end(self, state: str) -> None:
        """Tell all workers that it is over, and how the run ended: ``finished``, ``stopped`` or ``failed``."""
        self.over = True
        for link in self._links.values():
            with contextlib.suppress(Gone):
                link.send({"end": state, "message": self._trouble})
            link.close()

    def refuse(self, reason: str) -> None:
        """Tell all workers why there will be no training."""
        self.over = True
        handshake.dismiss(self._links, reason)

    def _tell(self, message: dict[str, Any], content: bytes = b"") -> None:
        for index, link in self._links.items():
            try:
                link.send(message, content)
            except Gone:
                self._lose(index, "")
                self.check()

    def _hear(self, index: int, link: Link) -> None:
        while True:
            try:
                message, _ = link.receive()
            except Gone:
                if not self.over:
                    self._lose(index, "")
                return
            if "answer" in message:
                self._answers.put((index, message["answer"]))
            elif "stop" in message:
                self._on_change(f"{self._name(index)} was asked to stop")
            elif "failed" in message:
                self._lose(index, str(message["failed"]))
                return

    def _lose(self, index: int, reason: str) -> None:
        if self._lost.is_set():
            return
        self._trouble = f"{self._name(index)} " + (f"failed: {reason}" if reason else "is gone")
        self._lost.set()
        devices.abort_collectives(self._trouble)
        self._on_change(self._trouble)

    def _name(self, index: int) -> str:
        return handshake.name(self.addresses, index)


@contextmanager
def gathered(config: TrainConfig) -> Iterator[Cluster | None]:
    """Wait for the workers of a training, if it has any; what fails meanwhile is told to them."""
    if not config.addresses:
        yield None
        return
    cluster = Cluster(config.addresses, handshake.gather(config.addresses))
    try:
        yield cluster
    except BaseException as error:
        bad = isinstance(error, ValueError | OSError)
        cluster.refuse(one_line(error, 600) if bad else "the chief was stopped")
        raise
