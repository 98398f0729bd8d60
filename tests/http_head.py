"""Reading the head of an HTTP request, for the servers of the tests."""

from __future__ import annotations

import socket


def read_head(link: socket.socket) -> bytes:
    """A request's head, or what came of it before the client went away."""
    data = b""
    while b"\r\n\r\n" not in data:
        block = link.recv(4096)
        if not block:
            break
        data += block
    return data


def head_text(link: socket.socket) -> str:
    """The same as text."""
    return read_head(link).decode("latin-1")
