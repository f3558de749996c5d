"""A certificate authority of a test's own, and a certificate for this machine by it."""

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ORGANISATION = "Garage Security Ltd"


def name_of(common: str, organisation: str | None = None) -> x509.Name:
    """Return a subject or issuer."""
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, common)]
    if organisation is not None:
        parts.insert(0, x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    return x509.Name(parts)


class PrivateAuthority:
    """Files of one authority in ``folder``: its own certificate, and one for 127.0.0.1.

    Attributes:
        authority: PEM of the authority.
        chain: PEM of the server's key and certificate.
        server: the server's certificate, DER.
    """

    def __init__(
        self,
        folder: Path,
        issuer: x509.Name | None = None,
        *,
        names: tuple[str, ...] = (),
        valid_days: tuple[int, int] = (-1, 2),
    ) -> None:
        """Make the files.

        Args:
            names: more names of the server.
            valid_days: from when until when its certificate is valid, in days from now.
        """
        issuer = issuer or name_of("Garage root", ORGANISATION)
        root_key = ec.generate_private_key(ec.SECP256R1())
        root = _builder(issuer, issuer, root_key).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        root_certificate = root.sign(root_key, hashes.SHA256())
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            _builder(name_of("localhost"), issuer, key, valid_days)
            .add_extension(
                x509.SubjectAlternativeName(
                    [
                        x509.DNSName("localhost"),
                        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
                        *map(x509.DNSName, names),
                    ]
                ),
                critical=False,
            )
            .sign(root_key, hashes.SHA256())
        )
        pem = serialization.Encoding.PEM
        self.server = certificate.public_bytes(serialization.Encoding.DER)
        self.authority = folder / "authority.pem"
        self.authority.write_bytes(root_certificate.public_bytes(pem))
        self.chain = folder / "server.pem"
        private = key.private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self.chain.write_bytes(private + certificate.public_bytes(pem))


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    valid_days: tuple[int, int] = (-1, 2),
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=valid_days[0]))
        .not_valid_after(now + timedelta(days=valid_days[1]))
    )
