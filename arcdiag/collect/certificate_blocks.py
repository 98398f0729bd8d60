"""Certificates out of bytes that somebody else wrote."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

PEM_BEGIN = b"-----BEGIN CERTIFICATE-----"


def readable_certificates(blocks: Iterable[bytes]) -> list[Certificate]:
    """One for each block of PEM or DER that parses; one that the library refuses must not cost the others."""
    from cryptography import x509

    found = []
    for block in blocks:
        read = x509.load_pem_x509_certificate if block.startswith(PEM_BEGIN) else x509.load_der_x509_certificate
        try:
            found.append(read(block))
        except (ValueError, TypeError):
            continue
    return found
