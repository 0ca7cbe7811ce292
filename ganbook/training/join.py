"""A worker's part in a training: what another process, the chief, says. It keeps no run of its own."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ganbook.config import cluster
from ganbook.config.base import declaration
from ganbook.config.parser import flag, make
from ganbook.config.train import TrainConfig
from ganbook.data.batches import Batches
from ganbook.data.dataset import Dataset, kind_of
from ganbook.training import devices, flips, handshake
from ganbook.utils import backend
from ganbook.utils.errors import OptionError, refusal
from ganbook.utils.messages import Gone, Link

if TYPE_CHECKING:
    from ganbook.gan.model import GAN

# Options that name a place on a machine.
PLACES = {"data", "start_from"}


class ChiefLost(RuntimeError):
    """The chief has ended without saying so, or cannot be reached any more."""


def join(options: dict[str, Any], tell: Callable[[str], None]) -> tuple[str, int]:
    """Train with a chief until it says that the run is over.

    Parameters
    ----------
    options
        Those of :func:`ganbook.training.train.train`. The chief's count; ones that say something else are refused.
        ``data`` is where this machine has them.
    tell
        Is called with each thing that a user should know.

    Returns
    -------
    state, step
        How the run ended, ``finished``, ``stopped`` or ``failed``, and the step it had come to.

    Raises
    ------
    ValueError
        The processes do not fit each other, or this one cannot take part. The chief has been told.
    ChiefLost
        The chief is gone.
    """
    given = {name: value for name, value in options.items() if name not in ("resume", "overwrite")}
    config = make(TrainConfig, **given)
    cluster.check(config.workers, config.worker_index)
    addresses, index = config.addresses, config.worker_index
    link = handshake.call(addresses, index)
    plan, _ = handshake.hear(link, addresses)
    try:
        agreed, data = _agreed(config, plan)
    except BaseException as error:
        with contextlib.suppress(Gone):
            link.send({"refused": refusal(error) if isinstance(error, Exception) else "it was stopped"})
        link.close()
        raise
    link.send({"ready": True})
    tell(f"{handshake.name(addresses, index)} trains with the chief, {addresses[0]}, which writes the run")
    backend.tensorflow(plan["onednn"])
    with contextlib.suppress(Gone):  # which hear() says
        link.send({"answer": "loaded"})
    message, _ = handshake.hear(link, addresses)
    if "end" in message:
        if message["message"]:
            raise RuntimeError(message["message"])
        return message["end"], 0
    return _Worker(link, addresses, index).train(agreed, data)


def _agreed(config: TrainConfig, plan: dict[str, Any]) -> tuple[TrainConfig, Dataset]:
    """Return the chief's options, and its data as this machine has them."""
    from ganbook.data import load

    record = plan["data"]
    source = config.data if "data" in config.model_fields_set else record["source"]
    if source is None:
        raise ValueError(
            "the chief learns from an array that only its program has: give the same data with --data FILE"
        )
    data = load(source, **kind_of(record).load_options(record))
    if data.fingerprint != record["fingerprint"]:
        raise ValueError(
            f"{data.name} ({len(data):,} {data.noun}s, fingerprint {data.fingerprint}) is not the chief's data "
            f"({record['name']}, {record['count']:,}, fingerprint {record['fingerprint']}): give every worker the same"
        )
    chief = TrainConfig(**plan["options"])
    own = flips.decided(config.resolved(*data.traits), data)[0]
    differing = [
        f"{flag(name)} {getattr(own, name)} (the chief has {getattr(chief, name)})"
        for name in sorted(config.model_fields_set - PLACES)
        if declaration(TrainConfig.model_fields[name]).changes_result and getattr(own, name) != getattr(chief, name)
    ]
    if differing:
        raise OptionError(f"other options than the chief's: {', '.join(differing)}; give all of them the same")
    return chief, data


class _Worker:
    """One worker, once TensorFlow runs: it does what the chief says, and notices when the chief is gone."""

    def __init__(self, link: Link, addresses: tuple[str, ...], index: int):
        self._link, self._addresses, self._index = link, addresses, index
        self._heard: queue.Queue[tuple[dict[str, Any], bytes] | None] = queue.Queue()
        self._gone = threading.Event()
        threading.Thread(target=self._hear, name="ganbook chief", daemon=True).start()

    def train(self, config: TrainConfig, data: Dataset) -> tuple[str, int]:
        """Train as long as the chief says so; return how the run ended, and at which step."""
        strategy = devices.strategy_of_workers(self._addresses, self._index)
        message, arrays = self._next()
        if "gan" not in message:
            return message["end"], 0
        try:
            gan = self._built(message["gan"], arrays, strategy)
            batches = Batches(
                data.samples, data.labels if gan.conditional else None, config.batch_size, config.seed,
                flip=config.flip == "on",
            )  # fmt: skip
            with self._asking_to_stop():
                while "end" not in (message := self._next()[0]):
                    if message["rates"] is not None:
                        gan.set_learning_rates(*message["rates"])
                    gan.train_steps(*batches.block(message["step"], message["train"]))
            if message["end"] == "failed" and message.get("message"):
                raise RuntimeError(message["message"])
            return message["end"], gan.steps_done
        except Exception as error:
            if type(error).__module__.startswith("tensorflow"):
                self._say_why()  # another one is gone
            if not isinstance(error, ChiefLost):
                with contextlib.suppress(Gone):
                    self._link.send({"failed": refusal(error)})
            raise
        finally:
            self._link.close()  # at once: TensorFlow may take long to end

    def _built(self, description: str, arrays: bytes, strategy: Any) -> GAN:
        from ganbook.training import checkpoint

        gan = checkpoint.unpack(description, arrays, strategy)
        self._link.send({"answer": checkpoint.digest(gan)})
        return gan

    def _hear(self) -> None:
        while True:
            try:
                heard = self._link.receive()
            except Gone:
                self._gone.set()
                self._heard.put(None)
                devices.abort_collectives("the chief is gone")
                return
            self._heard.put(heard)
            if "end" in heard[0]:
                if heard[0].get("message"):  # the others may have left in the middle of a step
                    devices.abort_collectives(heard[0]["message"])
                return

    def _next(self) -> tuple[dict[str, Any], bytes]:
        while True:
            with contextlib.suppress(queue.Empty):  # with a time limit, so that signals are noticed
                heard = self._heard.get(timeout=0.2)
                if heard is None:
                    raise ChiefLost(self._chief_is_gone())
                return heard

    def _say_why(self) -> None:
        """Raise why an operation failed that all processes take part in, if the chief says so or is gone."""
        message = {}
        while "end" not in message:
            message, _ = self._next()
        raise RuntimeError(message.get("message") or f"the run {message['end']}") from None

    def _chief_is_gone(self) -> str:
        return f"the chief, {self._addresses[0]}, is gone"

    @contextmanager
    def _asking_to_stop(self) -> Iterator[None]:
        """Have Ctrl-C, and what ends jobs on clusters, ask the chief to save and end; a second time it is at once."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def ask(number: int, _: Any) -> None:
            for each in (signal.SIGINT, signal.SIGTERM):
                signal.signal(each, signal.default_int_handler)
            threading.Thread(target=self._ask, daemon=True).start()

        before = {each: signal.signal(each, ask) for each in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    def _ask(self) -> None:
        with contextlib.suppress(Gone):
            self._link.send({"stop": os.getpid()})
