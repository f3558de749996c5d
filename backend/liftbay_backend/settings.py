"""All settings of the service: one frozen object, read once and handed down.

Every name has the prefix ``LIFTBAY_``; ``DATABASE_URL`` and the ``LIVEKIT_*`` names of the media
server's own tools are understood as well. A secret is never printed, not even when it is wrong.
"""

import logging
import re
import secrets
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from liftbay_backend.domain.end_rules import (
    BILLABLE_MINIMUM_SECONDS,
    ROOM_OPEN_AFTER_END_SECONDS,
)
from liftbay_backend.domain.plans import DEFAULT_PLANS, Plans, plans_from_json

VERSION: Final = "0.1.0"
MIN_CLIENT_VERSION: Final = "0.1.0"
MIN_SECRET_CHARACTERS: Final = 32
_DRIVERS: Final = (
    ("postgres://", "postgresql+psycopg://"),
    ("postgresql://", "postgresql+psycopg://"),
    ("sqlite://", "sqlite+aiosqlite://"),
)
DATABASE_FILE: Final = "liftbay.sqlite3"
_MEDIA_SCHEMES: Final = ("ws", "wss", "http", "https")
_WARNINGS_RULE: Final = "LIFTBAY_CLOCK_WARNINGS: warnings are whole seconds that fall, e.g. 300,60"
_RATE: Final = re.compile(r"[1-9][0-9]{0,8}/(second|minute|hour|day)")
MAX_SECONDS: Final = 10 * 366 * 86400


class SettingsError(Exception):
    """The service must not start like this; the message names settings, never their values."""


