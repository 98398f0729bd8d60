"""The authorities of the lab and the chains that its servers show, made once for a test run."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

DAY = datetime.timedelta(days=1)
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Issuer:
    """An authority with its key; `above` are the certificates between it and its root, itself first, root left out."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    above: tuple[x509.Certificate, ...] = ()

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)


def _name(organization: str, common: str) -> x509.Name:
    pairs = ((NameOID.COUNTRY_NAME, "US"), (NameOID.ORGANIZATION_NAME, organization), (NameOID.COMMON_NAME, common))
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in pairs])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: Key, days: tuple[int, int], serial: int | None = None
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(serial or x509.random_serial_number())
    return builder.not_valid_before(now + days[0] * DAY).not_valid_after(now + days[1] * DAY)


def authority(organization: str, common: str, above: Issuer | None = None) -> Issuer:
    """A root, or an intermediate below `above`."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name(organization, common)
    issuer = above.certificate.subject if above else subject
    builder = _builder(subject, issuer, key, (-3000, 3000))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    signed = builder.sign(above.key if above else key, hashes.SHA256())
    return Issuer(signed, key, (signed,) if above else ())


def leaf(issuer: Issuer, names: list[str], days: tuple[int, int] = (-30, 150), key: Key | None = None) -> bytes:
    """Key and certificate of a server as PEM, without what stands above it."""
    own = key or ec.generate_private_key(ec.SECP256R1())
    signed = _leaf(issuer, names, days, own)
    return own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + signed.public_bytes(Encoding.PEM)


def _leaf(issuer: Issuer, names: list[str], days: tuple[int, int], key: Key) -> x509.Certificate:
    builder = _builder(_name("Microsoft Corporation", names[0]), issuer.certificate.subject, key, days)
    alternative = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
    return builder.add_extension(alternative, critical=False).sign(issuer.key, hashes.SHA256())


def negative_leaf(issuer: Issuer, names: list[str]) -> bytes:
    """As `leaf`, with a negative serial number: no library makes one, devices in the field do."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(_name("Device", names[0]), issuer.certificate.subject, key, (-30, 150), 0x7F000001)
    alternative = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
    plain = builder.add_extension(alternative, critical=False).sign(issuer.key, hashes.SHA256())
    body = plain.tbs_certificate_bytes.replace(bytes.fromhex("02047f000001"), bytes.fromhex("0204ff000001"), 1)
    signature = issuer.key.sign(body, ec.ECDSA(hashes.SHA256()))
    algorithm = bytes.fromhex("300a06082a8648ce3d040302")
    der = _der(0x30, body + algorithm + _der(0x03, b"\0" + signature))
    import ssl

    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + ssl.DER_cert_to_PEM_cert(der).encode()


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(digits)]) + digits + content


@dataclass(frozen=True)
class Authorities:
    """Named as Microsoft's and DigiCert's, made here: `g2` signs Azure's servers, `ca` those of Entra."""

    g2: Issuer
    ca: Issuer
    azure: Issuer
    entra: Issuer
    company: Issuer
    """Of a device that opens the traffic of its network."""

    @property
    def roots(self) -> bytes:
        """What a machine must trust to trust Azure."""
        return self.g2.pem + self.ca.pem

    def of(self, host: str) -> Issuer:
        """Who signs the certificate of a host of Azure."""
        return self.entra if "login" in host or host in ("pas.windows.net", "sts.windows.net") else self.azure


@functools.cache
def authorities() -> Authorities:
    """The same ones for every lab of this process."""
    g2 = authority("DigiCert Inc", "DigiCert Global Root G2")
    ca = authority("DigiCert Inc", "DigiCert Global Root CA")
    return Authorities(
        g2,
        ca,
        azure=authority("Microsoft Corporation", "Microsoft Azure RSA TLS Issuing CA 04", g2),
        entra=authority("DigiCert Inc", "DigiCert SHA2 Secure Server CA", ca),
        company=authority("Contoso Ltd", "Contoso Web Gateway CA"),
    )


@functools.cache
def impostor() -> Issuer:
    """A device that gives its authority the names of Microsoft's and DigiCert's; the keys are its own."""
    root = authority("DigiCert Inc", "DigiCert Global Root G2")
    return authority("Microsoft Corporation", "Microsoft Azure RSA TLS Issuing CA 04", root)


@functools.cache
def chain_pem(kind: str, host: str) -> bytes:
    """Key, certificate and what stands above it, as a server of `kind` shows it for `host`."""
    made = authorities()
    issuer = made.of(host)
    above = b"".join(c.public_bytes(Encoding.PEM) for c in issuer.above)
    if kind == "leaf-only":
        return leaf(issuer, [host])
    if kind == "expired":
        return leaf(issuer, [host], (-200, -12)) + above
    if kind == "not-yet":
        return leaf(issuer, [host], (2, 200)) + above
    if kind == "wrong-name":
        return leaf(issuer, ["www.contoso.example"]) + above
    if kind == "company":
        return leaf(made.company, [host])
    if kind == "company-expired":
        return leaf(made.company, [host], (-200, -12))
    if kind == "impostor":
        return leaf(impostor(), [host]) + impostor().pem
    if kind == "negative":
        return negative_leaf(made.company, [host])
    assert kind == "genuine", kind
    return leaf(issuer, [host]) + above


def write_chain(folder: Path, kind: str, host: str) -> str:
    """Path of a chain's file in `folder`."""
    path = folder / f"{kind}-{host}.pem"
    path.write_bytes(chain_pem(kind, host))
    return str(path)


def write_plain_chain(folder: Path, hosts: Sequence[str]) -> str:
    """A genuine chain with an RSA key for several hosts: what servers with an old policy need."""
    made = authorities()
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    path = folder / "plain.pem"
    above = b"".join(c.public_bytes(Encoding.PEM) for c in made.azure.above)
    path.write_bytes(leaf(made.azure, list(hosts), key=key) + above)
    return str(path)
