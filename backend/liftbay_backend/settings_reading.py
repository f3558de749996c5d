"""Reads the settings from the environment, and says what no command can work with.

What a public service must have beside it is in ``start_check``. A value is never repeated: it may
hold a password.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from pydantic import ValidationError

from liftbay_backend.addresses import is_loopback
from liftbay_backend.settings import DRIVERS, MIN_SECRET_CHARACTERS, Settings, SettingsError


def load_settings(**overrides: object) -> Settings:
    """Read the environment and refuse what is missing or unsafe.

    Args:
        overrides: values from the command line, by field name; None means not given.

    Raises:
        SettingsError: names every bad setting; the message holds no value.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        settings = Settings(**given)  # type: ignore[arg-type]  # pydantic checks the values
    except ValidationError as error:
        lines = [
            _complaint([str(part) for part in one["loc"]], one["msg"], given)
            for one in error.errors(include_input=False, include_url=False, include_context=False)
        ]
        raise SettingsError("; ".join(lines)) from None
    refuse_unsafe(settings)
    return settings


def _complaint(place: list[str], message: str, given: Mapping[str, object]) -> str:
    """Say what is wrong with the name that the operator wrote."""
    text = message.removeprefix("Value error, ")
    if not place:
        return text
    name = ".".join(place)
    if name in given:
        name = "--" + name.replace("_", "-")
    elif name.islower():
        name = f"LIFTBAY_{name.upper()}"
    rest = text.removeprefix("Input ")
    return f"{name}: {text}" if rest == text else f"{name} {rest}"


def refuse_unsafe(settings: Settings) -> None:
    """Stop every command with a database it cannot know or a guessable sign-in secret.

    Raises:
        SettingsError: names the setting, never its value.
    """
    complaints = []
    if not _names_a_database(settings):
        # The address may hold a password, so it is not repeated.
        complaints.append("DATABASE_URL names no database this service knows: sqlite or postgresql")
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
    complaints += _stripe_complaints(settings)
    if complaints:
        raise SettingsError("; ".join(complaints))


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
    elif not re.fullmatch(r"whsec_.{16,}", webhook.get_secret_value()):
        complaints.append("LIFTBAY_STRIPE_WEBHOOK_SECRET is none: those begin with whsec_")
    if settings.checkout_return_url is None:
        complaints.append("LIFTBAY_CHECKOUT_RETURN_URL is missing: customers return there")
    api = urlsplit(settings.stripe_api_url)
    if api.scheme != "https" and not is_loopback(api.hostname or ""):
        complaints.append("LIFTBAY_STRIPE_API_URL is not https: the key would go in the clear")
    return complaints


def _names_a_database(settings: Settings) -> bool:
    if settings.database_url is None:
        return True
    if not settings.sqlalchemy_url.startswith(tuple(driver for _, driver in DRIVERS)):
        return False
    # Imported here: `liftbay-backend --help` is there at once without it.
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(settings.sqlalchemy_url)
    except (ArgumentError, ValueError):
        return False
    # A database in memory would be another one for every connection.
    file = url.database or ":memory:"
    return not settings.is_sqlite or not file.startswith((":memory:", "file:"))
