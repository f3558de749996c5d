"""All settings of the service: one frozen object, read once and handed down.

Every name has the prefix ``LIFTBAY_``; ``DATABASE_URL`` and the ``LIVEKIT_*`` names of the media
server's own tools are understood as well. A secret is never printed, not even when it is wrong.
"""

import logging
import re
import secrets
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from pydantic import (
    AliasChoices,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from liftbay_backend.addresses import is_address, is_loopback, is_network, is_of_everybody
from liftbay_backend.domain.end_rules import (
    BILLABLE_MINIMUM_SECONDS,
    ROOM_OPEN_AFTER_END_SECONDS,
)
from liftbay_backend.domain.money import is_currency_of_cents
from liftbay_backend.domain.plans import DEFAULT_PLANS, Plans, plans_from_json

VERSION: Final = "0.1.0"
MIN_CLIENT_VERSION: Final = "0.1.0"
MIN_SECRET_CHARACTERS: Final = 32
DRIVERS: Final = (
    ("postgres://", "postgresql+psycopg://"),
    ("postgresql://", "postgresql+psycopg://"),
    ("sqlite://", "sqlite+aiosqlite://"),
)
STRIPE_API: Final = "https://api.stripe.com"
DATABASE_FILE: Final = "liftbay.sqlite3"
_WARNINGS_RULE: Final = ": warnings are whole seconds that fall, e.g. 300,60"
_ADDRESSES = (
    "public_url",
    "auth_jwks_url",
    "checkout_return_url",
    "stripe_api_url",
    "files_s3_endpoint",
    "crm_webhook_url",
)
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
        # What stands below a setting is its line in docs/settings.md.
        use_attribute_docstrings=True,
    )

    data_dir: Path = Path("liftbay-data")
    """The folder of the embedded database, the keys and the files."""
    database_url: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("LIFTBAY_DATABASE_URL", "DATABASE_URL")
    )
    """A PostgreSQL database, or a SQLite file elsewhere; may hold a password. Outside this machine
    and private networks PostgreSQL is spoken to by TLS: `?sslmode=verify-full`."""
    host: str = "127.0.0.1"
    """The address to listen on."""
    port: int = Field(default=8700, ge=0, le=65535)
    """The port to listen on; 0 takes a free one."""
    public_url: str | None = None
    """Where clients reach the service; https switches `Secure` cookies on."""
    redis_url: SecretStr | None = None
    """A Redis in which all instances count rate limits together; may hold a password. Outside this
    machine and private networks it is `rediss://`."""
    drain_seconds: float = Field(default=0.0, ge=0, le=600)
    """How long it goes on answering after it was told to stop: a balancer asks `/api/ready`."""
    instance_id: str = Field(default_factory=lambda: f"instance-{secrets.token_hex(6)}")
    """This instance among those of one database; never the same for two that live."""
    currency: str = "usd"
    """Of every price; three small letters, and one whose smallest unit is a hundredth.

    A session keeps the one it was sold in: after a change it is not extended, and is not among the
    earnings.
    """
    metrics_token: SecretStr | None = None
    """What Prometheus must send as its bearer token, 32 characters and more; without one only
    loopback is answered."""

    # Sign-in. Without `auth_jwks_url` the service is its own Supabase-compatible issuer.
    auth_jwks_url: str | None = None
    """The public keys of an outside Supabase."""
    auth_jwt_secret: SecretStr | None = None
    """An outside Supabase's shared secret, where it has no public keys."""
    auth_issuer: str | None = None
    """What an outside Supabase writes as `iss`."""
    auth_audience: str = "authenticated"
    """What access tokens must carry as `aud`."""
    auth_tolerance_seconds: int = Field(default=30, ge=0, le=600)
    """By how much the clock of an outside issuer may differ from ours."""
    signing_key_pem: SecretStr | None = None
    """The service's own ES256 key; without it one is made and kept in the data folder."""
    access_token_seconds: int = Field(default=3600, ge=5)
    """How long an access token of ours is valid."""
    refresh_token_seconds: int = Field(default=30 * 86400, ge=60)
    """How long a customer stays signed in without a visit."""
    mechanic_cookie_seconds: int = Field(default=7200, ge=5)
    """How long a mechanic's cookie is valid before it is renewed."""
    mechanic_refresh_seconds: int = Field(default=30 * 86400, ge=60)
    """How long a mechanic stays signed in without a visit."""
    refresh_reuse_seconds: int = Field(default=10, ge=0)
    """For how long a renewed sign-in may be renewed again: answers get lost."""
    sign_in_limit: str = "10/minute"
    """Tries to sign in per account."""
    address_limit: str = "120/minute"
    """Tries to sign in or to renew a sign-in per address."""
    sign_up_limit: str = "20/minute"
    """New accounts per address."""
    anonymous_limit: str = "60/minute"
    """Requests without an account per address."""
    diagnostics_limit: str = "10/hour"
    """Reports kept without an account per address: each lies for 30 days, up to 256 KiB."""
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()
    """Addresses or networks of our own balancers, e.g. ``10.0.0.5,10.1.0.0/16``. Only what comes
    from them may say, in ``X-Forwarded-For``, whom it comes from; limits are counted by that."""

    # The media server. It has no defaults: `start_check` stops a start without one.
    livekit_url: str = Field(
        default="",
        validation_alias=AliasChoices("LIFTBAY_LIVEKIT_URL", "LIVEKIT_URL"),
    )
    """Where the media server is reached, by clients too."""
    livekit_api_key: str = Field(
        default="",
        validation_alias=AliasChoices("LIFTBAY_LIVEKIT_API_KEY", "LIVEKIT_API_KEY"),
    )
    """The media server's key."""
    livekit_api_secret: SecretStr = Field(
        default=SecretStr(""),
        validation_alias=AliasChoices("LIFTBAY_LIVEKIT_API_SECRET", "LIVEKIT_API_SECRET"),
    )
    """The media server's secret, 32 characters and more."""
    join_ttl_seconds: int = Field(default=120, ge=1, le=600)
    """How long a room token may wait to be used."""

    # Payments. Without a key the built-in test provider moves every price in name only.
    # Under our own names alone: STRIPE_API_KEY is what Stripe's own command line reads, and a
    # developer's key must not turn a service for trying out into one that takes money.
    stripe_api_key: SecretStr | None = None
    """Moves real money by this Stripe account; without it prices are moved in name only."""
    stripe_webhook_secret: SecretStr | None = None
    """Proves that an event comes from Stripe: `whsec_` and 16 characters or more."""
    checkout_return_url: str | None = None
    """The page a customer sees after paying, or after leaving the page where one pays."""
    stripe_api_url: str = STRIPE_API
    """Where Stripe's interface is; another one in tests alone, and never with a live key."""

    # Rules of a session.
    plans_json: str | None = None
    """Plans in place of the product's own, for demo and tests."""
    clock_warnings: Annotated[tuple[int, ...], NoDecode] = (300, 60)
    """Remaining seconds at which clients warn, e.g. ``60,30``."""
    billable_minimum_seconds: int = Field(default=BILLABLE_MINIMUM_SECONDS, ge=0)
    """Paid time from which on a session is completed, and paid. The desktop client says 60 s."""
    absence_grace_seconds: float = Field(default=10.0, ge=0)
    """Absence that is paid time still. The desktop client says 10 s."""
    absence_cap_seconds: float = Field(default=600.0, gt=0)
    """Absence in all after which the service ends a session. The desktop client says 10 min."""
    sign_of_life_back_seconds: float = Field(default=25.0, ge=0)
    """How far back an absence may be dated."""
    accept_window_seconds: int = Field(default=900, ge=1)
    """How long a request waits for a mechanic."""
    start_window_seconds: int = Field(default=900, ge=1)
    """How long an accepted session waits for its start."""
    room_close_delay_seconds: float = Field(default=ROOM_OPEN_AFTER_END_SECONDS, ge=0)
    """How long a room outlives its session: clients leave first."""
    tick_seconds: float = Field(default=1.0, gt=0)
    """How often the service looks for what is due."""

    # Preflight.
    allow_synthetic: bool = False
    """Let sessions be joined with test pictures and tones; never on a public address."""
    report_valid_seconds: int = Field(default=300, ge=1, le=3600)
    """How long a passing preflight report opens the room."""
    preflight_run_seconds: int = Field(default=600, ge=1)
    """How long a preflight may take until its report."""

    # Files. Without a bucket they lie in the data folder, where one instance alone finds them.
    files_s3_bucket: str | None = None
    """The bucket that shared files lie in; without one they lie in the data folder."""
    files_s3_endpoint: str | None = None
    """Address of an S3 store; None is Amazon's in `files_s3_region`."""
    files_s3_region: str = "us-east-1"
    """The bucket's region."""
    files_s3_key_id: SecretStr | None = None
    """The store's access key."""
    files_s3_secret: SecretStr | None = None
    """Without both, credentials are sought as AWS's own tools do."""
    file_max_bytes: int = Field(default=256 * 1024 * 1024, ge=1, le=2**40)
    """The largest file."""
    files_per_session: int = Field(default=100, ge=1)
    """Files of one session."""
    files_bytes_per_session: int = Field(default=2 * 1024**3, ge=1)
    """Bytes of all files of one session."""
    file_upload_seconds: int = Field(default=86400, ge=1)
    """For how long an upload that nobody goes on with is kept."""
    file_silence_seconds: float = Field(default=30.0, gt=0)
    """How long a sender may say nothing, and a reader take nothing, in one HTTP request."""
    file_turn_seconds: float = Field(default=300.0, gt=0)
    """After so long a request that sends is answered, and the next one goes on."""
    uploads_per_account: int = Field(default=4, ge=1)
    """HTTP requests that send bytes at once."""
    uploads_at_once: int = Field(default=32, ge=1)
    """The same, of everybody at one instance; each holds some 8 MiB."""
    file_upload_limit: str = "600/minute"
    """Uploads begun and gone on with, per account."""

    # Streams.
    stream_ping_seconds: int = Field(default=5, ge=1)
    """Between two signs of life of an event stream."""
    stream_poll_seconds: float = Field(default=5.0, gt=0)
    """How long a stream waits for its signal before it looks at the table by itself."""
    streams_per_account: int = Field(default=16, ge=1)
    """Event streams that one account may hold open."""

    allow_test_payments: bool = False
    """Let a public service take the built-in test payments, with which everything is free."""
    archive_after_days: int = Field(default=365, ge=1, le=36_500)
    """When a session is archived: what people wrote in it and its files go; money facts stay."""

    # The CRM. Without an address records are kept and nobody is told.
    crm_webhook_url: SecretStr | None = None
    """Where the record of each settled session goes, signed as Standard Webhooks says."""
    crm_webhook_secret: SecretStr | None = None
    """The key of its signature: ``whsec_`` and 24 to 64 random bytes in base64."""
    crm_deadline_seconds: float = Field(default=10.0, gt=0, le=50)
    """How long one delivery may take until the receiver has confirmed it."""

    log_level: str = "INFO"
    """DEBUG, INFO, WARNING, ERROR or CRITICAL."""

    @field_validator("clock_warnings", mode="before")
    @classmethod
    def _read_warnings(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        parts = [part.strip() for part in value.strip().strip("[]").split(",") if part.strip()]
        if not all(part.isascii() and part.isdecimal() for part in parts):
            raise ValueError(f"LIFTBAY_CLOCK_WARNINGS{_WARNINGS_RULE}")
        return tuple(int(part) for part in parts)

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _read_proxies(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        parts = tuple(part.strip() for part in value.split(",") if part.strip())
        if not all(is_network(part) for part in parts):
            raise ValueError("addresses or networks are needed, e.g. 10.0.0.5,10.1.0.0/16")
        return parts

    @field_validator("*")
    @classmethod
    def _check(cls, value: Any, info: ValidationInfo) -> Any:
        # Each by itself, so that all that are wrong are told at once.
        name = str(info.field_name)
        wrong = _wrong(name, value.get_secret_value() if isinstance(value, SecretStr) else value)
        if wrong is not None:
            raise ValueError(f"LIFTBAY_{name.upper()}{wrong}")
        return value

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
            parts = urlsplit(self.public_url)
            return parts.scheme != "http" or not is_loopback(parts.hostname or "")
        return not is_loopback(self.host)

    @property
    def sqlalchemy_url(self) -> str:
        """The database as SQLAlchemy names it, with the async driver."""
        if self.database_url is None:
            return f"sqlite+aiosqlite:///{self.data_dir / DATABASE_FILE}"
        url = self.database_url.get_secret_value()
        for plain, driver in DRIVERS:
            if url.startswith(plain):
                return driver + url.removeprefix(plain)
        return url

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded engine is in use."""
        return self.sqlalchemy_url.startswith("sqlite")


def _wrong(name: str, value: Any) -> str | None:
    """Say what is wrong with one value by itself, in words that follow its name."""
    if value is None:
        return None
    if name.endswith("_seconds") and value > MAX_SECONDS:
        return f" is at most {MAX_SECONDS} (ten years)"
    if name.endswith("_limit") and not _RATE.fullmatch(value):
        return " is a rate like 10/minute"
    if name in _ADDRESSES and not is_address(value, ("http", "https")):
        return " is no address like https://liftbay.example"
    match name:
        case "redis_url" if not is_address(value, ("redis", "rediss")):
            return " is no address like redis://127.0.0.1:6379/0"
        case "trusted_proxies" if any(is_of_everybody(one) for one in value):
            return (
                " holds a network of everybody: anyone could choose the address that limits count"
            )
        case "clock_warnings" if list(value) != sorted({one for one in value if one > 0})[::-1]:
            return _WARNINGS_RULE
        case "log_level" if value.upper() not in logging.getLevelNamesMapping():
            return " is DEBUG, INFO, WARNING, ERROR or CRITICAL"
        case "currency" if not is_currency_of_cents(value):
            return " is a code like usd, of a currency that has cents"
        case "plans_json":
            return _wrong_plans(value)
        case _:
            return None


def _wrong_plans(text: str) -> str | None:
    try:
        plans_from_json(text)
    except ValueError as error:
        return f": {error}"
    return None
