"""A connection as the layers above TCP use it: bytes in, bytes out, never past a deadline."""

from __future__ import annotations

import socket
from typing import Protocol

from arcdiag.collect.deadline import Deadline

BLOCK = 16 * 1024


class Stream(Protocol):
    """Raises TimeoutError at the deadline and OSError for what the network says."""

    def send(self, data: bytes, deadline: Deadline) -> None:
        """Send all of `data`."""

    def receive(self, deadline: Deadline) -> bytes:
        """The next bytes; empty at the end."""

    def close(self) -> None:
        """Give it up; never raises."""


class SocketStream:
    """A connected TCP socket."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection

    def send(self, data: bytes, deadline: Deadline) -> None:
        """Send all of `data`."""
        self._socket.settimeout(_left(deadline))
        self._socket.sendall(data)

    def receive(self, deadline: Deadline) -> bytes:
        """The next bytes; empty at the end."""
        self._socket.settimeout(_left(deadline))
        return self._socket.recv(BLOCK)

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


def _left(deadline: Deadline) -> float:
    left = deadline.left()
    if left <= 0:
        raise TimeoutError("no time is left")
    return left


class PushedBack:
    """A stream that first gives bytes that were read too early."""

    def __init__(self, stream: Stream, first: bytes) -> None:
        self._stream, self._first = stream, first

    def send(self, data: bytes, deadline: Deadline) -> None:
        """Send all of `data`."""
        self._stream.send(data, deadline)

    def receive(self, deadline: Deadline) -> bytes:
        """The early bytes, then the stream's."""
        first, self._first = self._first, b""
        return first or self._stream.receive(deadline)

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()
