"""TLS: would this machine trust what the other end serves, and who signed it?"""

from __future__ import annotations

import errno
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from arcdiag.collect.deadline import Deadline, milliseconds_since
from arcdiag.collect.probe.certificate import Certificate, iso, read_certificate
from arcdiag.collect.probe.second_look import Reopen, SecondLook, after_cut, after_stall
from arcdiag.collect.probe.stream import Stream
from arcdiag.collect.probe.tls_stream import PeerBytes, TlsStream
from arcdiag.collect.probe.trust import TrustStore

TLS_SECONDS = 8.0
# X509_V_ERR_* of OpenSSL.
_VERIFY: Mapping[int, str] = MappingProxyType(
    {9: "not-yet-valid", 10: "expired", 62: "name-mismatch", 64: "name-mismatch"}
)
_SIGNATURE_FAILURE = 7
# OpenSSL's own reasons for not finding a common protocol, as parts of their names.
_PROTOCOL_REASONS = ("PROTOCOL", "VERSION", "CIPHER", "DH_KEY")
_CUT = frozenset({"reset", "eof"})
_CERTIFICATE_RESULTS = frozenset({"untrusted", "expired", "not-yet-valid", "name-mismatch"})
_NO_LOOK = SecondLook()


@dataclass(frozen=True, slots=True)
class TlsOutcome:
    """`stream` goes on inside a verified handshake; `blind` inside an unverified one, only to read the peer's clock.

    `trusted` by this machine's store, `public` by the authorities that the world trusts, both whatever the dates say.
    `forged`: a signature of the chain was not made with the key of the authority that it names. `but_for_serial`:
    what the result would be if the negative serial number did not matter, None without one.
    """

    result: str
    ms: int
    detail: str | None = None
    alert: int | None = None
    trusted: bool | None = None
    received: int = 0
    version: str | None = None
    cipher: str | None = None
    chain: tuple[Certificate, ...] = ()
    stream: TlsStream | None = None
    blind: TlsStream | None = None
    public: bool | None = None
    second: SecondLook = _NO_LOOK
    forged: bool = False
    but_for_serial: str | None = None

    def value(self, host: str) -> dict[str, Any]:
        """The value of `probe.tls`."""
        leaf = self.chain[0] if self.chain else None
        value: dict[str, Any] = {
            "result": self.result,
            "but_for_serial": self.but_for_serial,
            "version": self.version,
            "cipher": self.cipher,
            "trusted": self.trusted,
            "alert": self.alert,
            "received_bytes": self.received,
            "detail": self.detail,
            "ms": self.ms,
            "microsoft_issuer": leaf.microsoft_issuer if leaf else None,
            "public_issuer": self.public,
            "false_signature": self.forged,
            "links": len(self.chain),
            "missing_issuer": self._missing(),
        }
        return value | self.second.value() | _leaf_value(leaf, host) | {"chain": [c.summary() for c in self.chain[:6]]}

    def _missing(self) -> str | None:
        """The authority whose certificate this machine would need: it signed the last one that was served."""
        if self.trusted is not False or not self.chain:
            return None
        return self.chain[-1].issuer


def _leaf_value(leaf: Certificate | None, host: str) -> dict[str, Any]:
    return {
        "issuer": leaf.issuer if leaf else None,
        "subject": leaf.subject if leaf else None,
        "names": list(leaf.names) if leaf else [],
        "not_before": iso(leaf.not_before) if leaf else None,
        "not_after": iso(leaf.not_after) if leaf else None,
        "valid_now": leaf.valid_at(datetime.now(UTC)) == "valid" if leaf else None,
        "name_matches": leaf.is_for(host) if leaf else None,
        "self_signed": leaf.self_signed if leaf else None,
    }


def shake_hands(
    stream: Stream, host: str, trust: TrustStore, deadline: Deadline, reopen: Reopen, narrow: Reopen | None = None
) -> TlsOutcome:
    """Shake hands as the agent would. What fails is looked at a second time, over further connections.

    `narrow` is `reopen` for small packets. Raises TimeoutError only if the deadline behind the layer's own limit has
    passed.
    """
    outcome = _first(stream, host, trust, deadline)
    if outcome.result in _CERTIFICATE_RESULTS:
        outcome = _look(outcome, host, trust, deadline.within(TLS_SECONDS), reopen)
    elif outcome.result in _CUT:
        return _told(outcome, after_cut(trust.blind, deadline, reopen))
    elif outcome.result == "timeout":
        return _told(outcome, after_stall(trust.blind, host, deadline, reopen, narrow))
    served = [c.der for c in outcome.chain]
    public = trust.public.vouch_for(served)
    forged = not public and (outcome.forged or trust.public.contradict(served))
    return replace(outcome, public=public, forged=forged)


