"""TLS over any stream: the agent's own TLS can run inside a proxy's, and the first bytes of the peer stay visible."""

from __future__ import annotations

import ssl
from dataclasses import dataclass

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.probe.stream import BLOCK, Stream

_RECORD_TYPES = (0x14, 0x15, 0x16, 0x17)
_ALERT = 0x15


@dataclass
class PeerBytes:
    """What came from the peer during a handshake: the first bytes and how many there were."""

    first: bytes = b""
    count: int = 0

    def note(self, block: bytes) -> None:
        """Remember one block."""
        if len(self.first) < 512:
            self.first += block[: 512 - len(self.first)]
        self.count += len(block)

    @property
    def is_tls(self) -> bool:
        """Whether the first bytes can be a TLS record."""
        return not self.first or (self.first[0] in _RECORD_TYPES and self.first[1:2] in (b"", b"\x03"))

    @property
    def alert(self) -> int | None:
        """Number of the alert that the peer began with, None if it began otherwise."""
        return self.first[6] if len(self.first) >= 7 and self.first[0] == _ALERT else None


class TlsStream:
    """A stream inside TLS. `peer` tells what the handshake received, also if it failed."""

    def __init__(self, stream: Stream, context: ssl.SSLContext, host: str | None) -> None:
        self._stream = stream
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)
        self.peer = PeerBytes()
        self._shaken = False

    def handshake(self, deadline: Deadline) -> None:
        """Shake hands. Raises ssl.SSLError, EOFError if the peer closed, TimeoutError, OSError."""
        while True:
            try:
                self._tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                self._flush(deadline)
                self._fill(deadline)
            except ssl.SSLError:
                # The alert that tells the peer why is still to be sent.
                self._flush_quietly(deadline)
                raise
        self._flush(deadline)
        self._shaken = True

    def _fill(self, deadline: Deadline) -> None:
        block = self._stream.receive(deadline)
        if not self._shaken:
            self.peer.note(block)
        if block:
            self._incoming.write(block)
        elif not self._shaken:
            raise EOFError("the peer closed the connection")
        else:
            self._incoming.write_eof()

    def _flush(self, deadline: Deadline) -> None:
        data = self._outgoing.read()
        if data:
            self._stream.send(data, deadline)

    def _flush_quietly(self, deadline: Deadline) -> None:
        try:
            self._flush(deadline)
        except OSError:
            return

    def send(self, data: bytes, deadline: Deadline) -> None:
        """Send all of `data`."""
        self._tls.write(data)
        self._flush(deadline)

    def receive(self, deadline: Deadline) -> bytes:
        """The next bytes; empty at the end, whether the peer said good-bye or not."""
        while True:
            try:
                return self._tls.read(BLOCK)
            except ssl.SSLWantReadError:
                self._flush(deadline)
                self._fill(deadline)
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                return b""

    def close(self) -> None:
        """Close what is below, without a word."""
        self._stream.close()

    @property
    def version(self) -> str | None:
        """`TLSv1.3`."""
        return self._tls.version()

    @property
    def cipher(self) -> str | None:
        """The suite's name as OpenSSL writes it."""
        suite = self._tls.cipher()
        return suite[0] if suite else None

    def chain(self) -> list[bytes]:
        """The served certificates, leaf first, as DER; only the leaf where Python cannot tell more."""
        # Public since Python 3.13, before that under the same name one level deeper.
        owner = self._tls if hasattr(self._tls, "get_unverified_chain") else getattr(self._tls, "_sslobj", None)
        served = getattr(owner, "get_unverified_chain", lambda: None)() or ()
        found = [c if isinstance(c, bytes) else ssl.PEM_cert_to_DER_cert(c.public_bytes()) for c in served]
        leaf = self._tls.getpeercert(binary_form=True)
        return found or ([leaf] if leaf else [])
