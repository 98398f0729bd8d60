"""Certificates for the TLS servers of the tests: of a trusted authority, an unknown one, and broken ones."""

from __future__ import annotations

import datetime
import ssl
from dataclasses import dataclass
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from arcdiag.collect.probe.trust import TrustStore

NOW = datetime.datetime.now(datetime.UTC)
DAY = datetime.timedelta(days=1)


def trust_of(authority: trustme.CA) -> TrustStore:
    """A machine that trusts `authority` and nobody else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority.configure_trust(context)
    blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    blind.check_hostname = False
    blind.verify_mode = ssl.CERT_NONE
    return TrustStore(context, blind, "test", 1)


def server_context(leaf: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf.configure_cert(context)
    return context


@dataclass(frozen=True)
class Authority:
    """An authority made by hand, for what trustme refuses to make."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @classmethod
    def named(cls, organization: str) -> Authority:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
                x509.NameAttribute(NameOID.COMMON_NAME, "Root"),
            ]
        )
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        builder = builder.serial_number(1).not_valid_before(NOW - 400 * DAY).not_valid_after(NOW + 400 * DAY)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        return cls(key, builder.sign(key, hashes.SHA256()))

    def trust(self) -> TrustStore:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=self.certificate.public_bytes(serialization.Encoding.DER))
        blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        blind.check_hostname = False
        blind.verify_mode = ssl.CERT_NONE
        return TrustStore(context, blind, "test", 1)

    def server(self, folder: Path, host: str, *, negative: bool = False) -> ssl.SSLContext:
        """A server whose leaf this authority signed; with a negative serial number if asked."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(self.certificate.subject)
        builder = builder.public_key(key.public_key()).serial_number(0x7F000001)
        builder = builder.not_valid_before(NOW - DAY).not_valid_after(NOW + DAY)
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        leaf = builder.sign(self.key, hashes.SHA256())
        der = leaf.public_bytes(serialization.Encoding.DER)
        if negative:
            der = self._signed_again(der, leaf)
        pem = folder / "server.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        pem.write_bytes(private + ssl.DER_cert_to_PEM_cert(der).encode())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        return context

    def _signed_again(self, der: bytes, leaf: x509.Certificate) -> bytes:
        """The same certificate with the serial's first bit set: no library makes one, devices in the field do."""
        plain, broken = bytes.fromhex("02047f000001"), bytes.fromhex("0204ff000001")
        body = leaf.tbs_certificate_bytes
        changed = body.replace(plain, broken, 1)
        signature = self.key.sign(changed, padding.PKCS1v15(), hashes.SHA256())
        return der.replace(body, changed, 1).replace(leaf.signature, signature, 1)
