"""The certificates of the machine's identity: their dates, never a private key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from arcdiag.collect.certificate_blocks import readable_certificates
from arcdiag.collect.host.platform import Host
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import MACHINE, FactMaker, file

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_CAP = 256 * 1024
_MOST = 16
_BY = "host/certificates"
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]{1,65536}-----END CERTIFICATE-----")
_KEY_NAME = re.compile(r"key|\.(?:pfx|p12|json|lock|tmp)$", re.IGNORECASE)


def certificate_facts(make: FactMaker, host: Host) -> Iterator[Fact]:
    """`identity.certificate` of each file of the certificate folder that is no key file.

    ABSENT (subject machine) if the folder has none. A file that holds the key along with the certificate (PKCS#12) is
    not decoded: of it only the time of its last change is told.
    """
    folder = host.paths()["certs"]
    entry = host.file(folder)
    if entry.value is None:
        yield make.not_seen("identity.certificate", MACHINE, entry.status, entry.reason, _BY)
        return
    if not entry.value.readable:
        yield make.not_seen("identity.certificate", MACHINE, FactStatus.DENIED, f"{folder}: permission denied", _BY)
        return
    separator = "\\" if host.os == "windows" else "/"
    names = [p for p in host.find(f"{folder}{separator}*") if not _KEY_NAME.search(p.rpartition(separator)[2])]
    if not names:
        reason = f"no certificate is in {folder}"
        yield make.not_seen("identity.certificate", MACHINE, FactStatus.ABSENT, reason, _BY)
    for path in names[:_MOST]:
        yield _file_fact(make, host, path)


def _file_fact(make: FactMaker, host: Host, path: str) -> Fact:
    subject = file(path)
    reading = host.read(path, _CAP)
    if reading.value is None:
        return make.not_seen("identity.certificate", subject, reading.status, reading.reason, _BY)
    entry = host.file(path).value
    written = entry.modified if entry else None
    found = parse_certificates(reading.value)
    if found:
        # Several in one file are one identity and its issuers; the one that ends first decides.
        soonest = min(found, key=lambda c: (c.not_valid_after_utc, c.serial_number))
        return make.ok("identity.certificate", subject, {"form": "x509", "written": written, **_value(soonest)}, _BY)
    if not reading.value.strip(b"\0 \t\r\n"):
        reason = f"{path}: the file is empty"
        return make.not_seen("identity.certificate", subject, FactStatus.ERROR, reason, _BY)
    return make.ok("identity.certificate", subject, {"form": "with-key", "written": written, "not_after": None}, _BY)


def parse_certificates(data: bytes) -> Sequence[Certificate]:
    """The certificates of a PEM text or of DER bytes; nothing else in them is decoded."""
    return readable_certificates(_PEM.findall(data)[:_MOST] or ([data] if data[:2] == b"\x30\x82" else []))


def _value(certificate: Certificate) -> dict[str, Any]:
    from cryptography.hazmat.primitives.hashes import SHA1

    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return {
        "not_before": begin.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "not_after": end.strftime("%Y-%m-%dT%H:%M:%SZ"),
        # Windows, Entra and support name certificates by this hash; it protects nothing here.
        "thumbprint": certificate.fingerprint(SHA1()).hex().upper(),
    }