def _told(outcome: TlsOutcome, second: SecondLook) -> TlsOutcome:
    """The outcome with what the further connections showed, in its detail too."""
    words = [outcome.detail] if outcome.detail else []
    if second.large_packets_lost:
        words.append("small packets pass")
    elif second.name_matters:
        words.append("other server names pass")
    return replace(outcome, second=second, detail=", ".join(words) or None)


def _first(stream: Stream, host: str, trust: TrustStore, deadline: Deadline) -> TlsOutcome:
    start = time.monotonic()
    limit = deadline.within(TLS_SECONDS)
    tls = TlsStream(stream, trust.context, host)
    try:
        tls.handshake(limit)
    except TimeoutError:
        tls.close()
        if deadline.passed:
            raise
        said = "nothing came back" if not tls.peer.count else f"{tls.peer.count} bytes came back"
        return TlsOutcome("timeout", milliseconds_since(start), said, received=tls.peer.count)
    except (OSError, EOFError) as error:
        tls.close()
        return _failed(error, tls.peer, milliseconds_since(start))
    chain = tuple(read_certificate(der) for der in tls.chain())
    negative = any(c.negative_serial for c in chain)
    return TlsOutcome(
        "negative-serial" if negative else "ok",
        milliseconds_since(start),
        "a certificate of the chain has a negative serial number" if negative else None,
        trusted=True,
        received=tls.peer.count,
        version=tls.version,
        cipher=tls.cipher,
        chain=chain,
        stream=tls,
        but_for_serial="ok" if negative else None,
    )


def _failed(error: OSError | EOFError, peer: PeerBytes, ms: int) -> TlsOutcome:
    def outcome(result: str, detail: str | None, trusted: bool | None = None) -> TlsOutcome:
        return TlsOutcome(result, ms, detail, peer.alert, trusted, peer.count)

    if isinstance(error, ssl.SSLCertVerificationError):
        result = _VERIFY.get(error.verify_code, "untrusted")
        failed = outcome(result, error.verify_message, result != "untrusted")
        return replace(failed, forged=error.verify_code == _SIGNATURE_FAILURE)
    if not peer.is_tls:
        return outcome("not-tls", f"the answer began with {_printable(peer.first[:40])}")
    if isinstance(error, ssl.SSLEOFError | EOFError):
        return outcome("eof", "the connection was closed during the handshake")
    if isinstance(error, ssl.SSLError):
        reason = error.reason or str(error)
        if "ALERT" in reason or peer.alert is not None:
            return outcome("alert", reason)
        own = any(part in reason for part in _PROTOCOL_REASONS)
        return outcome("protocol" if own else "error", reason)
    number = error.errno or 0
    reset = number in (errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED, 10053, 10054)
    return outcome("reset" if reset else "error", errno.errorcode.get(number, str(number)))


def _printable(data: bytes) -> str:
    return repr(data.decode("latin-1"))


def _look(outcome: TlsOutcome, host: str, trust: TrustStore, deadline: Deadline, reopen: Reopen) -> TlsOutcome:
    """The same outcome with the certificates that are served."""
    try:
        stream = reopen(deadline)
    except OSError:
        return outcome
    if stream is None:
        return outcome
    tls = TlsStream(stream, trust.blind, host)
    try:
        tls.handshake(deadline)
    except (OSError, EOFError):
        tls.close()
        return outcome
    chain = tuple(read_certificate(der) for der in tls.chain())
    result = _as_go_says(outcome.result, chain, host)
    negative = any(c.negative_serial for c in chain)
    found = replace(outcome, result=result, version=tls.version, cipher=tls.cipher, chain=chain, blind=tls)
    return replace(found, result="negative-serial", but_for_serial=result) if negative else found


def _as_go_says(result: str, chain: Sequence[Certificate], host: str) -> str:
    """The fault that the agent's own TLS would name: it looks at the leaf's time and name, and only then at who signed

    it; OpenSSL begins with the last. (Before all of that it looks at the signs of the serial numbers.)
    """
    time = chain[0].valid_at(datetime.now(UTC)) if chain else "valid"
    if time != "valid":
        return time
    return "name-mismatch" if chain and not chain[0].is_for(host) else result
