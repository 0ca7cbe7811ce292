"""Messages between two processes over TCP: JSON, perhaps with bytes. Nothing that arrives is ever run."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
from typing import Any

# Of each message: what it is, the bytes of its JSON, and the bytes that follow.
_HEADER = struct.Struct("!8sQQ")
_MARK = b"ganbook1"
MOST_JSON, MOST_BYTES = 2**24, 2**36
# A machine that vanishes without a word is noticed after some 30 s of silence.
_SILENCE, _PROBE_EVERY, _PROBES = 15, 5, 3


class Gone(ConnectionError):
    """The other process has ended, or cannot be reached any more."""


class Link:
    """One connection. Any thread may send; one at a time receives."""

    def __init__(self, connection: socket.socket):
        self._connection, self._sending = connection, threading.Lock()
        connection.settimeout(None)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in (("TCP_KEEPIDLE", _SILENCE), ("TCP_KEEPINTVL", _PROBE_EVERY), ("TCP_KEEPCNT", _PROBES)):
            if hasattr(socket, name):  # not every system has them
                connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)

    def send(self, message: dict[str, Any], content: bytes = b"") -> None:
        """Send one message; :class:`Gone` if nobody is there."""
        text = json.dumps(message).encode()
        try:
            with self._sending:
                self._connection.sendall(_HEADER.pack(_MARK, len(text), len(content)) + text)
                self._connection.sendall(content)
        except OSError as error:
            raise Gone(str(error)) from None

    def receive(self, timeout: float | None = None) -> tuple[dict[str, Any], bytes]:
        """Wait for a message; return it, and the bytes that came with it.

        Raises
        ------
        TimeoutError
            None came within ``timeout`` seconds.
        Gone
            None will come, or what comes is not ganbook's.
        """
        try:
            self._connection.settimeout(timeout)
            mark, length, more = _HEADER.unpack(self._exactly(_HEADER.size))
            if mark != _MARK or length > MOST_JSON or more > MOST_BYTES:
                raise Gone("another program answers")
            message = json.loads(self._exactly(length))
            if not isinstance(message, dict):
                raise Gone("another program answers")
            return message, self._exactly(more)
        except (TimeoutError, Gone):
            raise
        except (OSError, ValueError) as error:
            raise Gone(str(error)) from None

    def _exactly(self, count: int) -> bytes:
        parts = bytearray()
        while len(parts) < count:
            part = self._connection.recv(min(count - len(parts), 2**20))
            if not part:
                raise Gone("the connection was closed")
            parts += part
        return bytes(parts)

    def is_open(self) -> bool:
        """Return False once the other process has closed the connection, and all it sent has been received."""
        try:
            self._connection.setblocking(False)
            return bool(self._connection.recv(1, socket.MSG_PEEK))
        except BlockingIOError:
            return True
        except OSError:
            return False

    def close(self) -> None:
        """End the connection; what was sent before still arrives."""
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
        self._connection.close()


def listen(port: int) -> socket.socket:
    """Listen on a port of all addresses of this machine, in such a way that another server may follow there.

    Raises ``OSError`` where the port is taken.
    """
    if socket.has_dualstack_ipv6():
        with contextlib.suppress(OSError):
            return socket.create_server(("", port), family=socket.AF_INET6, dualstack_ipv6=True)
    return socket.create_server(("", port))


def split_address(address: str) -> tuple[str, int]:
    """``host:port`` → host, port."""
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)
