"""What an operator may choose, and what stops the start."""

from pathlib import Path
from typing import Any

import pytest

from liftbay_backend.addresses import is_loopback
from liftbay_backend.settings import SettingsError
from liftbay_backend.settings_reading import load_settings
from liftbay_backend.start_check import service_complaints

SECRET = "a-very-long-livekit-secret-for-tests-0001"
MEDIA_SERVER = {
    "livekit_url": "ws://127.0.0.1:7880",
    "livekit_api_key": "a-key",
    "livekit_api_secret": SECRET,
}


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"LIFTBAY_{name}", raising=False)


def test_one_machine_needs_no_settings() -> None:
    settings = load_settings()

    assert settings.is_sqlite
    assert settings.embedded_auth
    assert not settings.allow_synthetic
    assert settings.billable_minimum_seconds == 60
    assert settings.clock_warnings == (300, 60)


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFTBAY_CLOCK_WARNINGS", "60,30")
    monkeypatch.setenv("LIVEKIT_URL", "ws://127.0.0.1:9999")
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:hidden@db/liftbay")
    monkeypatch.setenv(
        "LIFTBAY_PLANS_JSON",
        '[{"code": "short", "type": "video", "total_seconds": 90, "price_cents": 500, '
        '"extension_seconds": 60, "extension_price_cents": 100}]',
    )

    settings = load_settings(port=1234)

    assert settings.clock_warnings == (60, 30)
    assert settings.livekit_url == "ws://127.0.0.1:9999"
    assert settings.sqlalchemy_url == "postgresql+psycopg://u:hidden@db/liftbay"
    assert settings.plans["short"].total_seconds == 90
    assert settings.port == 1234


def test_no_secret_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:hidden@db/liftbay")

    settings = load_settings(livekit_api_secret=SECRET)

    assert "hidden" not in repr(settings)
    assert SECRET not in repr(settings)
    assert SECRET not in str(settings.model_dump())


def test_a_bad_value_is_named_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFTBAY_ACCESS_TOKEN_SECONDS", "hunter2")

    with pytest.raises(SettingsError) as caught:
        load_settings()

    assert "access_token_seconds" in str(caught.value).lower()
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
@pytest.mark.parametrize("secret", ["secret", "short", SECRET[:31], " " * 40 + "short"])
def test_a_guessable_media_secret_stops_a_start_on_any_host(host: str, secret: str) -> None:
    settings = load_settings(host=host, **MEDIA_SERVER | {"livekit_api_secret": secret})

    told = service_complaints(settings, {})

    assert "LIVEKIT_API_SECRET is shorter than 32 characters" in told
    assert len([one for one in told if "LIVEKIT_" in one]) == 1


@pytest.mark.parametrize("missing", list(MEDIA_SERVER))
@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_media_server_without_address_key_or_secret_stops_a_start(
    missing: str, value: str | None
) -> None:
    with pytest.raises(SettingsError, match=f"^{missing.upper()} is missing: ") as caught:
        load_settings(service_complaints, **MEDIA_SERVER | {missing: value})

    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("url", ["livekit", "ftp://media", "ws://", "ws://media:port", "ws://m:0"])
def test_an_address_that_is_none_stops_a_start(url: str) -> None:
    with pytest.raises(SettingsError, match="LIVEKIT_URL is no address like ws://"):
        load_settings(service_complaints, **MEDIA_SERVER | {"livekit_url": url})


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
@pytest.mark.parametrize("url", ["ws://127.0.0.1:7880", "wss://media.example", "http://[::1]:1"])
def test_a_proper_media_server_lets_it_listen_everywhere(host: str, url: str) -> None:
    settings = load_settings(host=host, **MEDIA_SERVER | {"livekit_url": url})

    assert not [one for one in service_complaints(settings, {}) if "LIVEKIT_" in one]
    assert settings.secure_cookies is (host == "0.0.0.0")


