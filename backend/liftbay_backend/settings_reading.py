"""Reads the settings from the environment, and says what no command can work with.

What a public service must have beside it is in ``start_check``. A value is never repeated: it may
hold a password.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from pydantic import ValidationError

from liftbay_backend.addresses import is_inside, is_ip_address, is_loopback
from liftbay_backend.settings import (
    DRIVERS,
    MIN_SECRET_CHARACTERS,
    STRIPE_API,
    Settings,
    SettingsError,
)

if TYPE_CHECKING:
    from sqlalchemy import URL

STRIPE_TEST_KEYS: Final = ("sk_test_", "rk_test_")
_WHSEC: Final = "whsec_"
_AFTER_WHSEC: Final = 16
"""Characters; Stripe's own has twice as many."""
_BY_TLS: Final = ("require", "verify-ca", "verify-full")


def load_settings(
    also: Callable[[Settings], Sequence[str]] = lambda _: (), /, **overrides: object
) -> Settings:
    """Read the environment and refuse what is missing or unsafe, everything in one message.

    Args:
        also: says what else is wrong with the settings for what is to be done with them.
        overrides: values from the command line, by field name; None means not given.

    Raises:
        SettingsError: names every bad setting; the message holds no value.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    settings, bad = _read(given)
    more = [*_complaints(settings), *also(settings)]
    # What a default in the place of a bad value would bring about is not the operator's fault.
    names = [_shown(name, given) for name in bad] + [f"LIFTBAY_{name.upper()}" for name in bad]
    told = [*bad.values(), *(one for one in more if not any(name in one for name in names))]
    if told:
        raise SettingsError("; ".join(told))
    return settings


def _read(given: Mapping[str, object]) -> tuple[Settings, dict[str, str]]:
    """Return the settings, and by name what is wrong with values that defaults stand in for."""
    try:
        return Settings(**given), {}  # type: ignore[arg-type]  # pydantic checks the values
    except ValidationError as error:
        errors = error.errors(include_input=False, include_url=False, include_context=False)
    # Every check is of one field, so each of them has a name.
    bad = {str(one["loc"][0]): _complaint(str(one["loc"][0]), one["msg"], given) for one in errors}
    stand_ins: dict[str, Any] = {
        name: Settings.model_fields[name].get_default(call_default_factory=True) for name in bad
    }
    return Settings(**{**given, **stand_ins}), bad


def _shown(name: str, given: Mapping[str, object]) -> str:
    """Return the name that the operator wrote."""
    return "--" + name.replace("_", "-") if name in given else f"LIFTBAY_{name.upper()}"


def _complaint(name: str, message: str, given: Mapping[str, object]) -> str:
    text = message.removeprefix("Value error, ")
    shown = _shown(name, given)
    if text.startswith("LIFTBAY_"):
        return text
    rest = text.removeprefix("Input ")
    return f"{shown}: {text}" if rest == text else f"{shown} {rest}"


def _complaints(settings: Settings) -> list[str]:
    """Say what no command can work with: an unknown database, a guessable sign-in secret."""
    complaints = _database_complaints(settings)
    shared = settings.auth_jwt_secret
    if shared is not None and len(shared.get_secret_value()) < MIN_SECRET_CHARACTERS:
        complaints.append(
            f"LIFTBAY_AUTH_JWT_SECRET is shorter than {MIN_SECRET_CHARACTERS} characters"
        )
    if not settings.embedded_auth and settings.auth_issuer is None:
        complaints.append("LIFTBAY_AUTH_ISSUER is missing: an outside sign-in needs it")
    if (settings.files_s3_key_id is None) != (settings.files_s3_secret is None):
        complaints.append("LIFTBAY_FILES_S3_KEY_ID and LIFTBAY_FILES_S3_SECRET go together")
    if settings.files_s3_bucket is None and settings.files_s3_endpoint is not None:
        complaints.append("LIFTBAY_FILES_S3_BUCKET is missing: an S3 store needs it")
    return complaints + _stripe_complaints(settings)


def _stripe_complaints(settings: Settings) -> list[str]:
    """Say what is missing or unsafe where some of Stripe's settings are given."""
    key, webhook = settings.stripe_api_key, settings.stripe_webhook_secret
    if key is None:
        return ["LIFTBAY_STRIPE_API_KEY is missing: the webhook secret needs it"] * bool(webhook)
    complaints = []
    if not key.get_secret_value().startswith(("sk_", "rk_")):
        complaints.append("LIFTBAY_STRIPE_API_KEY is no secret key: those begin with sk_ or rk_")
    if webhook is None:
        complaints.append("LIFTBAY_STRIPE_WEBHOOK_SECRET is missing: payments arrive by webhook")
    elif not webhook.get_secret_value().startswith(_WHSEC):
        complaints.append("LIFTBAY_STRIPE_WEBHOOK_SECRET is none: those begin with whsec_")
    elif len(webhook.get_secret_value()) < len(_WHSEC) + _AFTER_WHSEC:
        complaints.append(
            "LIFTBAY_STRIPE_WEBHOOK_SECRET is too short: at least "
            f"{_AFTER_WHSEC} characters follow whsec_"
        )
    if settings.checkout_return_url is None:
        complaints.append("LIFTBAY_CHECKOUT_RETURN_URL is missing: customers return there")
    api = urlsplit(settings.stripe_api_url)
    is_stripes = settings.stripe_api_url.rstrip("/") == STRIPE_API
    if not is_stripes and not key.get_secret_value().startswith(STRIPE_TEST_KEYS):
        complaints.append(
            f"LIFTBAY_STRIPE_API_URL is not {STRIPE_API}: the key of real money would go elsewhere"
        )
    elif api.scheme != "https" and not is_loopback(api.hostname or ""):
        complaints.append("LIFTBAY_STRIPE_API_URL is not https: the key would go in the clear")
    return complaints


def _database_complaints(settings: Settings) -> list[str]:
    if settings.database_url is None:
        return []
    # The address may hold a password, so it is not repeated.
    unknown = ["DATABASE_URL names no database this service knows: sqlite or postgresql"]
    if not settings.sqlalchemy_url.startswith(tuple(driver for _, driver in DRIVERS)):
        return unknown
    # Imported here: `liftbay-backend --help` is there at once without it.
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(settings.sqlalchemy_url)
        hosts = _hosts(url)
    except (ArgumentError, ValueError):
        return unknown
    if settings.is_sqlite:
        # A database in memory would be another one for every connection.
        file = url.database or ":memory:"
        return unknown * file.startswith((":memory:", "file:"))
    # What libpq goes by: the address, then its own variable. A folder is a socket of this machine.
    mode = url.normalized_query.get("sslmode", (os.environ.get("PGSSLMODE", ""),))[-1]
    is_outside = any(not one.startswith("/") and not is_inside(one) for one in hosts)
    if is_outside and mode not in _BY_TLS:
        return [
            "DATABASE_URL leads out of the private network without ?sslmode=verify-full (or "
            "require): its password and everything people wrote could be read on the way"
        ]
    return []


def _hosts(url: "URL") -> list[str]:
    """Return the hosts of a PostgreSQL address, which may be several, each with a port."""
    asked = [",".join(url.normalized_query.get(name, ())) for name in ("host", "hostaddr")]
    given = [one for one in ",".join([url.host or "", *asked]).split(",") if one]
    return [one if is_ip_address(one) else urlsplit(f"//{one}").hostname or one for one in given]
