"""The certificates that this machine trusts: those that the agent's own TLS would take."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from arcdiag.collect.host.platform import Host
from arcdiag.collect.probe.public_roots import PublicRoots

# What the agent's own TLS (Go) offers to a server, with the key exchange that its older versions still had: with all of
# OpenSSL's suites, servers that the agent cannot use would pass. The level is Go's too: keys of 1,024 bits, no SHA-1.
_CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AES+SHA1:RSA+AESGCM:RSA+AES+SHA1:@SECLEVEL=1"
_LEGACY_SERVER_CONNECT = 0x4
_FILE_CAP = 16 * 1024 * 1024
_MOST_FILES = 2000
_BEGIN = b"-----BEGIN CERTIFICATE-----"


@dataclass(frozen=True, slots=True)
class TrustStore:
    """`context` verifies against the store, `blind` does not (it only looks at what is served).

    `public` are the authorities that the whole world trusts.
    """

    context: ssl.SSLContext
    blind: ssl.SSLContext
    source: str
    certificates: int
    public: PublicRoots = field(default_factory=PublicRoots)

    def value(self) -> dict[str, Any]:
        """The value of `machine.trust`."""
        return {"source": self.source, "certificates": self.certificates}


def load_trust(host: Host, variables: Mapping[str, str]) -> TrustStore:
    """The store as Go reads it: the first file that is there and all folders, or what the service's SSL_CERT_FILE says.

    `variables` are those of the agent's service; the caller's own are never used. On Windows the system's store.
    """
    context, blind = verifying_context(), blind_context()
    files = host.trust_files()
    if not files:
        context.load_default_certs()
        return TrustStore(context, blind, "system store", context.cert_store_stats()["x509"])
    source, parts = _parts(host, files, variables)
    for part in parts:
        _load(context, part)
    return TrustStore(context, blind, source, context.cert_store_stats()["x509"])


def verifying_context() -> ssl.SSLContext:
    """A context that shakes hands and verifies as the agent does, with an empty store."""
    context = _as_the_agent()
    # As Go does: any certificate of the store may end a chain, old certificates without extensions may stand in it, and
    # the common name is no name of a host.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    context.hostname_checks_common_name = False
    return context


def blind_context() -> ssl.SSLContext:
    """The same handshake without any look at the certificate."""
    context = _as_the_agent()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _as_the_agent() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_CIPHERS)
    # Go never renegotiates, so a server that cannot do it safely is no reason for it to stop.
    context.options |= _LEGACY_SERVER_CONNECT
    return context


def _parts(host: Host, known: Sequence[str], variables: Mapping[str, str]) -> tuple[str, list[bytes]]:
    folders = [p for p in known if host.where(p).is_dir()]
    files = [p for p in known if p not in folders]
    if variables.get("SSL_CERT_FILE"):
        files = [variables["SSL_CERT_FILE"]]
    if variables.get("SSL_CERT_DIR"):
        folders = variables["SSL_CERT_DIR"].split(":")
    chosen = next((p for p in files if host.where(p).is_file()), None)
    parts = [_bytes(host.where(chosen))] if chosen else []
    seen = {host.where(chosen).resolve()} if chosen else set()
    for folder in folders:
        for path in _files(host.where(folder)):
            if path not in seen:
                seen.add(path)
                parts.append(_bytes(path))
    return chosen or (folders[0] if folders else "none"), parts


def _files(folder: Path) -> Iterator[Path]:
    try:
        found = sorted({p.resolve() for p in folder.iterdir()})
    except OSError:
        return
    yield from [p for p in found if p.is_file()][:_MOST_FILES]


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_FILE_CAP)
    except OSError:
        return b""


def _load(context: ssl.SSLContext, pem: bytes) -> None:
    """Add what parses: one broken certificate must not cost the others."""
    if _BEGIN not in pem:
        return
    try:
        context.load_verify_locations(cadata=pem.decode("ascii", "ignore"))
    except ssl.SSLError:
        blocks = pem.split(_BEGIN)[1:]
        if len(blocks) > 1:
            for block in blocks:
                _load(context, _BEGIN + block)