def test_an_outside_sign_in_needs_its_issuer_and_a_long_secret() -> None:
    with pytest.raises(SettingsError, match="LIFTBAY_AUTH_ISSUER"):
        load_settings(auth_jwks_url="https://auth.example.test/jwks.json")
    with pytest.raises(SettingsError, match="LIFTBAY_AUTH_JWT_SECRET"):
        load_settings(auth_jwt_secret="short", auth_issuer="https://auth.example.test")


@pytest.mark.parametrize("warnings", ["60,300", "60,60", "0", "-5"])
def test_warnings_fall_and_are_positive(monkeypatch: pytest.MonkeyPatch, warnings: str) -> None:
    monkeypatch.setenv("LIFTBAY_CLOCK_WARNINGS", warnings)

    with pytest.raises(SettingsError, match="warnings"):
        load_settings()


def test_settings_never_change_after_the_start(tmp_path: Path) -> None:
    settings: Any = load_settings(data_dir=tmp_path)

    with pytest.raises(Exception, match="frozen"):
        settings.port = 1


@pytest.mark.parametrize(
    ("host", "wanted"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("10.0.0.1", False), ("web", False)],
)
def test_loopback_is_told_by_name_and_address(host: str, wanted: bool) -> None:
    assert is_loopback(host) is wanted


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "65536"),
        ("REFRESH_TOKEN_SECONDS", "-1"),
        ("REFRESH_TOKEN_SECONDS", "99999999999999999"),
        ("ABSENCE_GRACE_SECONDS", "inf"),
        ("TICK_SECONDS", "nan"),
        ("CLOCK_WARNINGS", "hunter2"),
        ("CLOCK_WARNINGS", "\u00b2"),
        ("LOG_LEVEL", "hunter2"),
        ("SIGN_IN_LIMIT", "hunter2"),
        ("SIGN_UP_LIMIT", "0/minute"),
        ("PUBLIC_URL", "hunter2"),
        ("AUTH_JWKS_URL", "ftp://hunter2"),
        ("PLANS_JSON", "hunter2"),
        ("REDIS_URL", "hunter2"),
        ("CURRENCY", "hunter2"),
        ("REPORT_VALID_SECONDS", "999999"),
        ("JOIN_TTL_SECONDS", "999999"),
    ],
)
def test_a_value_out_of_bounds_stops_the_start_by_its_full_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"LIFTBAY_{name}", value)

    with pytest.raises(SettingsError) as caught:
        load_settings()

    assert str(caught.value).startswith(f"LIFTBAY_{name}")
    assert "hunter2" not in str(caught.value)


def test_values_of_the_command_line_are_named_as_its_options() -> None:
    with pytest.raises(SettingsError, match=r"^--port should be less than or equal to 65535$"):
        load_settings(port=65536)


