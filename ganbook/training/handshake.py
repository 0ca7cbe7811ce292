"""How the processes of one training find each other, before TensorFlow starts: the workers call the chief.

Over the chief's own ``host:port``, by :mod:`ganbook.utils.messages`; TensorFlow takes the ports afterwards, while these
connections stay open. Whatever does not fit is named, to all of them.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from ganbook.utils.errors import one_line
from ganbook.utils.messages import Gone, Link, listen, split_address

# How long the chief and the workers wait for each other to be started.
PATIENCE = 60.0
RETRY_SECONDS, ANSWER_SECONDS = 0.2, 5.0
PACKAGES = ("ganbook", "tensorflow", "keras", "numpy")


def versions() -> dict[str, str]:
    """Return the versions of all that computes, which must be equal everywhere."""
    return {name: version(name) for name in PACKAGES}


def gather(addresses: Sequence[str], patience: float = PATIENCE) -> dict[int, Link]:
    """Wait, as the chief, until every worker has called; return the connections by the workers' numbers.

    Raises
    ------
    ValueError
        A worker has not called in time, cannot be reached, or has other versions or addresses.
    """
    links: dict[int, Link] = {}
    deadline = time.monotonic() + patience
    try:
        with _listen(addresses, 0) as listener:
            while len(links) < len(addresses) - 1:
                listener.settimeout(max(0.01, deadline - time.monotonic()))
                try:
                    link = Link(listener.accept()[0])
                    hello, _ = link.receive(ANSWER_SECONDS)
                except Gone:
                    continue  # another program, or a worker that gave up
                except TimeoutError:
                    if time.monotonic() < deadline:
                        continue
                    raise ValueError(_missing(addresses, links, patience)) from None
                _admit(addresses, links, hello, link)
    except BaseException as error:
        dismiss(links, one_line(error, 600) if isinstance(error, ValueError) else "the chief was stopped")
        raise
    return links


def dismiss(links: dict[int, Link], reason: str) -> None:
    """Tell all workers why there will be no training, and end the connections."""
    for link in links.values():
        with contextlib.suppress(Gone):
            link.send({"refused": reason})
        link.close()
    links.clear()


def _listen(addresses: Sequence[str], index: int) -> socket.socket:
    port = split_address(addresses[index])[1]
    try:
        return listen(port)
    except OSError as error:
        raise ValueError(
            f"port {port} of {name(addresses, index)} is not free on this machine ({one_line(error)}): end what uses "
            "it, or give another port in --workers"
        ) from None


def _missing(addresses: Sequence[str], links: dict[int, Link], patience: float) -> str:
    missing = [index for index in range(1, len(addresses)) if index not in links]
    names = ", ".join(name(addresses, index) for index in missing)
    return (
        f"{names} did not call the chief, {addresses[0]}, within {patience:.0f} s: start the same command there with "
        f"--worker-index {missing[0]}, and check that it reaches that address"
    )


def _admit(addresses: Sequence[str], links: dict[int, Link], hello: dict[str, Any], link: Link) -> None:
    """Take a worker in, or say to it and to all what is wrong."""
    index = hello.get("index")
    if not isinstance(index, int) or not 1 <= index < len(addresses):
        link.close()
        return
    if index in links and links[index].is_open():
        dismiss({0: link}, f"another process is {name(addresses, index)} already: give every one its --worker-index")
        return
    links[index] = link
    if hello.get("workers") != list(addresses):
        theirs = ",".join(map(str, hello.get("workers") or ()))
        raise ValueError(
            f"{name(addresses, index)} was started with --workers {theirs}, the chief with {','.join(addresses)}: give "
            "all of them the same"
        )
    own, other = versions(), hello.get("versions") or {}
    if differing := [key for key in PACKAGES if own[key] != other.get(key)]:
        has = ", ".join(f"{key} {other.get(key)} (the chief has {own[key]})" for key in differing)
        raise ValueError(f"{name(addresses, index)} has {has}: install the same versions on all machines")
    try:  # as TensorFlow will
        socket.create_connection(split_address(addresses[index]), timeout=ANSWER_SECONDS).close()
    except OSError as error:
        raise ValueError(
            f"{name(addresses, index)} called, but cannot be reached at that address ({one_line(error)}): give the "
            "host and port in --workers at which the others reach it"
        ) from None
    link.send({"admitted": True})


def call(addresses: Sequence[str], index: int, patience: float = PATIENCE) -> Link:
    """Call the chief, as a worker, and wait until all have called; return the connection.

    The next message on it is the chief's first.

    Raises
    ------
    ValueError
        The chief does not answer in time.
    """
    deadline = time.monotonic() + patience
    with _listen(addresses, index):  # which the chief tries
        while True:
            try:
                connection = socket.create_connection(split_address(addresses[0]), timeout=ANSWER_SECONDS)
                break
            except OSError as error:
                if time.monotonic() >= deadline:
                    raise ValueError(
                        f"the chief, {addresses[0]}, did not answer within {patience:.0f} s ({one_line(error)}): start "
                        "the same command there with --worker-index 0"
                    ) from None
                time.sleep(RETRY_SECONDS)
        link = Link(connection)
        with contextlib.suppress(Gone):  # which hear() says
            link.send({"index": index, "workers": list(addresses), "versions": versions()})
        if "admitted" not in hear(link, addresses)[0]:
            raise ValueError(f"{addresses[0]} is no chief of ganbook: check --workers")
    return link


def hear(link: Link, addresses: Sequence[str]) -> tuple[dict[str, Any], bytes]:
    """Receive a message of the chief.

    Raises
    ------
    ValueError
        The chief refuses, and why; or it has ended.
    """
    try:
        message, content = link.receive()
    except Gone:
        raise ValueError(f"the chief, {addresses[0]}, ended before training began: see what it says") from None
    if "refused" in message:
        raise ValueError(str(message["refused"]))
    return message, content


def name(addresses: Sequence[str], index: int) -> str:
    """``worker 1 (host:port)``, for messages."""
    return f"{'worker' if index else 'the chief, worker'} {index} ({addresses[index]})"
