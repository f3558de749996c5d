"""What all instances of one database must have in common, and how one sees that another differs.

Each lays a mark of every such setting beside its lease: the beginning of a hash under a salt that
lies beside it. Another marks its own values under that salt, and sees which are not the same. A
key is not learnt from its mark; a password, which could be guessed, is in no mark.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import SecretStr

from liftbay_backend.data_folder import keep_first
from liftbay_backend.settings import Settings

_MARK_DIGITS: Final = 16
_REDIS_PORT: Final = 6379
_FOLDER_ID: Final = ".folder-id"
_REDIS: Final = "LIFTBAY_REDIS_URL"
_KEY: Final = "LIFTBAY_SIGNING_KEY_PEM"
_FILES: Final = "LIFTBAY_FILES_S3_BUCKET"

# What goes wrong where instances differ; each line ends an error in the log.
MEANS: Final[Mapping[str, str]] = {
    _KEY: "a sign-in at one instance is refused by the other",
    _REDIS: "limits are counted by each instance, so that they are larger than they say",
    _FILES: "a file that is shared at one instance is missing at the other",
    "LIVEKIT_API_KEY": "the media server refuses the rooms of one instance",
    "LIVEKIT_API_SECRET": "the media server refuses the rooms of one instance",
    "LIFTBAY_STRIPE_API_KEY": "customers pay two accounts, and refunds of one are left undone",
    "LIFTBAY_AUTH_JWKS_URL": "an account of one instance is unknown to the other",
    "LIFTBAY_AUTH_JWT_SECRET": "an account of one instance is unknown to the other",
    "LIFTBAY_AUTH_ISSUER": "an account of one instance is unknown to the other",
    "LIFTBAY_AUTH_AUDIENCE": "an account of one instance is unknown to the other",
    "LIFTBAY_CURRENCY": "a price depends on which instance is asked",
    "LIFTBAY_PLANS_JSON": "a price depends on which instance is asked",
    "LIFTBAY_CRM_WEBHOOK_URL": "records of sessions go to two receivers",
    "LIFTBAY_CRM_WEBHOOK_SECRET": "the receiver refuses the records of one instance",
}


def shared_values(settings: Settings, key_id: str, files: str) -> dict[str, str]:
    """Return what must be the same, by the setting's name.

    Args:
        key_id: of the key that signs, wherever it comes from.
        files: where shared files lie, see `place_of_files`.
    """
    redis = settings.redis_url
    # Who counts for itself has nothing in common with anybody, not even with another such one.
    alone = secrets.token_hex(16)
    values = {
        _KEY: key_id,
        _REDIS: alone if redis is None else _place_of_redis(redis.get_secret_value()),
        _FILES: files,
        "LIVEKIT_API_KEY": settings.livekit_api_key,
        "LIVEKIT_API_SECRET": settings.livekit_api_secret.get_secret_value(),
    }
    for name in MEANS:
        if name not in values:
            value = getattr(settings, name.removeprefix("LIFTBAY_").lower())
            value = value.get_secret_value() if isinstance(value, SecretStr) else value
            values[name] = value or ""
    return values


def place_of_files(settings: Settings, folder: Path) -> str:
    """Return what is the same for everybody who keeps shared files in the same place.

    Args:
        folder: for a store that is one; what is mounted at two machines is the same folder, by a
            file in it.

    Raises:
        OSError: the folder cannot be used.
    """
    if settings.files_s3_bucket is not None:
        parts = (settings.files_s3_endpoint, settings.files_s3_region, settings.files_s3_bucket)
        return "|".join(part or "" for part in parts)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = folder / _FOLDER_ID
    keep_first(name, secrets.token_hex(16).encode())
    return name.read_text()


class Marks:
    """One process's marks; no other process has the same `row`."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)
        salt = secrets.token_hex(16)
        self.row: Final[dict[str, Any]] = {
            "salt": salt,
            "of": {name: _mark(salt, name, value) for name, value in self._values.items()},
        }

    def differing(self, other: Mapping[str, Any]) -> list[str]:
        """Return the names of settings that another instance has otherwise; what it does not mark
        is passed over."""
        salt, marks = other["salt"], other["of"]
        return [
            name
            for name, value in self._values.items()
            if name in marks and marks[name] != _mark(salt, name, value)
        ]


def _mark(salt: str, name: str, value: str) -> str:
    text = f"{name}\0{value}".encode()
    return hmac.new(salt.encode(), text, hashlib.sha256).hexdigest()[:_MARK_DIGITS]


def _place_of_redis(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or _REDIS_PORT}/{parts.path.strip('/') or '0'}"