def test_a_log_level_may_be_written_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFTBAY_LOG_LEVEL", "debug")

    assert load_settings().log_level == "debug"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"files_s3_bucket": "files", "files_s3_key_id": "a-key"}, "go together"),
        ({"files_s3_bucket": "files", "files_s3_secret": SECRET}, "go together"),
        ({"files_s3_endpoint": "https://s3.example"}, "LIFTBAY_FILES_S3_BUCKET is missing"),
        ({"files_s3_bucket": "files", "files_s3_endpoint": "s3.example"}, "no address"),
        ({"file_upload_limit": "often"}, "is a rate"),
    ],
)
def test_a_store_of_files_that_cannot_be_used_stops_the_start(
    given: dict[str, Any], said: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(**given)

    assert said in str(caught.value)
    assert SECRET not in str(caught.value)


def test_the_stores_secret_does_not_print() -> None:
    settings = load_settings(
        files_s3_bucket="files", files_s3_key_id="a-key-id", files_s3_secret=SECRET
    )

    assert SECRET not in repr(settings)
    assert "a-key-id" not in repr(settings)


STRIPE = {
    "stripe_api_key": "sk_test_hidden_key",
    "stripe_webhook_secret": "whsec_hidden_secret_of_the_test",
    "checkout_return_url": "https://liftbay.example.test/paid",
}


def test_stripe_with_all_it_needs_lets_the_service_start() -> None:
    settings = load_settings(**STRIPE)

    assert "hidden" not in repr(settings)
    assert settings.stripe_api_url == "https://api.stripe.com"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"stripe_webhook_secret": None}, "LIFTBAY_STRIPE_WEBHOOK_SECRET is missing"),
        ({"stripe_webhook_secret": "hidden"}, "LIFTBAY_STRIPE_WEBHOOK_SECRET is none"),
        ({"stripe_webhook_secret": "whsec_hidden"}, "LIFTBAY_STRIPE_WEBHOOK_SECRET is too short"),
        ({"stripe_api_key": None}, "LIFTBAY_STRIPE_API_KEY is missing"),
        ({"stripe_api_key": "pk_live_hidden"}, "LIFTBAY_STRIPE_API_KEY is no secret key"),
        ({"checkout_return_url": None}, "LIFTBAY_CHECKOUT_RETURN_URL is missing"),
        ({"stripe_api_url": "http://stripe.example"}, "LIFTBAY_STRIPE_API_URL is not https"),
        ({"checkout_return_url": "hidden"}, "LIFTBAY_CHECKOUT_RETURN_URL is no address"),
        *(
            (
                {"stripe_api_key": key, "stripe_api_url": url},
                "LIFTBAY_STRIPE_API_URL is not https://api.stripe.com: the key of real money",
            )
            for key in ("sk_live_hidden_key", "rk_live_hidden_key")
            for url in ("https://198.51.100.7:1234", "http://127.0.0.1:12111")
        ),
    ],
)
def test_stripe_by_halves_stops_the_start(change: dict[str, str | None], complaint: str) -> None:
    """A customer must not find out that payments cannot arrive."""
    with pytest.raises(SettingsError) as caught:
        load_settings(**STRIPE | change)

    assert str(caught.value).startswith(complaint)
    assert "hidden" not in str(caught.value)


def test_what_is_too_short_is_not_said_to_begin_wrongly() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(**STRIPE | {"stripe_webhook_secret": "whsec_abc"})

    told = "LIFTBAY_STRIPE_WEBHOOK_SECRET is too short: at least 16 characters follow whsec_"
    assert str(caught.value) == told


@pytest.mark.parametrize("url", ["https://127.0.0.1:12111", "https://api.stripe.com/"])
def test_tests_may_ask_another_stripe_with_a_key_of_its_test_mode(url: str) -> None:
    assert load_settings(**STRIPE | {"stripe_api_url": url}).stripe_api_url == url


@pytest.mark.parametrize(
    ("address", "is_safe"),
    [
        ("postgresql://u:hunter2@198.51.100.7/liftbay", False),
        ("postgresql://u:hunter2@db.example/liftbay", False),
        ("postgresql://u:hunter2@db.example/liftbay?sslmode=prefer", False),
        ("postgresql://u:hunter2@db.example/liftbay?sslmode=disable", False),
        ("postgresql://u:hunter2@/liftbay?host=10.0.0.7:5432,db.example:5432", False),
        ("postgresql://u:hunter2@db/liftbay?hostaddr=8.8.8.8", False),
        ("postgresql://u:hunter2@[2001:db8::7]:5432/liftbay", False),
        ("postgresql://u:hunter2@db.example/liftbay?sslmode=require", True),
        ("postgres://u:hunter2@db.example/liftbay?sslmode=verify-full", True),
        ("postgresql://u:hunter2@database:5432/liftbay", True),
        ("postgresql://u:hunter2@10.1.2.3/liftbay", True),
        ("postgresql://u:hunter2@[fd00::7]:5432/liftbay", True),
        ("postgresql://u:hunter2@127.0.0.1/liftbay", True),
        ("postgresql:///liftbay?host=/var/run/postgresql", True),
        ("postgresql:///liftbay", True),
        ("sqlite:////var/lib/liftbay.example/liftbay.sqlite3", True),
    ],
)
def test_a_database_outside_is_spoken_to_by_tls(
    monkeypatch: pytest.MonkeyPatch, address: str, is_safe: bool
) -> None:
    monkeypatch.delenv("PGSSLMODE", raising=False)

    if is_safe:
        load_settings(database_url=address)
        return
    with pytest.raises(SettingsError, match=r"^DATABASE_URL leads out of the private") as caught:
        load_settings(database_url=address)

    assert "hunter2" not in str(caught.value)
    assert "example" not in str(caught.value)
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    load_settings(database_url=address.replace("sslmode", "application_name"))


