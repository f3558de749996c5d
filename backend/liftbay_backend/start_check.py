"""What `serve` looks at before it opens its socket: everything that is missing or unsafe, at once.

`settings` refuses what no command can work with; here is what a running service must not be. The
lines name settings, never their values.
"""

import difflib
import os
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from liftbay_backend.addresses import is_address, is_loopback
from liftbay_backend.crm.webhook import is_webhook_secret
from liftbay_backend.settings import MIN_SECRET_CHARACTERS, Settings, SettingsError

_MEDIA_SCHEMES: Final = ("ws", "wss", "http", "https")
_IN_THE_CLEAR: Final = ("ws", "http")
_STRIPE_TEST_KEYS: Final = ("sk_test_", "rk_test_")
_ALIKE: Final = 0.85
"""From here on a name is taken for another one with a slip of the finger (difflib's ratio)."""


def refuse_unsafe_service(settings: Settings, environment: Mapping[str, str] = os.environ) -> None:
    """Stop `serve` when it would serve unsafely, or otherwise than somebody wrote.

    Raises:
        SettingsError: names every setting that is missing or unsafe, and every name that is almost
            one: what is set by it would be passed over in silence.
    """
    complaints = [
        *_public_complaints(settings),
        *_outside_complaints(settings),
        *_crm_complaints(settings),
        *_slips(environment),
    ]
    if complaints:
        raise SettingsError("; ".join(complaints))


def refuse_without_media_server(settings: Settings) -> None:
    """Stop `serve` when the media server is not named, or its secret can be guessed.

    Raises:
        SettingsError: names what is missing or wrong, never its value.
    """
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
    if complaints:
        raise SettingsError("; ".join(complaints))


def is_public(settings: Settings) -> bool:
    """Tell whether strangers can reach the service.

    Loopback and private networks are not public; a name is, and so is listening everywhere.
    """
    url = settings.public_url
    host = settings.host if url is None else urlsplit(url).hostname or ""
    if is_loopback(host):
        return False
    try:
        address = ip_address(host)
    except ValueError:
        return True
    return address.is_unspecified or not address.is_private


def uses_test_payments(settings: Settings) -> bool:
    """Tell whether customers pay nothing: no account of Stripe is named, or one's test mode."""
    key = settings.stripe_api_key
    return key is None or key.get_secret_value().startswith(_STRIPE_TEST_KEYS)


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
    return [
        f"LIFTBAY_{name} is http: {reason}"
        for name, (url, reason) in asked.items()
        if url is not None and urlsplit(url).scheme == "http" and not _is_inside(url)
    ]


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


def _is_inside(url: str) -> bool:
    """Tell whether an address is of this machine or of a private network, as of containers."""
    host = urlsplit(url).hostname or ""
    if is_loopback(host):
        return True
    try:
        return ip_address(host).is_private
    except ValueError:
        # A name without a dot is one that only a private network can know.
        return "." not in host


def _is_private_way(url: str) -> bool:
    """Tell whether nobody between us and an address can read along."""
    parts = urlsplit(url)
    return parts.scheme == "https" or is_loopback(parts.hostname or "")
