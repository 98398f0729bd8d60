"""Copying between two connections, either of which may be TLS, in one thread.

Two threads that read and write one TLS connection at the same time lose data now and then: OpenSSL's connections are
not made for that, and Python guards them by a lock only since 3.13.
"""

from __future__ import annotations

import selectors
import socket
import ssl

_SECONDS = 60.0
_BLOCK = 65536


def splice(near: socket.socket, far: socket.socket) -> None:
    """Copy both ways until `far` ends, or nothing has come for a minute; the end of `near` is passed on to `far`."""
    other = {near: far, far: near}
    with selectors.DefaultSelector() as selector:
        for source in other:
            source.settimeout(0)
            selector.register(source, selectors.EVENT_READ)
        ready = [near, far]
        while ready:
            for source in ready:
                if _copy(source, other[source]):
                    continue
                if source is far:
                    return
                selector.unregister(near)
                if not isinstance(far, ssl.SSLSocket):
                    far.shutdown(socket.SHUT_WR)
            ready = [key.fileobj for key, _ in selector.select(_SECONDS)]  # type: ignore[misc]


def _copy(source: socket.socket, target: socket.socket) -> bool:
    """Copy what is there now; False at the end of `source`."""
    while True:
        try:
            block = source.recv(_BLOCK)
        except (ssl.SSLWantReadError, BlockingIOError):
            return True
        except OSError:
            return False
        if not block:
            return False
        target.settimeout(_SECONDS)
        target.sendall(block)
        target.settimeout(0)
