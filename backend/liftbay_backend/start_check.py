"""What `serve` looks at before it opens its socket: everything that is missing or unsafe, at once.

`settings_reading` refuses what no command can work with, and tells what is found here in the same
message; here is what a running service must not be. The lines name settings, never their values.
"""

import difflib
import os
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from liftbay_backend.addresses import is_address, is_inside, is_ip_address, is_loopback
from liftbay_backend.auth.keys import load_signing_key
from liftbay_backend.crm.webhook import is_webhook_secret
from liftbay_backend.settings import MIN_SECRET_CHARACTERS, Settings, SettingsError
from liftbay_backend.settings_reading import STRIPE_TEST_KEYS

_MEDIA_SCHEMES: Final = ("ws", "wss", "http", "https")
_IN_THE_CLEAR: Final = ("ws", "http")
_ALIKE: Final = 0.85
"""From here on a name is taken for another one with a slip of the finger (difflib's ratio)."""


def service_complaints(
    settings: Settings, environment: Mapping[str, str] = os.environ
) -> list[str]:
    """Say why `serve` would serve unsafely, or otherwise than somebody wrote; empty when it may.

    Every setting that is missing or unsafe is named, and every name that is almost one: what is
    set by it would be passed over in silence.
    """
    return [
        *_media_complaints(settings),
        *_public_complaints(settings),
        *_outside_complaints(settings),
        *_own_secret_complaints(settings),
        *_crm_complaints(settings),
        *_slips(environment),
    ]


def is_public(settings: Settings) -> bool:
    """Tell whether strangers can reach the service.

    Loopback and private networks are not public; a name is, and so is listening everywhere.
    """
    url = settings.public_url
    host = settings.host if url is None else urlsplit(url).hostname or ""
    return not (is_loopback(host) or (is_ip_address(host) and is_inside(host)))


def uses_test_payments(settings: Settings) -> bool:
    """Tell whether customers pay nothing: no account of Stripe is named, or one's test mode."""
    key = settings.stripe_api_key
    return key is None or key.get_secret_value().startswith(STRIPE_TEST_KEYS)


def _media_complaints(settings: Settings) -> list[str]:
    """Say what is missing of the media server, or whether its secret can be guessed."""
    secret = settings.livekit_api_secret.get_secret_value()
    given = {
        "LIVEKIT_URL": settings.livekit_url,
        "LIVEKIT_API_KEY": settings.livekit_api_key,
        "LIVEKIT_API_SECRET": secret,
    }
    complaints = [f"{name} is missing" for name, value in given.items() if not value.strip()]
    if complaints:
        complaints[-1] += f": serve needs {', '.join(given)}"
    if settings.livekit_url.strip() and not is_address(settings.livekit_url, _MEDIA_SCHEMES):
        complaints.append("LIVEKIT_URL is no address like ws://127.0.0.1:7880")
    if 0 < len(secret.strip()) < MIN_SECRET_CHARACTERS:
        complaints.append(f"LIVEKIT_API_SECRET is shorter than {MIN_SECRET_CHARACTERS} characters")
    return complaints


def _public_complaints(settings: Settings) -> list[str]:
    if not is_public(settings):
        return []
    complaints = []
    if settings.allow_synthetic:
        complaints.append("LIFTBAY_ALLOW_SYNTHETIC is on: paid sessions could show a test picture")
    if settings.public_url is None:
        complaints.append("LIFTBAY_PUBLIC_URL is missing: LIFTBAY_HOST is a public address")
    elif not _is_private_way(settings.public_url):
        complaints.append("LIFTBAY_PUBLIC_URL is http: passwords would travel in the clear")
    elif not settings.trusted_proxies:
        complaints.append(
            "LIFTBAY_TRUSTED_PROXIES is missing: something before the service speaks https, and "
            "all callers would share its address and its limits"
        )
    if urlsplit(settings.livekit_url).scheme in _IN_THE_CLEAR and not _is_inside(
        settings.livekit_url
    ):
        complaints.append("LIVEKIT_URL is not wss: room tokens would travel in the clear")
    if uses_test_payments(settings) and not settings.allow_test_payments:
        complaints.append(
            "payments are the built-in test provider's, or Stripe's test mode: everything would be "
            "free; LIFTBAY_ALLOW_TEST_PAYMENTS says that this is meant"
        )
    return complaints


def _outside_complaints(settings: Settings) -> list[str]:
    """Say which other servers would be asked where somebody on the way can read or change it."""
    asked = {
        "AUTH_JWKS_URL": (settings.auth_jwks_url, "whoever is on the way could sign anybody in"),
        "CHECKOUT_RETURN_URL": (settings.checkout_return_url, "customers return there from paying"),
        "FILES_S3_ENDPOINT": (settings.files_s3_endpoint, "files would travel in the clear"),
    }
    complaints = [
        f"LIFTBAY_{name} is http: {reason}"
        for name, (url, reason) in asked.items()
        if url is not None and urlsplit(url).scheme == "http" and not _is_inside(url)
    ]
    redis = settings.redis_url
    if redis is not None:
        url = redis.get_secret_value()
        if urlsplit(url).scheme == "redis" and not _is_inside(url):
            complaints.append(
                "LIFTBAY_REDIS_URL is redis, not rediss, and leads out of the private network: its "
                "password would travel in the clear"
            )
    return complaints


def _slips(environment: Mapping[str, str]) -> list[str]:
    known = [name.upper() for name in Settings.model_fields]
    ours = {
        name: name.upper().removeprefix("LIFTBAY_")
        for name in environment
        if name.upper().startswith("LIFTBAY_")
    }
    return [
        f"{name} is no setting: is LIFTBAY_{meant} meant?"
        for name, rest in sorted(ours.items())
        if rest not in known
        for meant in difflib.get_close_matches(rest, known, n=1, cutoff=_ALIKE)
    ]


def _crm_complaints(settings: Settings) -> list[str]:
    url, secret = settings.crm_webhook_url, settings.crm_webhook_secret
    if url is None and secret is None:
        return []
    if url is None:
        return ["LIFTBAY_CRM_WEBHOOK_URL is missing: a CRM's secret is given"]
    complaints = []
    if secret is None:
        complaints.append("LIFTBAY_CRM_WEBHOOK_SECRET is missing: a CRM's address is given")
    elif not is_webhook_secret(secret.get_secret_value()):
        complaints.append(
            "LIFTBAY_CRM_WEBHOOK_SECRET is not whsec_ and 24 to 64 random bytes in base64"
        )
    if not _is_private_way(url.get_secret_value()):
        complaints.append(
            "LIFTBAY_CRM_WEBHOOK_URL is http: names and addresses would travel in the clear"
        )
    return complaints


def _own_secret_complaints(settings: Settings) -> list[str]:
    """Say which secret of our own can be guessed, or cannot be used."""
    complaints = []
    token = settings.metrics_token
    if token is not None and len(token.get_secret_value().strip()) < MIN_SECRET_CHARACTERS:
        complaints.append(
            f"LIFTBAY_METRICS_TOKEN is shorter than {MIN_SECRET_CHARACTERS} characters: whoever "
            "guesses it reads what is owed"
        )
    if settings.signing_key_pem is not None:
        try:
            load_signing_key(settings)
        except SettingsError as unusable:
            complaints.append(str(unusable))
    return complaints


def _is_inside(url: str) -> bool:
    return is_inside(urlsplit(url).hostname or "")


def _is_private_way(url: str) -> bool:
    """Tell whether nobody between us and an address can read along."""
    parts = urlsplit(url)
    return parts.scheme == "https" or is_loopback(parts.hostname or "")
