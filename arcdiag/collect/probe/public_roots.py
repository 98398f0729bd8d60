"""The public authorities, as Mozilla lists them: whether a chain is genuine, whatever this machine's own store says."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from arcdiag.collect.certificate_blocks import PEM_BEGIN, readable_certificates

if TYPE_CHECKING:
    from cryptography import x509

_MAX_LINKS = 8


class PublicRoots:
    """Reads its list at the first question; `file` is a PEM file, by default the one of the certifi package."""

    def __init__(self, file: str | None = None) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._roots: Mapping[bytes, Sequence[x509.Certificate]] | None = None

    def vouch_for(self, chain: Sequence[bytes]) -> bool | None:
        """Whether the served chain (DER, leaf first) was signed by a public authority; None if that is not known.

        Dates and names are other questions, with answers of their own.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            roots = self._read()
            served = readable_certificates(chain)
            return None if not roots or not served else _leads_to(served[0], served[1:], roots)

    def contradict(self, chain: Sequence[bytes]) -> bool:
        """Whether a link names as its issuer a certificate that is known here, and none of that name has signed it.

        Such a chain only bears the names of others. False too where nothing of the name is known.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            roots, served = self._read(), readable_certificates(chain)
            return any(_falsely_signed(link, served, roots) for link in served)

    def _read(self) -> Mapping[bytes, Sequence[x509.Certificate]]:
        with self._lock:
            if self._roots is None:
                self._roots = self._load()
            return self._roots

    def _load(self) -> Mapping[bytes, Sequence[x509.Certificate]]:
        import certifi

        try:
            pem = Path(self._file or certifi.where()).read_bytes()
        except OSError:
            return {}
        by_name: dict[bytes, list[x509.Certificate]] = {}
        for root in readable_certificates(PEM_BEGIN + block for block in pem.split(PEM_BEGIN)[1:]):
            by_name.setdefault(root.subject.public_bytes(), []).append(root)
        return by_name


def _leads_to(
    leaf: x509.Certificate, others: Sequence[x509.Certificate], roots: Mapping[bytes, Sequence[x509.Certificate]]
) -> bool:
    """Walk from issuer to issuer, each link by its signature, until one of the roots has signed."""
    link = leaf
    for _ in range(_MAX_LINKS):
        if any(_signed(link, root) for root in roots.get(link.issuer.public_bytes(), ())):
            return True
        above = next((c for c in others if c != link and _may_sign(c) and _signed(link, c)), None)
        if above is None:
            return False
        link = above
    return False


def _falsely_signed(
    link: x509.Certificate, served: Sequence[x509.Certificate], roots: Mapping[bytes, Sequence[x509.Certificate]]
) -> bool:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    name = link.issuer.public_bytes()
    above = [*roots.get(name, ()), *(c for c in served if c.subject.public_bytes() == name)]
    for parent in above:
        try:
            link.verify_directly_issued_by(parent)
        except InvalidSignature:
            continue
        except (UnsupportedAlgorithm, ValueError, TypeError):
            # Another kind of key, or one that cannot be checked here: two authorities may bear one name.
            return False
        return False
    return bool(above)


def _signed(child: x509.Certificate, parent: x509.Certificate) -> bool:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    try:
        child.verify_directly_issued_by(parent)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True


def _may_sign(certificate: x509.Certificate) -> bool:
    from cryptography import x509

    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return False