class Settings(BaseSettings):
    """What an operator can choose; defaults are the embedded service on one machine."""

    model_config = SettingsConfigDict(
        env_prefix="LIFTBAY_",
        frozen=True,
        extra="ignore",
        populate_by_name=True,
        hide_input_in_errors=True,
    )

    data_dir: Path = Path("liftbay-data")
    database_url: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("LIFTBAY_DATABASE_URL", "DATABASE_URL")
    )
    host: str = "127.0.0.1"
    port: int = Field(default=8700, ge=0, le=65535)
    public_url: str | None = None
    """Where clients reach the service; https switches `Secure` cookies on."""
    instance_id: str = Field(default_factory=lambda: f"instance-{secrets.token_hex(6)}")
    currency: str = "usd"

    # Sign-in. Without `auth_jwks_url` the service is its own Supabase-compatible issuer.
    auth_jwks_url: str | None = None
    auth_jwt_secret: SecretStr | None = None
    auth_issuer: str | None = None
    auth_audience: str = "authenticated"
    signing_key_pem: SecretStr | None = None
    """The service's own ES256 key; without it one is made and kept in the data folder."""
    access_token_seconds: int = Field(default=3600, ge=5)
    refresh_token_seconds: int = Field(default=30 * 86400, ge=60)
    mechanic_cookie_seconds: int = Field(default=7200, ge=5)
    mechanic_refresh_seconds: int = Field(default=30 * 86400, ge=60)
    refresh_reuse_seconds: int = Field(default=10, ge=0)
    sign_in_limit: str = "10/minute"
    """Tries to sign in per account."""
    address_limit: str = "120/minute"
    """Tries to sign in or to renew a sign-in per address."""
    sign_up_limit: str = "20/minute"
    anonymous_limit: str = "60/minute"

    # The media server. It has no defaults: `refuse_without_media_server` stops a start.
    livekit_url: str = Field(
        default="",
        validation_alias=AliasChoices("LIFTBAY_LIVEKIT_URL", "LIVEKIT_URL"),
    )
    livekit_api_key: str = Field(
        default="",
        validation_alias=AliasChoices("LIFTBAY_LIVEKIT_API_KEY", "LIVEKIT_API_KEY"),
    )
    livekit_api_secret: SecretStr = Field(
        default=SecretStr(""),
        validation_alias=AliasChoices("LIFTBAY_LIVEKIT_API_SECRET", "LIVEKIT_API_SECRET"),
    )
    join_ttl_seconds: int = Field(default=120, ge=1)

    # Rules of a session.
    plans_json: str | None = None
    clock_warnings: Annotated[tuple[int, ...], NoDecode] = (300, 60)
    """Remaining seconds at which clients warn, e.g. ``60,30``."""
    billable_minimum_seconds: int = Field(default=BILLABLE_MINIMUM_SECONDS, ge=0)
    absence_grace_seconds: float = Field(default=10.0, ge=0)
    absence_cap_seconds: float = Field(default=600.0, gt=0)
    sign_of_life_back_seconds: float = Field(default=25.0, ge=0)
    accept_window_seconds: int = Field(default=900, ge=1)
    start_window_seconds: int = Field(default=900, ge=1)
    room_close_delay_seconds: float = Field(default=ROOM_OPEN_AFTER_END_SECONDS, ge=0)
    tick_seconds: float = Field(default=1.0, gt=0)

    # Preflight.
    allow_synthetic: bool = False
    report_valid_seconds: int = Field(default=300, ge=1)
    preflight_run_seconds: int = Field(default=600, ge=1)

    # Streams.
    stream_ping_seconds: int = Field(default=5, ge=1)
    stream_poll_seconds: float = Field(default=5.0, gt=0)
    """How long a stream waits for its signal before it looks at the table by itself."""
    streams_per_account: int = Field(default=16, ge=1)

    log_level: str = "INFO"

    @model_validator(mode="before")
    @classmethod
    def _read_warnings(cls, values: object) -> object:
        if isinstance(values, dict) and isinstance(values.get("clock_warnings"), str):
            text = values["clock_warnings"].strip().strip("[]")
            parts = [part.strip() for part in text.split(",") if part.strip()]
            if not all(part.isascii() and part.isdecimal() for part in parts):
                raise ValueError(_WARNINGS_RULE)
            values = {**values, "clock_warnings": tuple(int(part) for part in parts)}
        return values

    @model_validator(mode="after")
    def _check_together(self) -> Self:
        if self.plans_json is not None:
            try:
                plans_from_json(self.plans_json)
            except ValueError as error:
                raise ValueError(f"LIFTBAY_PLANS_JSON: {error}") from None
        if list(self.clock_warnings) != sorted(set(self.clock_warnings), reverse=True) or any(
            seconds <= 0 for seconds in self.clock_warnings
        ):
            raise ValueError(_WARNINGS_RULE)
        if self.log_level.upper() not in logging.getLevelNamesMapping():
            raise ValueError("LIFTBAY_LOG_LEVEL is DEBUG, INFO, WARNING, ERROR or CRITICAL")
        for name in type(self).model_fields:
            if name.endswith("_seconds") and getattr(self, name) > MAX_SECONDS:
                raise ValueError(f"LIFTBAY_{name.upper()} is at most {MAX_SECONDS} (ten years)")
            if name.endswith("_limit") and not _RATE.fullmatch(getattr(self, name)):
                raise ValueError(f"LIFTBAY_{name.upper()} is a rate like 10/minute")
        for name in ("public_url", "auth_jwks_url"):
            url = getattr(self, name)
            if url is not None and not _is_address(url, ("http", "https")):
                raise ValueError(
                    f"LIFTBAY_{name.upper()} is no address like https://liftbay.example"
                )
        return self

    @property
    def plans(self) -> Plans:
        """The plans on offer: the product's own, or those of `plans_json`."""
        return DEFAULT_PLANS if self.plans_json is None else plans_from_json(self.plans_json)

    @property
    def embedded_auth(self) -> bool:
        """Whether this service issues the access tokens itself."""
        return self.auth_jwks_url is None and self.auth_jwt_secret is None

    @property
    def issuer(self) -> str:
        """The `iss` that access tokens carry."""
        return self.auth_issuer or "liftbay"

    @property
    def secure_cookies(self) -> bool:
        """`Secure` is off only where clients come over http on loopback."""
        if self.public_url is not None:
            return not self.public_url.startswith("http://127.0.0.1")
        return not is_loopback(self.host)

    @property
    def sqlalchemy_url(self) -> str:
        """The database as SQLAlchemy names it, with the async driver."""
        if self.database_url is None:
            return f"sqlite+aiosqlite:///{self.data_dir / DATABASE_FILE}"
        url = self.database_url.get_secret_value()
        for plain, driver in _DRIVERS:
            if url.startswith(plain):
                return driver + url.removeprefix(plain)
        return url

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded engine is in use."""
        return self.sqlalchemy_url.startswith("sqlite")


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
    if settings.livekit_url.strip() and not _is_address(settings.livekit_url, _MEDIA_SCHEMES):
        complaints.append("LIVEKIT_URL is no address like ws://127.0.0.1:7880")
    if 0 < len(secret.strip()) < MIN_SECRET_CHARACTERS:
        complaints.append(f"LIVEKIT_API_SECRET is shorter than {MIN_SECRET_CHARACTERS} characters")
    if complaints:
        raise SettingsError("; ".join(complaints))


def _is_address(text: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(text)
        # Reading the port raises where it is no number.
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _names_a_database(settings: Settings) -> bool:
    if settings.database_url is None:
        return True
    if not settings.sqlalchemy_url.startswith(tuple(driver for _, driver in _DRIVERS)):
        return False
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(settings.sqlalchemy_url)
    except (ArgumentError, ValueError):
        return False
    # A database in memory would be another one for every connection.
    file = url.database or ":memory:"
    return not settings.is_sqlite or not file.startswith((":memory:", "file:"))


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address can be reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
