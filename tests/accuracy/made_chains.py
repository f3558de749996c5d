"""Certificates of made authorities: chains as servers send them, whole and in every way broken."""

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_PEM = serialization.Encoding.PEM
_Key = ec.EllipticCurvePrivateKey


def named(common: str | None, organisation: str | None) -> x509.Name:
    """Return a name; at least one of the two."""
    parts = []
    if organisation is not None:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    if common is not None:
        parts.append(x509.NameAttribute(NameOID.COMMON_NAME, common))
    return x509.Name(parts)


@dataclass(frozen=True)
class Authority:
    """One that signs: its key, its certificate, and what is sent along with what it signed."""

    key: _Key
    certificate: x509.Certificate
    sends: tuple[x509.Certificate, ...] = ()

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(_PEM)


def root(name: x509.Name) -> Authority:
    """Make an authority of its own."""
    key = ec.generate_private_key(ec.SECP256R1())
    return Authority(key, _signed(name, name, key, key, ca=True))


def below(parent: Authority, name: x509.Name) -> Authority:
    """Make an authority that another one signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    made = _signed(name, parent.certificate.subject, key, parent.key, ca=True)
    return Authority(key, made, (made, *parent.sends))


def server_chain(
    path: Path,
    authority: Authority | None,
    *,
    names: tuple[str, ...] = ("service.test", "localhost"),
    days: tuple[int, int] = (-30, 60),
    whole: bool = True,
) -> Path:
    """Write the key and the chain of a server.

    Args:
        authority: None: the server signs for itself.
        days: from when until when it is valid, from today on.
        whole: whether the authorities between it and the root are sent along.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    subject = named(names[0], None)
    issuer = subject if authority is None else authority.certificate.subject
    signer = key if authority is None else authority.key
    leaf = _signed(subject, issuer, key, signer, names=names, days=days)
    sends = () if authority is None or not whole else authority.sends
    private = key.private_bytes(
        _PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(b"".join([private, *(each.public_bytes(_PEM) for each in (leaf, *sends))]))
    return path


def _signed(
    subject: x509.Name,
    issuer: x509.Name,
    key: _Key,
    signer: _Key,
    *,
    ca: bool = False,
    names: tuple[str, ...] = (),
    days: tuple[int, int] = (-400, 3000),
) -> x509.Certificate:
    today = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today + timedelta(days=days[0]))
        .not_valid_after(today + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if names:
        several: list[x509.GeneralName] = [x509.DNSName(each) for each in names]
        if "localhost" in names:
            several.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
        builder = builder.add_extension(x509.SubjectAlternativeName(several), critical=False)
    return builder.sign(signer, hashes.SHA256())