def test_everything_that_is_wrong_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """And each once: what a default in place of a bad value would bring about is not."""
    for name, value in {
        "DATABASE_URL": "mysql://u:hunter2@db/liftbay",
        "LIFTBAY_DRAIN_SECONDS": "-1",
        "LIFTBAY_HOST": "0.0.0.0",
        "LIFTBAY_PUBLIC_URL": "hunter2",
        "LIFTBAY_CLOCK_WARNINGS": "hunter2",
        "LIFTBAY_SIGN_IN_LIMIT": "hunter2",
        "LIFTBAY_METRICS_TOKEN": "hunter2",
        "LIFTBAY_TRUSTED_PROXIES": "0.0.0.0/0",
        "LIFTBAY_STRIPE_WEBHOOK_SECRET": "whsec_abc",
        "LIFTBAY_STRIPE_API_KEY": "sk_live_hunter2",
        "LIFTBAY_REDIS_URL": "redis://:hunter2@198.51.100.7",
    }.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError) as caught:
        load_settings(service_complaints, port=65536)

    told = str(caught.value).split("; ")
    assert {one.split()[0].rstrip(":") for one in told} == {
        *("--port", "DATABASE_URL", "LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET"),
        *("LIFTBAY_DRAIN_SECONDS", "LIFTBAY_PUBLIC_URL", "LIFTBAY_CLOCK_WARNINGS"),
        *("LIFTBAY_SIGN_IN_LIMIT", "LIFTBAY_METRICS_TOKEN", "LIFTBAY_TRUSTED_PROXIES"),
        *("LIFTBAY_STRIPE_WEBHOOK_SECRET", "LIFTBAY_CHECKOUT_RETURN_URL", "LIFTBAY_REDIS_URL"),
    }
    assert len(told) == 14
    assert "hunter2" not in str(caught.value)


def test_balancers_are_addresses_or_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFTBAY_TRUSTED_PROXIES", " 10.0.0.5, 10.1.0.0/16,fd00::/8 ")

    assert load_settings().trusted_proxies == ("10.0.0.5", "10.1.0.0/16", "fd00::/8")


@pytest.mark.parametrize(
    "proxies",
    [
        *("*", "balancer.example", "10.1.0.1/16", "10.0.0.5;10.0.0.6"),
        *("0.0.0.0/0", "::/0", "10.0.0.5,128.0.0.0/1", "2000::/3", "0.0.0.0/1,128.0.0.0/1"),
    ],
)
def test_what_names_no_balancer_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, proxies: str
) -> None:
    """A star, or a network of everybody, would let every caller choose whose limit is counted."""
    monkeypatch.setenv("LIFTBAY_TRUSTED_PROXIES", proxies)

    with pytest.raises(SettingsError, match="LIFTBAY_TRUSTED_PROXIES"):
        load_settings()


@pytest.mark.parametrize(
    ("url", "secure"),
    [
        ("http://127.0.0.1:8000", False),
        ("http://localhost:8000", False),
        ("http://[::1]:8000", False),
        ("http://127.0.0.1.evil.example", True),
        ("https://127.0.0.1", True),
        ("https://liftbay.example", True),
    ],
)
def test_cookies_are_secure_but_on_loopback(url: str, secure: bool) -> None:
    assert load_settings(public_url=url).secure_cookies is secure


@pytest.mark.parametrize("code", ["USD", "us", "dollar", "jpy", "kwd", "us1", ""])
def test_a_currency_without_cents_or_by_another_name_stops_a_start(code: str) -> None:
    """Stripe answers in small letters, and counts these in other units."""
    with pytest.raises(SettingsError, match="LIFTBAY_CURRENCY"):
        load_settings(currency=code)
