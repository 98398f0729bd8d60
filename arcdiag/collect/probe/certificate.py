"""What a served certificate says of itself."""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptography import x509

_MAX_NAMES = 50
_MICROSOFT = ("microsoft corporation", "digicert inc")


@dataclass(frozen=True, slots=True)
class Certificate:
    """Names as RFC 4514 text; times ISO 8601 UTC; `names` are the subject alternative names, at most fifty."""

    subject: str
    issuer: str
    issuer_organization: str | None
    names: tuple[str, ...]
    not_before: datetime | None
    not_after: datetime | None
    negative_serial: bool
    sha256: str
    self_signed: bool
    der: bytes = field(default=b"", repr=False)

    @property
    def microsoft_issuer(self) -> bool:
        """Whether the issuer calls itself Microsoft or DigiCert, who sign Azure's certificates; anybody can say so."""
        return (self.issuer_organization or "").strip().lower() in _MICROSOFT

    def valid_at(self, now: datetime) -> str:
        """`valid`, `expired` or `not-yet-valid`."""
        if self.not_after is not None and now > self.not_after:
            return "expired"
        return "not-yet-valid" if self.not_before is not None and now < self.not_before else "valid"

    def is_for(self, host: str) -> bool:
        """Whether one of the names stands for `host`: equal, or a wildcard for the leftmost label."""
        name = host.lower().rstrip(".")
        return any(_stands_for(pattern.lower().rstrip("."), name) for pattern in self.names)

    def summary(self) -> dict[str, Any]:
        """One link of a chain."""
        return {
            "subject": self.subject,
            "issuer": self.issuer,
            "not_before": iso(self.not_before),
            "not_after": iso(self.not_after),
            "negative_serial": self.negative_serial,
            "sha256": self.sha256,
        }


def _stands_for(pattern: str, name: str) -> bool:
    if pattern.startswith("*."):
        return name.partition(".")[2] == pattern[2:] and "." in pattern[2:]
    return pattern == name


def read_certificate(der: bytes) -> Certificate:
    """Read one certificate; one that the library refuses to parse has empty fields, but its serial's sign is known."""
    from cryptography import x509

    digest, negative = hashlib.sha256(der).hexdigest(), has_negative_serial(der)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = x509.load_der_x509_certificate(der)
            return _read(parsed, digest, negative, der)
    except (ValueError, TypeError, x509.InvalidVersion):
        return Certificate("", "", None, (), None, None, negative, digest, False, der)


def _read(parsed: x509.Certificate, digest: str, negative: bool, der: bytes) -> Certificate:
    from cryptography.x509.oid import NameOID

    organization = parsed.issuer.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return Certificate(
        subject=parsed.subject.rfc4514_string()[:500],
        issuer=parsed.issuer.rfc4514_string()[:500],
        issuer_organization=str(organization[0].value)[:200] if organization else None,
        names=_names(parsed),
        not_before=parsed.not_valid_before_utc,
        not_after=parsed.not_valid_after_utc,
        negative_serial=negative,
        sha256=digest,
        self_signed=parsed.subject == parsed.issuer,
        der=der,
    )


def _names(parsed: x509.Certificate) -> tuple[str, ...]:
    from cryptography import x509

    try:
        extension = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, x509.UnsupportedGeneralNameType, ValueError):
        return ()
    names = [*extension.get_values_for_type(x509.DNSName)]
    names += [str(address) for address in extension.get_values_for_type(x509.IPAddress)]
    return tuple(names[:_MAX_NAMES])


def has_negative_serial(der: bytes) -> bool:
    """Whether the serial number's first bit is set. Read by hand, as libraries refuse such certificates as a whole."""
    try:
        at = _content(der, 0, 0x30)
        at = _content(der, at, 0x30)
        if der[at] == 0xA0:
            start = _content(der, at, 0xA0)
            at = start + _length(der, at + 1)[0]
        start = _content(der, at, 0x02)
        return bool(der[start] & 0x80)
    except (IndexError, ValueError):
        return False


def _content(der: bytes, at: int, tag: int) -> int:
    if der[at] != tag:
        raise ValueError("unexpected tag")
    return at + 1 + _length(der, at + 1)[1]


def _length(der: bytes, at: int) -> tuple[int, int]:
    """Length of the content, and the number of bytes that tell it."""
    first = der[at]
    if first < 0x80:
        return first, 1
    count = first & 0x7F
    if not 1 <= count <= 4:
        raise ValueError("unexpected length")
    return int.from_bytes(der[at + 1 : at + 1 + count], "big"), 1 + count


def iso(time: datetime | None) -> str | None:
    """ISO 8601 to the second with `Z`."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if time else None
