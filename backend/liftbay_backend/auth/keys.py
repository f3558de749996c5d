"""The service's own signing key: ES256, made at the first start, kept in the data folder."""

import hashlib
import os
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from liftbay_backend.data_folder import KEY_FILE, keep_first, make_data_folder
from liftbay_backend.settings import Settings, SettingsError


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private P-256 key with its public id."""

    kid: str
    private: ec.EllipticCurvePrivateKey = field(repr=False)

    @property
    def public(self) -> ec.EllipticCurvePublicKey:
        """The half that everybody may know."""
        return self.private.public_key()

    def jwk(self) -> dict[str, Any]:
        """Return the public key as the JWKS lists it, pinned to its algorithm."""
        numbers = ECAlgorithm.to_jwk(self.public, as_dict=True)
        return {**numbers, "kid": self.kid, "alg": "ES256", "use": "sig"}


def load_signing_key(settings: Settings) -> SigningKey:
    """Read the key from the settings or the data folder; make one where there is none.

    Raises:
        SettingsError: the data folder or the key cannot be used, or other people of this machine
            can read the key.
    """
    if settings.signing_key_pem is not None:
        pem = settings.signing_key_pem.get_secret_value().encode()
        return _from_pem(pem, "LIFTBAY_SIGNING_KEY_PEM")
    make_data_folder(settings)
    path = settings.data_dir / KEY_FILE
    try:
        if not path.exists():
            keep_first(path, _new_pem())
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise SettingsError(f"{path} can be read by others; run: chmod 600 {path}")
        pem = path.read_bytes()
    except OSError as error:
        raise SettingsError(f"{path} cannot be used: {error.strerror}") from None
    return _from_pem(pem, str(path))


def _new_pem() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _from_pem(pem: bytes, source: str) -> SigningKey:
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        raise SettingsError(f"{source} holds no readable private key") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise SettingsError(f"{source} is not an ES256 (P-256) key")
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return SigningKey(hashlib.sha256(public).hexdigest()[:16], key)
