"""The certificates that this machine trusts: those that the agent's own TLS would take."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from arcdiag.collect.host.platform import Host

_FILE_CAP = 16 * 1024 * 1024
_MOST_FILES = 2000
_BEGIN = b"-----BEGIN CERTIFICATE-----"


@dataclass(frozen=True, slots=True)
class TrustStore:
    """`context` verifies against the store, `blind` does not (it only looks at what is served)."""

    context: ssl.SSLContext
    blind: ssl.SSLContext
    source: str
    certificates: int

    def value(self) -> dict[str, Any]:
        """The value of `machine.trust`."""
        return {"source": self.source, "certificates": self.certificates}


def load_trust(host: Host, variables: Mapping[str, str]) -> TrustStore:
    """The store as Go reads it: the first file that is there and all folders, or what the service's SSL_CERT_FILE says.

    `variables` are those of the agent's service; the caller's own are never used. On Windows the system's store.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # As Go does: any certificate of the store may end a chain, and old certificates without extensions may stand in it.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    blind.check_hostname = False
    blind.verify_mode = ssl.CERT_NONE
    blind.minimum_version = ssl.TLSVersion.TLSv1_2
    files = host.trust_files()
    if not files:
        context.load_default_certs()
        return TrustStore(context, blind, "system store", context.cert_store_stats()["x509"])
    source, parts = _parts(host, files, variables)
    for part in parts:
        _load(context, part)
    return TrustStore(context, blind, source, context.cert_store_stats()["x509"])


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
